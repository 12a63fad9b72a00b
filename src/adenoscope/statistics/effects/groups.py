"""Groups of animals, and any linear contrast of their means with its standard error and degrees of freedom.

An animal gives one number z = Σ w_arm · y_arm for each contrast; groups are independent of each other:

estimate   c'β = a'z
variance   Σ_i a_i² e_i² / (1 - h_i)             (HC2; one group: s²/n, two groups: Welch)
ν          (tr QΩ)² / tr (QΩ)²                 (Satterthwaite; Ω from each group's own spread: Welch's)

where z = X β + e by least squares, X holds the groups and, where they vary, cohort and sex; a = W X (X'WX)⁻¹ c.
Recordings with their own standard deviation s_i weigh 1 / (τ² + s_i²) inside their group.
Source: MacKinnon & White (1985), doi:10.1016/0304-4076(85)90158-7; Bell & McCaffrey (2002), Survey Methodology
28:169; Welch (1947), doi:10.1093/biomet/34.1-2.28; Paule & Mandel (1982), doi:10.6028/jres.087.022.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples

# With fewer residual degrees of freedom for each covariate, adjusting costs more than it explains.
LEAST_PER_COVARIATE = 4
# A spread below this share of the values is rounding.
SMALLEST = 1e-12
# The arms of a pair (treated minus vehicle), and of an animal that was in one arm.
PAIR, ALONE = np.array([1.0, -1.0]), np.array([1.0])


@dataclass(frozen=True, eq=False)
class Group:
    """Animals that were all measured under the same arms.

    ``values`` and ``error_sd`` have shape (animal, arm); ``cohort`` and ``sex`` one label for each animal.
    """

    animals: tuple[str, ...]
    values: Samples
    error_sd: Samples
    cohort: tuple[str, ...]
    sex: tuple[str, ...]


def plain_group(values: Samples) -> Group:
    """Return a group of animals without names, noise, cohorts or sexes, from (animal,) or (animal, arm) values."""
    n = len(values)
    table = values.reshape(n, -1)
    return Group(("",) * n, table, np.zeros_like(table), ("",) * n, ("",) * n)


@dataclass(frozen=True)
class Estimate:
    """A contrast with its standard error and Satterthwaite's degrees of freedom, in the readout's unit."""

    value: float
    error: float
    degrees: float

    def interval(self, ci_prob: float = 0.95) -> Interval:
        """Return the t-interval."""
        half = float(stdtrit(self.degrees, (1 + ci_prob) / 2)) * self.error
        return Interval(self.value, self.value - half, self.value + half, ci_prob)

    @property
    def p_value(self) -> float:
        """The two-sided p of the t-test that the contrast is 0."""
        return 2 * float(stdtr(self.degrees, -abs(self.value) / self.error))


@dataclass(frozen=True, eq=False)
class Layout:
    """How the animals of several groups enter: their design matrix, and what had to be left out of it."""

    design: Samples
    member: NDArray[np.intp]
    adjusted: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Term:
    """What a group adds to a contrast: ``coefficient`` times the mean of its animals' ``arms`` · values."""

    coefficient: float
    arms: Samples


def lay_out(groups: Sequence[Group]) -> Layout:
    """Return the design of ``groups``, with cohort and sex where they vary and can be told from the groups."""
    member = np.concatenate([np.full(len(group.animals), index) for index, group in enumerate(groups)])
    layout = Layout((member[:, None] == np.arange(len(groups))).astype(np.float64), member)
    for name in ("cohort", "sex"):
        labels = [label for group in groups for label in getattr(group, name)]
        if len(set(labels)) > 1:
            layout = _with(layout, name, labels, alike=len({group.values.shape[1] for group in groups}) == 1)
    return layout


def _with(layout: Layout, name: str, labels: Sequence[str], *, alike: bool) -> Layout:
    """Return the layout adjusted for ``labels``, or with a note that it could not be; a difference has no level."""
    columns = _centred(labels)
    design = np.hstack([layout.design, columns])
    enough = len(labels) - design.shape[1] >= LEAST_PER_COVARIATE * columns.shape[1]
    if alike and enough and "" not in labels and np.linalg.matrix_rank(design) == design.shape[1]:
        return replace(layout, design=design, adjusted=(*layout.adjusted, name))
    return replace(layout, left_out=(*layout.left_out, name))


