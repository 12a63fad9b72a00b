"""Gradient and Fisher information of a problem, from differences of its simulations.

With z the simulated value on the measurement's scale, r its residual in units of the noise s:

    normal:   d/dp of -log density = (r / s) dz + (1 - r^2) dlog s,      information = dz dz' / s^2 + 2 dlog s dlog s'
    Laplace:  d/dp of -log density = (sign r / s) dz + (1 - |r|) dlog s, information = dz dz' / s^2 + dlog s dlog s'

All perturbed vectors of all points are simulated in one call, and what a parameter does not reach is not simulated.

Valid: measurements are independent given the parameters; the information is the expected one, so it is right near an
optimum and merely positive elsewhere.
Source: Lehmann & Casella (1998), Theory of Point Estimation, 2nd ed., doi:10.1007/b98854, table 5.1 of chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.inference.likelihood.cohort import Accuracy
from adenoscope.inference.likelihood.evaluate import Evaluation, evaluate
from adenoscope.inference.likelihood.readout import make_readouts
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.priors import log_density
from adenoscope.inference.problem.scales import Numbers, to_scale

DIFFERENCE = 1e-5  # of a parameter's unit: error of the solver and of the difference are then alike
PRIOR_DIFFERENCE = 1e-3
STEEPEST = 1e100  # its square is still a number


@dataclass(frozen=True)
class Slopes:
    """Of minus the log posterior: ``value`` (point,), ``gradient`` (point, p), ``information`` (point, p, p)."""

    value: Numbers
    gradient: Numbers
    information: Numbers


def units(problem: FitProblem) -> Numbers:
    """Return what counts as a unit of each parameter: a decade, or a tenth of the bounds, shape (parameter,)."""
    low, high = problem.bounds
    decade = {"log10": 1.0, "log": float(np.log(10.0))}
    own = [decade.get(parameter.scale, 0.0) for parameter in problem.estimated]
    tenth = np.where(np.isfinite(high - low), 0.1 * (high - low), np.maximum(1.0, np.abs(problem.nominal)))
    return np.where(np.array(own) > 0, own, tenth)


def slopes(problem: FitProblem, points: Numbers, accuracy: Accuracy) -> Slopes:
    """Return value, gradient and information at ``points``, shape (point, parameter)."""
    n_points, n = points.shape
    _, high = problem.bounds
    unit = units(problem)
    step = DIFFERENCE * unit
    signed = np.where(points + step > high, -step, step)
    vectors = np.repeat(points[:, None, :], n + 1, axis=1)
    vectors[:, np.arange(1, n + 1), np.arange(n)] += signed
    evaluation = evaluate(problem, vectors.reshape(-1, n), accuracy)
    gradient, information = np.zeros((n_points, n)), np.zeros((n_points, n, n))
    _add_measurements(problem, evaluation, signed, gradient, information)
    _add_priors(problem, points, unit, gradient, information)
    value = -evaluation.log_posterior.reshape(n_points, n + 1)[:, 0]
    return Slopes(value, gradient, information)


def _add_measurements(
    problem: FitProblem, evaluation: Evaluation, signed: Numbers, gradient: Numbers, information: Numbers
) -> None:
    n_points, n = signed.shape
    for readout in make_readouts(problem):
        scale, normal = readout.observable.scale, readout.observable.distribution == "normal"
        shape = (n_points, n + 1, readout.rows.size)
        z = to_scale(evaluation.simulated[:, readout.rows].reshape(shape), scale)
        with np.errstate(all="ignore"):
            log_noise = np.log(evaluation.noise[:, readout.rows].reshape(shape))
            noise = np.exp(log_noise[:, :1])
            r = (z[:, :1] - to_scale(readout.measured, scale)) / noise
            dz = _finite((z[:, 1:] - z[:, :1]) / signed[:, :, None] / noise)
            dn = _finite((log_noise[:, 1:] - log_noise[:, :1]) / signed[:, :, None])
        pull = _finite(r if normal else np.sign(r))
        gradient += (pull * dz + (1.0 - pull * _finite(r)) * dn).sum(axis=2)
        information += dz @ dz.transpose(0, 2, 1) + (2.0 if normal else 1.0) * dn @ dn.transpose(0, 2, 1)


def _finite(values: Numbers) -> Numbers:
    """Return 0 where a perturbed simulation failed: the parameter then stays for this step."""
    return np.clip(np.where(np.isfinite(values), values, 0.0), -STEEPEST, STEEPEST)


def _add_priors(problem: FitProblem, points: Numbers, unit: Numbers, gradient: Numbers, information: Numbers) -> None:
    """Add each prior's slope, and its curvature where that is positive."""
    for place, parameter in enumerate(problem.estimated):
        if parameter.prior is None:
            continue
        h = PRIOR_DIFFERENCE * unit[place]
        own = points[:, place]
        below, here, above = (-log_density(parameter.prior, own + move, parameter.scale) for move in (-h, 0.0, h))
        gradient[:, place] += _finite((above - below) / (2.0 * h))
        information[:, place, place] += np.maximum(_finite((above - 2.0 * here + below) / h**2), 0.0)
