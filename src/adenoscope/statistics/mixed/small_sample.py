"""How much wider the fixed effects spread because the variances were estimated too.

    Ĉ + 2Λ,  Λ = σ²Φ {Σ_kl W_kl (Σ_i U_i'∂_kS E_i ∂_lS U_i - ∂_kΦ⁻¹ Φ ∂_lΦ⁻¹)} Φ

with E_i = R_i'G_i⁻¹R_i, U_i = R_i'G_i⁻¹X_i and W the covariance of θ. It is nothing in a balanced random-intercept
design; with random slopes and a handful of animals it is a third of the variance of a between-animal effect.
"""

from __future__ import annotations

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.mixed.criterion import Point, Slopes, directions
from adenoscope.statistics.mixed.design import Blocks


def inflation(blocks: Blocks, point: Point, slope: Slopes, theta_covariance: Samples) -> Samples:
    """Return 2Λ / σ² (t, p, p) of the orthonormal coefficients, from the covariance (t, k, k) of θ.

    Valid: to the order of one over the number of animals.
    Source: Kenward, Roger (1997), doi:10.2307/2533558, with S as the parameters, in which V is linear.
    """
    random = np.einsum("aij,taik->tajk", blocks.random, point.random_solved)
    fixed = np.einsum("aij,taik->tajk", blocks.random, point.fixed_solved)
    moved = np.einsum("tkij,tajp->takip", directions(point.factor), fixed, optimize=True)
    mixed = np.einsum("tkl,talip->takip", theta_covariance, moved, optimize=True)
    inner = np.einsum("takip,taij,takjr->tpr", moved, random, mixed, optimize=True)
    turned = np.einsum("tkl,tlpr->tkpr", theta_covariance, slope.precision, optimize=True)
    inner -= np.einsum("tkpi,tij,tkjr->tpr", slope.precision, point.covariance, turned, optimize=True)
    return 2 * point.covariance @ inner @ point.covariance
