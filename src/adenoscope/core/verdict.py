"""A verdict: whether a receptor, an enzyme or a pathway is necessary for an effect, judged on one readout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given

Finding = Literal["necessary", "reduced", "not_necessary", "could_not_tell"]


@dataclass(frozen=True)
class Margin:
    """The smallest effect of interest, in the readout's unit; ``given`` by the study, or half of the effect seen."""

    size: float
    given: bool


@dataclass(frozen=True)
class Verdict:
    """One question of necessity, answered for one readout in one setting.

    ``reference`` is the effect (a contrast with its vehicle) without the manipulation and ``residual`` the
    effect under it. ``interaction`` is the reference effect minus the residual one, so it has the sign of the
    effect where the manipulation removes it. The ``*_90`` intervals are those of two one-sided tests at 5 %;
    where the margin came from the data they are wider by what it is unsure of. They are None where there are
    too few animals, and the contrasts where nobody was measured under the manipulation.

    ``animals_needed`` in each group would tell with four chances in five; None where a verdict was reached, or
    where no number that could be tried would do, and ``reason`` says so. ``p_interaction`` [1] is that of a
    permutation. ``separate_tests`` is whether two tests, one with and one without the manipulation, would have
    claimed that it is necessary, because the first is significant and the second is not.
    """

    manipulation: str
    effect: Given
    readout: str
    unit: str
    reference: Contrast | None
    residual: Contrast | None
    interaction: Interval | None
    residual_90: Interval | None
    interaction_90: Interval | None
    margin: Margin | None
    finding: Finding
    reason: str
    animals_needed: int | None = None
    p_interaction: float | None = None
    separate_tests: bool = False
