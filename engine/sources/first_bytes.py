"""What kind of file it is, told by its first bytes."""

from __future__ import annotations

PICKLES = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))  # earlier protocols have no mark; gensim used none
FASTTEXT = b"\xba\x16\x4f\x2f"
GZIP = b"\x1f\x8b"


def needs_gensim(head: bytes) -> bool:
    """Whether only gensim reads a file that begins with `head`: a pickle, or a fastText model."""
    return head.startswith((*PICKLES, FASTTEXT))


def is_gzip(head: bytes) -> bool:
    """Whether a file that begins with `head` is in gzip."""
    return head.startswith(GZIP)
