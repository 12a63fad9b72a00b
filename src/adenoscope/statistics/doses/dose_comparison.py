"""Two dose-responses compared: is the second shifted along the doses, and is its ceiling another one?"""

from __future__ import annotations

import math

from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.core.interval import Interval
from adenoscope.statistics.doses.curve_shapes import coordinate_interval, fit_family
from adenoscope.statistics.doses.dose_means import DoseMeans, dose_means, pool
from adenoscope.statistics.doses.emax_curve import shifted_family
from adenoscope.statistics.doses.interval_algebra import difference_of, exponential, ratio_of

METHOD = (
    "Ceilings: difference and ratio from the intervals of both curves. Shift: one fit of both curves with a common "
    "Emax and steepness and own baselines; profile interval of the ratio of ED50s."
)


def compare_dose_responses(
    first: DoseResponse, second: DoseResponse, first_label: str, second_label: str, ci_prob: float = 0.95
) -> DoseComparison:
    """Return the shift and the ceiling of the second curve against the first, of one readout and one treatment.

    The ceiling needs both Emax told. The shift needs an effect told in both and ceilings and steepnesses that may
    be common; where a ceiling could not be told, a common one is assumed, and the reason says so.

    Valid: as ``fit_dose_response``; animals in both curves are one unit in the shift, and make the interval of
    the ceiling wider than it need be.
    Source: Zou & Donner (2008), doi:10.1002/sim.3095 (ceiling); Finney (1978), Statistical Method in Biological
    Assay (shift).
    """
    ceiling = difference_of(second.emax, first.emax) if first.emax and second.emax else None
    ratio = ratio_of(second.emax, first.emax) if first.emax and second.emax else None
    excluded = ceiling is not None and ceiling.excludes(0.0)
    shift, why_not = _shift(first, second, excluded, ci_prob)
    labels = (first_label, second_label)
    said = [_unknown_ceiling(first, second, labels, shift is not None) if ceiling is None else None, why_not]
    return DoseComparison(
        first.readout,
        first.setting if first.setting == second.setting else None,
        *labels,
        shift=shift,
        ceiling=ceiling,
        ceiling_ratio=ratio,
        common_ceiling="could_not_tell" if ceiling is None else "excluded" if excluded else "compatible",
        reason=" ".join(sentence for sentence in said if sentence) or None,
        method=METHOD,
    )


def _shift(
    first: DoseResponse, second: DoseResponse, ceilings_differ: bool, ci_prob: float
) -> tuple[Interval | None, str | None]:
    if first.curve is None or second.curve is None:
        return None, "A shift needs an effect that follows an Emax curve in both."
    if ceilings_differ:
        return None, "The ceilings differ, so that no shift along the doses turns one curve into the other."
    if first.hill and second.hill and difference_of(first.hill, second.hill).excludes(0.0):
        return None, "The steepnesses differ, so that no shift along the doses turns one curve into the other."
    means = [dose_means(response.readings)[0] for response in (first, second)]
    if means[0] is None or means[1] is None:
        return None, "A shift needs an effect that follows an Emax curve in both."
    log_shift = _log_shift(means[0], means[1], ci_prob)
    if not (math.isfinite(log_shift.low) and math.isfinite(log_shift.high)):
        return None, "Could not tell the shift: the doses tried leave it open."
    return exponential(log_shift), None


def _log_shift(first: DoseMeans, second: DoseMeans, ci_prob: float) -> Interval:
    n_first = len(first.doses)
    cells = [list(first.doses).index(dose) for _, dose, _ in first.readings]
    cells += [n_first + list(second.doses).index(dose) for _, dose, _ in second.readings]
    pooled = pool([*first.readings, *second.readings], cells, n_first + len(second.doses))
    if pooled is None:
        return Interval(0.0, -math.inf, math.inf, ci_prob)
    family = shifted_family(first.doses, second.doses, first.frees_hill and second.frees_hill)
    return coordinate_interval(fit_family(family, pooled), len(family.low) - 1, ci_prob)


def _unknown_ceiling(first: DoseResponse, second: DoseResponse, labels: tuple[str, str], assumed: bool) -> str:
    unknown = " and ".join(label for label, of in zip(labels, (first, second), strict=True) if of.emax is None)
    said = f"Could not tell the ceiling of {unknown}, so not whether it is a common one"
    return f"{said}; the shift assumes that it is." if assumed else f"{said}."
