"""Priors of the calibration's constants as PEtab has them: normal in the decadic logarithm of a constant or its odds.

    sd = log10(high/low)/(2 z),  z = 1.959964;   a constant whose range begins at 0 or below is uniform in it

The calibration's own priors may be wider on one side of the median than on the other; here both sides are alike.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adenoscope.core.parameter import Parameter
from adenoscope.inference.calibration.folder.model import odds_name
from adenoscope.inference.problem.fit_problem import FitParameter
from adenoscope.inference.problem.priors import Prior
from adenoscope.inference.problem.scales import LIN, LOG10
from adenoscope.mechanism.cohort import Z_95, is_share, spread

FARTHEST_SD = 3.0  # of the bounds
UNEVEN = 1.5  # how much wider one side of a range is than the other, before it is worth telling


def fit_parameter(name: str, constant: Parameter) -> FitParameter:
    """Return a constant as a parameter to be estimated; a share by its odds."""
    nominal = float(spread(constant, np.zeros(1))[0])
    if constant.low <= 0:
        low, high = constant.low, constant.high
        return FitParameter(name, nominal, low, high, LIN, prior=Prior("parameterScaleUniform", low, high))
    low, middle, high = _numbers(constant)
    sd, centre = float(np.log10(high / low)) / (2 * Z_95), float(np.log10(middle))
    first, last = (float(10 ** (centre + side * FARTHEST_SD * sd)) for side in (-1, 1))
    own = odds_name(name) if is_share(constant) else name
    return FitParameter(own, middle, first, last, LOG10, prior=Prior("parameterScaleNormal", centre, sd))


def uneven(priors: Mapping[str, Parameter]) -> dict[str, float]:
    """Return how many times wider the upper side of a range is than the lower, where they differ much."""
    sides = {name: np.log(_numbers(constant)) for name, constant in priors.items() if constant.low > 0}
    ratios = {name: float((high - middle) / (middle - low)) for name, (low, middle, high) in sides.items()}
    return {name: ratio for name, ratio in ratios.items() if not 1 / UNEVEN <= ratio <= UNEVEN}


def _numbers(constant: Parameter) -> tuple[float, float, float]:
    low, middle, high = constant.low, constant.value, constant.high
    if not is_share(constant):
        return low, middle, high
    return low / (1 - low), middle / (1 - middle), high / (1 - high)
