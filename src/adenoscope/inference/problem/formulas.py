"""Formulas of observables and noise, as functions of arrays.

petab parses them, for what a text means (``log`` is natural, ``^`` is a power) is PEtab's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.inference.problem.scales import Numbers


@dataclass(frozen=True)
class Formula:
    """A formula: ``function`` takes an array for each of ``names``, in their order."""

    text: str
    names: tuple[str, ...]
    function: Callable[..., Any]

    def __call__(self, values: dict[str, Numbers]) -> Numbers:
        """Return the formula's value; NaN or infinite where it has none."""
        with np.errstate(all="ignore"):
            return np.asarray(self.function(*(values[name] for name in self.names)), dtype=float)


@lru_cache(1024)
def read_formula(text: str) -> Formula:
    """Return the formula that a text means.

    Raises:
        InputError: the text is not a formula, or the package that reads it is not installed.
    """
    require_petab("formula")
    import sympy
    from petab.v1.math import sympify_petab

    try:
        expression: Any = sympify_petab(text)
    except ValueError as error:
        raise input_error(
            "formula",
            found=f"`{text}`: {error}",
            allowed="numbers, names, + - * / ^, and functions such as exp, log, log10, sqrt, piecewise",
            remedy="mend the formula",
        ) from None
    symbols = sorted(expression.free_symbols, key=str)
    function = sympy.lambdify(symbols, expression, modules="numpy", cse=True)
    return Formula(text, tuple(str(symbol) for symbol in symbols), function)


def require_petab(needed_by: str | Path) -> None:
    """Raise an InputError that says how to install petab, where it is not installed."""
    if find_spec("petab") is None:
        raise input_error(
            needed_by,
            found="the package petab, which reads formulas and fitting problems, is not installed",
            allowed="an installation with the extra 'petab'",
            remedy="pip install adenoscope[petab]",
        )
