"""The ten words nearest to a word among 3,000,000 x 300 word vectors: gensim's most_similar against ours.

    python benchmarks/neighbours.py FOLDER        (or the folder in RSASCOPE_STAND_INS)

Each way is a process of its own that opens the file and looks for the neighbours of one word, then for those of
another. gensim holds all vectors in memory, we read them anew for each word.
"""

from __future__ import annotations

import os
import tempfile
from itertools import chain

from load_vectors import command, warm_files
from timing import HEADER, Measured, machine, row, side_by_side

WORDS = ("said", "people")

GENSIM = """
import json, sys, time
from gensim.models import KeyedVectors
started = time.perf_counter()
vectors = {load}
found = [vectors.most_similar(sys.argv[2], topn=10)]
first = time.perf_counter()
found.append(vectors.most_similar(sys.argv[3], topn=10))
after = time.perf_counter() - first
print(json.dumps({{"work": first - started, "answer": [after, found]}}))
"""
LOAD = GENSIM.format(load="KeyedVectors.load_word2vec_format(sys.argv[1], binary=True)")
LOAD_SAVED = GENSIM.format(load="KeyedVectors.load(sys.argv[1], mmap='r')")

OURS = """
import json, sys, time
sys.path.insert(0, ".")
from functools import partial
from pathlib import Path
from engine import cache
from engine.neighbours import nearest
from engine.progress import SILENT
from engine.similarity import similarities_to_one
from engine.sources.vectors import VectorsSource
def most_similar(word):
    index = space.find([word], SILENT)
    like = partial(similarities_to_one, one=space.vectors(index, SILENT)[0], measure="cosine")
    indices, similarities, _ = nearest(space.blocks(SILENT), like, 10, left_out=int(index[0]))
    return list(zip(space.words_at(indices, SILENT), similarities.tolist()))
if sys.argv[4] == "first":
    cache.clear()
started = time.perf_counter()
space = VectorsSource(Path(sys.argv[1])).open(SILENT)
found = [most_similar(sys.argv[2])]
first = time.perf_counter()
found.append(most_similar(sys.argv[3]))
after = time.perf_counter() - first
print(json.dumps({"work": first - started, "answer": [after, found]}))
"""


def main() -> None:
    vectors, saved = warm_files()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        measured = side_by_side(
            {
                "gensim, load_word2vec_format": command(LOAD, vectors, *WORDS),
                "rsascope, first opening": command(OURS, vectors, *WORDS, "first"),
                "gensim, load(mmap='r')": command(LOAD_SAVED, saved, *WORDS),
                "rsascope, second opening": command(OURS, vectors, *WORDS, "second"),
            }
        )
    report(*measured.values())


def report(load: Measured, first: Measured, load_saved: Measured, second: Measured) -> None:
    for one in (first, load_saved, second):
        assert agree(one, load), "the answers differ"
    print(machine(), HEADER, sep="\n\n")
    for what, theirs, ours in (
        ("neighbours of a word in a new file of 3,000,000; gensim: `load_word2vec_format`", load, first),
        ("the same, file opened before; gensim: `load(mmap='r')`", load_saved, second),
    ):
        print(row(what, (theirs.work, theirs.megabytes), (ours.work, ours.megabytes)))
    theirs, ours = (min(one.answer[0], other.answer[0]) for one, other in ((load, load_saved), (first, second)))
    print(f"\nThe next word: {theirs:.2f} s in gensim's memory, {ours:.2f} s anew from the file.")


def agree(one: Measured, other: Measured) -> bool:
    """Whether both found the same words, as similar to rounding."""
    pairs = zip(chain(*one.answer[1]), chain(*other.answer[1]), strict=True)
    return all(a == b and abs(x - y) < 1e-5 for (a, x), (b, y) in pairs)


if __name__ == "__main__":
    main()
