"""Does a mediator carry a treatment's effect on an outcome? What was found, and on which assumptions."""

from __future__ import annotations

from dataclasses import dataclass, field

from adenoscope.core.interval import Interval
from adenoscope.core.reading import Setting
from adenoscope.core.recording import Samples


@dataclass(frozen=True, eq=False)
class MediationSensitivity:
    """The indirect effect, in the outcome's unit, if residuals of mediator and outcome correlate by ``rho`` [1].

    All shape (rho,); ``low`` and ``high`` are a pointwise 95 % band. At rho 0 the assumptions hold.
    """

    rho: Samples
    indirect: Samples
    low: Samples
    high: Samples


@dataclass(frozen=True, eq=False)
class Mediation:
    """How much of a treatment's effect on an outcome goes through a mediator; exploratory, whatever it finds.

    ``to_mediator`` is the treatment's effect on the mediator in the mediator's unit; ``total``, ``direct`` and
    ``indirect`` are effects on the outcome in its unit, and ``share`` is indirect over total [1]. ``rho_zero``
    is the correlation of residuals [1] at which the indirect effect would be 0, and ``meaning`` says so in
    words. What could not be told is None, and ``reason`` says why. ``setting`` says in which animals: their
    genotype, condition and pretreatment.
    """

    treatment: str
    mediator: str
    outcome: str
    n_treated: int
    n_vehicle: int
    to_mediator: Interval | None
    total: Interval | None
    direct: Interval | None
    indirect: Interval | None
    share: Interval | None
    rho_zero: float | None
    sensitivity: MediationSensitivity | None
    meaning: str | None
    assumptions: tuple[str, ...]
    reason: str | None
    method: str
    setting: Setting = field(default_factory=Setting)
    exploratory: bool = field(default=True, init=False)
