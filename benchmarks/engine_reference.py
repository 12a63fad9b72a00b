"""The solution that every engine is compared with: SciPy's Radau at 1e-10, kept in the temporary folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np

from engine_model import TIMES, Array, Equations, apply_changes, segments
from engine_symbolic import Functions, for_solve_ivp, make_functions

RTOL, ATOL = 1e-10, 1e-13
FOLDER = Path(tempfile.gettempdir()) / "adenoscope-benchmarks"


def reference(equations: Equations, cohort: Array) -> Array:
    """Return all states of the few subjects of ``cohort``, shape (subject, time, state)."""
    key = hashlib.sha256(equations.text.encode() + cohort.tobytes() + TIMES.tobytes() + repr((RTOL, ATOL)).encode())
    file = FOLDER / f"engine-reference-{key.hexdigest()[:20]}.npy"
    if file.exists():
        return np.load(file)
    print(f"Solving {len(cohort)} subjects with Radau at rtol {RTOL:g}; kept in {FOLDER} for the next run.")
    functions = make_functions(equations, tuned=True)
    found = np.stack([solve_segments(equations, functions, row, "Radau", RTOL, ATOL) for row in cohort])
    FOLDER.mkdir(parents=True, exist_ok=True)
    part = FOLDER / f"{os.getpid()}.npy"
    np.save(part, found)
    part.replace(file)
    return found


def solve_segments(
    equations: Equations, functions: Functions, parameters: Array, method: str, rtol: float, atol: float
) -> Array:
    """Return one subject's states, shape (time, state), by a method of ``solve_ivp`` restarted at each event."""
    from scipy.integrate import solve_ivp

    state, parameters = equations.initial.copy(), parameters.copy()
    values = np.empty((len(TIMES), len(state)))
    for segment in segments(equations):
        apply_changes(equations, segment, state, parameters)
        fun, jac = for_solve_ivp(functions, parameters)
        knots = segment.knots
        done = solve_ivp(
            fun, (knots[0], knots[-1]), state, method, t_eval=knots, jac=jac, rtol=rtol, atol=atol, first_step=None
        )
        if not done.success:
            raise SystemExit(f"{method} failed after t = {knots[0]:g}: {done.message}")
        values[segment.first : segment.last] = done.y.T[segment.picked]
        state = done.y[:, -1].copy()
    return values
