"""Which step of the TCA cycle carries ketamine's brake: each hypothesis fitted, and weighed by how well it does.

    weight ∝ exp(-cost),   cost = half the sum of squared deviations of rows and of constants from their priors

All hypotheses have the same constants and priors, so that best fits can be compared as they are; before, they are
held equally likely. Weights say which of these hypotheses the rows prefer, not whether any of them is right.

Source: Burnham & Anderson (2002), Model Selection and Multimodel Inference, 2nd ed., chapter 2 (equal complexity).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from adenoscope.inference.calibration.posterior import NORMAL_95, row_deviation
from adenoscope.inference.predict.mitochondria import METABOLITES, OWN, SITES, predict_enrichment
from adenoscope.inference.predict.observations import Observation
from adenoscope.mechanism.pieces import constants
from adenoscope.simulation.solver.tables import Numbers

FITTED = ("tca_imax", "ketamine_ic50_mitochondria", *OWN)
SWITCHES = ("at_entry", "at_akgdh", "at_sdh", "at_complex1")


@dataclass(frozen=True)
class Site:
    """A hypothesis: what is braked, its cost [1], its weight [1] among all, and its predictions by row."""

    name: str
    cost: float
    weight: float
    predicted: dict[str, float]


def compare_sites(observations: Sequence[Observation]) -> list[Site]:
    """Return every hypothesis fitted to the labelled metabolites, the likeliest first."""
    rows = [o for o in observations if o.readout in METABOLITES]
    known = {**constants("energy", "mouse"), **constants("mitochondria", "mouse")}
    centre = np.log([known[name].value for name in FITTED])
    spread = np.array([np.log(known[name].high / known[name].low) / (2 * NORMAL_95) for name in FITTED])

    def predicted(logs: Numbers, braked: Sequence[str]) -> Numbers:
        drawn = {name: np.array([value]) for name, value in zip(FITTED, np.exp(logs), strict=True)}
        drawn |= {name: np.array([float(name in braked)]) for name in SWITCHES}
        return predict_enrichment(rows, drawn)[0]

    def fit(braked: Sequence[str]) -> tuple[float, dict[str, float]]:
        def deviations(logs: Numbers) -> Numbers:
            found = [
                row_deviation(o, np.array([value]))[0] for o, value in zip(rows, predicted(logs, braked), strict=True)
            ]
            return np.concatenate([found, (logs - centre) / spread])

        best = least_squares(deviations, centre, diff_step=1e-4, x_scale=spread)
        ids = [o.id for o in rows]
        return float(best.cost), dict(zip(ids, predicted(best.x, braked).tolist(), strict=True))

    fits = {name: fit(braked) for name, braked in SITES.items()}
    likely = np.exp([-cost for cost, _ in fits.values()])
    weights = likely / likely.sum()
    found = [Site(name, *_parts(fits[name], weight)) for name, weight in zip(fits, weights, strict=True)]
    return sorted(found, key=lambda site: site.cost)


def _parts(fit: tuple[float, dict[str, float]], weight: float) -> tuple[float, float, dict[str, float]]:
    return fit[0], float(weight), fit[1]
