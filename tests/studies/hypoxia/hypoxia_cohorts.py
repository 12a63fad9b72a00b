"""Cohorts that tests share: drawn once in a process."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from adenoscope.core.hypoxia_design import HypoxiaDesign, Limits, Range
from adenoscope.core.protocol import Species
from adenoscope.studies.hypoxia.session import Cohort, draw_cohort


@cache
def cohort(species: Species, n_subjects: int = 7) -> Cohort:
    """Return virtual subjects; seven people and a low responder fill the engine's vectors once."""
    return draw_cohort(species, n_subjects, 1)


def kept(value: float) -> Range:
    """Return a quantity that is not searched."""
    return Range(value, value, 1.0)


DESIGN = HypoxiaDesign(
    species="human",
    gas="fixed",
    fio2=Range(0.11, 0.14, 0.01),
    bout_s=Range(60.0, 180.0, 60.0),
    rest_s=kept(120.0),
    bouts=kept(3.0),
    sessions=kept(2.0),
    limits=Limits(spo2_floor=0.8, risk=0.3),
    subjects=7,
)
MOUSE = replace(DESIGN, species="mouse", limits=Limits(pto2_floor_mmhg=2.0, risk=0.3))
