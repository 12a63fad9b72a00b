"""What a lost person's last visit is expected to be: as the person's own arm went on, or by way of the reference.

    ŷ = q'B z⁰ + K'y + m'δ,   K = W Σ e_T,  q = e_T - K

B (T, k) are the coefficients at each visit, z⁰ a person's covariates as if in the reference, δ (T) the arm's
difference from it, W the inverse of Σ at the visits seen, and e_T picks the last one. The strategy is m:

    missing at random        q                    the own arm's mean goes on
    jump to reference        q - e_T              from the visit after the last one seen, the reference's mean
    copy increments          q - e_T + e_seen     from there, the reference's increments
    copy reference           0                    as if in the reference from the start

Where the last visit was seen, q and m are 0 and ŷ is y.

Source: Carpenter, Roger, Kenward (2013), doi:10.1080/10543406.2013.834911.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.unstructured.moments import Flags, Indices

Strategy = Literal["mar", "jump_to_reference", "copy_increments", "copy_reference"]


@dataclass(frozen=True, eq=False)
class Persons:
    """The persons of r replicates: ``y`` (r, n, T) with 0 where not ``seen``, ``z`` (r, n, k), ``arm`` (r, n).

    ``reference`` (r, n, k) is z as if everybody were in the reference.
    """

    y: Samples
    seen: Flags
    z: Samples
    arm: Indices

    @property
    def reference(self) -> Samples:
        """Return z⁰."""
        return np.where(self.own_arm, 0.0, self.z)

    @property
    def own_arm(self) -> Flags:
        """Return which column of z (r, n, k) says that a person is in an arm other than the reference."""
        return (self.arm[..., None] == np.arange(self.z.shape[2])) & (self.arm[..., None] > 0)

    def take(self, which: Indices) -> Persons:
        """Return the persons of some replicates."""
        return Persons(self.y[which], self.seen[which], self.z[which], self.arm[which])


@dataclass(frozen=True, eq=False)
class Expected:
    """ŷ (r, n) ``value`` and what it came from: ``q``, ``k`` and ``m`` (r, n, T), ``weights`` W (r, n, T, T)."""

    value: Samples
    q: Samples
    k: Samples
    m: Samples
    weights: Samples


def expect(persons: Persons, coefficients: Samples, sigma: Samples, strategy: Strategy) -> Expected:
    """Return what the last visit is expected to be, from B (r, T, k) and Σ (r, T, T).

    Valid: visits missing in between are missing at random; treatment ends at the last visit seen.
    Source: Carpenter, Roger, Kenward (2013), doi:10.1080/10543406.2013.834911.
    """
    weights = weights_of(persons.seen, sigma)
    k = np.einsum("rnst,rt->rns", weights, sigma[:, :, -1])
    last = np.zeros(k.shape[2])
    last[-1] = 1.0
    q = np.where(persons.seen[..., -1:], 0.0, last - k)
    m = _strategy(persons.seen, q, strategy)
    own = np.einsum("rtk,rnk->rnt", coefficients, np.where(persons.own_arm, 1.0, 0.0))
    mean = persons.reference @ np.swapaxes(coefficients, 1, 2)
    value = np.sum(q * mean + k * persons.y + m * own, axis=2)
    return Expected(value, q, k, m, weights)


def weights_of(seen: Flags, sigma: Samples) -> Samples:
    """Return Σ⁻¹ of the visits each person was seen at (r, n, T, T), with zeros elsewhere."""
    n_visits = seen.shape[2]
    codes = seen @ (2 ** np.arange(n_visits))
    weights = np.zeros((*seen.shape, n_visits))
    for code in np.unique(codes[codes > 0]):
        at = np.flatnonzero(code >> np.arange(n_visits) & 1)
        replicate, person = np.nonzero(codes == code)
        inverse = np.zeros_like(sigma)
        inverse[:, at[:, None], at] = np.linalg.inv(sigma[:, at[:, None], at])
        weights[replicate, person] = inverse[replicate]
    return weights


def _strategy(seen: Flags, q: Samples, strategy: Strategy) -> Samples:
    n_visits = seen.shape[2]
    if strategy == "copy_reference":
        return np.zeros_like(q)
    m = q.copy()
    if strategy != "mar":
        m[..., -1] = 0.0
    if strategy == "copy_increments":
        visits = np.arange(n_visits)
        latest = np.max(np.where(seen, visits, -1), axis=2)
        m += (visits == latest[..., None]) & ~seen[..., -1:]
    return m
