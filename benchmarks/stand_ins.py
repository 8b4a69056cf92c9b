"""Writes full-size stand-ins for the models people come with, made of real words and seeded numbers.

    python benchmarks/stand_ins.py FOLDER        (or the folder in RSASCOPE_STAND_INS)

`vectors-3000000x300.bin` is like the published GoogleNews file: word2vec binary, 3.6 GB, no newline after a vector,
frequent words first. `gpt2` is GPT-2 with 124 million parameters and the real tokenizer. What is already there is left
alone.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
TOKENIZER = ROOT / "tests" / "data" / "gpt2-tokenizer"
SAMPLE = ROOT / "resources" / "sample" / "word2vec-google-news-1k.npz"

sys.path.insert(0, str(ROOT))

COUNT, DIMENSIONS = 3_000_000, 300
VECTORS, MODEL = f"vectors-{COUNT}x{DIMENSIONS}.bin", "gpt2"
FREQUENT = 100_000  # of these, half are single words, as in the published file; beyond are phrases and names
ENDINGS = (*80 * ("",), *5 * ("s", "ing", "ed"), "_##", "_Inc.", "_&_Co", "'s", "é", "ão", "ü", "ов", "語")
BLOCK = 10_000  # words written at once


def main() -> None:
    print(*stand_ins(folder_given()), sep="\n")


def folder_given() -> Path:
    """The folder for the stand-ins, from the command line or the environment."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("RSASCOPE_STAND_INS")
    if not given:
        sys.exit("give a folder with 5 GB of room, as the argument or in RSASCOPE_STAND_INS")
    return Path(given)


def stand_ins(folder: Path) -> tuple[Path, Path]:
    """The file of vectors and the model's folder, made if they are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors, model = folder / VECTORS, folder / MODEL
    for path, make in ((vectors, make_vectors), (model, make_model)):
        if not path.exists():
            print(f"making {path}", file=sys.stderr)
            with tempfile.TemporaryDirectory(dir=folder) as draft:
                make(Path(draft, path.name))
                os.replace(Path(draft, path.name), path)
    return vectors, model


def make_vectors(path: Path, count: int = COUNT) -> None:
    words, numbers = real_looking_words(), np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(b"%d %d\n" % (count, DIMENSIONS))
        for start in range(0, count, BLOCK):
            rows = 0.15 * numbers.standard_normal((min(BLOCK, count - start), DIMENSIONS), np.float32)
            some = (word.encode() for word in islice(words, len(rows)))
            file.writelines(word + b" " + row.tobytes() for word, row in zip(some, rows, strict=True))


def real_looking_words() -> Iterator[str]:
    """Words without end, each once: the sample's, then single words among phrases, then phrases."""
    from engine.sources.tokens import read_vocabulary

    chance = random.Random(0)
    single = [word for word in read_vocabulary(TOKENIZER).words("either") if not set(word) & set(" \n\t\r\v\f\x85")]
    letters = [word for word in single if word.isalpha() and len(word) > 1]
    chance.shuffle(single)
    given: set[str] = set()
    for word in np.load(SAMPLE)["words"].tolist():
        given.add(word)
        yield word
    while True:
        if single and (len(given) > FREQUENT or chance.random() < 0.5):
            word = single.pop()
        else:
            word = "_".join(chance.choices(letters, k=chance.choice((1, 2, 2, 2, 2, 3)))) + chance.choice(ENDINGS)
        if word not in given and not any(char.isspace() for char in word):
            given.add(word)
            yield word


def make_model(folder: Path) -> None:
    import torch
    from transformers import GPT2Config, GPT2Model

    torch.manual_seed(0)
    GPT2Model(GPT2Config()).save_pretrained(folder)
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(TOKENIZER / name, folder)


if __name__ == "__main__":
    main()