def contrast(groups: Sequence[Group], terms: Sequence[Term], layout: Layout | None = None) -> Estimate | None:
    """Return the sum of ``terms``, one for each group.

    None where a group has fewer than two animals, or where the animals do not vary at all and a spread cannot
    be judged.

    Valid: contrasts about normal between animals, or enough animals; spreads may differ between groups.
    Source: the heads of this file.
    """
    if any(len(group.animals) < 2 for group in groups):
        return None
    X, member = (layout or lay_out(groups)).design, (layout or lay_out(groups)).member
    z = np.concatenate([group.values @ term.arms for group, term in zip(groups, terms, strict=True)])
    noise = np.concatenate([group.error_sd**2 @ term.arms**2 for group, term in zip(groups, terms, strict=True)])
    W = _relative_weights(z, noise, member)
    coefficients = np.zeros(X.shape[1])
    coefficients[: len(terms)] = [term.coefficient for term in terms]
    solve = np.asarray(np.linalg.solve(X.T @ (W[:, None] * X), X.T * W), dtype=np.float64)
    a = coefficients @ solve
    residual = z - X @ (solve @ z)
    scale = a**2 / np.maximum(1 - np.einsum("ij,ji->i", X, solve), SMALLEST)
    error = math.sqrt(float(scale @ residual**2))
    if error <= SMALLEST * float(np.abs(z).max()):
        return None
    return Estimate(float(a @ z), error, _degrees(X, solve, scale, _variances(residual, W, member)))


def _centred(labels: Sequence[str]) -> Samples:
    """Return a column for each label but the first, centred: a group's mean stays that of average animals."""
    names = sorted(set(labels))[1:]
    columns = np.array([[float(label == name) for name in names] for label in labels])
    return columns - columns.mean(axis=0)


def _relative_weights(z: Samples, noise: Samples, member: NDArray[np.intp]) -> Samples:
    """Return weights with mean 1 in each group: inside it precise recordings count more."""
    weight = np.ones_like(z)
    for index in np.unique(member):
        here = member == index
        if noise[here].min() > 0:
            inverse = 1 / (between_animals(z[here], noise[here]) + noise[here])
            weight[here] = inverse / inverse.mean()
    return weight


def _variances(residual: Samples, W: Samples, member: NDArray[np.intp]) -> Samples:
    """Return each animal's variance as its group's spread and its weight have it, shape (animal,)."""
    variance = np.empty_like(residual)
    for index in np.unique(member):
        here = member == index
        variance[here] = float(W[here] @ residual[here] ** 2) / (int(here.sum()) - 1) / W[here]
    return variance


def between_animals(values: Samples, noise: Samples) -> float:
    """Return τ², the variance between animals beyond the ``noise`` variance of each, both shape (animal,).

    Valid: noise variances above 0, known, and not related to the values.
    Source: Paule & Mandel (1982), doi:10.6028/jres.087.022.
    """
    freedom = values.size - 1

    def excess(tau2: float) -> float:
        weight = 1 / (tau2 + noise)
        centre = float(weight @ values) / float(weight.sum())
        return float(weight @ (values - centre) ** 2) - freedom

    low, high = 0.0, float(np.var(values, ddof=1))
    if excess(0.0) <= 0:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def _degrees(X: Samples, solve: Samples, scale: Samples, variance: Samples) -> float:
    """Return (tr QΩ)² / tr (QΩ)² with Q = (I - H)' diag(scale) (I - H), H = X solve.

    Only V K V' is formed, what Ω^½ Q Ω^½ differs from a diagonal by: its rank is small, so thousands of animals do.
    """
    spread = solve * variance
    rank = X.shape[1]
    K = np.block([[spread @ solve.T, -np.eye(rank)], [-np.eye(rank), np.zeros((rank, rank))]])
    V = np.sqrt(scale)[:, None] * np.hstack([X, spread.T])
    inner = K @ (V.T @ V)
    diagonal = scale * variance
    crossed = float(diagonal @ np.einsum("ij,jk,ik->i", V, K, V))
    trace = float(diagonal.sum() + np.trace(inner))
    return trace**2 / (float(diagonal @ diagonal) + 2 * crossed + float(np.trace(inner @ inner)))
