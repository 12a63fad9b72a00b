"""Standard deviations from few animals each, steadied by those of the other groups of the assay.

s̃² = (ν0 s0² + ν s²) / (ν0 + ν),    (mean - truth) / (s̃ / √n) ~ t with ν0 + ν degrees of freedom, ν = n - 1

The groups' variances are taken for draws of a scaled inverse χ² with ν0 and s0², which are estimated from them.
Source: Smyth (2004), doi:10.2202/1544-6115.1027.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import root_scalar
from scipy.special import digamma, polygamma

from adenoscope.core.recording import Samples

MOST_SHARED = 300.0  # beyond this many degrees of freedom groups do not differ in spread


class Spread(NamedTuple):
    """Steadied standard deviations [unit of the readings] and degrees of freedom, shape (group,); s0 is ``usual``."""

    sd: Samples
    df: Samples
    usual: float


def moderated_spread(sd: Samples, n: Samples) -> Spread:
    """Return steadied standard deviations of groups of ``n`` animals, shape (group,).

    Valid: readings about normal within a group; n >= 2; at least one sd above 0.
    Source: Smyth (2004), doi:10.2202/1544-6115.1027, section 6.2.
    """
    varying = sd > 0
    half = (n[varying] - 1) / 2
    logs = 2 * np.log(sd[varying]) - digamma(half) + np.log(half)
    beyond_chance = (logs.var(ddof=1) if len(logs) > 1 else 0.0) - polygamma(1, half).mean()
    shared = MOST_SHARED
    if beyond_chance > polygamma(1, MOST_SHARED / 2):
        shared = 2 * _inverse_trigamma(float(beyond_chance))
    usual = np.exp(logs.mean() + digamma(shared / 2) - np.log(shared / 2))
    df = shared + n - 1
    return Spread(np.sqrt((shared * usual + (n - 1) * sd**2) / df), df, float(np.sqrt(usual)))


def _inverse_trigamma(value: float) -> float:
    def excess(x: float) -> float:
        return float(polygamma(1, x)) - value

    # 1/x < trigamma(x) < 1/x + 1/x²
    return float(root_scalar(excess, bracket=(0.5 / value, 2 / value + 2)).root)
