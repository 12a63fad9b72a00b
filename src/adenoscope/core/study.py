"""A study: sessions of animals, what was done to them, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from adenoscope.core.edit import Edit


@dataclass(frozen=True)
class Session:
    """One recording session of one animal: a row of ``sessions.csv``.

    ``onsets_s`` [s] counts from the recording's first sample; more than one for repeated bouts.
    An empty text field is "", an empty number None. ``handling_s`` [s] around each intervention is masked where
    it was edited for this session; None means what `Settings` say.
    """

    session: str
    animal: str
    treatment: str
    recording: Path
    onsets_s: tuple[float, ...]
    dose: float | None = None
    dose_unit: str = ""
    region: str = ""
    genotype: str = "WT"
    condition: str = ""
    pretreatment: str = ""
    pretreatment_dose: float | None = None
    pretreatment_unit: str = ""
    sex: str = ""
    site: str = ""
    signal: str = ""
    control: str = ""
    blank: str = ""
    exclude: str = ""
    cohort: str = ""
    handling_s: tuple[float, float] | None = None


@dataclass(frozen=True)
class Behaviour:
    """One animal in one assay: a row of ``behaviour.csv``."""

    animal: str
    assay: str
    value: float
    unit: str
    treatment: str
    dose: float | None = None
    dose_unit: str = ""
    genotype: str = "WT"
    condition: str = ""
    pretreatment: str = ""
    time_h: float | None = None
    sex: str = ""
    cohort: str = ""


@dataclass(frozen=True)
class NecessityQuestion:
    """Does ``effect`` on each readout need what ``manipulation`` (a genotype or pretreatment) takes away?

    ``reference`` is the genotype or pretreatment that it is compared with; "" means WT, or no pretreatment
    or the study's vehicle.
    """

    manipulation: str
    effect: str
    readouts: tuple[str, ...]
    reference: str = ""


@dataclass(frozen=True)
class MediationQuestion:
    """Does ``mediator`` carry what ``treatment`` does to ``outcome``, both being readouts of the same animals?"""

    treatment: str
    mediator: str
    outcome: str


@dataclass(frozen=True)
class Plan:
    """What is expected of one readout before an experiment, in its ``unit``: a table ``[[plan]]`` of study.toml.

    ``effect`` is that of the treatment without the manipulation, ``residual`` what is left of it under the
    manipulation if that matters. ``sd`` is the spread between animals, or of an animal's own effect where each
    animal gets treatment and vehicle (``design`` "paired", or "crossed" where it is also with and without the
    manipulation, the two effects correlated by ``correlation``). ``margin`` None means half of the effect that
    will be seen. ``power`` and ``attrition`` (the share of animals lost) are fractions.
    """

    readout: str
    effect: float
    sd: float
    unit: str = ""
    residual: float = 0.0
    margin: float | None = None
    design: Literal["unpaired", "paired", "crossed"] = "unpaired"
    correlation: float = 0.5
    power: float = 0.8
    attrition: float = 0.0


@dataclass(frozen=True)
class Settings:
    """The choices of the main job that a laboratory may set in ``[photometry]`` of ``study.toml``.

    ``window_s`` [s] is where the mean and AUC are taken, after the (first) intervention.
    ``handling_s`` [s] around each intervention is masked; None means the default of the protocol:
    [-30, 60] for a single intervention and nothing for repeated bouts.
    """

    window_s: tuple[float, float] = (0.0, 1800.0)
    handling_s: tuple[float, float] | None = None
    seed: int = 1


@dataclass(frozen=True)
class Study:
    """A study folder, read and valid.

    ``arrive`` holds what ``[arrive]`` of ``study.toml`` says: keys of `core.arrive.ARRIVE_KEYS` with free text.
    ``edits`` were made by hand, are applied to ``sessions``, and were read from the file ``ledger``.
    """

    folder: Path
    name: str
    sensor: str
    vehicle: str
    synthetic: bool = False
    sessions: tuple[Session, ...] = ()
    behaviour: tuple[Behaviour, ...] = ()
    necessity: tuple[NecessityQuestion, ...] = ()
    equivalence_margin: tuple[tuple[str, float], ...] = ()
    mediation: tuple[MediationQuestion, ...] = ()
    settings: Settings = Settings()
    arrive: tuple[tuple[str, str], ...] = ()
    edits: tuple[Edit, ...] = ()
    ledger: Path | None = None
