"""Simulated behaviour of the demonstration: two knock-outs under saline and ketamine, in three assays.

Sizes are those that such studies print (immobility falls by about 40 s, preference rises by about 17 points,
locomotion doubles); what a knock-out leaves of an effect is made up, and is written down as the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.core.verdict import Finding

N_ANIMALS = 24
DOSE_MG_PER_KG = 10
COHORTS = ("spring", "summer", "autumn")


@dataclass(frozen=True)
class Assay:
    """An assay in ``unit``: mean under saline, effect of ketamine, spread between animals and between cohorts."""

    name: str
    unit: str
    saline: float
    effect: float
    sd: float
    cohort_sd: float
    time_h: float


ASSAYS = (
    Assay("FST immobility", "s", 157.0, -42.0, 17.0, 8.0, 1.0),
    Assay("SPT preference", "%", 59.0, 18.0, 7.0, 3.0, 1.0),
    Assay("locomotion", "m", 60.0, 55.0, 18.0, 8.0, 0.25),
)
# The share of the effect that each knock-out leaves, and what a verdict should be.
LEFT: dict[tuple[str, str], tuple[float, Finding]] = {
    ("Adora1-KO", "FST immobility"): (0.0, "necessary"),
    ("Adora1-KO", "SPT preference"): (0.0, "necessary"),
    ("Adora1-KO", "locomotion"): (1.0, "not_necessary"),
    ("Adora2a-KO", "FST immobility"): (0.0, "necessary"),
    ("Adora2a-KO", "SPT preference"): (0.5, "reduced"),
    ("Adora2a-KO", "locomotion"): (1.0, "not_necessary"),
}
GENOTYPES = ("WT", "Adora1-KO", "Adora2a-KO")


def behaviour_rows(seed: int) -> list[dict[str, object]]:
    """Return the rows of ``behaviour.csv``: different animals in each group, cohorts and sexes in balance."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for assay in ASSAYS:
        shift = dict(zip(COHORTS, rng.normal(0.0, assay.cohort_sd, len(COHORTS)), strict=True))
        for genotype in GENOTYPES:
            for treatment in ("saline", "ketamine"):
                left = LEFT.get((genotype, assay.name), (1.0, ""))[0]
                mean = assay.saline + (left * assay.effect if treatment == "ketamine" else 0.0)
                for number in range(N_ANIMALS):
                    cohort = COHORTS[number % len(COHORTS)]
                    value = mean + shift[cohort] + rng.normal(0.0, assay.sd)
                    rows.append(_row(assay, genotype, treatment, number, cohort, float(value)))
    return rows


def _row(assay: Assay, genotype: str, treatment: str, number: int, cohort: str, value: float) -> dict[str, object]:
    dosed = treatment == "ketamine"
    return {
        "animal": f"{genotype.split('-', maxsplit=1)[0].lower()}-{treatment[0]}{number + 1}",
        "assay": assay.name,
        "value": f"{value:.1f}",
        "unit": assay.unit,
        "treatment": treatment,
        "dose": DOSE_MG_PER_KG if dosed else "",
        "dose_unit": "mg/kg" if dosed else "",
        "genotype": genotype,
        "condition": "CRS",
        "time_h": f"{assay.time_h:g}",
        "sex": "FM"[number // len(COHORTS) % 2],
        "cohort": cohort,
    }
