"""From sessions' curves to contrasts of groups: one curve of each animal, on times that all sessions share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.core.curve_contrast import CurveContrast, Kind
from adenoscope.core.recording import Samples
from adenoscope.core.response import Curve
from adenoscope.statistics.curves.functional import (
    FEWEST_ANIMALS,
    CurveGroup,
    curve_band,
    excluded_stretches,
)

Sessions = Sequence[tuple[str, Curve]]


@dataclass(frozen=True, eq=False)
class CurveArms:
    """Curves (animal, time) of treated and vehicle animals; ``paired`` when row by row they are the same animals."""

    treated: Samples
    vehicle: Samples
    paired: bool

    def groups(self, coefficient: float) -> tuple[CurveGroup, ...]:
        """Return the independent groups of ``coefficient`` times treated minus vehicle."""
        if self.paired:
            return (CurveGroup(coefficient, self.treated - self.vehicle),)
        return CurveGroup(coefficient, self.treated), CurveGroup(-coefficient, self.vehicle)


def shared_times(curves: Sequence[Curve]) -> Samples:
    """Return the times [s] at which every curve can be read: those of the coarsest, inside all and beside no gap.

    Empty where the curves do not overlap.

    Valid: curves smooth between their samples.
    Source: our own.
    """
    known = [np.isfinite(curve.dff) for curve in curves]
    if not curves or not all(part.any() for part in known):
        return np.zeros(0)
    first = max(float(curve.time_s[part][0]) for curve, part in zip(curves, known, strict=True))
    last = min(float(curve.time_s[part][-1]) for curve, part in zip(curves, known, strict=True))
    inside = [curve.time_s[(curve.time_s >= first) & (curve.time_s <= last)] for curve in curves]
    # Ties by the times themselves, so that the order of sessions does not matter
    coarsest = min(inside, key=lambda times: (times.size, times.tolist()))
    readable = np.all([np.isfinite(_read(curve, coarsest)) for curve in curves], axis=0)
    return coarsest[readable]


def animal_curves(sessions: Sessions, time_s: Samples) -> Mapping[str, Samples]:
    """Return each animal's mean curve [1] (time,) over its sessions at ``time_s``, sorted by animal.

    Valid: ``time_s`` from ``shared_times`` of all sessions to be compared.
    Source: our own.
    """
    read: dict[str, list[Samples]] = {}
    for animal, curve in sorted(sessions, key=lambda session: (session[0], session[1].dff.tolist())):
        read.setdefault(animal, []).append(_read(curve, time_s))
    return {animal: np.mean(curves, axis=0) for animal, curves in read.items()}


def effect_curve(time_s: Samples, arms: CurveArms, seed: int) -> CurveContrast:
    """Return the effect, treated minus vehicle [1], with its bands; labels are left for the caller to fill in.

    Valid, Source: as ``curve_band``.
    """
    found = _contrast("effect", time_s, (arms,), arms.groups(1.0), seed)
    return replace(found, treated=arms.treated, vehicle=arms.vehicle)


def interaction_curve(
    time_s: Samples, reference: CurveArms, residual: CurveArms, seed: int, *, crossed: bool = False
) -> CurveContrast:
    """Return the effect in the reference animals minus the ``residual`` effect under a manipulation [1].

    ``crossed``: row by row the same animals in all four arms. Otherwise no animal may stand on both sides.

    Valid, Source: as ``curve_band``.
    """
    if crossed:
        twice = (reference.treated - reference.vehicle) - (residual.treated - residual.vehicle)
        return _contrast("interaction", time_s, (reference,), (CurveGroup(1.0, twice),), seed)
    groups = (*reference.groups(1.0), *residual.groups(-1.0))
    return _contrast("interaction", time_s, (reference, residual), groups, seed)


def _contrast(
    kind: Kind, time_s: Samples, arms: Sequence[CurveArms], groups: Sequence[CurveGroup], seed: int
) -> CurveContrast:
    # One group, or as many groups as sides, means that every group holds differences within animals
    design = "paired" if len(groups) == len(arms) else "unpaired"
    n_treated, n_vehicle = (sum(len(getattr(side, name)) for side in arms) for name in ("treated", "vehicle"))
    bare = CurveContrast(kind, design, time_s, n_treated, n_vehicle)
    reason = _refusal(time_s, groups)
    band = None if reason else curve_band(groups, seed)
    if band is None:
        return replace(bare, reason=reason or "The animals do not differ at all, so a spread cannot be judged.")
    return replace(
        bare,
        difference=band.difference,
        low=band.low,
        high=band.high,
        point_low=band.point_low,
        point_high=band.point_high,
        excludes_zero_s=excluded_stretches(time_s, band.low, band.high),
    )


def _refusal(time_s: Samples, groups: Sequence[CurveGroup]) -> str | None:
    if time_s.size == 0:
        return "The sessions share no time at which all have a curve."
    sizes = [len(group.curves) for group in groups]
    if min(sizes) < FEWEST_ANIMALS:
        found = " and ".join(str(size) for size in sizes)
        return f"At least {FEWEST_ANIMALS} animals are needed in each group for a whole curve; there are {found}."
    return None


def _read(curve: Curve, time_s: Samples) -> Samples:
    """Return ΔF/F [1] at ``time_s``, NaN outside the curve and beside a missing sample."""
    return np.interp(time_s, curve.time_s, curve.dff, left=np.nan, right=np.nan)
