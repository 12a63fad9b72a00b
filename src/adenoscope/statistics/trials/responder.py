"""Response and remission: who has the event, what counts for those not seen, and the difference of risks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.adjusted_proportions import AdjustedDifference, adjusted_difference
from adenoscope.statistics.trials.design import arm_design, as_arms, as_replicates
from adenoscope.statistics.trials.proportions import ProportionContrast, risk_difference

ADJUSTED = tuple(field.name for field in fields(AdjustedDifference))


def responded(score: ArrayLike, baseline: ArrayLike, *, fall: float = 0.5) -> Samples:
    """Return 1 where the score fell by ``fall`` of its baseline or more, else 0; NaN where one was not seen.

    Valid: a scale whose 0 means no symptoms.
    Source: Montgomery, Asberg (1979), doi:10.1192/bjp.134.4.382, for the scale; a fall by half is custom.
    """
    seen, before = np.broadcast_arrays(np.asarray(score, dtype=np.float64), np.asarray(baseline, dtype=np.float64))
    event = (seen <= (1 - fall) * before).astype(np.float64)
    return np.where(np.isfinite(seen) & np.isfinite(before), event, np.nan)


def remitted(score: ArrayLike, *, at_most: float = 10.0) -> Samples:
    """Return 1 where the score is no more than ``at_most``, else 0; NaN where it was not seen.

    Valid: MADRS, where at most 10 is custom in trials; below 9 and below 10 agreed best with clinicians.
    Source: Hawley, Gale, Sivakumaran (2002), doi:10.1016/s0165-0327(01)00451-7.
    """
    seen = np.asarray(score, dtype=np.float64)
    return np.where(np.isfinite(seen), (seen <= at_most).astype(np.float64), np.nan)


def responder_difference(
    event: ArrayLike,
    arm: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    missing: Literal["failure", "left_out"] = "failure",
    started: ArrayLike | None = None,
    ci_prob: float = 0.95,
) -> ProportionContrast:
    """Return each arm's risk of the event less the reference's (r, arms - 1), as fractions.

    Args:
        event: (r, n) 1, 0, or NaN where not seen. For a treatment policy, what was seen after treatment was stopped
            stands here as it was seen.
        arm: (r, n), 0 for the reference, -1 for who is not in the analysis.
        covariates: (r, n, c); with them the difference is that of the risks at the same covariates, and the test is
            free of the lattice of counts. Where nothing varies, counts decide after all.
        missing: "failure" counts who was not seen as without the event (a composite estimand: to be lost is part of
            the outcome); "left_out" compares those seen.
        started: (r, n); who never started counts as without the event whatever was seen.
        ci_prob: what the interval holds.

    Valid: without covariates as ``risk_difference``, with them as ``adjusted_difference``. A composite differs
    between arms that lose unlike shares of persons, with or without an effect on the score; "left_out" needs the
    loss to be unrelated to the event within an arm.
    Source: ICH E9 (R1) (2019), section A.3.2, for the strategies.
    """
    values = as_replicates(event, 2)
    arms = as_arms(arm, *values.shape)
    if started is not None:
        values = np.where(np.broadcast_to(np.asarray(started, dtype=np.bool_), values.shape), values, 0.0)
    if missing == "failure":
        values = np.where(np.isfinite(values), values, 0.0)
    seen = np.isfinite(values)
    inside = [seen & (arms == number) for number in range(int(arms.max()) + 1)]
    persons = np.stack([here.sum(axis=1) for here in inside], axis=1)
    events = np.stack([np.where(here, values, 0.0).sum(axis=1) for here in inside], axis=1)
    counts = risk_difference(events[:, 1:], persons[:, 1:], events[:, :1], persons[:, :1], ci_prob)
    if covariates is None:
        return counts
    design, n_others = arm_design(arms, covariates)
    given = design[..., 1 + n_others :]
    beside = [
        adjusted_difference(values, arms == other, inside[0] | inside[other], given, ci_prob)
        for other in range(1, n_others + 1)
    ]
    return replace(counts, **{name: _filled(counts, beside, name) for name in ADJUSTED})


def _filled(counts: ProportionContrast, beside: Sequence[AdjustedDifference], name: str) -> Samples:
    """Return what covariates gave of every arm, and what counts gave where they had no answer."""
    found = np.stack([getattr(arm, name) for arm in beside], axis=1)
    return np.where(np.isfinite(found), found, getattr(counts, name))
