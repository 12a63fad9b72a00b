"""What is promised about the engine beside its peers, each promise computed from the rounds."""

from __future__ import annotations

from engine_peers import NUMBALSODA, OURS, OURS_ALONE, ROADRUNNER, SOLVE_IVP
from engine_rounds import Row
from photometry_gate import Promise

# How many times less CPU per subject than each peer, all subjects in one call.
AT_LEAST = {ROADRUNNER: 20.0, NUMBALSODA: 30.0, SOLVE_IVP: 400.0}
ALONE_AT_LEAST = 3.0


def judge(found: dict[float, list[Row]]) -> list[Promise]:
    """Return every promise at every tolerance; open where an engine was not run."""
    promises: list[Promise] = []
    for rtol, rows in found.items():
        by_name = {row.name: row for row in rows}
        promises += [_cheaper(rtol, by_name, OURS, peer, least) for peer, least in AT_LEAST.items()]
        promises += [_more_accurate(rtol, by_name), _cheaper(rtol, by_name, OURS_ALONE, ROADRUNNER, ALONE_AT_LEAST)]
    return promises


def _cheaper(rtol: float, rows: dict[str, Row], ours: str, peer: str, least: float) -> Promise:
    text = f"rtol {rtol:g}: {ours} at least {least:g} times less CPU than {peer}"
    pair = [rows[name].cpu_us if name in rows else None for name in (ours, peer)]
    if pair[0] is None or pair[1] is None:
        return Promise(text, "not run", None)
    times = pair[1] / pair[0]
    return Promise(text, f"{pair[0]:,.0f} against {pair[1]:,.0f} µs, {times:.1f} times", times >= least)


def _more_accurate(rtol: float, rows: dict[str, Row]) -> Promise:
    text = f"rtol {rtol:g}: {OURS}'s error smaller than {ROADRUNNER}'s"
    if OURS not in rows or ROADRUNNER not in rows or not rows[ROADRUNNER].rounds_us:
        return Promise(text, "not run", None)
    ours, peer = rows[OURS].error, rows[ROADRUNNER].error
    return Promise(text, f"{ours:.1e} against {peer:.1e}", ours < peer)
