"""AMICI, where it is installed: its C++ of the model is built once and kept in the temporary folder."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

from engine_model import TIMES, Array, Equations
from engine_peers import MAX_STEPS, Engine
from engine_reference import FOLDER

AMICI, AMICI_SOLVER = "AMICI, whole call", "AMICI, its solver alone"


def make_amici(equations: Equations, rtol: float, atol: float, n_subjects: int, solver_alone: bool) -> Engine:
    """Return CVODES in AMICI; ``solver_alone`` takes the CPU time that AMICI reports for the solver itself."""
    import amici.sim.sundials  # The built module needs it imported first.

    model = _module(amici, equations).get_model()
    solver = model.create_solver()
    solver.set_relative_tolerance(rtol)
    solver.set_absolute_tolerance(atol)
    solver.set_max_steps(MAX_STEPS)
    model.set_timepoints(TIMES)
    model.set_always_check_finite(False)
    # AMICI makes states of what events set; it starts them at their nominal values, and they do not vary.
    places = [equations.parameters.index(name) for name in model.get_free_parameter_ids()]
    picked = [model.get_state_ids().index(name) for name in equations.states]
    reported_s = [0.0]

    def solve(cohort: Array) -> Array:
        values = np.empty((len(cohort), len(TIMES), len(equations.states)))
        for row, parameters in zip(values, cohort, strict=True):
            model.set_free_parameters(parameters[places])
            done = model.simulate(solver=solver)
            reported_s[0] += done.cpu_time / 1e3
            row[...] = done.x[:, picked]
        return values

    if solver_alone:
        return Engine(AMICI_SOLVER, solve, n_subjects, lambda: reported_s[0])
    return Engine(AMICI, solve, n_subjects)


def _module(amici: Any, equations: Equations) -> Any:
    version = f"{amici.__version__}-{sys.version_info[:2]}"
    key = hashlib.sha256((equations.sbml + version).encode()).hexdigest()[:12]
    name, folder = f"qsp_{key}", Path(FOLDER, f"amici-{key}")
    if not any(folder.glob("*/*.so")):
        from amici.importers.sbml import SbmlImporter

        print(f"Building AMICI's C++ of the model; kept in {folder} for the next run.", flush=True)
        importer = SbmlImporter(equations.sbml, from_file=False)
        importer.sbml2amici(name, folder, generate_sensitivity_code=False)
    return amici.import_model_module(name, folder)
