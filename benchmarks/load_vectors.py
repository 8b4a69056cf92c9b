"""Opening 3,000,000 x 300 word vectors: gensim's ways against ours.

    python benchmarks/load_vectors.py FOLDER        (or the folder in RSASCOPE_STAND_INS)

Each way is a process of its own that opens the file, then answers with the index and the vector of a word. In every
first opening the index is made from nothing; saving it is part of the time, as is checking it in the second opening.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from stand_ins import folder_given, stand_ins
from timing import HEADER, Measured, machine, row, side_by_side, warm

SAVED = "saved-by-gensim.kv"
WORD = "said"

GENSIM = """
import json, sys, time
from gensim.models import KeyedVectors
started = time.perf_counter()
vectors = {load}
index = vectors.key_to_index[sys.argv[2]]
row = vectors.vectors[index].tolist()
print(json.dumps({{"work": time.perf_counter() - started, "answer": [len(vectors), index, row]}}))
"""
LOAD = GENSIM.format(load="KeyedVectors.load_word2vec_format(sys.argv[1], binary=True)")
LOAD_SAVED = GENSIM.format(load="KeyedVectors.load(sys.argv[1], mmap='r')")
SAVE = """
import sys
from gensim.models import KeyedVectors
KeyedVectors.load_word2vec_format(sys.argv[1], binary=True).save(sys.argv[2])
"""

OURS = """
import json, sys, time
sys.path.insert(0, ".")
from pathlib import Path
from engine import cache
from engine.progress import SILENT
from engine.sources.vectors import VectorsSource
from main import SWITCH_INTERVAL
sys.setswitchinterval(SWITCH_INTERVAL)
if sys.argv[3] == "first":
    cache.clear()
started = time.perf_counter()
space = VectorsSource(Path(sys.argv[1])).open(SILENT)
found = space.find([sys.argv[2]], SILENT)
row = space.vectors(found, SILENT)[0].tolist()
work = time.perf_counter() - started
print(json.dumps({"work": work, "answer": [len(space.lookup(SILENT)), int(found[0]), row]}))
"""


def main() -> None:
    vectors, saved = warm_files()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        first = side_by_side(
            {
                "gensim, load_word2vec_format": command(LOAD, vectors, WORD),
                "rsascope, first opening": command(OURS, vectors, WORD, "first"),
            }
        )
        again = side_by_side(
            {
                "gensim, load(mmap='r')": command(LOAD_SAVED, saved, WORD),
                "rsascope, second opening": command(OURS, vectors, WORD, "second"),
            },
            runs=9,  # so short that any other process is felt
        )
    report(*first.values(), *again.values())


def warm_files() -> tuple[Path, Path]:
    """The stand-in for word vectors, and gensim's own copy of it, made if it is not there; both in memory."""
    vectors, _ = stand_ins(folder_given())
    saved = vectors.with_name(SAVED)
    if not saved.exists():
        print("saving with gensim", file=sys.stderr)
        subprocess.run(command(SAVE, vectors, saved), check=True)
    for path in (vectors, saved.with_name(SAVED + ".vectors.npy")):
        warm(path)
    return vectors, saved


def report(load: Measured, first: Measured, load_saved: Measured, second: Measured) -> None:
    assert load.answer == first.answer == load_saved.answer == second.answer, "the answers differ"
    print(machine(), HEADER, sep="\n\n")
    for what, theirs, ours in (
        ("index of all 3,000,000 words; gensim: `load_word2vec_format`", load, first),
        ("opening again; gensim: `load(mmap='r')`", load_saved, second),
    ):
        print(row(what, (theirs.work, theirs.megabytes), (ours.work, ours.megabytes)))
        print(
            row(
                "the same, whole processes with imports",
                (theirs.process, theirs.megabytes),
                (ours.process, ours.megabytes),
            )
        )


def command(script: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", script, *map(str, arguments)]


if __name__ == "__main__":
    main()
