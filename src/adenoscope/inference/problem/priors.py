"""What is believed about a parameter before the measurements: PEtab's distributions, as log densities.

Valid: densities are of the parameter as it is (``uniform``, ``normal``, ``laplace``, ``logNormal``, ``logLaplace``)
or of the parameter in its scale (``parameterScale...``). Bounds do not truncate the objective's prior, which within
bounds would only add a constant; they do truncate where starts are drawn.
Source: PEtab data format 1.0, "Detailed field description" of the parameter table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from adenoscope.inference.problem.scales import LIN, LOG, Numbers, Scale, from_scale, log_stretch, to_scale

ON_SCALE = "parameterScale"
KINDS = (
    *("uniform", "normal", "laplace", "logNormal", "logLaplace"),
    *("parameterScaleUniform", "parameterScaleNormal", "parameterScaleLaplace"),
)


@dataclass(frozen=True)
class Prior:
    """A distribution: ``first`` and ``second`` are its bounds, or its centre and standard deviation (or scale)."""

    kind: str
    first: float
    second: float


def log_density(prior: Prior, values: Numbers, scale: Scale) -> Numbers:
    """Return the log density of parameters that are given on ``scale``, the same shape; -inf outside the support.

    The density is that of the parameter as it is, or on its scale where the prior is meant there.
    """
    own = _own_scale(prior, scale)
    plain = from_scale(values, scale)
    with np.errstate(all="ignore"):
        result = _distribution(prior).logpdf(to_scale(plain, own))
        if not prior.kind.startswith(ON_SCALE):
            result = result + log_stretch(plain, own)
    return np.where(np.isnan(result), -np.inf, result)


def quantile(prior: Prior, shares: Numbers, low: float, high: float, scale: Scale) -> Numbers:
    """Return, on ``scale``, where ``shares`` of the prior between ``low`` and ``high`` lie below, the same shape.

    The bounds are given on ``scale`` too.
    """
    own = _own_scale(prior, scale)
    ends = to_scale(from_scale(np.array([low, high]), scale), own)
    distribution = _distribution(prior)
    first, last = distribution.cdf(ends)
    inside = distribution.ppf(first + shares * (last - first))
    return np.clip(to_scale(from_scale(inside, own), scale), low, high)


def _own_scale(prior: Prior, scale: Scale) -> Scale:
    if prior.kind.startswith(ON_SCALE):
        return scale
    return LOG if prior.kind.startswith("log") else LIN


def _distribution(prior: Prior) -> Any:  # scipy's distributions have no types
    kind = prior.kind.removeprefix(ON_SCALE).removeprefix("log").lower()
    if kind == "uniform":
        return stats.uniform(prior.first, prior.second - prior.first)
    return (stats.norm if kind == "normal" else stats.laplace)(prior.first, prior.second)
