"""One animal's value of one readout: what every comparison between groups is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """What two groups must share to be compared: where, in whom, after which pretreatment, and how late.

    ``time_h`` [h] is the delay of a behavioural assay; None for a recording.
    """

    region: str = ""
    genotype: str = "WT"
    condition: str = ""
    pretreatment: str = ""
    pretreatment_dose: float | None = None
    pretreatment_unit: str = ""
    time_h: float | None = None


@dataclass(frozen=True)
class Given:
    """What a group got."""

    treatment: str
    dose: float | None = None
    dose_unit: str = ""


@dataclass(frozen=True)
class Reading:
    """A readout of one animal in one session or assay, in ``unit``.

    ``value`` is None where the session was refused or made no such claim; ``error_sd`` is the standard
    deviation of the measurement itself, 0 where the assay gives none.
    """

    readout: str
    unit: str
    animal: str
    value: float | None
    given: Given
    setting: Setting
    error_sd: float = 0.0
    cohort: str = ""
    sex: str = ""
