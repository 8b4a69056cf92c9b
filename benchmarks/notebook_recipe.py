"""The notebook recipe on full-size models: as a notebook does it, against `main.py run`.

    python benchmarks/notebook_recipe.py FOLDER        (or the folder in RSASCOPE_STAND_INS)

Both start from nothing and end with the same hundred words and the same numbers, which is checked.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from stand_ins import folder_given, stand_ins
from timing import HEADER, ROOT, Measured, machine, row, side_by_side, warm

RECIPE = """
import json, sys
import numpy as np
from gensim.models import KeyedVectors
from transformers import GPT2Model, GPT2Tokenizer

word2vec = KeyedVectors.load_word2vec_format(sys.argv[1], binary=True)
model = GPT2Model.from_pretrained(sys.argv[2])
tokenizer = GPT2Tokenizer.from_pretrained(sys.argv[2])
vocabulary = [tokenizer.decode([i]) for i in range(len(tokenizer))]

words = []
for word in word2vec.index_to_key:
    if len(word) == 6 and word in vocabulary:
        words.append(word)
        if len(words) == 100:
            break
matrix = model.wte.weight.detach().numpy()
E_A = np.stack([word2vec[word] for word in words])
E_B = np.stack([matrix[vocabulary.index(word)] for word in words])

E_A = E_A / np.linalg.norm(E_A, axis=1, keepdims=True)
E_B = E_B / np.linalg.norm(E_B, axis=1, keepdims=True)
above = np.triu_indices(len(words), k=1)
a, b = (E_A @ E_A.T)[above], (E_B @ E_B.T)[above]
r = np.corrcoef(a, b)[0, 1]
S_c = np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b))
"""
ANSWER = """
print(json.dumps({"answer": {"words": words, "pearson": float(r), "cosine": float(S_c)}}))
"""


def main() -> None:
    vectors, model = stand_ins(folder_given())
    for path in (vectors, *model.iterdir()):
        warm(path)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder, "cache"))  # nothing is remembered from earlier
        os.environ["HF_HUB_OFFLINE"] = "1"
        session, numbers, figures = Path(folder, "session.json"), Path(folder, "numbers"), Path(folder, "figures")
        session.write_text(json.dumps(session_of(vectors, model)), "utf-8")
        run = [sys.executable, str(ROOT / "main.py"), "run", str(session), "--out"]
        measured = side_by_side(
            {
                "notebook": [sys.executable, "-c", RECIPE + ANSWER, str(vectors), str(model)],
                "run --figures none": [*run, str(numbers), "--figures", "none"],
                "run, SVG figures": [*run, str(figures)],
            }
        )
        for out in (numbers, figures):
            result = json.loads((out / "result.json").read_text("utf-8"))
            check_same(measured["notebook"].answer, result | result["comparisons"][0]["values"])
    report(*measured.values())


def session_of(vectors: Path, model: Path) -> dict[str, object]:
    spaces = [
        {"name": "word2vec", "source": "vectors", "path": str(vectors.resolve())},
        {"name": "GPT-2", "source": "huggingface", "model": str(model.resolve())},
    ]
    return {"rsascope_session": 1, "spaces": spaces}


def check_same(notebook: dict[str, object], ours: dict[str, object]) -> None:
    """Nothing, if both found the same hundred words and the same numbers."""
    assert ours["words"] == notebook["words"], "the words differ"
    assert len(ours["words"]) == 100
    for measure in ("pearson", "cosine"):
        assert abs(ours[measure] - notebook[measure]) < 1e-6, f"{measure}: {ours[measure]} {notebook[measure]}"


def report(notebook: Measured, numbers: Measured, figures: Measured) -> None:
    theirs = (notebook.process, notebook.megabytes)
    print(machine(), HEADER, sep="\n\n")
    print(row("notebook recipe; ours `main.py run --figures none`", theirs, (numbers.process, numbers.megabytes)))
    print(row("the same; ours with SVG figures", theirs, (figures.process, figures.megabytes)))


if __name__ == "__main__":
    main()
