"""How much wider the coefficients spread because Σ was estimated too, to the order of one over the persons.

Φ + 2Λ,  Λ = Φ {Σ_kl A_kl (Q_kl - P_k Φ P_l)} Φ,  Q_kl = Σ_i X_i'W ∂_kΣ W ∂_lΣ W X_i,  P_k = ∂_k(X'V⁻¹X)
"""

from __future__ import annotations

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.unstructured.likelihood import Point, Slopes, over_patterns, symmetric_basis
from adenoscope.statistics.trials.unstructured.moments import Moments


def inflation(moments: Moments, point: Point, slope: Slopes, parameters: Samples) -> Samples:
    """Return 2Λ (r, p, p) of the orthonormal coefficients, from the covariance (r, m, m) of Σ's coordinates.

    Valid: to the order of one over the number of persons.
    Source: Kenward, Roger (1997), doi:10.2307/2533558, with Σ as the parameters, in which V is linear.
    """
    r, size, k = len(point.criterion), point.factor.shape[-1], moments.cross.shape[-1]
    basis = symmetric_basis(size)
    flat = basis.reshape(size * size, -1)
    spread = (flat @ parameters @ flat.T).reshape(r, *(size,) * 4)
    inner = np.swapaxes(point.factor, 1, 2)[:, None] @ slope.reach
    middle = np.einsum("rabcd,rgbc->rgad", spread, inner, optimize=True)
    moved = slope.reach @ middle @ np.swapaxes(slope.reach, 2, 3)
    whole = np.swapaxes(over_patterns(moved, moments.cross).reshape(r, size, size, k, k), 2, 3)
    bread = np.swapaxes(moments.restriction, 1, 2) @ whole.reshape(r, size * k, -1) @ moments.restriction
    mixed = np.einsum("rkl,rlij->rkij", parameters, slope.precision, optimize=True)
    bread -= np.einsum("rkij,rkjl->ril", slope.precision @ point.covariance[:, None], mixed, optimize=True)
    return 2 * point.covariance @ bread @ point.covariance
