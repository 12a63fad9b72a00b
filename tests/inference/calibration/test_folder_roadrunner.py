"""The exported calibration in another simulator: same rows. Run with `uv run --with libroadrunner pytest`."""

from __future__ import annotations

import re

import libsbml
import numpy as np
import pytest

from adenoscope.inference import evaluate
from adenoscope.inference.calibration.folder.write import make_calibration
from adenoscope.inference.calibration.posterior import make_target
from adenoscope.inference.problem.formulas import read_formula
from adenoscope.studies.shipped import shipped_observations

roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner is not installed: uv run --with libroadrunner")


def switched(sbml, values):
    """Return the model with a condition's constants in its text: set later, initial values would stay."""
    document = libsbml.readSBMLFromString(sbml)
    for name, value in values.items():
        document.getModel().getParameter(name).setValue(value)
    return libsbml.writeSBMLToString(document)


def test_every_row_is_the_same_in_libroadrunner():
    problem = make_calibration(make_target(shipped_observations())).problem
    ours = evaluate(problem, problem.nominal).simulated[0]
    theirs = np.empty_like(ours)
    for condition, sets in problem.conditions.items():
        rows = [n for n, m in enumerate(problem.measurements) if m.condition == condition]
        runner = roadrunner.RoadRunner(switched(problem.model.sbml, sets))
        runner.integrator.relative_tolerance = 1e-8
        # A list, for the reason that tests/mechanism/test_roadrunner.py gives.
        runner.integrator.setValue("absolute_tolerance", [1e-11] * runner.model.getNumRateRules())
        runner.integrator.setValue("maximum_num_steps", 200_000)
        runner.integrator.setValue("maximum_time_step", 30.0)
        formulas = {n: read_formula(problem.observables[problem.measurements[n].observable].formula) for n in rows}
        names = sorted({name for formula in formulas.values() for name in formula.names})
        times = sorted({0.0, *(problem.measurements[n].time for n in rows)})
        part = np.array(runner.simulate(times=times, selections=["time", *names]))
        for n, formula in formulas.items():
            at = part[times.index(problem.measurements[n].time)]
            theirs[n] = formula({name: at[1 + names.index(name)] for name in formula.names})
    # Both keep about eight digits; times are where a curve crosses a level, and the top of a curve is flat.
    np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=1e-6)
    assert not [name for name in problem.conditions if re.search(r"\W", name)]
