"""The operations of the expression graph, as plain numbers: what constants fold with, and what tests compare to."""

from __future__ import annotations

import math
from collections.abc import Callable

# Operations that a C library evaluates, one number at a time; exp, log, pow and sqrt have vector code of their own.
LIBRARY = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("log10", "log2", "tgamma"),
)
# What jumps from one value to another: between the jumps it is constant.
RELATIONS = ("lt", "le", "eq")
STAIRS = ("floor", "ceil", "trunc")
LOGIC = ("and", "or", "not", "xor")


def _total(function: Callable[[float], float]) -> Callable[[float], float]:
    """Return ``function`` with the infinities and NaN of IEEE arithmetic instead of Python's exceptions."""

    def evaluate(x: float) -> float:
        try:
            return float(function(x))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return evaluate


def _div(a: float, b: float) -> float:
    if b != 0:
        return a / b
    return (
        math.nan if a == 0 or math.isnan(a) or math.isnan(b) else math.copysign(math.inf, a) * math.copysign(1.0, b)
    )


def _pow(a: float, b: float) -> float:
    if a == 0 and b < 0:
        return math.inf
    try:
        return math.pow(a, b)
    except ValueError:
        return math.nan
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf


def _log_like(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: -math.inf if x == 0 else _total(function)(x)


def _sinh(x: float) -> float:
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(math.inf, x)


def _atanh(x: float) -> float:
    return math.copysign(math.inf, x) if abs(x) == 1 else _total(math.atanh)(x)


def _gamma(x: float) -> float:
    if x == 0:
        return math.copysign(math.inf, x)
    try:
        return math.gamma(x)
    except ValueError:
        return math.nan
    except OverflowError:  # beyond 171, or next to the pole at 0
        return math.copysign(math.inf, x) if abs(x) < 1 else math.inf


def _stair(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: math.copysign(float(function(x)), x) if math.isfinite(x) else x


def _choose(condition: float, yes: float, no: float) -> float:
    return yes if condition != 0 else no


_ONE: dict[str, Callable[[float], float]] = {
    "sqrt": _total(math.sqrt),
    "exp": _total(math.exp),
    "log": _log_like(math.log),
    "abs": abs,
    "floor": _stair(math.floor),
    "ceil": _stair(math.ceil),
    "trunc": _stair(math.trunc),
    "not": lambda a: float(a == 0),
    **{name: _total(getattr(math, name)) for name in LIBRARY if name != "tgamma"},
    "log10": _log_like(math.log10),
    "log2": _log_like(math.log2),
    "sinh": _sinh,
    "atanh": _atanh,
    "tgamma": _gamma,
}
_TWO: dict[str, Callable[[float, float], float]] = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "div": _div,
    "pow": _pow,
    "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b),
    "eq": lambda a, b: float(a == b),
    "and": lambda a, b: float(a != 0 and b != 0),
    "or": lambda a, b: float(a != 0 or b != 0),
    "xor": lambda a, b: float((a != 0) != (b != 0)),
}
APPLY: dict[str, Callable[..., float]] = {**_ONE, **_TWO, "select": _choose}
