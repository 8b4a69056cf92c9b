"""matrices.npz opens with numpy alone and has everything."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.export.matrices import save_matrices
from tests.engine.export.made import UNRULY, made_result, sample_result
from tests.engine.recipe import notebook_recipe


def test_the_arrays_are_the_recipes(tmp_path: Path) -> None:
    save_matrices(tmp_path / "m.npz", sample_result())
    recipe = notebook_recipe()
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        assert file["words"].tolist() == recipe.words
        assert file["spaces"].tolist() == ["word2vec (sample)", "MiniLM (sample)"]
        for i, (similarities, vectors) in enumerate(((recipe.S_A, recipe.E_A), (recipe.S_B, recipe.E_B))):
            np.testing.assert_allclose(file[f"similarities_{i}"], similarities, atol=1e-6)
            np.testing.assert_array_equal(file[f"vectors_{i}"], vectors)
        np.testing.assert_array_equal(file["indices_0"], sample_result().spaces[0].indices)


def test_the_file_explains_its_keys(tmp_path: Path) -> None:
    save_matrices(tmp_path / "m.npz", sample_result())
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        about = str(file["about"])
        unexplained = [key for key in file.files if key != "about" and key not in about]
    assert not unexplained


def test_unruly_words_are_kept(tmp_path: Path) -> None:
    save_matrices(tmp_path / "m.npz", made_result(UNRULY, ("a/b", "../c")))
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        assert tuple(file["words"].tolist()) == UNRULY
        assert file["spaces"].tolist() == ["a/b", "../c"]


def test_equal_results_are_equal_files(tmp_path: Path) -> None:
    for name in ("1.npz", "2.npz"):
        save_matrices(tmp_path / name, sample_result())
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "2.npz").read_bytes()
