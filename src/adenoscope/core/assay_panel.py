"""An assay panel: what doses of several compounds did in an effect assay and in a side-effect assay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Arm = Literal["effect", "side_effect"]


@dataclass(frozen=True)
class Assay:
    """An assay as its readings are labelled; ``rises`` is whether the arm's response raises them, None if unsaid.

    Forced swim immobility of an antidepressant falls, so ``rises`` is False there.
    """

    name: str
    arm: Arm
    unit: str
    rises: bool | None = None


@dataclass(frozen=True)
class AssayRow:
    """One group of animals: mean and standard deviation of their readings, in the assay's unit.

    ``dose`` is in the panel's ``dose_unit``; vehicle is dose 0. ``sd`` is that between animals, not an error of
    the mean. Vehicle rows of one assay that agree in mean, sd and n are taken for the same animals.
    """

    compound: str
    assay: str
    dose: float
    mean: float
    sd: float
    n: int


@dataclass(frozen=True)
class AssayPanel:
    """Rows of all compounds; a compound has one assay in each arm. ``series`` names each compound's relatives.

    A compound that is absent from ``series`` has no relatives.
    """

    dose_unit: str
    assays: tuple[Assay, ...]
    rows: tuple[AssayRow, ...]
    series: Mapping[str, str] = field(default_factory=lambda: {})
