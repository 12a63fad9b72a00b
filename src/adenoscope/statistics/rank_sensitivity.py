"""Which inputs of a simulation an output follows: partial rank correlations, each with its own share of the spread.

Every column becomes the normal scores of its ranks. With P the inverse of their correlation matrix, the partial
correlation of input i with the output o is -P_io/sqrt(P_ii P_oo), and R² of all inputs together 1 - 1/P_oo. What an
input explains alone is the fall of R² without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from adenoscope.statistics.effects.multiplicity import holm

Numbers = npt.NDArray[np.float64]
ALPHA = 0.05


@dataclass(frozen=True)
class RankEffect:
    """How an output follows one input when the others are held, by rank.

    ``partial`` [-1 to 1]; ``share`` [1] of the variance of the output's scores that the input alone explains;
    ``p_adjusted`` [1] for every input and output together.
    """

    output: str
    input: str
    partial: float
    share: float
    p_adjusted: float


@dataclass(frozen=True)
class RankSensitivity:
    """What stands out from chance, for each output the strongest first, and R² of all inputs by output [1].

    R² is adjusted for the number of inputs; None where there are too few draws to tell.
    """

    effects: tuple[RankEffect, ...]
    explained: Mapping[str, float | None]


def rank_sensitivity(
    inputs: Mapping[str, Numbers], outputs: Mapping[str, Numbers], alpha: float = ALPHA
) -> RankSensitivity:
    """Return which inputs each output follows by rank beyond chance.

    Args:
        inputs: Drawn inputs by name, each of shape (draw,); those that do not vary are left out.
        outputs: What came out, by name, each of shape (draw,); draws without a number are left out of that output.
        alpha: Probability of any false claim among all.

    Valid: more draws than inputs, none of which follows from others; what rises and falls again is not seen.
    Source: Marino et al. (2008), doi:10.1016/j.jtbi.2008.04.011, here with normal scores; Holm (1979), Scandinavian
    Journal of Statistics 6:65.
    """
    effects: list[RankEffect] = []
    explained: dict[str, float | None] = {}
    for name, values in outputs.items():
        found, explained[name] = _of_output(name, inputs, values)
        effects += found
    adjusted = holm([effect.p_adjusted for effect in effects])
    clear = [
        RankEffect(one.output, one.input, one.partial, one.share, p)
        for one, p in zip(effects, adjusted, strict=True)
        if p < alpha
    ]
    order = list(outputs)
    clear.sort(key=lambda one: (order.index(one.output), -abs(one.partial)))
    return RankSensitivity(tuple(clear), explained)


def _of_output(name: str, inputs: Mapping[str, Numbers], values: Numbers) -> tuple[list[RankEffect], float | None]:
    """Return the effect of every input on one output, its p not adjusted yet, and R²."""
    from scipy.special import ndtri
    from scipy.stats import rankdata, t

    known = np.isfinite(values)
    varying = {key: drawn[known] for key, drawn in inputs.items() if known.any() and np.ptp(drawn[known]) > 0}
    n, k = int(known.sum()), len(varying)
    free = n - k - 1
    if k == 0 or free < 1 or np.ptp(values[known]) == 0:
        return [], None
    ranks = np.stack([rankdata(column) for column in (*varying.values(), values[known])])
    inverse = np.linalg.pinv(np.corrcoef(ndtri((ranks - 0.5) / n)))
    last = float(inverse[-1, -1])
    partial = np.clip(-inverse[:-1, -1] / np.sqrt(np.diag(inverse)[:-1] * last), -1 + 1e-12, 1 - 1e-12)
    p = 2 * t.sf(np.abs(partial) * np.sqrt(free / (1 - partial**2)), free)
    share = partial**2 / (1 - partial**2) / last
    rows = zip(varying, partial.tolist(), share.tolist(), np.asarray(p).tolist(), strict=True)
    return [RankEffect(name, *row) for row in rows], 1 - (1 / last) * (n - 1) / free
