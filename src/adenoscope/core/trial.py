"""A trial as it is planned: arms, visits, endpoints, analyses, looks; in the words of CDISC and ICH E9.

Days count from randomisation, seconds from the start of a session. MADRS falls as people get better, so a difference
between arms that favours an arm is negative.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from adenoscope.core.people import Population
from adenoscope.core.protocol import Breath, Dose, Shock

ArmKind = Literal["active", "control"]
Measure = Literal["madrs_change", "response", "remission"]
Method = Literal["mmrm", "ancova", "responder"]
Estimand = Literal["treatment_policy", "hypothetical", "composite"]
Imputation = Literal["none", "jump_to_reference", "copy_reference", "copy_increments"]
Spending = Literal["obrien_fleming", "pocock"]


@dataclass(frozen=True)
class Blinding:
    """How probable it is [1] that a patient, and a rater, guess this arm to be an active one.

    None takes the link's own belief about what is ``like`` this arm, such as "ketamine", with its uncertainty.
    """

    patient: float | None = None
    rater: float | None = None
    like: str | None = None


@dataclass(frozen=True)
class Dropout:
    """Who leaves: ``never_started`` [1] of those randomised, and ``hazard`` [1] before each visit.

    ``per_point``: the log odds of leaving for each MADRS point above the arm's mean when last seen, so that values
    are missing at random. Who never started has the arm's allocation and none of its sessions, and is followed.
    """

    never_started: float = 0.0
    hazard: float = 0.0
    per_point: float = 0.0


@dataclass(frozen=True)
class Arm:
    """What people of one arm are given in each session, and on which days.

    Times in ``give``, ``breathe`` and ``shock`` count from the start of a session [s]; nothing of them is a session
    of placebo or sham. ``weight``: its share of the allocation, in whole numbers.
    """

    name: str
    kind: ArmKind
    session_days: tuple[float, ...] = (0.0,)
    give: tuple[Dose, ...] = ()
    breathe: tuple[Breath, ...] = ()
    shock: tuple[Shock, ...] = ()
    weight: int = 1
    blinding: Blinding = Blinding()
    dropout: Dropout = Dropout()

    @property
    def is_inert(self) -> bool:
        """Return whether nothing of it reaches the mechanism."""
        return not (self.give or self.breathe or self.shock)


@dataclass(frozen=True)
class Criterion:
    """A rule of eligibility that can be measured before randomisation: a covariate at most, or at least, a value."""

    covariate: str
    sense: Literal["<=", ">="]
    value: float

    @property
    def text(self) -> str:
        """Return the rule as it is written in a trial."""
        return f"{self.covariate} {self.sense} {self.value:g}"


@dataclass(frozen=True)
class Endpoint:
    """What is compared, and on which day: the change of MADRS from baseline, response (half of it) or remission."""

    measure: Measure
    day: float


@dataclass(frozen=True)
class Analysis:
    """How an endpoint is compared between arms, under an estimand.

    ``treatment_policy`` takes what was seen whatever happened in between; ``hypothetical`` what would be had nobody
    left, missing values being taken as missing at random; ``composite`` counts who never started or left as no
    responder. ``imputation`` says from which arm values after leaving are imputed.
    """

    name: str
    method: Method
    endpoint: Endpoint
    estimand: Estimand
    imputation: Imputation = "none"


@dataclass(frozen=True)
class Reestimation:
    """Raise the sample size at a look when conditional power [1] lies between two bounds, up to ``most`` times it."""

    low: float
    high: float
    most: float


@dataclass(frozen=True)
class Looks:
    """When data are looked at, as ``fractions`` [1] of the information, the last being 1, and what stops a trial.

    ``futility``: conditional power [1] under the difference seen, below which a look stops; it does not bind.
    ``keep``: how many active arms go on after the first look, the best of them; None keeps all.
    """

    fractions: tuple[float, ...] = (1.0,)
    spending: Spending = "obrien_fleming"
    futility: float | None = None
    reestimation: Reestimation | None = None
    keep: int | None = None


@dataclass(frozen=True)
class Assumption:
    """A parameter of the link that this trial sets instead of the prior: its value and range, which holds 95 %."""

    parameter: str
    value: float
    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Published:
    """What the trial found, to be predicted without it: the difference of an arm from control in MADRS points.

    ``left_out``: the trials that the link must not have been calibrated on.
    """

    arm: str
    difference: float
    low: float
    high: float
    source: str
    verified: bool
    ci_prob: float = 0.95
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Purpose:
    """Why the trial is simulated, in the headings of ICH M15: the question, its context, and what hangs on it."""

    question: str
    context: str
    influence: Literal["low", "medium", "high"]
    consequence: Literal["low", "medium", "high"]


@dataclass(frozen=True)
class Trial:
    """A trial, and how often it is simulated.

    ``people``: how many are randomised. ``eligible`` holds for all of them; ``enrich`` is what would be asked of them
    besides, so that the answer can say what it buys. ``strata``: covariates within whose classes arms are balanced in
    blocks of ``block`` people. ``alpha`` [1] is two-sided. The first analysis is the primary one. ``covariates``: a
    table of virtual people that the pool is drawn from; None draws them from ``population``. ``course``: weeks, in
    which people get better in all arms with a new oral antidepressant or a stay in hospital. ``replicates`` trials
    take their people from a ``pool`` of virtual people. Counts below ``smallest_cell`` are not written out.
    """

    name: str
    people: int
    arms: tuple[Arm, ...]
    visit_days: tuple[float, ...]
    analyses: tuple[Analysis, ...]
    purpose: Purpose
    population: Population = field(default_factory=Population)
    looks: Looks = Looks()
    eligible: tuple[Criterion, ...] = ()
    enrich: tuple[Criterion, ...] = ()
    strata: tuple[str, ...] = ()
    block: int = 4
    alpha: float = 0.05
    power: float = 0.8
    assumptions: tuple[Assumption, ...] = ()
    published: Published | None = None
    covariates: Path | None = None
    course: bool = False
    replicates: int = 1000
    pool: int = 2000
    seed: int = 1
    smallest_cell: int = 5

    @property
    def control(self) -> int:
        """Return the place of the arm that the others are compared with, the first control among the arms."""
        return next(place for place, arm in enumerate(self.arms) if arm.kind == "control")

    @property
    def active(self) -> tuple[int, ...]:
        """Return the places of the active arms."""
        return tuple(place for place, arm in enumerate(self.arms) if arm.kind == "active")

    @property
    def primary(self) -> Analysis:
        return self.analyses[0]
