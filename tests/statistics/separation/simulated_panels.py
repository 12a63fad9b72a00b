"""Simulated panels of compounds whose indices are known, not drawn from the model that is fitted to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from adenoscope.core.assay_panel import Assay, AssayPanel, AssayRow
from adenoscope.core.recording import Samples

# An effect that lowers a reading in seconds, and a side effect that raises a count.
ASSAYS = (
    Assay("FST immobility", "effect", "s", rises=False),
    Assay("stereotypy", "side_effect", "count", rises=True),
)
BASELINE, CEILING, SIGN = np.array([150.0, 2.0]), np.array([100.0, 7.0]), np.array([-1.0, 1.0])
USUAL_ED50 = np.array([5.0, 50.0])
Rng = np.random.Generator


@dataclass(frozen=True)
class Design:
    """How a panel is made: ``sd`` and ``ceiling_sd`` are shares of the usual ceiling, ``step`` is between doses.

    The middle of a compound's doses lies up to ``off_centre`` of half of their range (in logarithms) from its own
    ED50; those in ``beyond`` (a share of curves) lie so far that ED50 is outside, by a factor of up to ``farthest``.
    """

    doses: int = 4
    n: tuple[int, ...] = (8,)
    sd: float = 0.2
    step: float = 3.0
    off_centre: float = 0.4
    hill: tuple[float, float] = (1.0, 2.5)
    hill_of: Literal["assay", "compound"] = "assay"
    ceiling_sd: float = 0.2
    truths: Literal["log-normal", "uniform", "unlike series", "outliers"] = "log-normal"
    correlation: float = 0.0
    animals: Literal["normal", "growing and skewed"] = "normal"
    vehicle: Literal["own", "shared", "none"] = "own"
    series: int = 4
    said: bool = True
    beyond: float = 0.0
    farthest: float = 10.0
    flat: float = 0.0


BRACKETED: Mapping[str, Design] = {
    "typical": Design(),
    "three doses, six animals, noisy": Design(doses=3, n=(6,), sd=0.3, step=4.0, off_centre=0.25),
    "five doses, quiet": Design(doses=5, n=(7,), sd=0.15),
    "uniform truths, each its own h": Design(truths="uniform", hill_of="compound", n=(6, 7, 8)),
    "outliers": Design(truths="outliers"),
    "unlike series": Design(truths="unlike series", doses=5, n=(6, 7)),
    "skewed animals, growing spread": Design(animals="growing and skewed"),
    "shared vehicle, relatives not said": Design(vehicle="shared", said=False, correlation=0.7, sd=0.25),
    "no vehicle": Design(vehicle="none", doses=5, n=(8,)),
}
BEYOND: Mapping[str, Design] = {
    "a quarter of ED50s beyond the doses": Design(beyond=0.25),
    "three doses, a quarter beyond": Design(beyond=0.25, doses=3, step=4.0, n=(6,), sd=0.3),
    "five doses, a tenth beyond, a tenth flat": Design(beyond=0.1, flat=0.1, doses=5, n=(7,)),
    "most beyond": Design(beyond=0.8, farthest=4.0),
}


@dataclass(frozen=True, eq=False)
class Truth:
    """True logarithms of ED50, and of the lowest and highest dose, shape (compound, arm); ``flat`` did nothing."""

    log_ed50: Samples
    low: Samples
    high: Samples
    flat: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), bool))

    @property
    def log_index(self) -> Samples:
        return self.log_ed50[:, 1] - self.log_ed50[:, 0]

    @property
    def bracketed(self) -> np.ndarray:
        return (self.low < self.log_ed50) & (self.log_ed50 < self.high) & ~self.flat


def simulate_panel(design: Design, rng: Rng, compounds: int = 20) -> tuple[AssayPanel, Truth]:
    """Return a panel of a design with its truth."""
    labels = np.arange(compounds) % design.series
    log_ed50 = np.log(USUAL_ED50) + _truths(design, labels, rng)
    hill = rng.uniform(*design.hill, (compounds if design.hill_of == "compound" else 1, 2)) * np.ones((compounds, 1))
    ceiling = _ceilings(design, labels, rng)
    flat = rng.random((compounds, 2)) < design.flat
    log_doses = _doses(design, log_ed50, rng)
    baseline = 1.0 + 0.05 * rng.standard_normal((compounds if design.vehicle == "own" else 1, 2)) * np.ones(
        (compounds, 1)
    )
    shared = [_animals(design, 0.0, rng) for _ in ASSAYS]
    rows = list[AssayRow]()
    for i in range(compounds):
        for a, assay in enumerate(ASSAYS):
            scale = CEILING[a] * SIGN[a]
            level = BASELINE[a] + CEILING[a] * (baseline[i, a] - 1.0)
            for dose in (0.0, *(float(f"{dose:.3g}") for dose in np.exp(log_doses[i, a]))):
                if dose == 0 and design.vehicle == "none":
                    continue
                share = dose ** hill[i, a] / (np.exp(hill[i, a] * log_ed50[i, a]) + dose ** hill[i, a])
                rise = 0.0 if flat[i, a] else ceiling[i, a] * share
                animals = shared[a] if dose == 0 and design.vehicle == "shared" else _animals(design, rise, rng)
                values = level + scale * (rise + animals)
                rows.append(AssayRow(f"c{i}", assay.name, dose, values.mean(), values.std(ddof=1), len(values)))
    series = {f"c{i}": f"series {label}" for i, label in enumerate(labels)} if design.said else {}
    truth = Truth(log_ed50, log_doses[..., 0], log_doses[..., -1], flat)
    return AssayPanel("mg/kg", ASSAYS, tuple(rows), series), truth


def _truths(design: Design, labels: np.ndarray, rng: Rng) -> Samples:
    """Return how far ln ED50 is from the usual one, shape (compound, arm)."""
    shape = (len(labels), 2)
    if design.truths == "uniform":
        return rng.uniform(-1.7, 1.7, shape)
    series = rng.standard_normal((design.series, 2))[labels]
    own = rng.standard_normal(shape)
    own[:, 1] = design.correlation * own[:, 0] + np.sqrt(1 - design.correlation**2) * own[:, 1]
    spread = np.array([0.2, 0.5, 0.9, 1.3])[labels % 4, None] if design.truths == "unlike series" else 0.6
    cliff = (rng.random(shape) < 0.1) * rng.choice([-1, 1], shape) * np.log(10) * (design.truths == "outliers")
    return series + spread * own + cliff


def _ceilings(design: Design, labels: np.ndarray, rng: Rng) -> Samples:
    shape = (len(labels), 2)
    if design.truths == "uniform":
        return rng.uniform(0.6, 1.4, shape)
    of_series = np.array([0.7, 0.9, 1.1, 1.3])[labels % 4, None] if design.truths == "unlike series" else 1.0
    return of_series * np.exp(design.ceiling_sd * rng.standard_normal(shape))


def _doses(design: Design, log_ed50: Samples, rng: Rng) -> Samples:
    """Return logarithms of the doses above 0, shape (compound, arm, dose)."""
    half = np.log(design.step) * (design.doses - 1) / 2
    middle = log_ed50 + half * rng.uniform(-design.off_centre, design.off_centre, log_ed50.shape)
    beyond = rng.random(log_ed50.shape) < design.beyond
    # above the doses more often than below, as a compound that is weaker than was thought
    side = rng.choice([-1, -1, 1], log_ed50.shape)
    far = half + rng.uniform(np.log(1.2), np.log(design.farthest), log_ed50.shape)
    middle = np.where(beyond, log_ed50 + side * far, middle)
    return middle[..., None] + np.linspace(-half, half, design.doses)


def _animals(design: Design, rise: float, rng: Rng) -> Samples:
    """Return deviations of animals from their mean, in units of the usual ceiling."""
    n = int(rng.choice(design.n))
    if design.animals == "normal":
        return design.sd * rng.standard_normal(n)
    skewed = rng.gamma(4.0, 0.25, n) - 1.0  # skewness 1, sd 0.5
    return design.sd * (0.7 + 0.8 * rise) * skewed / 0.5
