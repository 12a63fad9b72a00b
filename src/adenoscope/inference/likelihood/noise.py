"""How likely measurements are, given what the model says: normal or Laplace, on any scale.

Source: PEtab data format 1.0, "Noise distributions" of the observable table.
"""

from __future__ import annotations

import numpy as np

from adenoscope.inference.problem.fit_problem import Noise
from adenoscope.inference.problem.scales import Numbers, Scale, log_stretch, to_scale

HALF_LOG_2PI = 0.5 * float(np.log(2.0 * np.pi))


def residual(measured: Numbers, simulated: Numbers, noise: Numbers, scale: Scale) -> Numbers:
    """Return (simulated - measured) / noise after both were brought to ``scale`` [1], same shape."""
    with np.errstate(all="ignore"):
        return (to_scale(simulated, scale) - to_scale(measured, scale)) / noise


def log_density(measured: Numbers, simulated: Numbers, noise: Numbers, scale: Scale, distribution: Noise) -> Numbers:
    """Return each measurement's log density, same shape; -inf where there is none."""
    z = residual(measured, simulated, noise, scale)
    with np.errstate(all="ignore"):
        own = -0.5 * z**2 - HALF_LOG_2PI if distribution == "normal" else -np.abs(z) - np.log(2.0)
        result = own - np.log(noise) + log_stretch(measured, scale)
    return np.where(np.isnan(result), -np.inf, result)
