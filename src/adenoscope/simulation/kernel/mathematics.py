"""exp, log and pow for vectors; the C library's functions lane by lane.

exp and log are right to two units in the last place, pow(x, y) to as many as |y log x|: enough for rate laws.

Where all lanes are ordinary numbers, which is nearly always, a function takes its short way; where one is not, all
take the long way, whose arithmetic is the same for ordinary numbers, so that a lane never feels its neighbours.

    exp x = 2^k exp r,          k = round(x / ln 2), |r| <= ln 2 / 2, a Taylor polynomial of degree 13 in r
    log x = e ln 2 + 2 artanh s, x = 2^e m, sqrt(1/2) <= m < sqrt 2, s = (m - 1) / (m + 1), its series in s to s^23

Source: Muller (2016), Elementary Functions, 3rd ed., chapters 5 and 11.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from adenoscope.simulation.expression.functions import LIBRARY
from adenoscope.simulation.kernel.writer import Writer, vector_function

LN2_HIGH, LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
ROUNDER = 6755399441055744.0  # 1.5 * 2^52: added, it rounds to a whole number, which its low bits then hold
LARGEST, SMALLEST = 709.782712893384, -745.2  # beyond them exp overflows, or is 0
TINY, HUGE = 2.2250738585072014e-308, 1.7976931348623157e308  # the normal numbers
ORDINARY = 700.0  # exp neither overflows nor loses digits
EXPONENT_OF_ROOT_HALF = 0x3FE6A09E667F3BCD


def library(writer: Writer) -> str:
    """Return the declarations and functions that every module starts with; ``writer`` gives the number of lanes."""
    vector, lanes = writer.vector, writer.lanes
    intrinsics = {"fma": 3, "fabs": 1, "sqrt": 1, "floor": 1, "ceil": 1, "trunc": 1, "maxnum": 2, "minnum": 2}
    lines = [
        f"declare {vector} @llvm.{name}.v{lanes}f64({', '.join([vector] * n)})" for name, n in intrinsics.items()
    ]
    lines.append(f"declare i1 @llvm.vector.reduce.and.v{lanes}i1({writer.mask})")
    lines += [f"declare double @{name}(double) nounwind" for name in LIBRARY]
    functions = (_any_exponential, _any_logarithm, _any_power, _exponential, _logarithm, _power)
    return "\n".join([*lines, *(function(Writer(lanes, writer.layout)) for function in functions)])


def _exponential(w: Writer) -> str:
    """Return the text of ``vexp``."""
    _unless(w, _within(w, "%x", -ORDINARY, ORDINARY), "vexp_any", "x")
    return vector_function(w, "vexp", ["x"], _exp(w, "%x"))


def _logarithm(w: Writer) -> str:
    """Return the text of ``vlog``."""
    _unless(w, _within(w, "%x", TINY, HUGE), "vlog_any", "x")
    return vector_function(w, "vlog", ["x"], _log(w, "%x"))


def _power(w: Writer) -> str:
    """Return the text of ``vpow``."""
    ordinary = _within(w, "%x", TINY, HUGE)
    _unless(w, ordinary, "vpow_any", "x", "y")
    exponent = w.mul("%y", _log(w, "%x"))
    _unless(w, _within(w, exponent, -ORDINARY, ORDINARY), "vpow_any", "x", "y")
    return vector_function(w, "vpow", ["x", "y"], _exp(w, exponent))


def _within(w: Writer, x: str, low: float, high: float) -> str:
    above, below = w.compare("oge", x, w.number(low)), w.compare("ole", x, w.number(high))
    return w.put(f"and {w.mask} {above}, {below}")


def _unless(w: Writer, ordinary: str, name: str, *arguments: str) -> None:
    """Return what the function ``name`` gives, unless all lanes are ordinary."""
    every = w.put(f"call i1 @llvm.vector.reduce.and.v{w.lanes}i1({w.mask} {ordinary})")
    mark = every.removeprefix("%")
    w.say(f"br i1 {every}, label %short{mark}, label %long{mark}")
    w.label(f"long{mark}")
    w.say(f"ret {w.vector} {w.call(name, *(f'%{argument}' for argument in arguments))}")
    w.label(f"short{mark}")


def _polynomial(w: Writer, x: str, coefficients: Sequence[float]) -> str:
    """Return sum_i c_i x^i in pairs, pairs of pairs and so on (Estrin): a short chain of dependent operations."""
    terms = [w.number(c) for c in coefficients]
    power = x
    while len(terms) > 1:
        pairs = [w.fma(power, high, low) for low, high in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + ([terms[-1]] if len(terms) % 2 else [])
        if len(terms) > 1:
            power = w.mul(power, power)
    return terms[0]


def _exp(w: Writer, x: str) -> str:
    """Return exp of numbers between LARGEST and SMALLEST."""
    shifted = w.fma(x, w.number(1.4426950408889634), w.number(ROUNDER))
    k = w.sub(shifted, w.number(ROUNDER))
    r = w.fma(k, w.number(-LN2_HIGH), x)
    r = w.fma(k, w.number(-LN2_LOW), r)
    p = _polynomial(w, r, [1 / math.factorial(n) for n in range(14)])
    # 2^k in two factors, for k = 1024 and for results that are denormal.
    whole = w.put(f"bitcast {w.vector} {shifted} to {w.whole}")
    whole = w.put(f"shl {w.whole} {whole}, {w.integer(32)}")
    whole = w.put(f"ashr {w.whole} {whole}, {w.integer(32)}")
    half = w.put(f"ashr {w.whole} {whole}, {w.integer(1)}")
    rest = w.put(f"sub {w.whole} {whole}, {half}")
    return w.mul(w.mul(p, _two_to(w, half)), _two_to(w, rest))


def _two_to(w: Writer, whole: str) -> str:
    biased = w.put(f"add {w.whole} {whole}, {w.integer(1023)}")
    bits = w.put(f"shl {w.whole} {biased}, {w.integer(52)}")
    return w.put(f"bitcast {w.whole} {bits} to {w.vector}")


def _any_exponential(w: Writer) -> str:
    bounded = w.select(w.compare("olt", "%x", w.number(SMALLEST)), w.number(SMALLEST), "%x")
    bounded = w.select(w.compare("olt", w.number(LARGEST), bounded), w.number(LARGEST), bounded)
    p = _exp(w, bounded)
    p = w.select(w.compare("olt", w.number(LARGEST), "%x"), w.number(math.inf), p)
    p = w.select(w.compare("olt", "%x", w.number(SMALLEST)), w.number(0.0), p)
    p = w.select(w.compare("uno", "%x", "%x"), "%x", p)
    return vector_function(w, "vexp_any", ["x"], p)


def _log(w: Writer, x: str, shift: str | None = None) -> str:
    """Return log of positive normal numbers; ``shift`` is added to the exponent."""
    bits = w.put(f"bitcast {w.vector} {x} to {w.whole}")
    above = w.put(f"sub {w.whole} {bits}, {w.integer(EXPONENT_OF_ROOT_HALF)}")
    exponent = w.put(f"ashr {w.whole} {above}, {w.integer(52)}")
    shifted = w.put(f"shl {w.whole} {exponent}, {w.integer(52)}")
    mantissa_bits = w.put(f"sub {w.whole} {bits}, {shifted}")
    m = w.put(f"bitcast {w.whole} {mantissa_bits} to {w.vector}")
    e = w.put(f"sitofp {w.whole} {exponent} to {w.vector}")
    e = e if shift is None else w.add(e, shift)
    top = w.sub(m, w.number(1.0))
    s = w.div(top, w.add(m, w.number(1.0)))
    z = w.mul(s, s)
    p = _polynomial(w, z, [2 / n for n in range(3, 24, 2)])
    # 2 s + s z p = top - s (top - z p) is exact in its large part.
    small = w.mul(s, w.sub(top, w.mul(z, p)))
    low = w.fma(e, w.number(LN2_LOW), w.neg(small))
    return w.fma(e, w.number(LN2_HIGH), w.add(top, low))


def _any_logarithm(w: Writer) -> str:
    denormal = w.compare("olt", "%x", w.number(TINY))
    x = w.select(denormal, w.mul("%x", w.number(2.0**54)), "%x")
    result = _log(w, x, w.select(denormal, w.number(-54.0), w.number(0.0)))
    result = w.select(w.compare("oeq", "%x", w.number(math.inf)), w.number(math.inf), result)
    result = w.select(w.compare("oeq", "%x", w.number(0.0)), w.number(-math.inf), result)
    result = w.select(w.compare("olt", "%x", w.number(0.0)), w.number(math.nan), result)
    result = w.select(w.compare("uno", "%x", "%x"), "%x", result)
    return vector_function(w, "vlog_any", ["x"], result)


def _any_power(w: Writer) -> str:
    """A negative base has a power only where the exponent is whole."""
    size = w.call("vexp_any", w.mul("%y", w.call("vlog_any", w.intrinsic("fabs", "%x"))))
    whole = w.compare("oeq", w.intrinsic("floor", "%y"), "%y")
    half = w.mul("%y", w.number(0.5))
    odd = w.compare("une", w.intrinsic("floor", half), half)
    signed = w.select(odd, w.neg(size), size)
    endless = w.compare("oeq", w.intrinsic("fabs", "%x"), w.number(math.inf))
    signed = w.select(whole, signed, w.select(endless, size, w.number(math.nan)))
    result = w.select(w.compare("olt", "%x", w.number(0.0)), signed, size)
    alternating = w.compare("oeq", w.intrinsic("fabs", "%y"), w.number(math.inf))
    minus_one = w.put(f"and {w.mask} {alternating}, {w.compare('oeq', '%x', w.number(-1.0))}")
    result = w.select(minus_one, w.number(1.0), result)
    result = w.select(w.compare("oeq", "%y", w.number(0.0)), w.number(1.0), result)
    result = w.select(w.compare("oeq", "%x", w.number(1.0)), w.number(1.0), result)
    return vector_function(w, "vpow_any", ["x", "y"], result)
