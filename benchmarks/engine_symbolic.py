"""The model's right-hand side and exact Jacobian: as Python for SciPy, as machine code for numbalsoda."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine_model import Array, Equations


@dataclass(frozen=True)
class Functions:
    """``rates(y, p)`` as a list; ``jacobian(y, p)`` as the list of its entries at ``rows``, ``columns``."""

    rates: Callable[[list[float], list[float]], list[float]]
    jacobian: Callable[[list[float], list[float]], list[float]]
    rows: Array
    columns: Array
    tuned: bool


def make_functions(equations: Equations, *, tuned: bool) -> Functions:
    """Return Python functions from sympy's lambdify, as most people make them, or tuned by hand.

    Tuned: common subexpressions are taken out, and states are handed over as Python's own floats, not numpy's.
    """
    import sympy

    names = (*equations.states, *equations.parameters)
    known = {name: sympy.Symbol(name, real=True) for name in names}
    for name, formula in equations.assigned:
        known[name] = sympy.sympify(formula, locals=known)
    rates = [sympy.sympify(formula, locals=known) for formula in equations.rates]
    states = [known[name] for name in equations.states]
    arguments = [states, [known[name] for name in equations.parameters]]
    entries = {
        (row, column): rate.diff(state)
        for row, rate in enumerate(rates)
        for column, state in enumerate(states)
        if state in rate.free_symbols
    }
    places = np.array(list(entries))
    made = [sympy.lambdify(arguments, found, modules="math", cse=tuned) for found in (rates, list(entries.values()))]
    return Functions(made[0], made[1], places[:, 0], places[:, 1], tuned)


def for_solve_ivp(functions: Functions, parameters: Array) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return ``fun(t, y)`` and ``jac(t, y)`` of one subject between two events."""
    rates, jacobian, fixed = functions.rates, functions.jacobian, parameters.tolist()

    def scalars(state: Array) -> Any:
        return state.tolist() if functions.tuned else state

    def fun(_time: float, state: Array) -> list[float]:
        return rates(scalars(state), fixed)

    def jac(_time: float, state: Array) -> Array:
        dense = np.zeros((len(state), len(state)))
        dense[functions.rows, functions.columns] = jacobian(scalars(state), fixed)
        return dense

    return fun, jac


def compile_rates(equations: Equations) -> Any:
    """Return the right-hand side as a C callback ``f(t, y, dy, p)``, compiled by numba from the formulas."""
    from numba import cfunc
    from numbalsoda import lsoda_sig

    lines = [f"{name} = p[{place}]" for place, name in enumerate(equations.parameters)]
    lines += [f"{name} = y[{place}]" for place, name in enumerate(equations.states)]
    lines += [f"{name} = {formula}" for name, formula in equations.assigned]
    lines += [f"dy[{place}] = {formula}" for place, formula in enumerate(equations.rates)]
    space: dict[str, Any] = {}
    exec("def rates(t, y, dy, p):\n    " + "\n    ".join(lines), space)
    return cfunc(lsoda_sig, error_model="numpy", fastmath=True)(space["rates"])
