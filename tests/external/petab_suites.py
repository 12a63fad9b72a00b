"""The PEtab test suite and benchmark problems beside the checkout, and what others found for them.

Run as a script it fits the benchmark problems from random starts and prints a table:
``uv run python tests/external/petab_suites.py ROUNDS [PROBLEM ...]``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from adenoscope.inference import Search, evaluate, fit_problem, read_petab

SUITES = Path(__file__).parents[2] / ".." / "shared" / "suites"
CASES = SUITES / "petab-test-suite" / "v1.0.0" / "sbml"
PROBLEMS = SUITES / "petab-benchmark"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the PEtab test suite lies outside the repository")
needs_problems = pytest.mark.skipif(not PROBLEMS.is_dir(), reason="the PEtab benchmark lies outside the repository")

# Log likelihood at the nominal parameters. Where AMICI's benchmark (tests/benchmark_models/benchmark_models.yaml at
# 5c524dd) has a value, it is that; for the other three it is what the simulatedData table beside the problem gives.
PUBLISHED = {
    "Bachmann_MSB2011": 418.40573341425295,
    "Boehm_JProteomeRes2014": -138.22199693517703,
    "Borghans_BiophysChem1997": 83.3237191357272,
    "Crauste_CellSystems2017": -190.96521897435176,
    "Elowitz_Nature2000": 63.20279991419332,
    "Fujita_SciSignal2010": 53.08377736998929,
    "Perelson_Science1996": -432.0385498112416,
    "Rahman_MBS2016": -21.153489974465547,
    "Raia_CancerResearch2011": -346.08973919257386,
    "Sneyd_PNAS2002": 319.79177818768756,
    "Weber_BMC2015": -296.2017922646865,
    "Zheng_PNAS2012": 278.33353271001477,
}
SEED, N_STARTS, NEAR = 1, 20, 0.1


class Recovery(NamedTuple):
    """How a fit from random starts compares with the published parameters, in minus log posteriors.

    ``alone``: the lowest that the random starts descended to, before any learned from another. ``found``: the lowest
    after ``rounds``. ``n_alone``, ``n_found``: how many of the starts came to the published value, or lower.
    ``first``: the round after which one had; -1 where none did.
    """

    problem: str
    published: float
    alone: float
    found: float
    n_alone: int
    n_found: int
    first: int
    rounds: int
    seconds: float

    @property
    def is_recovered(self):
        return self.found <= self.published + NEAR


def problem_path(name):
    return PROBLEMS / name / f"{name}.yaml"


def recover(name, rounds):
    """Return how a fit from random starts compares with the published parameters."""
    problem = read_petab(problem_path(name))
    published = -float(evaluate(problem, problem.nominal).log_posterior[0])
    best = []
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        kept_in = Path(folder) / "fit.json"
        alone = fit_problem(problem, Search(N_STARTS, SEED, rounds=0), kept_in=kept_in)
        search = Search(N_STARTS, SEED, rounds)
        fit = fit_problem(problem, search, kept_in=kept_in, progress=lambda progress: best.append(-progress.best))
    return Recovery(
        problem=name,
        published=published,
        alone=-alone.log_posterior,
        found=-fit.log_posterior,
        n_alone=n_recovered(alone, published),
        n_found=n_recovered(fit, published),
        first=next((n for n, value in enumerate(best) if value <= published + NEAR), -1),
        rounds=fit.rounds,
        seconds=time.perf_counter() - start,
    )


def n_recovered(fit, published):
    return sum(start.value <= published + NEAR for start in fit.starts)


def row(recovery):
    """Return a line of the table."""
    r = recovery
    return (
        f"{r.problem:25s} {r.published:9.3f} | {r.alone:9.3f} {r.n_alone:2d}/{N_STARTS} | "
        f"{r.found:9.3f} {r.n_found:2d}/{N_STARTS} {r.first:5d} {r.rounds:6d} {r.seconds:7.0f}"
    )


if __name__ == "__main__":
    print(f"{'problem':25s} published |     alone       |     found       first rounds seconds")
    for each in sys.argv[2:] or PUBLISHED:
        print(row(recover(each, int(sys.argv[1]))), flush=True)
