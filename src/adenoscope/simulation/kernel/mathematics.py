"""exp, log and pow for vectors, to about one unit in the last place; the C library's functions lane by lane.

    exp x = 2^k exp r,          k = round(x / ln 2), |r| <= ln 2 / 2, a Taylor polynomial of degree 13 in r
    log x = e ln 2 + 2 artanh s, x = 2^e m, sqrt(1/2) <= m < sqrt 2, s = (m - 1) / (m + 1), its series in s to s^23

Source: Muller (2016), Elementary Functions, 3rd ed., chapters 5 and 11.
"""

from __future__ import annotations

import math

from adenoscope.simulation.expression.functions import LIBRARY
from adenoscope.simulation.kernel.writer import Writer, vector_function

LN2_HIGH, LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
ROUNDER = 6755399441055744.0  # 1.5 * 2^52: added, it rounds to a whole number, which its low bits then hold
LARGEST, SMALLEST = 709.782712893384, -745.2  # beyond them exp overflows, or is 0
TINY = 2.2250738585072014e-308
EXPONENT_OF_ROOT_HALF = 0x3FE6A09E667F3BCD


def library(writer: Writer) -> str:
    """Return the declarations and functions that every module starts with; ``writer`` gives the number of lanes."""
    vector, lanes = writer.vector, writer.lanes
    intrinsics = {"fma": 3, "fabs": 1, "sqrt": 1, "floor": 1, "ceil": 1, "trunc": 1, "maxnum": 2, "minnum": 2}
    lines = [
        f"declare {vector} @llvm.{name}.v{lanes}f64({', '.join([vector] * n)})" for name, n in intrinsics.items()
    ]
    lines += [f"declare double @{name}(double) nounwind" for name in LIBRARY]
    fresh = lambda: Writer(lanes, writer.layout)  # noqa: E731
    return "\n".join([*lines, exponential(fresh()), logarithm(fresh()), power(fresh())])


def exponential(w: Writer) -> str:
    """Return the text of ``vexp``."""
    x = "%x"
    bounded = w.select(w.compare("olt", x, w.number(SMALLEST)), w.number(SMALLEST), x)
    bounded = w.select(w.compare("olt", w.number(LARGEST), bounded), w.number(LARGEST), bounded)
    shifted = w.fma(bounded, w.number(1.4426950408889634), w.number(ROUNDER))
    k = w.sub(shifted, w.number(ROUNDER))
    r = w.fma(k, w.number(-LN2_HIGH), bounded)
    r = w.fma(k, w.number(-LN2_LOW), r)
    p = w.number(1 / math.factorial(13))
    for n in range(12, -1, -1):
        p = w.fma(p, r, w.number(1 / math.factorial(n)))
    # 2^k in two factors, for k = 1024 and for results that are denormal.
    whole = w.put(f"bitcast {w.vector} {shifted} to {w.whole}")
    whole = w.put(f"shl {w.whole} {whole}, {w.integer(32)}")
    whole = w.put(f"ashr {w.whole} {whole}, {w.integer(32)}")
    half = w.put(f"ashr {w.whole} {whole}, {w.integer(1)}")
    rest = w.put(f"sub {w.whole} {whole}, {half}")
    p = w.mul(w.mul(p, _two_to(w, half)), _two_to(w, rest))
    p = w.select(w.compare("olt", w.number(LARGEST), x), w.number(math.inf), p)
    p = w.select(w.compare("olt", x, w.number(SMALLEST)), w.number(0.0), p)
    p = w.select(w.compare("uno", x, x), x, p)
    return vector_function(w, "vexp", ["x"], p)


def _two_to(w: Writer, whole: str) -> str:
    biased = w.put(f"add {w.whole} {whole}, {w.integer(1023)}")
    bits = w.put(f"shl {w.whole} {biased}, {w.integer(52)}")
    return w.put(f"bitcast {w.whole} {bits} to {w.vector}")


def logarithm(w: Writer) -> str:
    """Return the text of ``vlog``."""
    denormal = w.compare("olt", "%x", w.number(TINY))
    x = w.select(denormal, w.mul("%x", w.number(2.0**54)), "%x")
    bits = w.put(f"bitcast {w.vector} {x} to {w.whole}")
    above = w.put(f"sub {w.whole} {bits}, {w.integer(EXPONENT_OF_ROOT_HALF)}")
    exponent = w.put(f"ashr {w.whole} {above}, {w.integer(52)}")
    shifted = w.put(f"shl {w.whole} {exponent}, {w.integer(52)}")
    mantissa_bits = w.put(f"sub {w.whole} {bits}, {shifted}")
    m = w.put(f"bitcast {w.whole} {mantissa_bits} to {w.vector}")
    e = w.put(f"sitofp {w.whole} {exponent} to {w.vector}")
    e = w.select(denormal, w.sub(e, w.number(54.0)), e)
    top = w.sub(m, w.number(1.0))
    s = w.div(top, w.add(m, w.number(1.0)))
    z = w.mul(s, s)
    p = w.number(2 / 23)
    for n in range(21, 1, -2):
        p = w.fma(p, z, w.number(2 / n))
    # 2 s + s z p = top - s (top - z p) is exact in its large part.
    small = w.mul(s, w.sub(top, w.mul(z, p)))
    low = w.fma(e, w.number(LN2_LOW), w.neg(small))
    result = w.fma(e, w.number(LN2_HIGH), w.add(top, low))
    result = w.select(w.compare("oeq", "%x", w.number(math.inf)), w.number(math.inf), result)
    result = w.select(w.compare("oeq", "%x", w.number(0.0)), w.number(-math.inf), result)
    result = w.select(w.compare("olt", "%x", w.number(0.0)), w.number(math.nan), result)
    result = w.select(w.compare("uno", "%x", "%x"), "%x", result)
    return vector_function(w, "vlog", ["x"], result)


def power(w: Writer) -> str:
    """Return the text of ``vpow``: a negative base has a power only where the exponent is whole."""
    size = w.call("vexp", w.mul("%y", w.call("vlog", w.intrinsic("fabs", "%x"))))
    whole = w.compare("oeq", w.intrinsic("floor", "%y"), "%y")
    half = w.mul("%y", w.number(0.5))
    odd = w.compare("une", w.intrinsic("floor", half), half)
    signed = w.select(odd, w.neg(size), size)
    signed = w.select(whole, signed, w.number(math.nan))
    result = w.select(w.compare("olt", "%x", w.number(0.0)), signed, size)
    result = w.select(w.compare("oeq", "%y", w.number(0.0)), w.number(1.0), result)
    result = w.select(w.compare("oeq", "%x", w.number(1.0)), w.number(1.0), result)
    return vector_function(w, "vpow", ["x", "y"], result)
