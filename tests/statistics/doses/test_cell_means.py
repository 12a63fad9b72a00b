"""Means of cells against the tests that they must equal, and what their contrasts cover."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from adenoscope.statistics.doses.cell_means import CellMeans, cell_means, group_patterns


def means_of(animals: list[str], cells: list[int], values: np.ndarray) -> CellMeans:
    found = cell_means(group_patterns(animals, cells, values.tolist()), max(cells) + 1)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(3))
def test_one_cell_for_each_animal_is_welchs_test(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.normal(0, 1, 6), rng.normal(1, 3, 9)
    found = means_of([f"m{i}" for i in range(15)], [0] * 6 + [1] * 9, np.concatenate([first, second]))
    expected = stats.ttest_ind(second, first, equal_var=False)
    error, degrees = found.errors(np.array([-1.0, 1.0]))
    # rtol: rounding of a few products
    np.testing.assert_allclose((found.means[1] - found.means[0]) / error, expected.statistic, rtol=1e-9)
    np.testing.assert_allclose(degrees, expected.df, rtol=1e-9)


def test_all_cells_for_each_animal_is_the_paired_test_of_any_contrast() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(0, [1, 2, 3], (8, 3)) + rng.normal(0, 2, (8, 1))
    found = means_of([f"m{i}" for i in range(8) for _ in range(3)], [0, 1, 2] * 8, values.ravel())
    contrast = np.array([1.0, -3.0, 2.0])
    expected = stats.ttest_1samp(values @ contrast, 0.0)
    error, degrees = found.errors(contrast)
    np.testing.assert_allclose(contrast @ found.means / error, expected.statistic, rtol=1e-9)  # rounding
    np.testing.assert_allclose(degrees, 7.0, rtol=1e-9)  # rounding


def test_readings_of_an_animal_in_one_cell_count_once() -> None:
    animals, cells = ["a", "a", "b", "c", "d", "e", "f"], [0, 0, 0, 0, 1, 1, 1]
    twice = means_of(animals, cells, np.array([1.0, 3.0, 4.0, 5.0, 6.0, 8.0, 9.0]))
    once = means_of(animals[1:], cells[1:], np.array([2.0, 4.0, 5.0, 6.0, 8.0, 9.0]))
    np.testing.assert_array_equal(twice.means, once.means)
    np.testing.assert_array_equal(twice.covariance, once.covariance)


def test_animals_that_do_not_differ_have_no_spread_to_judge() -> None:
    patterns = group_patterns(["a", "b", "c", "d"], [0, 0, 1, 1], [1.0, 1.0, 2.0, 3.0])
    assert cell_means(patterns, 2) is None


def test_an_incomplete_crossover_covers_the_truth_in_95_percent_of_studies() -> None:
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(1000):
        cells = [int(cell) for i in range(16) for cell in ((i % 4), (i + 1) % 4)]
        own = np.repeat(rng.normal(0, 2, 16), 2)
        found = means_of([f"m{i}" for i in range(16) for _ in range(2)], cells, own + rng.normal(0, np.add(cells, 1)))
        contrast = np.array([-1.0, 0.0, 0.0, 1.0])
        error, degrees = found.errors(contrast)
        covered += abs(contrast @ found.means) < stats.t.ppf(0.975, degrees) * error
    assert 0.93 < covered / 1000 < 0.97  # ±3 s.e. of 1000 studies
