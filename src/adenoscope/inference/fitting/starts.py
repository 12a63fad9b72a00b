"""Random starts: a Latin hypercube over the bounds, or over what is believed where starts come from.

Source: McKay, Beckman & Conover (1979), Technometrics 21:239, doi:10.2307/1268522.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import qmc

from adenoscope.core.errors import input_error
from adenoscope.inference.likelihood.cohort import Accuracy
from adenoscope.inference.likelihood.evaluate import evaluate
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.priors import quantile
from adenoscope.inference.problem.scales import Numbers

ROUNDS = 5  # of replacing starts at which the model cannot be simulated


def draw_starts(problem: FitProblem, n_starts: int, rng: np.random.Generator) -> Numbers:
    """Return random starts in each parameter's scale, shape (start, parameter).

    Raises:
        InputError: a parameter has no finite bounds to draw from.
    """
    low, high = problem.bounds
    endless = [p.name for p, a, b in zip(problem.estimated, low, high, strict=True) if not np.isfinite([a, b]).all()]
    if endless:
        raise input_error(
            problem.name,
            found=f"no finite bounds in the scale of {', '.join(endless)}",
            allowed="bounds, above 0 where the scale is a logarithm",
            remedy="give bounds, or starts of your own",
        )
    shares = qmc.LatinHypercube(len(low), rng=rng).random(n_starts)
    starts = low + shares * (high - low)
    for place, parameter in enumerate(problem.estimated):
        if parameter.start is not None:
            starts[:, place] = quantile(parameter.start, shares[:, place], low[place], high[place], parameter.scale)
    return starts


def draw_finite_starts(problem: FitProblem, n_starts: int, rng: np.random.Generator, accuracy: Accuracy) -> Numbers:
    """Return random starts; those at which the model cannot be simulated are drawn anew, some times."""
    starts = draw_starts(problem, n_starts, rng)
    for _ in range(ROUNDS):
        failed = ~np.isfinite(evaluate(problem, starts, accuracy).log_posterior)
        if not failed.any():
            break
        starts[failed] = draw_starts(problem, n_starts, rng)[failed]
    return starts
