"""Each compound's therapeutic index, ED50(side effect) / ED50(effect), and its chances against the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from adenoscope.core.interval import Interval
from adenoscope.core.ranking import ArmFit, CompoundIndex, Weights
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.arm_fits import ninety
from adenoscope.statistics.separation.could_tell import TAIL, Bracketing
from adenoscope.statistics.separation.panel_arrays import PanelArrays
from adenoscope.statistics.separation.pooling.emax_model import ED50, HILL
from adenoscope.statistics.separation.pooling.sample import Posterior


@dataclass(frozen=True, eq=False)
class Objective:
    """What compounds are compared by: weights, the reference's number, and the levels of ``separation`` [1]."""

    weights: Weights
    reference: int
    levels: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Draws (draw, compound) of ln index, of ln separation and of the score, and what rests on them (compound,).

    ``within`` is whether the doses of the separation lie within those tried.
    """

    log_index: Samples
    log_separation: Samples
    score: Samples
    told: NDArray[np.bool_]
    within: NDArray[np.bool_]
    p_best: Samples
    p_front: Samples


def compare(data: PanelArrays, posterior: Posterior, found: Bracketing, objective: Objective) -> Comparison:
    """Return the draws by which compounds are compared, and their chances among those told.

    Valid: as ``bracketing``.
    Source: none; counts of joint draws.
    """
    effect, side_effect = np.split(posterior.curves[..., ED50], 2, axis=1)
    told = np.logical_and(*np.split(found.told, 2))
    score = objective.weights.side_effect * side_effect - objective.weights.effect * effect
    p_best, p_front = np.zeros(len(told)), np.zeros(len(told))
    if told.any():
        best = score[:, told].argmax(axis=1)
        p_best[told] = np.bincount(best, minlength=told.sum()) / len(best)
        p_front[told] = _on_front(effect[:, told], side_effect[:, told]).mean(axis=0)
    levels = np.repeat(logit(np.array(objective.levels)), len(told))
    at_level = posterior.curves[..., ED50] + levels * np.exp(-posterior.curves[..., HILL])
    low, high = data.ends
    inside = ((at_level < low).mean(axis=0) <= TAIL) & ((at_level > high).mean(axis=0) <= TAIL)
    return Comparison(
        log_index=side_effect - effect,
        log_separation=at_level[:, len(told) :] - at_level[:, : len(told)],
        score=score,
        told=told,
        within=told & np.logical_and(*np.split(inside, 2)),
        p_best=p_best,
        p_front=p_front,
    )


def compound_index(
    number: int, name: str, series: str | None, fits: tuple[ArmFit, ArmFit], of: Comparison, objective: Objective
) -> CompoundIndex:
    """Return what the panel tells of a compound; ``fits`` are its effect and its side effect.

    Valid: as ``bracketing``.
    Source: none; quantiles of joint draws.
    """
    effect, side_effect = fits
    told, both = bool(of.told[number]), bool(of.told[number] and of.told[objective.reference])
    index = of.log_index[:, number]
    better = of.score[:, number] - of.score[:, objective.reference]
    compared = both and number != objective.reference
    return CompoundIndex(
        compound=name,
        series=series,
        effect=effect,
        side_effect=side_effect,
        standing="told" if told else "could_not_tell",
        index=_ratio(index) if told else None,
        index_above=_bound(index, TAIL) if not told and _bounded(side_effect, effect, "above") else None,
        index_below=_bound(index, 1 - TAIL) if not told and _bounded(side_effect, effect, "below") else None,
        log_index=index if told else None,
        separation=_ratio(of.log_separation[:, number]) if of.within[number] else None,
        score=ninety(better) if both else None,
        p_better=float(np.mean(better > 0)) if compared else None,
        p_best=float(of.p_best[number]) if told else None,
        p_front=float(of.p_front[number]) if told else None,
        reason=" ".join(fit.reason for fit in fits if fit.reason) or None,
    )


def _ratio(logs: Samples) -> Interval:
    return ninety(np.exp(logs))


def _bound(logs: Samples, share: float) -> float:
    return float(np.exp(np.quantile(logs, share)))


def _bounded(over: ArmFit, under: ArmFit, side: str) -> bool:
    """Return whether both arms bound their ED50 on the side that bounds the ratio of the first to the second."""
    top, bottom = (over.ed50_above, under.ed50_below) if side == "above" else (over.ed50_below, under.ed50_above)
    return (over.ed50 is not None or top is not None) and (under.ed50 is not None or bottom is not None)


def _on_front(effect: Samples, side_effect: Samples) -> NDArray[np.bool_]:
    """Return which compounds no other one betters in both arms, shape (draw, compound)."""
    order = np.argsort(effect, axis=1)
    ordered = np.take_along_axis(side_effect, order, axis=1)
    free = np.ones(order.shape, dtype=bool)
    free[:, 1:] = ordered[:, 1:] > np.maximum.accumulate(ordered, axis=1)[:, :-1]
    front = np.empty_like(free)
    np.put_along_axis(front, order, free, axis=1)
    return front
