"""The dose-responses of a study, and how pairs of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.core.reading import Reading
from adenoscope.statistics.doses.dose_comparison import compare_dose_responses
from adenoscope.statistics.doses.dose_response import DoseLabels, fit_dose_response
from adenoscope.statistics.effects.arms import arm_of

FEWEST_DOSES = 3


def dose_responses(readings: Sequence[Reading], vehicle: str) -> tuple[DoseResponse, ...]:
    """Return the curve of every treatment that was given at three doses or more, by readout and setting.

    An animal's readings at a dose are averaged; vehicle in the same setting is dose 0.

    Valid, Source: as ``fit_dose_response``.
    """
    kinds = dict.fromkeys(
        (r.readout, r.unit, r.given.treatment, r.given.dose_unit, r.setting)
        for r in sorted(readings, key=lambda r: (r.readout, r.given.treatment, repr(r.setting)))
        if r.given.treatment != vehicle and r.given.dose
    )
    found = (_response(readings, DoseLabels(*kind), vehicle) for kind in kinds)
    return tuple(response for response in found if response is not None)


def dose_comparisons(responses: Sequence[DoseResponse]) -> Iterator[DoseComparison]:
    """Yield every pair of one readout that differs in treatment alone, or in setting alone.

    Valid, Source: as ``compare_dose_responses``.
    """
    for first, second in combinations(responses, 2):
        if (first.readout, first.dose_unit) != (second.readout, second.dose_unit):
            continue
        if first.setting == second.setting:
            yield compare_dose_responses(first, second, first.treatment, second.treatment)
        elif first.treatment == second.treatment:
            start, end = sorted((first, second), key=lambda response: response.setting.genotype != "WT")
            yield compare_dose_responses(start, end, _label(start, end), _label(end, start))


def _response(readings: Sequence[Reading], of: DoseLabels, vehicle: str) -> DoseResponse | None:
    here = [r for r in readings if r.readout == of.readout and r.setting == of.setting]
    given = [r for r in here if r.given.treatment == of.treatment and r.given.dose_unit == of.dose_unit]
    doses = sorted({r.given.dose for r in given if r.given.dose})
    if len(doses) < FEWEST_DOSES:
        return None
    arms = [(0.0, [r for r in here if r.given.treatment == vehicle])]
    arms += [(dose, [r for r in given if r.given.dose == dose]) for dose in doses]
    triples = tuple((animal, dose, mean.value) for dose, found in arms for animal, mean in arm_of(found).items())
    return fit_dose_response(triples, of)


def _label(response: DoseResponse, other: DoseResponse) -> str:
    """Return the treatment with in what its setting differs from the other's."""
    setting, against = response.setting, other.setting
    names = ("region", "genotype", "condition", "pretreatment", "pretreatment_dose", "time_h")
    differing = [str(getattr(setting, name)) for name in names if getattr(setting, name) != getattr(against, name)]
    where = ", ".join(part for part in differing if part not in ("", "None")) or "without it"
    return f"{response.treatment} ({where})"
