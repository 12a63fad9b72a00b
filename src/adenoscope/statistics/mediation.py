"""Mediation: how much of a treatment's effect on an outcome goes through a mediator. Exploratory.

mediator = i + a · treated + ε,    outcome = j + c' · treated + b · mediator + ζ
indirect a b, direct c', total c = c' + a b. If ε and ζ correlate by ρ, b becomes b - ρ/√(1 - ρ²) · sd(ζ)/sd(ε).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from adenoscope.core.interval import Interval
from adenoscope.core.mediation import Mediation, MediationSensitivity
from adenoscope.core.recording import Samples
from adenoscope.statistics.effects.estimation import unpaired_difference

FEWEST_IN_AN_ARM = 8
DRAWS = 20_000
WIDEST_RHO, RHO_POINTS = 0.9, 37
ASSUMPTIONS = (
    "Sequential ignorability: treatment was given at random, and nothing else moves mediator and outcome together.",
    "The mediator's effect on the outcome is the same with and without the treatment (no interaction).",
    "Effects are linear and add up.",
    "Mediator and outcome were measured in the same animals, each counted once.",
    "The mediator came before the outcome, and the outcome does not act back on it.",
)
METHOD = (
    "Product of coefficients a · b from two linear models; intervals from draws of Student's t about a (Welch) and b "
    "(HC3), of the direct effect by HC3; sensitivity to a correlation of residuals after Imai, Keele and Yamamoto."
)


@dataclass(frozen=True, eq=False)
class _Outcome:
    """The outcome's model: b and c' with HC3 errors, degrees of freedom, sd(ζ)/sd(ε) and the error of its log."""

    slope: float
    slope_error: float
    direct: float
    direct_error: float
    degrees: int
    spread_ratio: float
    log_ratio_error: float


@dataclass(frozen=True, eq=False)
class _Draws:
    """Draws, shape (draw,), of a, of b, of the total effect and of sd(ζ)/sd(ε)."""

    to_mediator: Samples
    slope: Samples
    total: Samples
    spread_ratio: Samples


def mediate(
    treated: NDArray[np.bool_],
    mediator: Samples,
    outcome: Samples,
    names: tuple[str, str, str],
    ci_prob: float = 0.95,
    seed: int = 0,
) -> Mediation:
    """Return how much of the effect of ``treated`` on ``outcome`` goes through ``mediator``, each shape (animal,).

    ``names`` are those of treatment, mediator and outcome. Direct and indirect effect need 8 animals in each arm
    and a treatment that is told to move the mediator; the share also needs a total effect that excludes 0.

    Valid: the assumptions that the result lists; 8 to 40 animals in an arm, skewed or heavy-tailed residuals and
    arms of unlike spread included.
    Source: MacKinnon, Lockwood & Williams (2004), doi:10.1207/s15327906mbr3901_4 (draws of the product); Long &
    Ervin (2000), doi:10.1080/00031305.2000.10474549 (HC3); Imai, Keele & Yamamoto (2010), doi:10.1214/10-STS321
    (sensitivity).
    """
    arms = treated.astype(bool)
    smaller = min(int(arms.sum()), int((~arms).sum()))
    answer = _answer(arms, names)
    if smaller >= 2:
        to_mediator = unpaired_difference(mediator[arms], mediator[~arms], ci_prob)
        total = unpaired_difference(outcome[arms], outcome[~arms], ci_prob)
        answer = replace(answer, to_mediator=to_mediator, total=total)
    if smaller < FEWEST_IN_AN_ARM:
        need = f"Mediation needs at least {FEWEST_IN_AN_ARM} animals in each arm"
        return replace(answer, reason=f"{need}; there are {answer.n_treated} and {answer.n_vehicle}.")
    if answer.to_mediator is None or answer.total is None:
        return replace(answer, reason="The animals of an arm do not differ at all, so a spread cannot be judged.")
    if not answer.to_mediator.excludes(0.0):
        why = f"Could not tell whether {names[0]} changes {names[1]}, so not whether it acts through it."
        return replace(answer, reason=why)
    return _mediated(answer, arms, mediator, outcome, ci_prob, seed)


def _mediated(
    answer: Mediation, arms: NDArray[np.bool_], mediator: Samples, outcome: Samples, ci_prob: float, seed: int
) -> Mediation:
    model = _outcome_model(arms, mediator, outcome)
    draws = _draw(arms, mediator, outcome, model, np.random.default_rng(seed))
    a, total = _difference(mediator, arms), _difference(outcome, arms)
    reach = float(stdtrit(model.degrees, (1 + ci_prob) / 2)) * model.direct_error
    indirect = _central(a * model.slope, draws.to_mediator * draws.slope, ci_prob)
    share, why_not = (
        None,
        f"Could not tell whether {answer.treatment} changes {answer.outcome}, so no share is given.",
    )
    if answer.total is not None and answer.total.excludes(0.0):
        share, why_not = (
            _central(a * model.slope / total, draws.to_mediator * draws.slope / draws.total, ci_prob),
            None,
        )
    rho_zero = _rho_zero(model)
    return replace(
        answer,
        direct=Interval(model.direct, model.direct - reach, model.direct + reach, ci_prob),
        indirect=indirect,
        share=share,
        rho_zero=rho_zero,
        sensitivity=_sensitivity(a, model, draws, ci_prob),
        meaning=_meaning(answer, rho_zero, indirect),
        reason=why_not,
    )


def _outcome_model(arms: NDArray[np.bool_], mediator: Samples, outcome: Samples) -> _Outcome:
    design = np.column_stack([np.ones(len(outcome)), arms, mediator])
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ outcome
    residuals = outcome - design @ coefficients
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    scaled = design * (residuals / (1 - leverage))[:, None]
    errors = np.sqrt(np.diag(inverse @ scaled.T @ scaled @ inverse))
    degrees = len(outcome) - 3
    within = _within(mediator, arms)
    ratio = math.sqrt(float(residuals @ residuals) / float(within @ within))
    return _Outcome(
        slope=float(coefficients[2]),
        slope_error=float(errors[2]),
        direct=float(coefficients[1]),
        direct_error=float(errors[1]),
        degrees=degrees,
        spread_ratio=ratio,
        log_ratio_error=math.hypot(_log_spread_error(residuals), _log_spread_error(within)),
    )


def _log_spread_error(residuals: Samples) -> float:
    """Return the standard error of the logarithm of a standard deviation, whatever the tails."""
    squares = residuals**2
    if not squares.any():
        return 0.0
    return float(np.std(squares) / np.mean(squares)) / (2 * math.sqrt(len(squares)))


def _draw(
    arms: NDArray[np.bool_], mediator: Samples, outcome: Samples, model: _Outcome, rng: np.random.Generator
) -> _Draws:
    """Return draws of a and the total together, for the same animals' errors are in both, and of b apart."""
    shares = [np.cov(mediator[arm], outcome[arm]) / arm.sum() for arm in (arms, ~arms)]
    variances = [float(share[0, 0]) for share in shares]
    counts = (int(arms.sum()), int((~arms).sum()))
    degrees = sum(variances) ** 2 / sum(v**2 / (n - 1) for v, n in zip(variances, counts, strict=True))
    values, vectors = np.linalg.eigh(shares[0] + shares[1])
    both = rng.standard_normal((DRAWS, 2)) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    both /= np.sqrt(rng.chisquare(degrees, DRAWS) / degrees)[:, None]
    return _Draws(
        to_mediator=_difference(mediator, arms) + both[:, 0],
        slope=model.slope + model.slope_error * rng.standard_t(model.degrees, DRAWS),
        total=_difference(outcome, arms) + both[:, 1],
        spread_ratio=model.spread_ratio * np.exp(model.log_ratio_error * rng.standard_normal(DRAWS)),
    )


