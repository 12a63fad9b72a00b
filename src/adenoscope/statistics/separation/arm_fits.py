"""Each compound in each assay: the curve, its ED50 where the doses tell it, and words where they do not."""

from __future__ import annotations

import numpy as np

from adenoscope.core.dose_response import DoseCurve
from adenoscope.core.interval import Interval
from adenoscope.core.ranking import ArmFit
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.could_tell import TAIL, Bracketing
from adenoscope.statistics.separation.panel_arrays import PanelArrays
from adenoscope.statistics.separation.pooling.emax_model import E0, ED50, EMAX, rise
from adenoscope.statistics.separation.pooling.sample import Posterior

CURVE_POINTS = 41
BAND = (0.5, 0.025, 0.975)
NINETY = (0.5, TAIL, 1 - TAIL)


def ninety(draws: Samples) -> Interval:
    """Return the median of draws, shape (draw,), with their central 90 %.

    Valid: draws that have converged.
    Source: none; quantiles.
    """
    estimate, low, high = np.quantile(draws, NINETY)
    return Interval(float(estimate), float(low), float(high), 1 - 2 * TAIL)


def arm_fit(data: PanelArrays, posterior: Posterior, found: Bracketing, curve: int, dose_unit: str) -> ArmFit:
    """Return what the panel tells of one curve.

    Valid: as ``bracketing``.
    Source: as ``bracketing``.
    """
    assay = data.assays[data.places.assay[curve]]
    unit = float((data.sign * data.span)[data.places.assay[curve]])
    ed50 = np.exp(posterior.curves[:, curve, ED50])
    told, closed_below, closed_above = found.told[curve], not found.open_below[curve], not found.open_above[curve]
    bounded = found.responded[curve] and not told
    reason = None if told else _reason(data, found, curve, dose_unit)
    return ArmFit(
        arm=assay.arm,
        assay=assay.name,
        unit=assay.unit,
        rises=unit > 0,
        doses=tuple(float(dose) for dose in np.unique(data.readings.dose[curve]) if dose > 0),
        standing="told" if told else "could_not_tell",
        responded=bool(found.responded[curve]),
        ed50=ninety(ed50) if told else None,
        ed50_above=float(np.quantile(ed50, TAIL)) if bounded and closed_below else None,
        ed50_below=float(np.quantile(ed50, 1 - TAIL)) if bounded and closed_above else None,
        emax=ninety(unit * np.exp(posterior.curves[:, curve, EMAX])) if told else None,
        curve=_curve(data, posterior, curve, unit),
        reason=reason,
        telling_dose=None if told else float(found.telling_dose[curve]),
    )


def _curve(data: PanelArrays, posterior: Posterior, curve: int, unit: float) -> DoseCurve:
    low, high = (ends[curve] for ends in data.ends)
    doses = np.geomspace(np.exp(low), np.exp(high), CURVE_POINTS)
    drawn = unit * (posterior.curves[:, curve, E0, None] + rise(posterior.curves[:, curve], doses))
    return DoseCurve(doses, *np.quantile(drawn, BAND, axis=0))


def _reason(data: PanelArrays, found: Bracketing, curve: int, dose_unit: str) -> str:
    low, high = (float(np.exp(ends[curve])) for ends in data.ends)
    where = data.assays[data.places.assay[curve]].name
    telling = f"A group at {_plain(found.telling_dose[curve])} {dose_unit} would tell more."
    if not found.responded[curve]:
        return (
            f"{where}: a response could not be told. At the highest dose, {_plain(high)} {dose_unit}, it may be less "
            f"than a fifth of the assay's usual ceiling. {telling}"
        )
    above = f"above the highest dose, {_plain(high)} {dose_unit} (probability {found.p_above[curve]:.2f})"
    below = f"below the lowest dose, {_plain(low)} {dose_unit} (probability {found.p_below[curve]:.2f})"
    if found.open_above[curve] and found.open_below[curve]:
        return f"{where}: ED50 may lie {below}, or {above}. {telling} So would more animals at the doses given."
    return f"{where}: ED50 may lie {above if found.open_above[curve] else below}. {telling}"


def _plain(dose: float) -> str:
    return f"{float(f'{dose:.3g}'):,.10g}"
