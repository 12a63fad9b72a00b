"""How much of an error a trial may have spent by a share of its information.

O'Brien-Fleming-like  2 - 2 Φ(z(1 - error/2)/√t)
Pocock-like           error ln(1 + (e - 1) t)
Hwang-Shih-DeCani     error (1 - exp(-γ t))/(1 - exp(-γ)), and error t where γ = 0
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Numbers = NDArray[np.float64]
Spending = Literal["obrien_fleming", "pocock", "hwang_shih_decani"]


def spent(spending: Spending, error: float, information: Numbers, gamma: float = -4.0) -> Numbers:
    """Return the error [1] that may be spent by shares of ``information`` [1], same shape.

    ``gamma`` is that of Hwang, Shih and DeCani: -4 is close to O'Brien-Fleming, 1 to Pocock.

    Valid: 0 < information; all is spent from 1 on.
    Source: Lan & DeMets (1983), doi:10.1093/biomet/70.3.659; Hwang, Shih & DeCani (1990), doi:10.1002/sim.4780091207.
    """
    share = np.minimum(information, 1.0)
    if spending == "obrien_fleming":
        return 2 * ndtr(ndtri(error / 2) / np.sqrt(share))
    if spending == "pocock":
        return error * np.log1p((np.e - 1) * share)
    if gamma == 0:
        return error * share
    return error * np.expm1(-gamma * share) / np.expm1(-gamma)
