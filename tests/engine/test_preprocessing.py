"""Preprocessing: what each step takes away, fitted on many words and applied to few."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import MeasureError
from engine.preprocessing import PREPROCESSINGS, default_components

MANY = np.random.default_rng(8).normal(2, [1, 2, 3, 4, 5, 6], size=(9000, 6))
FEW = MANY[100:140]

every_step = pytest.mark.parametrize("step", PREPROCESSINGS)


def principal_components(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)[2]


SECOND_OPINION = {
    "none": lambda many, few: few,
    "centred": lambda many, few: few - many.mean(axis=0),
    "zscored": lambda many, few: (few - many.mean(axis=0)) / many.std(axis=0),
    "all_but_the_top": lambda many, few: (
        (few - many.mean(axis=0)) @ (np.eye(6) - np.outer(principal_components(many)[0], principal_components(many)[0]))
    ),
}


@every_step
def test_fitted_on_all_words_and_applied_to_some(step: str) -> None:
    changed = PREPROCESSINGS[step].fit(MANY, None).apply(FEW)
    np.testing.assert_allclose(changed, SECOND_OPINION[step](MANY, FEW), atol=1e-10)
    assert not np.allclose(changed, SECOND_OPINION[step](FEW, FEW), atol=0.01) or step == "none"


@every_step
@pytest.mark.parametrize(("given", "expected"), [(np.float16, np.float32), (np.float32, np.float32), (float, float)])
def test_precision_stays_but_sums_are_double(step: str, given: type, expected: type) -> None:
    vectors = (MANY + 100).astype(given)
    fitted = PREPROCESSINGS[step].fit(vectors, None)
    changed = fitted.apply(vectors[:40])
    if step == "none":
        assert changed.dtype == given
        return
    assert changed.dtype == expected
    expected_values = SECOND_OPINION[step](vectors.astype(float), vectors[:40].astype(float))
    np.testing.assert_allclose(changed, expected_values, atol=1e-4)


@every_step
def test_what_is_fitted_and_what_is_applied_cannot_be_written_to(step: str) -> None:
    vectors = MANY.copy()
    fitted = PREPROCESSINGS[step].fit(vectors, None)
    arrays = [array for array in (fitted.mean, fitted.scale, fitted.directions) if array is not None]
    assert not any(array.flags.writeable for array in arrays)
    fitted.apply(vectors)
    assert np.array_equal(vectors, MANY)
    if step != "none":
        assert not fitted.apply(vectors).flags.writeable


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_dimension_in_which_all_words_are_equal_becomes_zero(value: float, dtype: type) -> None:
    vectors = MANY.astype(dtype)
    vectors[:, 2] = value
    changed = PREPROCESSINGS["zscored"].fit(vectors, None).apply(vectors)
    assert not changed[:, 2].any()
    assert np.isfinite(changed).all()
    np.testing.assert_allclose(changed[:, [0, 1, 3, 4, 5]].std(axis=0), 1, atol=1e-5)


@pytest.mark.parametrize("components", [1, 2, 5])
def test_as_many_components_are_removed_as_are_asked_for(components: int) -> None:
    fitted = PREPROCESSINGS["all_but_the_top"].fit(MANY, components)
    assert fitted.components == components
    left = fitted.apply(MANY)
    assert np.linalg.matrix_rank(left) == 6 - components
    np.testing.assert_allclose(left @ principal_components(MANY)[:components].T, 0, atol=1e-8)


@pytest.mark.parametrize("components", [0, 6, 100])
def test_removing_nothing_or_everything_is_an_error(components: int) -> None:
    with pytest.raises(MeasureError, match=f"cannot remove {components} .* 6 dimensions; choose from 1 to 5") as error:
        PREPROCESSINGS["all_but_the_top"].fit(MANY, components)
    assert error.value.concerns == "components"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_something_must_be_left_of_few_words_and_of_repeated_ones(dtype: type) -> None:
    """What rounding leaves of nothing would pass for an agreement."""
    rng = np.random.default_rng(0)
    few = rng.normal(size=(9, 768)).astype(dtype)
    repeated = np.repeat(rng.normal(size=(5, 30)), 4, axis=0).astype(dtype)
    fit = PREPROCESSINGS["all_but_the_top"].fit
    for vectors, most in ((few, 7), (repeated, 3)):
        with pytest.raises(MeasureError, match=f"choose from 1 to {most}"):
            fit(vectors, most + 1)
        assert np.linalg.norm(fit(vectors, most).apply(vectors)) > 1
    with pytest.raises(MeasureError, match=r"cannot remove 8 .* of 9 words"):  # the default of 768 dimensions
        fit(few, None)


@pytest.mark.parametrize(("dimensions", "components"), [(3, 1), (50, 1), (300, 3), (768, 8), (4096, 41)])
def test_a_hundredth_of_the_dimensions_is_removed_by_default(dimensions: int, components: int) -> None:
    assert default_components(dimensions) == components


@every_step
def test_every_step_says_what_it_is(step: str) -> None:
    assert PREPROCESSINGS[step].description in PREPROCESSINGS[step].tooltip
