"""Published trials: what was given when, how it was blinded, and the difference that was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from adenoscope.core.parameter import Parameter, load_values
from adenoscope.core.protocol import Breath, Dose, OwnCompound, Protocol
from adenoscope.mechanism.cohort import Z_95

EXPOSURE = load_values("madrs_link")["exposure"]
ENANTIOMERS = tuple(
    OwnCompound(name, "ketamine", EXPOSURE[f"{name}_nmdar_ki"].source, nmdar_ki_um=EXPOSURE[f"{name}_nmdar_ki"].value)
    for name in ("esketamine", "arketamine")
)
INFUSION_S = 2400.0
TWICE_A_WEEK = (0.0, 3.0, 7.0, 10.0, 14.0, 17.0, 21.0, 24.0)


def infusion(compound: str, dose: float, unit: str) -> Protocol:
    """Return a session of one infusion over 40 minutes."""
    return Protocol("human", 0.0, give=(Dose(0.0, compound, dose, unit, "iv", INFUSION_S),), compounds=ENANTIOMERS)


def nasal_esketamine(dose_mg: float) -> Protocol:
    """Return a session of intranasal esketamine, as an infusion of the share that arrives over 40 minutes."""
    return infusion("esketamine", EXPOSURE["nasal_share"].value * dose_mg, "mg")


SESSIONS: Mapping[str, Protocol] = {
    "ketamine": infusion("ketamine", 0.5, "mg/kg"),
    "ketamine_low": infusion("ketamine", 0.1, "mg/kg"),
    "esketamine_84": nasal_esketamine(84.0),
    "esketamine_70": nasal_esketamine(70.0),
    "arketamine_60": infusion("arketamine", 60.0, "mg"),
    "hypoxia": Protocol("human", 0.0, breathe=(Breath(0.0, 0.135, 300.0, 5, 150.0),)),
}
POTENCIES = {"esketamine_84": "esketamine", "esketamine_70": "esketamine", "arketamine_60": "arketamine"}


Schedule = tuple[str, tuple[float, ...], float]


@dataclass(frozen=True)
class Design:
    """What was done in the active arm, on which days, when people were rated, and what each arm believed."""

    session: str
    session_days: tuple[float, ...]
    visit_day: float
    belief: str
    control: str
    course: bool = False  # weeks, with a new oral antidepressant or in hospital

    @property
    def schedule(self) -> Schedule:
        """Return all that the drug's own effect depends on."""
        return self.session, self.session_days, self.visit_day


DESIGNS: Mapping[str, Design] = {
    "murrough_2013": Design("ketamine", (0.0,), 1.0, "ketamine", "midazolam"),
    "saline_pooled": Design("ketamine", (0.0,), 1.0, "ketamine", "saline"),
    "phillips_2019": Design("ketamine", (0.0,), 1.0, "ketamine", "midazolam"),
    "singh_2016": Design("ketamine", TWICE_A_WEEK[:4], 14.0, "ketamine", "saline"),
    "fava_2018_low": Design("ketamine_low", (0.0,), 1.0, "indistinct", "midazolam"),
    "lii_2023": Design("ketamine", (0.0,), 2.0, "anaesthesia", "anaesthesia"),
    "karma_dep_2": Design("ketamine", TWICE_A_WEEK, 25.0, "ketamine", "midazolam", course=True),
    "aspire_1": Design("esketamine_84", (0.0,), 1.0, "esketamine", "nasal_placebo"),
    "aspire_2": Design("esketamine_84", (0.0,), 1.0, "esketamine", "nasal_placebo"),
    "transform_1": Design("esketamine_70", TWICE_A_WEEK, 27.0, "esketamine", "nasal_placebo", course=True),
    "transform_2": Design("esketamine_70", TWICE_A_WEEK, 27.0, "esketamine", "nasal_placebo", course=True),
    "transform_3": Design("esketamine_70", TWICE_A_WEEK, 27.0, "esketamine", "nasal_placebo", course=True),
    "pcn_101": Design("arketamine_60", (0.0,), 1.0, "arketamine", "indistinct"),
}
HYPOXIA_PILOT = Design(
    "hypoxia",
    tuple(float(7 * week + day) for week in range(8) for day in (0, 2, 4)),
    56.0,
    "hypoxia",
    "sham_air",
    course=True,
)


@dataclass(frozen=True)
class PublishedTrial:
    """A published trial, or several of one design: the difference of MADRS [points], people in arms, baseline."""

    name: str
    design: Design
    difference: Parameter
    n_active: int
    n_control: int
    baseline: float
    baseline_sd: float
    n_trials: int

    @property
    def standard_error(self) -> float:
        """Return the standard error of the difference [points], from its 95 % interval."""
        return (self.difference.high - self.difference.low) / (2 * Z_95)


@cache
def published_trials() -> Mapping[str, PublishedTrial]:
    """Return every published trial with a difference, by name; ``hypoxia_pilot`` calibrates nothing.

    Valid: as printed in the source of each, see ``verified``.
    Source: ``values/published_trials.toml``.
    """
    designs = {**DESIGNS, "hypoxia_pilot": HYPOXIA_PILOT}
    return {name: _published(name, design) for name, design in designs.items()}


def _published(name: str, design: Design) -> PublishedTrial:
    known = load_values("published_trials")[name]
    typical = load_values("madrs_link")["unread"]
    return PublishedTrial(
        name=name,
        design=design,
        difference=known["difference"],
        n_active=round(known["active"].value),
        n_control=round(known["control"].value),
        baseline=known.get("baseline", typical["baseline"]).value,
        baseline_sd=known.get("baseline_sd", typical["baseline_sd"]).value,
        n_trials=round(known["trials"].value) if "trials" in known else 1,
    )
