"""Trials of seven mice, and designs small enough to check by dense matrices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

DATA = Path(__file__).parents[3] / ".." / "shared" / "data" / "photometry" / "FLMM_csv"


@pytest.fixture(scope="session")
def trials() -> Callable[[str], pd.DataFrame]:
    """Read a table of trials by its name."""
    if not DATA.is_dir():
        pytest.skip("the trials of seven mice lie outside the repository")
    return lambda name: pd.read_csv(DATA / f"{name}.csv")


@pytest.fixture(scope="session")
def uneven() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return four responses (4, n), X (n, 3), Z (n, 2) and animals (n,): 7 animals with 2 to 9 sessions."""
    rng = np.random.default_rng(7)
    animals = np.repeat(np.arange(7), [2, 9, 5, 5, 3, 8, 6])
    slope = rng.uniform(0, 40, animals.size)
    fixed = np.column_stack([np.ones(animals.size), animals % 2, slope])
    random = fixed[:, [0, 2]]
    spread = np.array([[1.5, 0.0], [0.02, 0.06]])
    effects = rng.standard_normal((4, 7, 2)) @ spread.T
    responses = np.einsum("nq,tnq->tn", random, effects[:, animals]) + rng.standard_normal((4, animals.size))
    return 3.0 + responses + 0.05 * slope, fixed, random, animals
