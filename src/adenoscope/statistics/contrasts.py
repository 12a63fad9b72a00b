"""Contrasts of treated groups with their vehicle: the animal is the unit, never the session or the sample."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.core.response import Estimands
from adenoscope.core.result import Contrast, SessionResult
from adenoscope.core.study import Session
from adenoscope.statistics.difference import paired_difference, unpaired_difference

READOUTS = ("mean_dff", "auc_dff_s", "peak_dff")
FEWEST_PAIRS = 3

Readings = Mapping[str, float]


@dataclass(frozen=True)
class Setting:
    """What two groups must share to be compared: where, in whom, and after which pretreatment."""

    region: str
    genotype: str
    condition: str
    pretreatment: str
    pretreatment_dose: float | None
    pretreatment_unit: str


@dataclass(frozen=True)
class Given:
    """What a treated group got."""

    treatment: str
    dose: float | None
    dose_unit: str


@dataclass(frozen=True)
class Arms:
    """The animals that enter a difference, with what was decided about those that were in both arms."""

    treated: Readings
    vehicle: Readings
    paired: bool
    note: str | None = None


def group_contrasts(sessions: Sequence[SessionResult], vehicle: str) -> tuple[Contrast, ...]:
    """Return every treated group minus its vehicle, for each readout, sorted by what was given and where.

    A group is a treatment at a dose in one setting: region, genotype, condition, and pretreatment with its
    dose. Its vehicle is every ``vehicle`` session in that setting, whatever its dose. Sessions of an animal
    in a group are averaged, so an animal counts once. Refused and excluded sessions do not enter. The spread
    between animals already contains the error of each measurement, so the interval does not add it again.

    Valid: animals are a random sample; no correction for several groups or readouts is made.
    """
    included = [result for result in sessions if not result.session.exclude]
    groups = {(_given(r.session), _setting(r.session)) for r in included if r.session.treatment != vehicle}
    return tuple(
        _contrast(included, readout, given, setting, vehicle)
        for given, setting in sorted(groups, key=_order)
        for readout in READOUTS
    )


def _contrast(
    sessions: Sequence[SessionResult], readout: str, given: Given, setting: Setting, vehicle: str
) -> Contrast:
    here = [result for result in sessions if _setting(result.session) == setting]
    treated = [result for result in here if _given(result.session) == given]
    control = [result for result in here if result.session.treatment == vehicle]
    arms = choose_arms(animal_means(treated, readout), animal_means(control, readout))
    difference, why_not = _difference(arms)
    notes = (arms.note, _silent(treated + control, readout), why_not)
    return Contrast(
        readout=readout,
        treatment=given.treatment,
        dose=given.dose,
        dose_unit=given.dose_unit,
        region=setting.region,
        genotype=setting.genotype,
        condition=setting.condition,
        pretreatment=setting.pretreatment,
        versus=vehicle,
        treated=tuple(arms.treated.items()),
        vehicle=tuple(arms.vehicle.items()),
        design="paired" if arms.paired else "unpaired",
        difference=difference,
        reason=" ".join(note for note in notes if note) or None,
        pretreatment_dose=setting.pretreatment_dose,
        pretreatment_unit=setting.pretreatment_unit,
    )


def animal_means(sessions: Sequence[SessionResult], readout: str) -> Readings:
    """Return each animal's mean estimate of ``readout`` over its sessions, sorted by animal."""
    readings: dict[str, list[float]] = {}
    for result in sessions:
        estimate = _estimate(result.response.estimands, readout)
        if estimate is not None:
            readings.setdefault(result.session.animal, []).append(estimate)
    # fsum, so that the order of sessions cannot change the last bit
    return {animal: math.fsum(values) / len(values) for animal, values in sorted(readings.items())}


def choose_arms(treated: Readings, vehicle: Readings) -> Arms:
    """Return the animals to compare, from who was in which arm and never from what was measured.

    Paired, on the animals in both arms, if these are at least three and more than half of the smaller arm.
    Otherwise unpaired; an animal in both arms would make them dependent, so it stays in the smaller arm only
    (the treated one if they are equal).
    """
    both = [animal for animal in treated if animal in vehicle]
    smaller, larger = (treated, vehicle) if len(treated) <= len(vehicle) else (vehicle, treated)
    if len(both) >= FEWEST_PAIRS and 2 * len(both) > len(smaller):
        left_out = len(treated) + len(vehicle) - 2 * len(both)
        note = f"{_animals(left_out)} in one arm only left out of the pairs." if left_out else None
        return Arms(_only(treated, both), _only(vehicle, both), paired=True, note=note)
    if not both:
        return Arms(treated, vehicle, paired=False)
    kept = _only(larger, [animal for animal in larger if animal not in smaller])
    note = f"{_animals(len(both))} in both arms, too few to pair: counted in the smaller arm only."
    return Arms(*((smaller, kept) if smaller is treated else (kept, smaller)), paired=False, note=note)


def _difference(arms: Arms) -> tuple[Interval | None, str | None]:
    treated, vehicle = _values(arms.treated), _values(arms.vehicle)
    if min(treated.size, vehicle.size) < 2:
        return (
            None,
            f"At least 2 animals are needed in each arm; there are {treated.size} and {vehicle.size}.",
        )
    interval = (paired_difference if arms.paired else unpaired_difference)(treated, vehicle)
    return interval, None if interval else "The animals do not differ at all, so a spread cannot be judged."


def _silent(sessions: Sequence[SessionResult], readout: str) -> str | None:
    silent = sum(_estimate(result.response.estimands, readout) is None for result in sessions)
    return f"{silent} of {len(sessions)} sessions gave no {readout}." if silent else None


def _estimate(estimands: Estimands | None, readout: str) -> float | None:
    interval: Interval | None = getattr(estimands, readout, None)
    return interval.estimate if interval else None


def _setting(session: Session) -> Setting:
    return Setting(
        session.region,
        session.genotype,
        session.condition,
        session.pretreatment,
        session.pretreatment_dose,
        session.pretreatment_unit,
    )


def _given(session: Session) -> Given:
    return Given(session.treatment, session.dose, session.dose_unit)


def _order(group: tuple[Given, Setting]) -> tuple[object, ...]:
    given, at = group
    place = (at.region, at.genotype, at.condition, at.pretreatment, at.pretreatment_unit)
    return (
        given.treatment,
        given.dose_unit,
        *_absent_first(given.dose),
        *place,
        *_absent_first(at.pretreatment_dose),
    )


def _absent_first(dose: float | None) -> tuple[bool, float]:
    return (False, 0.0) if dose is None else (True, dose)


def _only(readings: Readings, animals: Sequence[str]) -> Readings:
    return {animal: readings[animal] for animal in animals}


def _values(readings: Readings) -> Samples:
    return np.array(list(readings.values()), dtype=np.float64)


def _animals(count: int) -> str:
    return f"{count} animal{'' if count == 1 else 's'}"