def _sensitivity(a: float, model: _Outcome, draws: _Draws, ci_prob: float) -> MediationSensitivity:
    rho = np.linspace(-WIDEST_RHO, WIDEST_RHO, RHO_POINTS)
    odds = rho / np.sqrt(1 - rho**2)
    band = [
        _central(
            a * (model.slope - o * model.spread_ratio),
            draws.to_mediator * (draws.slope - o * draws.spread_ratio),
            ci_prob,
        )
        for o in odds
    ]
    estimate, low, high = (np.array([getattr(point, name) for point in band]) for name in ("estimate", "low", "high"))
    return MediationSensitivity(rho, estimate, low, high)


def _rho_zero(model: _Outcome) -> float:
    """Return the correlation at which b would be 0: that of mediator and outcome within the arms."""
    odds = model.slope / model.spread_ratio if model.spread_ratio > 0 else math.copysign(math.inf, model.slope)
    return math.copysign(1.0, odds) if math.isinf(odds) else odds / math.sqrt(1 + odds**2)


def _meaning(answer: Mediation, rho_zero: float, indirect: Interval) -> str:
    both = f"{answer.mediator} and {answer.outcome}"
    said = (
        f"The indirect effect would be 0 if something else that moves {both} together made their residuals correlate "
        f"by {rho_zero:.2f}. It is computed as if they did not; the nearer to 0 this is, the less it can bear."
    )
    if indirect.excludes(0.0):
        return said
    return f"{said} Even so, could not tell whether the indirect effect differs from 0."


def _difference(values: Samples, arms: NDArray[np.bool_]) -> float:
    return float(values[arms].mean() - values[~arms].mean())


def _within(values: Samples, arms: NDArray[np.bool_]) -> Samples:
    return values - np.where(arms, values[arms].mean(), values[~arms].mean())


def _central(estimate: float, draws: Samples, ci_prob: float) -> Interval:
    low, high = np.quantile(draws, [(1 - ci_prob) / 2, (1 + ci_prob) / 2])
    return Interval(estimate, float(low), float(high), ci_prob)


def _answer(arms: NDArray[np.bool_], names: tuple[str, str, str]) -> Mediation:
    """Return a mediation of which nothing is known yet but what it is of."""
    return Mediation(
        *names,
        n_treated=int(arms.sum()),
        n_vehicle=int((~arms).sum()),
        to_mediator=None,
        total=None,
        direct=None,
        indirect=None,
        share=None,
        rho_zero=None,
        sensitivity=None,
        meaning=None,
        assumptions=ASSUMPTIONS,
        reason=None,
        method=METHOD,
    )
