"""Which inputs of a simulation an output follows, by ranks: for drawn inputs, whatever the shape between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from adenoscope.statistics.effects.multiplicity import holm

Numbers = npt.NDArray[np.float64]
ALPHA = 0.05


@dataclass(frozen=True)
class RankCorrelation:
    """How an output follows an input by rank [-1 to 1]; ``p_adjusted`` [1] for every input and output together."""

    output: str
    input: str
    correlation: float
    p_adjusted: float


def rank_correlations(
    inputs: Mapping[str, Numbers], outputs: Mapping[str, Numbers], alpha: float = ALPHA
) -> tuple[RankCorrelation, ...]:
    """Return the rank correlations that stand out from chance, for each output the largest first.

    Args:
        inputs: Drawn inputs by name, each of shape (draw,); those that do not vary are left out.
        outputs: What came out, by name, each of shape (draw,); draws without a number are left out of that output.
        alpha: Probability of any false claim among all.

    Valid: inputs drawn independently; of inputs that were drawn together a correlation may be that of another. What
    goes up and comes down again is not seen.
    Source: Spearman (1904), doi:10.2307/1412159; Holm (1979), Scandinavian Journal of Statistics 6:65.
    """
    from scipy.stats import spearmanr

    pairs: list[tuple[str, str, float, float]] = []
    for output, values in outputs.items():
        known = np.isfinite(values)
        for name, drawn in inputs.items():
            if min(np.ptp(drawn[known]), np.ptp(values[known])) > 0:
                found: Any = spearmanr(drawn[known], values[known])
                pairs.append((output, name, float(found.statistic), float(found.pvalue)))
    adjusted = holm([p for *_, p in pairs])
    clear = [RankCorrelation(*pair[:3], p) for pair, p in zip(pairs, adjusted, strict=True) if p < alpha]
    order = list(outputs)
    return tuple(sorted(clear, key=lambda one: (order.index(one.output), -abs(one.correlation))))


def explained_share(inputs: Mapping[str, Numbers], output: Numbers) -> float:
    """Return the share [1] of the variance of an output's ranks that a linear sum of its inputs' ranks explains.

    Adjusted for the number of inputs; 0 where there are none, or where it would be below.

    Valid: more draws than inputs; interactions and what is not monotonic are in the rest.
    Source: Iman & Conover (1979), doi:10.1080/00401706.1979.10489816; Ezekiel (1930) for the adjustment.
    """
    from scipy.stats import rankdata

    known = np.isfinite(output)
    n, k = int(known.sum()), len(inputs)
    if k == 0 or n <= k + 1:
        return 0.0
    ranks = np.stack([np.ones(n), *(rankdata(drawn[known]) for drawn in inputs.values())], axis=1)
    goal = np.asarray(rankdata(output[known]), dtype=float)
    fitted = ranks @ np.linalg.lstsq(ranks, goal, rcond=None)[0]
    rest = float(np.sum((goal - fitted) ** 2) / np.sum((goal - goal.mean()) ** 2))
    return max(0.0, 1 - rest * (n - 1) / (n - k - 1))
