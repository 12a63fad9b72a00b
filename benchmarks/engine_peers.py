"""The engines that are timed: ours in one call and one subject at a time, libroadrunner, numbalsoda, SciPy."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine_model import FIXED, MODEL, TIMES, Array, Equations, apply_changes, segments
from engine_reference import solve_segments
from engine_symbolic import compile_rates, for_solve_ivp, make_functions

OURS, OURS_ALONE = "adenoscope", "adenoscope, N = 1"
ROADRUNNER, NUMBALSODA = "libroadrunner", "numbalsoda"
SOLVE_IVP = "SciPy LSODA (solve_ivp)"
TUNED, ODEINT = "  the same, functions tuned by hand", "  and through odeint"
MAX_STEPS = 100_000


@dataclass(frozen=True)
class Engine:
    """A solver at one tolerance: from parameters (subject, parameter) to states (subject, time, state).

    A subject that could not be solved has NaN among its states.
    ``clock`` gives seconds of CPU; ``n_subjects`` are solved in each round.
    """

    name: str
    solve: Callable[[Array], Array]
    n_subjects: int
    clock: Callable[[], float] = time.process_time


def make_ours(equations: Equations, rtol: float, atol: float, n_subjects: int, alone: bool) -> Engine:
    """Return our engine: all subjects in one call, or each in a call of its own."""
    from adenoscope.simulation import read_model

    model = read_model(MODEL)
    memory: dict[str, Array] = {}

    def solve(cohort: Array) -> Array:
        # Subjects share what does not vary; the columns that do are what a user hands over.
        parameters = {
            name: np.ascontiguousarray(cohort[:, place])
            for place, name in enumerate(equations.parameters)
            if name not in FIXED
        }
        states = list(equations.states)
        # Memory for the answer is made once, as a fit or a sweep would: making it anew costs more in some rounds.
        shape = (len(cohort), len(TIMES), len(states))
        if memory.get("out") is None or memory["out"].shape != shape:
            memory["out"] = np.zeros(shape)
        settings = {"rtol": rtol, "atol": atol, "threads": 1, "out": memory["out"]}
        return model.simulate(TIMES, parameters=parameters, observables=states, **settings).values

    def solve_each(cohort: Array) -> Array:
        return np.concatenate([solve(cohort[n : n + 1]).copy() for n in range(len(cohort))])

    return Engine(OURS_ALONE, solve_each, n_subjects) if alone else Engine(OURS, solve, n_subjects)


def make_roadrunner(equations: Equations, rtol: float, atol: float, n_subjects: int) -> Engine:
    """Return CVODE's BDF in libroadrunner; the model is loaded once, parameters are set as one array."""
    import roadrunner

    runner = roadrunner.RoadRunner(equations.sbml)
    runner.timeCourseSelections = list(equations.states)
    integrator = runner.integrator
    integrator.relative_tolerance, integrator.absolute_tolerance = rtol, atol
    integrator.stiff, integrator.variable_step_size, integrator.maximum_num_steps = True, False, MAX_STEPS
    known = list(runner.model.getGlobalParameterIds())
    places = np.array([known.index(name) for name in equations.parameters], dtype=np.int32)
    grid = TIMES[0], TIMES[-1], len(TIMES)

    def solve(cohort: Array) -> Array:
        values = np.empty((len(cohort), len(TIMES), len(equations.states)))
        with _quiet():
            for row, parameters in zip(values, cohort, strict=True):
                runner.model.setGlobalParameterValues(places, parameters)
                # Brings back time, states and the events' triggers; what events set is among the parameters.
                runner.reset()
                try:
                    row[...] = runner.simulate(*grid)
                except RuntimeError:
                    # After a dose CVODE at times gives up on its step; the time until then counts all the same.
                    row[...] = np.nan
        return values

    with _quiet():
        runner.simulate(*grid)
    return Engine(ROADRUNNER, solve, n_subjects)


def make_numbalsoda(equations: Equations, rtol: float, atol: float, n_subjects: int) -> Engine:
    """Return LSODA in C++ with a compiled right-hand side, restarted at each event."""
    from numbalsoda import lsoda

    rates = compile_rates(equations)
    pieces = segments(equations)

    def solve(cohort: Array) -> Array:
        values = np.empty((len(cohort), len(TIMES), len(equations.states)))
        for row, drawn in zip(values, cohort, strict=True):
            state, parameters = equations.initial.copy(), drawn.copy()
            for piece in pieces:
                apply_changes(equations, piece, state, parameters)
                found, well = lsoda(
                    rates.address, state, piece.knots, parameters, rtol=rtol, atol=atol, mxstep=MAX_STEPS
                )
                row[piece.first : piece.last] = found[piece.picked] if well else np.nan
                state = found[-1].copy()
        return values

    return Engine(NUMBALSODA, solve, n_subjects)


def make_solve_ivp(equations: Equations, rtol: float, atol: float, n_subjects: int, tuned: bool) -> Engine:
    """Return SciPy's LSODA as most people call it, with the exact Jacobian, restarted at each event."""
    functions = make_functions(equations, tuned=tuned)

    def solve(cohort: Array) -> Array:
        return np.stack([solve_segments(equations, functions, row, "LSODA", rtol, atol) for row in cohort])

    return Engine(TUNED if tuned else SOLVE_IVP, solve, n_subjects)


def make_odeint(equations: Equations, rtol: float, atol: float, n_subjects: int) -> Engine:
    """Return SciPy's older door to the same LSODA, which spends less time in Python."""
    from scipy.integrate import odeint

    functions = make_functions(equations, tuned=True)
    pieces = segments(equations)

    def solve(cohort: Array) -> Array:
        values = np.empty((len(cohort), len(TIMES), len(equations.states)))
        for row, drawn in zip(values, cohort, strict=True):
            state, parameters = equations.initial.copy(), drawn.copy()
            for piece in pieces:
                apply_changes(equations, piece, state, parameters)
                fun, jac = for_solve_ivp(functions, parameters)
                settings: dict[str, Any] = {"rtol": rtol, "atol": atol, "mxstep": MAX_STEPS}
                found = odeint(fun, state, piece.knots, Dfun=jac, tfirst=True, **settings)
                row[piece.first : piece.last] = found[piece.picked]
                state = found[-1].copy()
        return values

    return Engine(ODEINT, solve, n_subjects)


@contextmanager
def _quiet() -> Iterator[None]:
    """Send what C libraries write nowhere: CVODE warns of tiny steps after each dose, ten lines a subject."""
    flush = ctypes.CDLL(None).fflush
    sys.stdout.flush()
    kept = [(stream, os.dup(stream)) for stream in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream, _ in kept:
        os.dup2(nowhere, stream)
    try:
        yield
    finally:
        flush(None)
        for stream, copy in kept:
            os.dup2(copy, stream)
            os.close(copy)
        os.close(nowhere)
