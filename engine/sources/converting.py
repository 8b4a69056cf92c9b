"""Vectors in forms that only gensim reads: what it pickled, and fastText's own models.

A pickle can run any code while it is loaded. Such a file is opened only with the user's consent, in a process of its
own, and once: what is read is kept in the cache in rsascope's own form.
"""

from __future__ import annotations

import glob
import os
import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from engine import cache, consent
from engine.child import call_once
from engine.errors import ConsentNeeded, SourceError
from engine.progress import Progress
from engine.sources.base import file_stamp, unreadable
from engine.sources.cached_copy import CachedCopy
from engine.sources.converted_file import FORMAT, ConvertedFile, open_converted, write_converted
from engine.sources.first_bytes import FASTTEXT

FASTTEXT_HEADER = struct.Struct("<8xi28xi20xi")  # dimensions, buckets of pieces of words, entries of the vocabulary
TRUST = "allow it only if you trust where the file comes from (on the command line: --trust FILE)"
WORD2VEC = "save the vectors in word2vec format and choose that file"


def convert(path: Path, progress: Progress) -> Path:
    """The file in the cache with the vectors of a pickle or fastText model, converted if it is not there yet.

    Raises
    ------
    ConsentNeeded
        If the user did not allow exactly this file.
    SourceError
        If gensim cannot read it or the disk has too little room; nothing of it remains.
    """
    _check_consent(path)
    beside = sorted(path.parent.glob(glob.escape(path.name) + ".*.np[yz]"))  # where gensim puts large arrays
    stamps = [file_stamp(one) for one in (path, *beside)]
    converted = cache.entry(path, (FORMAT, stamps), "converted")
    if open_converted(converted, path.name) is None:
        copy = CachedCopy(path, stamps[0], "convert", "converted", WORD2VEC)
        size = sum(stamp[0] for stamp in stamps if stamp)
        copy.write(converted, size, partial(_convert_in_child, copy, progress))
    return converted


def open_whole(path: Path, name: str) -> ConvertedFile:
    """The converted file that was just made."""
    file = open_converted(path, name)
    if file is None:
        raise SourceError(f"The converted copy of {name} is gone from the cache; run the analysis again.")
    return file


def _check_consent(path: Path, is_allowed: Callable[[Path], bool] = consent.is_given) -> bool:
    """Whether the file is a fastText model, if the user allowed it to be opened."""
    try:
        with path.open("rb") as file:
            is_fasttext = file.read(len(FASTTEXT)) == FASTTEXT
    except OSError as error:
        raise unreadable(path, error) from None
    if is_allowed(path):
        return is_fasttext
    if is_fasttext:
        raise ConsentNeeded(
            f"{path.name} is a fastText model, which gensim's loader would read, and that believes whatever the file "
            f"says of itself, so that a forged one can fill the memory; {TRUST}, or choose the .vec file that belongs "
            "to it.",
            path,
            "path",
        )
    raise ConsentNeeded(
        f"{path.name} is a pickle, which can run code when opened: whatever its maker put in, with all your rights to "
        f"read, change and send your files; {TRUST}, or {WORD2VEC}.",
        path,
        "path",
    )


def _check_length(path: Path) -> None:
    """Nothing, if a fastText model is as long as it says; gensim would never come to the end of one cut off."""
    with path.open("rb") as file:
        size, head = os.fstat(file.fileno()).st_size, file.read(FASTTEXT_HEADER.size)
    counts = FASTTEXT_HEADER.unpack(head.ljust(FASTTEXT_HEADER.size, b"\xff"))
    dimensions, buckets, entries = counts
    if min(counts) < 0 or len(head) + 10 * entries + 4 * dimensions * (entries + buckets) > size:
        raise SourceError(f"{path.name} is cut off or damaged; get it again.")


def _convert_in_child(copy: CachedCopy, progress: Progress, draft: BinaryIO) -> None:
    """Nothing; another process fills the draft, which is ours to remove whatever becomes of that process."""
    failure = call_once(_load_and_write, copy, draft.name, progress=progress)
    if failure is not None:
        raise failure


# Below here: the child process.


def _load_and_write(copy: CachedCopy, draft: str, progress: Progress) -> OSError | None:
    """What kept the draft from being written, None if nothing did."""
    message = f"converting {copy.path.name}"
    progress.step(f"{message}: gensim reads it")
    words, vectors = _loaded(copy.path)
    copy.check_room(4 * vectors.size)
    try:
        with open(draft, "wb") as file:
            write_converted(file, words, vectors, progress, message)
    except OSError as error:
        return OSError(error.errno, error.strerror)
    return None


def _loaded(path: Path) -> tuple[Any, Any]:
    """The n words, and their (n, d) vectors."""
    from gensim.models import KeyedVectors
    from gensim.models.fasttext import load_facebook_vectors

    is_fasttext = _check_consent(path, consent.covers_all)  # now of every byte, just before they may run
    if is_fasttext:
        _check_length(path)
    try:
        # "c": large arrays beside the file are mapped, and what gensim changes in them stays in memory
        model = load_facebook_vectors(str(path)) if is_fasttext else KeyedVectors.load(str(path), mmap="c")
        keyed = getattr(model, "wv", model)
        if not isinstance(keyed, KeyedVectors):
            raise TypeError(f"it holds a {type(keyed).__name__}")
        words, vectors = keyed.index_to_key, keyed.vectors
        if not len(words) or len(vectors) < len(words) or vectors.ndim != 2 or vectors.dtype.kind != "f":
            raise ValueError(f"{len(words):,} words and vectors of shape {vectors.shape}")
        return words, vectors[: len(words)]
    except (Exception, SystemExit) as error:  # anything: it is another program's code, or the file's own
        reason = str(error).strip().split("\n")[0][:200] or type(error).__name__
        raise SourceError(
            f"{path.name} holds no word vectors that gensim can load ({reason}); choose a file that KeyedVectors.save "
            f"or fastText wrote, with those beside it, or {WORD2VEC}."
        ) from None
