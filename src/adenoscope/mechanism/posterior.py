"""The posterior that ships: draws of the constants that observations speak about, and how they were obtained."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any

import numpy as np

from adenoscope.core.errors import Refused
from adenoscope.mechanism.pieces import PIECES, constants
from adenoscope.simulation.solver.tables import Numbers

CONVERGED = 1.05  # R-hat below which chains agree


@dataclass(frozen=True)
class Posterior:
    """Draws of the fitted constants by name, each of shape (draw,), all from one joint distribution."""

    draws: Mapping[str, Numbers]
    provenance: Mapping[str, Any]

    @property
    def n_draws(self) -> int:
        return next(iter(self.draws.values())).size

    @property
    def worst_r_hat(self) -> float:
        """Return the largest R-hat [1] along the directions that the data inform."""
        return float(max(self.provenance["r_hat"]))


@cache
def load_posterior() -> Posterior:
    """Return the posterior that ships with the software.

    Raises:
        Refused: none ships with this version, or it is of constants that the mechanism does not have.
    """
    place = files("adenoscope") / "values" / "posterior"
    try:
        provenance = tomllib.loads((place / "posterior.toml").read_text(encoding="utf-8"))
        rows = list(csv.reader(StringIO((place / "posterior_draws.csv").read_text(encoding="utf-8"))))
    except FileNotFoundError:
        raise Refused("The mechanism is not calibrated in this version: no posterior ships with it.") from None
    known = {name for piece in (*PIECES, "compounds", "mitochondria") for name in constants(piece, "mouse")}
    if not set(rows[0]) <= known:
        raise Refused("The posterior that ships is of other constants than the mechanism has: calibrate anew.")
    table = np.array(rows[1:], dtype=float)
    return Posterior({name: table[:, n].copy() for n, name in enumerate(rows[0])}, provenance)
