"""Smooth curves of animals whose mean is known, for tests and benchmarks of bands."""

from __future__ import annotations

import numpy as np

TIMES = np.linspace(0.0, 1.0, 40)


def amplitudes(rng: np.random.Generator, kind: str, n: int) -> np.ndarray:
    """Return ``n`` draws with mean 0 and standard deviation 1."""
    if kind == "normal":
        return rng.standard_normal(n)
    if kind == "skewed":
        return (rng.gamma(2.0, size=n) - 2) / np.sqrt(2)
    if kind == "heavy":
        return rng.standard_t(4, n) / np.sqrt(2)
    raise ValueError(kind)


def smooth(rng: np.random.Generator, n: int, length: float = 0.1) -> np.ndarray:
    """Return ``n`` smooth curves (n, time) with mean 0, standard deviation 1 and correlation ``length``."""
    apart = TIMES[:, None] - TIMES
    root = np.linalg.cholesky(np.exp(-0.5 * (apart / length) ** 2) + 1e-8 * np.eye(TIMES.size))
    return rng.standard_normal((n, TIMES.size)) @ root.T


def animals(rng: np.random.Generator, kind: str, n: int, sd: float = 1.0) -> np.ndarray:
    """Return curves (n, time) with mean 0: each animal's amplitude of one shape, and a course of its own."""
    shape = 1.5 * np.exp(-(((TIMES - 0.4) / 0.25) ** 2))
    return sd * (amplitudes(rng, kind, n)[:, None] * shape + 0.5 * smooth(rng, n))
