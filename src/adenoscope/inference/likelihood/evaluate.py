"""The log likelihood of a problem's measurements, for many parameter vectors at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.inference.likelihood import noise as noises
from adenoscope.inference.likelihood.cohort import USUAL, Accuracy
from adenoscope.inference.likelihood.columns import parameter_table
from adenoscope.inference.likelihood.readout import Readout, make_readouts, read_out
from adenoscope.inference.likelihood.simulate import Failed, see
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.priors import log_density
from adenoscope.inference.problem.scales import Numbers

AT_ONCE = 20_000_000  # numbers that the engine may hand back in one call


@dataclass(frozen=True)
class Evaluation:
    """A problem at parameter vectors.

    ``log_likelihood``: shape (vector,); -inf where a simulation failed. ``log_prior``: likewise, 0 without priors.
    ``simulated``, ``noise``: shape (vector, measurement), as they are. ``chi2``: the sum of squared residuals, each
    in units of its noise. ``failures``: every simulation that failed.
    """

    log_likelihood: Numbers
    log_prior: Numbers
    chi2: Numbers
    simulated: Numbers
    noise: Numbers
    failures: tuple[Failed, ...]

    @property
    def log_posterior(self) -> Numbers:
        """Return the logarithm of likelihood times prior, up to a constant, shape (vector,)."""
        return self.log_likelihood + self.log_prior


def evaluate(problem: FitProblem, vectors: Numbers, accuracy: Accuracy = USUAL) -> Evaluation:
    """Return a problem's likelihood at ``vectors`` of its estimated parameters, each in its scale.

    Args:
        problem: What is to be fitted.
        vectors: Shape (vector, parameter), or (parameter,) for one.
        accuracy: How well to simulate.

    Raises:
        InputError: the problem's formulas or names do not fit together, or vectors have another length.
    """
    vectors = np.atleast_2d(np.asarray(vectors, dtype=float))
    if vectors.ndim != 2 or vectors.shape[1] != len(problem.estimated):
        raise input_error(
            problem.name,
            found=f"vectors of shape {vectors.shape}",
            allowed=f"(vector, {len(problem.estimated)}): one number for each estimated parameter",
            remedy="start from `problem.nominal`",
        )
    readouts = make_readouts(problem)
    step = _vectors_at_once(problem, readouts)
    parts = [_evaluate(problem, readouts, vectors[n : n + step], n, accuracy) for n in range(0, len(vectors), step)]
    if len(parts) == 1:
        return parts[0]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("log_likelihood", "log_prior", "chi2", "simulated", "noise")
    }
    return Evaluation(**joined, failures=tuple(failure for part in parts for failure in part.failures))


def log_prior(problem: FitProblem, vectors: Numbers) -> Numbers:
    """Return the log density of all priors, shape (vector,)."""
    total = np.zeros(vectors.shape[0])
    for place, parameter in enumerate(problem.estimated):
        if parameter.prior is not None:
            total += log_density(parameter.prior, vectors[:, place], parameter.scale)
    return total


def quantities_of(readouts: tuple[Readout, ...]) -> list[str]:
    """Return every quantity of the model that a formula needs, once."""
    return list(dict.fromkeys(name for readout in readouts for name in readout.quantities))


def _evaluate(
    problem: FitProblem, readouts: tuple[Readout, ...], vectors: Numbers, first: int, accuracy: Accuracy
) -> Evaluation:
    table = parameter_table(problem, vectors)
    seen = see(problem, table, quantities_of(readouts), accuracy)
    shape = (vectors.shape[0], len(problem.measurements))
    simulated, noise, density, squares = (np.empty(shape) for _ in range(4))
    for readout in readouts:
        rows, observable = readout.rows, readout.observable
        simulated[:, rows], noise[:, rows] = read_out(readout, seen, table)
        own = (readout.measured, simulated[:, rows], noise[:, rows], observable.scale)
        density[:, rows] = noises.log_density(*own, observable.distribution)
        squares[:, rows] = noises.residual(*own) ** 2
    failures = tuple(Failed(f.vector + first, f.condition, f.reason) for f in seen.failures)
    return Evaluation(
        density.sum(axis=1), log_prior(problem, vectors), squares.sum(axis=1), simulated, noise, failures
    )


def _vectors_at_once(problem: FitProblem, readouts: tuple[Readout, ...]) -> int:
    conditions = {(m.condition, m.preequilibration) for m in problem.measurements}
    times = {m.time for m in problem.measurements}
    size = len(conditions) * len(times) * max(1, len(quantities_of(readouts)))
    return max(1, AT_ONCE // size)
