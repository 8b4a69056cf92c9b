"""Words by the million in a few arrays: each is found, and nothing else is."""

from __future__ import annotations

import numpy as np

from engine.sources.index_builder import IndexBuilder, Stretch
from engine.sources.word_index import BLOCK, WordIndex, hash_words


def built(words: list[bytes], together: int) -> WordIndex:
    """The index of words that were added so many at a time."""
    builder = IndexBuilder(b" ", 0, len(words))
    for k in range(0, len(words), together):
        some = words[k : k + together]
        builder.add(Stretch(b" ".join(some) + b" ", len(some), 5))
    return builder.finish()


def lengths_of(words: list[bytes]) -> np.ndarray:
    return np.array(list(map(len, words)), np.int64)


def test_words_of_every_length_are_found_and_their_neighbours_are_not() -> None:
    words = [bytes([97 + n % 26]) * n for n in range(1, 100)]
    changed = [word[:-1] + b"?" for word in words] + [b"?" + word[1:] for word in words if len(word) > 1]
    index = built(words, 7)
    assert index.find([word.decode() for word in words]).tolist() == list(range(99))
    assert set(index.find([word.decode() for word in changed]).tolist()) == {-1}


def test_repeated_words_are_noticed_wherever_they_stand() -> None:
    words = [b"w%d" % i for i in range(2 * BLOCK + 5)]
    words[-1], words[BLOCK], words[BLOCK + 1] = words[0], words[BLOCK - 1], words[BLOCK - 1]
    index = built(words, 10_000)
    assert index.repeated.tolist() == [BLOCK, BLOCK + 1, len(words) - 1]
    assert len(index) == len(words) - 3
    assert index.find([words[0].decode(), words[BLOCK - 1].decode()]).tolist() == [0, BLOCK - 1]


def test_a_hash_is_of_the_word_alone() -> None:
    words = [b"moon", b"", b"a word of more than sixteen bytes", b"m", b"exactly 16 bytes", b"moon"]
    close, apart = (
        hash_words(b"".join(words), lengths_of(words)),
        hash_words(b"#".join(words), lengths_of(words), gap=1),
    )
    alone = [hash_words(word, lengths_of([word]))[0] for word in words]
    assert close.tolist() == apart.tolist() == alone
    assert len(set(alone)) == 5


def test_hashes_of_similar_words_differ() -> None:
    words = [b"/c/en/%06d/n/wikt" % i for i in range(20_000)] + [b"%d" % i for i in range(20_000)]
    hashes = hash_words(b"".join(words), lengths_of(words))
    assert len(set(hashes.tolist())) > 39_990  # by chance 0.2 pairs share one of 2 ** 32
