"""The Emax curve, E = E0 + Emax · d^h / (ED50^h + d^h), and the families of it that are fitted.

Coordinates are logarithms: log ED50, then log h where h is not held at 1.
Source: Hill (1910), J. Physiol. 40, iv-vii; Holford & Sheiner (1981), doi:10.2165/00003088-198106060-00002.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from adenoscope.core.recording import Samples
from adenoscope.statistics.doses.curve_shapes import Family

FLATTEST, STEEPEST = 0.25, 10.0
BELOW, ABOVE = 100.0, 30.0  # how far beyond the doses tried an ED50 is looked for


def fraction(doses: Samples, coordinates: Samples) -> Samples:
    """Return the share of the ceiling reached [1], shape (..., dose), for coordinates (..., 1 or 2).

    Valid: doses >= 0.
    Source: Hill (1910), J. Physiol. 40, iv-vii.
    """
    return expit(_logit(doses, coordinates))


def fraction_slopes(doses: Samples, coordinates: Samples) -> Samples:
    """Return the derivatives of ``fraction`` by the coordinates at one shape (r,), shape (dose, r).

    Valid: as ``fraction``.
    Source: as ``fraction``.
    """
    logit = _logit(doses, coordinates[None])[0]
    steep = expit(logit) * expit(-logit)
    hill = np.exp(coordinates[1]) if len(coordinates) > 1 else 1.0
    columns = [-hill * steep, np.where(np.isfinite(logit), logit, 0.0) * steep]
    return np.stack(columns[: len(coordinates)], axis=-1)


def emax_family(doses: Samples, free_hill: bool) -> Family:
    """Return the Emax curves over ``doses``, ascending from 0, with coefficients (E0, Emax).

    Valid: at least two doses above 0 (three with h free).
    Source: as ``fraction``.
    """

    def design(coordinates: Samples) -> Samples:
        share = fraction(doses, coordinates)
        return np.stack([np.ones_like(share), share], axis=-1)

    def slopes(coordinates: Samples) -> Samples:
        of_share = fraction_slopes(doses, coordinates)
        return np.stack([np.zeros_like(of_share), of_share], axis=1)

    return Family(*_bounds(doses, free_hill), design, slopes)


def shifted_family(first: Samples, second: Samples, free_hill: bool) -> Family:
    """Return pairs of Emax curves with a common Emax and h, over the doses of the first, then of the second.

    Coefficients are (E0 of the first, E0 of the second, Emax). The last coordinate is the log of the second's
    ED50 over the first's; those before are the first's.

    Valid: as ``emax_family``, for both.
    Source: Finney (1978), Statistical Method in Biological Assay, for potency as a shift along log dose.
    """
    (low, high), (low_2, high_2) = _bounds(first, free_hill), _bounds(second, free_hill)
    baselines = np.zeros((len(first) + len(second), 2))
    baselines[: len(first), 0] = baselines[len(first) :, 1] = 1.0

    def own(coordinates: Samples) -> Samples:
        moved = coordinates[..., :-1].copy()
        moved[..., 0] += coordinates[..., -1]
        return moved

    def design(coordinates: Samples) -> Samples:
        share = np.hstack([fraction(first, coordinates[:, :-1]), fraction(second, own(coordinates))])
        fixed = np.broadcast_to(baselines, (len(coordinates), *baselines.shape))
        return np.concatenate([fixed, share[..., None]], axis=-1)

    def slopes(coordinates: Samples) -> Samples:
        of_first, of_second = fraction_slopes(first, coordinates[:-1]), fraction_slopes(second, own(coordinates))
        shift = np.concatenate([np.zeros(len(first)), of_second[:, 0]])
        of_share = np.column_stack([np.vstack([of_first, of_second]), shift])
        return np.stack([np.zeros_like(of_share), np.zeros_like(of_share), of_share], axis=1)

    widest = np.array([low_2[0] - high[0]]), np.array([high_2[0] - low[0]])
    return Family(np.concatenate([low, widest[0]]), np.concatenate([high, widest[1]]), design, slopes)


def _logit(doses: Samples, coordinates: Samples) -> Samples:
    with np.errstate(divide="ignore"):
        logs = np.log(doses)
    hill = np.exp(coordinates[..., 1:2]) if coordinates.shape[-1] > 1 else 1.0
    return hill * (logs - coordinates[..., :1])


def _bounds(doses: Samples, free_hill: bool) -> tuple[Samples, Samples]:
    given = doses[doses > 0]
    low, high = [np.log(given.min() / BELOW)], [np.log(given.max() * ABOVE)]
    if free_hill:
        low, high = [*low, np.log(FLATTEST)], [*high, np.log(STEEPEST)]
    return np.array(low), np.array(high)
