"""What was promised about accuracy, each promise computed from the table and printed with PASS or FAIL."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.console import Console

from photometry_table import Condition

MIMICS = ("ultradian", "haemodynamics")


@dataclass(frozen=True)
class Promise:
    """A promise: what, what was found, and whether it is kept; None where the run cannot tell."""

    text: str
    found: str
    kept: bool | None


def judge(conditions: list[Condition]) -> list[Promise]:
    """Return every promise; where the run lacks the conditions or the peers for one, it says so."""
    two = [condition for condition in conditions if condition.two_channels]
    return [
        *_coverage(conditions),
        _false_positives([condition for condition in conditions if not condition.responds]),
        *_against_peers(two),
        *_bias([condition for condition in two if condition.responds]),
        *_signal_only(conditions),
        _grid(conditions),
    ]


def print_promises(promises: list[Promise], console: Console) -> None:
    for promise in promises:
        word = {True: "PASS", False: "FAIL", None: "open"}[promise.kept]
        style = {True: "green", False: "bold red", None: "yellow"}[promise.kept]
        console.print(f"[{style}]{word:8}[/] {promise.text}: {promise.found}")


def _coverage(conditions: list[Condition]) -> list[Promise]:
    answered = [c for c in conditions if not np.isnan(c.coverage)]
    weights = [c.n * (1 - c.refused) for c in answered]
    over_all = float(np.average([c.coverage for c in answered], weights=weights)) if answered else np.nan
    plain = [c for c in answered if c.name not in MIMICS]
    over_text = "95 % interval of the mean covers in 92 to 98 % over all"
    promises = [
        Promise(over_text, f"{over_all:.1%}", 0.92 <= over_all <= 0.98 if answered else None),
        _lowest("and in no condition under 88 %", plain, 0.88),
    ]
    for c in conditions:
        if c.name in MIMICS:
            kept = c.coverage >= 0.88 or (c.coverage >= 0.80 and c.caution >= 0.90)
            text = f"{c.name}: at least 80 %, and under 88 % only with a caution in 9 of 10"
            promises.append(Promise(text, f"{c.coverage:.0%}, caution in {c.caution:.0%}", kept))
    refused = float(np.average([c.refused for c in conditions], weights=[c.n for c in conditions]))
    promises.append(Promise("refused, of all recordings (no limit promised)", f"{refused:.1%}", None))
    return promises


def _lowest(text: str, conditions: list[Condition], limit: float) -> Promise:
    if not conditions:
        return Promise(text, "no such condition in this run", None)
    lowest = min(conditions, key=lambda c: c.coverage)
    return Promise(text, f"lowest {lowest.coverage:.0%} ({lowest.name})", lowest.coverage >= limit)


def _false_positives(silent: list[Condition]) -> Promise:
    text = "false positives without a response at most 5 %"
    answered = [c for c in silent if not np.isnan(c.excludes_zero)]
    if not answered:
        return Promise(text, "no such condition in this run", None)
    weights = [c.n * (1 - c.refused) for c in answered]
    share = float(np.average([c.excludes_zero for c in answered], weights=weights))
    return Promise(text, f"{share:.1%} of {sum(weights):.0f}", share <= 0.05)


def _against_peers(two: list[Condition]) -> list[Promise]:
    worst_text = "worst RMSE, two channels, at most 60 % of the best peer's worst"
    each_text = "RMSE nowhere more than 0.3 points above the best peer there (ultradian 0.5)"
    met = [c for c in two if c.peer_rmse and not np.isnan(c.rmse)]
    if not met:
        return [Promise(text, "peers were not run", None) for text in (worst_text, each_text)]
    shared = set.intersection(*(set(c.peer_rmse) for c in met))
    worst_of = {peer: max(c.peer_rmse[peer] for c in met) for peer in shared}
    best = min(worst_of, key=worst_of.__getitem__)
    ours = max(met, key=lambda c: c.rmse)
    excess = {c.name: c.rmse - min(c.peer_rmse.values()) - (0.5 if c.name == "ultradian" else 0.3) for c in met}
    tight = max(excess, key=excess.__getitem__)
    gap = excess[tight] + (0.5 if tight == "ultradian" else 0.3)
    share = ours.rmse / worst_of[best]
    found = f"{ours.rmse:.2f} ({ours.name}) against {worst_of[best]:.2f} ({best}), {share:.0%}"
    behind = [name for name, over in excess.items() if over > 0]
    return [
        Promise(worst_text, found, share <= 0.6),
        Promise(each_text, f"{gap:+.2f} in {tight}; behind in: {', '.join(behind) or 'none'}", not behind),
    ]


def _bias(responding: list[Condition]) -> list[Promise]:
    over_text, each_text = "bias of the AUC, two channels, at most 5 % over all", "and at most 10 % in any"
    claimed = {c.name: c.auc_bias for c in responding if not np.isnan(c.auc_bias)}
    if not claimed:
        return [Promise(text, "no AUC was claimed", None) for text in (over_text, each_text)]
    over_all, absolute = (
        float(np.mean(list(claimed.values()))),
        float(np.mean(np.abs(list(claimed.values())))),
    )
    worst = max(claimed, key=lambda name: abs(claimed[name]))
    share = float(np.mean([c.auc_share for c in responding]))
    found = f"{over_all:+.1f} % (mean size {absolute:.1f} %; claimed in {share:.0%})"
    return [
        Promise(over_text, found, abs(over_all) <= 5),
        Promise(each_text, f"{claimed[worst]:+.1f} % in {worst}", abs(claimed[worst]) <= 10),
    ]


def _signal_only(conditions: list[Condition]) -> list[Promise]:
    by_name = {c.name: c for c in conditions}
    alone, typical = by_name.get("no_control"), by_name.get("typical")
    text = "without control and blank: signal_only, no AUC, wider intervals"
    if alone is None or typical is None:
        return [Promise(text, "needs the conditions no_control and typical", None)]
    wider = bool(alone.half_width > typical.half_width) or alone.refused == 1
    found = (
        f"signal_only in {alone.signal_only:.0%}, AUC in {alone.auc_share:.0%}, "
        f"half-width {alone.half_width:.1f} against {typical.half_width:.1f} %"
    )
    return [Promise(text, found, alone.signal_only == 1 and alone.auc_share == 0 and wider)]


def _grid(conditions: list[Condition]) -> Promise:
    fewest = min(c.n for c in conditions)
    found = f"{len(conditions)} conditions of at least {fewest}"
    return Promise("at least 12 conditions of 50 recordings", found, len(conditions) >= 12 and fewest >= 50)
