"""A fitting problem: a model, what was measured under which conditions, and which parameters are to be found.

The words and their meaning are PEtab's, version 1. A source is a number, or the name of a parameter of the problem.

Source: Schmiester et al. (2021), PLoS Comput Biol 17:e1008646, doi:10.1371/journal.pcbi.1008646.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from adenoscope.inference.problem.priors import Prior
from adenoscope.inference.problem.scales import LIN, Numbers, Scale, to_scale
from adenoscope.simulation import Model

SourceValue = float | str
Noise = Literal["normal", "laplace"]


@dataclass(frozen=True)
class FitParameter:
    """A parameter of the problem: its value where it is fixed, and where to look for it where it is ``estimated``.

    ``low``, ``high`` and ``nominal`` are as they are, whatever the ``scale`` in which the parameter is looked for.
    ``prior`` adds to the objective; ``start`` is where random starts come from, by default anywhere in the bounds.
    """

    name: str
    nominal: float
    low: float = float("-inf")
    high: float = float("inf")
    scale: Scale = LIN
    estimated: bool = True
    prior: Prior | None = None
    start: Prior | None = None


@dataclass(frozen=True)
class Observable:
    """What is measured: a formula of the model's names and of parameters, and how measurements scatter around it.

    ``observableParameterN_NAME`` and ``noiseParameterN_NAME`` in the formulas stand for what each measurement says.
    ``noise`` is the standard deviation of a normal, or the scale of a Laplace distribution, after both the measured
    and the simulated value were brought to ``scale``. ``label`` tells people what it is.
    """

    name: str
    formula: str
    noise: str
    scale: Scale = LIN
    distribution: Noise = "normal"
    label: str = ""


@dataclass(frozen=True)
class Measurement:
    """One measured value of an observable, at ``time`` after the start of a condition; inf means at steady state.

    ``preequilibration`` names the condition in which the model came to rest before.
    """

    observable: str
    condition: str
    time: float
    value: float
    preequilibration: str | None = None
    observable_parameters: tuple[SourceValue, ...] = ()
    noise_parameters: tuple[SourceValue, ...] = ()


@dataclass(frozen=True, eq=False)
class FitProblem:
    """A model with everything needed to fit it.

    ``conditions``: by name, what each sets: parameters, compartments, initial values of species in the unit in which
    the model's formulas use them. A name that a condition leaves out keeps the model's value or, for a species after
    a preequilibration, the value it came to rest at.
    """

    name: str
    model: Model
    parameters: tuple[FitParameter, ...]
    observables: Mapping[str, Observable]
    measurements: tuple[Measurement, ...]
    conditions: Mapping[str, Mapping[str, SourceValue]] = field(default_factory=dict[str, Mapping[str, SourceValue]])

    @property
    def estimated(self) -> tuple[FitParameter, ...]:
        """Return the parameters to be found, in the order of every vector of theirs."""
        return tuple(parameter for parameter in self.parameters if parameter.estimated)

    @property
    def nominal(self) -> Numbers:
        """Return the nominal vector, each parameter in its scale, shape (parameter,)."""
        return np.array([float(to_scale(p.nominal, p.scale)) for p in self.estimated])

    @property
    def bounds(self) -> tuple[Numbers, Numbers]:
        """Return the lower and upper bounds, each parameter in its scale, shape (parameter,) each."""
        low = np.array([float(to_scale(p.low, p.scale)) for p in self.estimated])
        high = np.array([float(to_scale(p.high, p.scale)) for p in self.estimated])
        return low, high
