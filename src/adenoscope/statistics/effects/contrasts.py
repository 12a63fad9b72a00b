"""Contrasts of treated groups with their vehicle: the animal is the unit, never the session or the sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adenoscope.core.contrast import Contrast
from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.statistics.effects.arms import Arm, Arms, arm_of, choose
from adenoscope.statistics.effects.estimation import effect_interval
from adenoscope.statistics.effects.groups import ALONE, PAIR, Term, lay_out
from adenoscope.statistics.effects.permutation import permutation_p

READOUTS = ("mean_dff", "auc_dff_s", "peak_dff")


def group_contrasts(readings: Sequence[Reading], vehicle: str) -> tuple[Contrast, ...]:
    """Return every treated group minus its vehicle, for each readout, sorted by what was given and where.

    A group is a treatment at a dose in one setting. Its vehicle is every ``vehicle`` reading in that setting,
    whatever its dose. Readouts come in the order in which they are first read.

    Valid: animals are a random sample; no correction for several groups or readouts is made.
    """
    readouts = dict.fromkeys(reading.readout for reading in sorted(readings, key=_readout_order))
    groups = {(r.given, r.setting) for r in readings if r.given.treatment != vehicle}
    held = {(r.given, r.setting, r.readout) for r in readings}
    return tuple(
        make_contrast([r for r in readings if r.readout == readout], given, setting, vehicle)
        for given, setting in sorted(groups, key=group_order)
        for readout in readouts
        if (given, setting, readout) in held
    )


def make_contrast(readings: Sequence[Reading], given: Given, setting: Setting, vehicle: str) -> Contrast:
    """Return one group's contrast from the readings of one readout.

    Valid: as `group_contrasts`.
    """
    here = [reading for reading in readings if reading.setting == setting]
    treated = [reading for reading in here if reading.given == given]
    control = [reading for reading in here if reading.given.treatment == vehicle]
    name, unit = readings[0].readout, readings[0].unit
    bare = Contrast(name, unit, given, setting, vehicle, (), (), "unpaired", None)
    return fill_contrast(bare, choose(arm_of(treated), arm_of(control)), treated + control)


def fill_contrast(bare: Contrast, arms: Arms, readings: Sequence[Reading]) -> Contrast:
    """Return ``bare`` with its animals and difference, from ``arms`` (treated, vehicle) and all their readings."""
    treated, control = arms.arms
    groups = arms.groups()
    layout = lay_out(groups)
    terms = effect_terms(arms)
    interval, method, why_not = effect_interval(groups, terms, layout, _too_few(treated, control))
    notes = (arms.note, _silent(readings, bare.readout), why_not)
    return replace(
        bare,
        treated=_values(treated),
        vehicle=_values(control),
        design="paired" if arms.crossed else "unpaired",
        difference=interval,
        reason=" ".join(note for note in notes if note) or None,
        method=method,
        p_permutation=permutation_p(groups, terms, layout) if interval else None,
    )


def effect_terms(arms: Arms, sign: float = 1.0) -> tuple[Term, ...]:
    """Return the terms of treated minus vehicle, times ``sign``."""
    return (Term(sign, PAIR),) if arms.crossed else (Term(sign, ALONE), Term(-sign, ALONE))


def _too_few(treated: Arm, control: Arm) -> str:
    if min(len(treated), len(control)) >= 2:
        return ""
    return f"At least 2 animals are needed in each arm; there are {len(treated)} and {len(control)}."


def _values(arm: Arm) -> tuple[tuple[str, float], ...]:
    return tuple((animal, mean.value) for animal, mean in arm.items())


def _silent(readings: Sequence[Reading], readout: str) -> str:
    silent = sum(reading.value is None for reading in readings)
    return f"{silent} of {len(readings)} sessions gave no {readout}." if silent else ""


def _readout_order(reading: Reading) -> tuple[int, str]:
    """Responses come first, in their own order, then assays by name, whatever the order of rows."""
    known = READOUTS.index(reading.readout) if reading.readout in READOUTS else len(READOUTS)
    return known, reading.readout


def group_order(group: tuple[Given, Setting]) -> tuple[object, ...]:
    """Return the key by which groups are sorted: what was given, at rising doses, then where and in whom."""
    given, at = group
    return (
        given.treatment,
        given.dose_unit,
        *_absent_first(given.dose),
        *(at.region, at.genotype != "WT", at.genotype, at.condition, at.pretreatment, at.pretreatment_unit),
        *_absent_first(at.pretreatment_dose),
        *_absent_first(at.time_h),
    )


def _absent_first(number: float | None) -> tuple[bool, float]:
    return (False, 0.0) if number is None else (True, number)
