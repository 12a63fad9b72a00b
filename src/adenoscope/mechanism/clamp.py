"""The mechanism with gas that follows the oximeter in place of a gas that is set."""

from __future__ import annotations

from functools import cache

from adenoscope.mechanism.pieces import PIECES, Species, compose
from adenoscope.simulation import Model, model_from_text

CLAMP = "clamp"


@cache
def clamped_mechanism(species: Species) -> Model:
    """Return the whole mechanism of a species whose inspired oxygen follows the oximeter, ready to be simulated.

    Set ``spo2_target`` and ``clamp_least`` [1]; ``clamping`` is 1 in a bout and 0 in air.

    Valid: a controller that is assumed, and an oximeter that reads without noise; see docs/mechanism/clamp.md.
    Source: ``mechanism/biology/clamp.ant``.
    """
    return model_from_text(compose(species, (*PIECES, CLAMP)), file=f"adenoscope_{species}_clamped")
