"""Fitting models to measurements: likelihoods of many parameter vectors at once, descents from many starts."""

from adenoscope.inference.fitting.fit import Fit, Progress, Search, fit_problem
from adenoscope.inference.likelihood.evaluate import Evaluation, evaluate
from adenoscope.inference.petab import read_petab, write_petab
from adenoscope.inference.problem.fit_problem import FitParameter, FitProblem, Measurement, Observable

__all__ = [
    "Evaluation",
    "Fit",
    "FitParameter",
    "FitProblem",
    "Measurement",
    "Observable",
    "Progress",
    "Search",
    "evaluate",
    "fit_problem",
    "read_petab",
    "write_petab",
]
