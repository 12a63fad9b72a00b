"""A model small enough to be solved by hand, A to B and back, and fitting problems of it."""

from __future__ import annotations

import numpy as np

from adenoscope.inference import FitParameter, FitProblem, Measurement, Observable
from adenoscope.simulation import model_from_text

MODEL = """
model conversion
  compartment cell = 1
  species A in cell, B in cell
  forth: A -> B; cell * k1 * A
  back: B -> A; cell * k2 * B
  A = a0
  B = 0
  k1 = 0.8
  k2 = 0.6
  a0 = 1
end
"""


def share_of_a(times, k1=0.8, k2=0.6, start=1.0):
    """Return A over time where A and B add up to 1."""
    rest = k2 / (k1 + k2)
    return rest + (start - rest) * np.exp(-(k1 + k2) * np.asarray(times, dtype=float))


def parameter(name, nominal, **others):
    return FitParameter(name, nominal, **{"low": 1e-3, "high": 1e3, "scale": "log10", **others})


def make_problem(measurements, *, parameters=(), observables=(), conditions=None):
    return FitProblem(
        name="conversion",
        model=model_from_text(MODEL),
        parameters=tuple(parameters) or (parameter("k1", 0.8), parameter("k2", 0.6)),
        observables={each.name: each for each in observables or [Observable("seen", "A", "0.5")]},
        measurements=tuple(measurements),
        conditions=conditions or {"c": {}},
    )


def measured(times, values, **others):
    pairs = zip(times, values, strict=True)
    return [Measurement("seen", "c", float(time), float(value), **others) for time, value in pairs]
