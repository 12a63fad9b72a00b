"""Rows of single recordings gathered by condition, and the tables that are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from adenoscope.photometry.synthetic import SCENARIOS, Scenario

Row = dict[str, Any]


@dataclass(frozen=True)
class Condition:
    """What a condition's recordings add up to; NaN where nothing was answered.

    Peers are scored on the recordings that we answered, so that refusing gains nothing over them.
    Errors are in % ΔF/F, biases in % of the true response; ``auc_share`` is where a claim was made.
    """

    name: str
    n: int
    refused: float
    coverage: float
    auc_coverage: float
    auc_share: float
    excludes_zero: float
    rmse: float
    auc_bias: float
    half_width: float
    kappa_coverage: float
    caution: float
    signal_only: float
    seconds: float
    peer_rmse: dict[str, float]
    peer_bias: dict[str, float]

    @property
    def scenario(self) -> Scenario:
        return SCENARIOS[self.name]

    @property
    def responds(self) -> bool:
        return self.scenario.response != "none"

    @property
    def two_channels(self) -> bool:
        return self.scenario.has_control

    @property
    def best_peer(self) -> str | None:
        return min(self.peer_rmse, key=self.peer_rmse.__getitem__, default=None)


def gather(rows: Iterable[Row]) -> list[Condition]:
    """Return the conditions, in the order of the grid."""
    rows = list(rows)
    names = [name for name in SCENARIOS if any(row["condition"] == name for row in rows)]
    return [_condition(name, [row for row in rows if row["condition"] == name]) for name in names]


def _condition(name: str, rows: list[Row]) -> Condition:
    answered = [row for row in rows if row["status"] == "estimated"]
    claimed = [row for row in answered if row["auc"] is not None]
    leaky = [row for row in answered if row["kappa"] is not None and row["truth_kappa"] is not None]
    peers = sorted({peer for row in answered for peer in row["peers"]})
    return Condition(
        name=name,
        n=len(rows),
        refused=1 - len(answered) / len(rows),
        coverage=_mean(_covers(row["mean"], row["truth_mean"]) for row in answered),
        auc_coverage=_mean(_covers(row["auc"], row["truth_mean"] * _window_s(row)) for row in claimed),
        auc_share=len(claimed) / max(len(answered), 1),
        excludes_zero=_mean(not _covers(row["mean"], 0.0) for row in answered),
        rmse=_mean(row["mse"] for row in answered) ** 0.5,
        auc_bias=_bias((row["auc"]["estimate"] / _window_s(row), row["truth_mean"]) for row in claimed),
        half_width=100 * _mean((row["mean"]["high"] - row["mean"]["low"]) / 2 for row in answered),
        kappa_coverage=_mean(_covers(row["kappa"], row["truth_kappa"]) for row in leaky),
        caution=_mean(bool(row["cautions"]) for row in answered),
        signal_only=_mean(row["verdict"] == "signal_only" for row in rows),
        seconds=float(np.median([row["seconds"] for row in rows])),
        peer_rmse={
            peer: _mean(row["peers"][peer]["mse"] for row in answered if peer in row["peers"]) ** 0.5
            for peer in peers
        },
        peer_bias={
            peer: _bias((row["peers"][peer]["mean"], row["truth_mean"]) for row in answered if peer in row["peers"])
            for peer in peers
        },
    )


def _window_s(row: Row) -> float:
    scenario = SCENARIOS[row["condition"]]
    return min(1800.0, scenario.duration_s - scenario.baseline_s)


def _covers(interval: dict[str, float], value: float) -> bool:
    return interval["low"] <= value <= interval["high"]


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return float(np.mean(found)) if found else float("nan")


def _bias(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the bias [% of the true response]: of the sums, so that small responses do not dominate."""
    found = np.array(list(pairs)).reshape(-1, 2)
    total = found[:, 1].sum()
    return float(100 * (found[:, 0].sum() / total - 1)) if total else float("nan")


def print_tables(conditions: list[Condition], console: Console) -> None:
    """Print ours, then every peer's error and bias."""
    console.print(_our_table(conditions))
    for title, of in (("RMSE, % ΔF/F", "peer_rmse"), ("bias of the AUC, %", "peer_bias")):
        for two in (True, False):
            chosen = [condition for condition in conditions if condition.two_channels == two]
            table = _peer_table(chosen, of, f"Peers, {'two channels' if two else 'one channel'}: {title}")
            if table is not None:
                console.print(table)


def _our_table(conditions: list[Condition]) -> Table:
    table = Table(title="adenoscope on simulated recordings (percent; RMSE and half-width in % ΔF/F)")
    head = "n,refused,covers,AUC covers,AUC claimed,excludes 0,RMSE,best peer,AUC bias,half-width,κ covers,"
    for column in ("condition", *(head + "caution,s").split(",")):
        table.add_column(column, justify="left" if column == "condition" else "right")
    for c in conditions:
        best = c.best_peer
        shares = (c.refused, c.coverage, c.auc_coverage, c.auc_share, c.excludes_zero)
        table.add_row(
            c.name,
            str(c.n),
            *(_percent(share) for share in shares),
            _number(c.rmse, 2),
            "-" if best is None else f"{c.peer_rmse[best]:.2f} {best}",
            _number(c.auc_bias, 1),
            _number(c.half_width, 2),
            _percent(c.kappa_coverage),
            _percent(c.caution),
            _number(c.seconds, 2),
        )
    return table


def _peer_table(conditions: list[Condition], of: str, title: str) -> Table | None:
    peers = sorted({peer for condition in conditions for peer in getattr(condition, of)})
    if not peers:
        return None
    ours = "rmse" if of == "peer_rmse" else "auc_bias"
    table = Table(title=title)
    for column in ("condition", "adenoscope", *(peer.replace("_", " ") for peer in peers)):
        table.add_column(column, justify="left" if column == "condition" else "right")
    for c in conditions:
        found = [getattr(c, of).get(peer, float("nan")) for peer in peers]
        table.add_row(c.name, *(_number(value, 2) for value in (getattr(c, ours), *found)))
    return table


def _percent(share: float) -> str:
    return _number(100 * share, 0)


def _number(value: float, digits: int) -> str:
    return "-" if np.isnan(value) else f"{value:.{digits}f}"
