"""What has to be simulated to predict observations: one virtual animal for each protocol and draw.

Protocols of the same length go through the engine together; each animal has its own doses, gas and genotype.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adenoscope.core.protocol import Protocol
from adenoscope.inference.predict.experiments import AT_S, SHORT_S
from adenoscope.mechanism.inhibitors import ENZYMES
from adenoscope.mechanism.interventions import INPUTS, changes, parameters
from adenoscope.mechanism.pieces import PIECES, constants
from adenoscope.mechanism.rest import moved_rest, own_rest
from adenoscope.simulation import Change, Model
from adenoscope.simulation.solver.tables import Numbers

EVERY_S, LATER_S = 10.0, 300.0  # between looks: in the first hour and a half, and after
TOLERANCES: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-8, "max_steps": 20_000, "chunk": 64}


def times_of(protocol: Protocol, moments: Sequence[float] = ()) -> Numbers:
    """Return when a protocol is looked at [s]: often for as long as recordings last, and at ``moments``."""
    short = min(protocol.duration_s, SHORT_S)
    often = np.arange(0.0, short + EVERY_S / 2, EVERY_S)
    later = np.arange(short, protocol.duration_s + LATER_S / 2, LATER_S)
    return np.unique([*often.tolist(), *later.tolist(), *moments])


@dataclass(frozen=True)
class Curves:
    """Simulated quantities by protocol: when, shape (time,), and what, shape (draw, time) for each name."""

    times: Mapping[Protocol, Numbers]
    values: Mapping[Protocol, Mapping[str, Numbers]]

    def quantity(self, protocol: Protocol, name: str) -> Numbers:
        return self.values[protocol][name]

    def before(self, protocol: Protocol) -> Numbers:
        """Return ΔF/F [1] before the intervention, shape (draw, time)."""
        return self.quantity(protocol, "dff")[:, : self._start(protocol)]

    def dff(self, protocol: Protocol) -> Numbers:
        """Return ΔF/F [1] in the hour from the intervention on, relative to its start, shape (draw, time)."""
        start = self._start(protocol)
        whole = self.quantity(protocol, "dff")[:, start : start + round((SHORT_S - AT_S) / EVERY_S) + 1]
        return (whole - whole[:, :1]) / (1 + whole[:, :1])

    def at(self, protocol: Protocol, name: str, moment_s: float) -> Numbers:
        """Return a quantity at a moment that was looked at, shape (draw,)."""
        return self.quantity(protocol, name)[:, int(np.searchsorted(self.times[protocol], moment_s - 1e-6))]

    def _start(self, protocol: Protocol) -> int:
        return int(np.searchsorted(self.times[protocol], AT_S - 1e-6))


def simulate_runs(
    model: Model,
    protocols: Sequence[Protocol],
    drawn: Mapping[str, Numbers],
    observed: Sequence[str],
    moments: Sequence[float] = (),
) -> Curves:
    """Return what protocols give, NaN where one could not be integrated.

    ``drawn``: constants by name, one value for each draw. ``observed``: the model's names. ``moments``: times [s]
    to be looked at beside the usual ones.
    """
    times: dict[Protocol, Numbers] = {}
    values: dict[Protocol, dict[str, Numbers]] = {}
    for group in _alike(protocols):
        looked = times_of(group[0], [moment for moment in moments if moment <= group[0].duration_s])
        found = _simulate(model, group, drawn, observed, looked)
        for n, protocol in enumerate(group):
            times[protocol] = looked
            values[protocol] = {name: found[:, n, :, k] for k, name in enumerate(observed)}
    return Curves(times, values)


def _alike(protocols: Sequence[Protocol]) -> list[list[Protocol]]:
    """Return protocols in groups that go through the engine together."""
    groups: dict[object, list[Protocol]] = {}
    for protocol in dict.fromkeys(protocols):
        own_rest_of = tuple(moved_rest(protocol).items())
        groups.setdefault((protocol.duration_s, own_rest_of), []).append(protocol)
    return list(groups.values())


def _simulate(
    model: Model, group: Sequence[Protocol], drawn: Mapping[str, Numbers], observed: Sequence[str], times: Numbers
) -> Numbers:
    n_draws = max((value.size for value in drawn.values()), default=1)
    tiled = {name: np.repeat(value, len(group)) for name, value in drawn.items()}
    own = [parameters(protocol) for protocol in group]
    usual = _usual()
    switches = {
        name: np.tile([each.get(name, usual[name]) for each in own], n_draws)
        for name in sorted({name for each in own for name in each})
    }
    rest = {name: np.repeat(value, len(group)) for name, value in own_rest(model, group[0], drawn).items()}
    result = model.simulate(
        times,
        parameters={**switches, **tiled, **rest},
        events=merged(group, n_draws),
        observables=observed,
        n_subjects=n_draws * len(group),
        **TOLERANCES,
    )
    return result.values.reshape(n_draws, len(group), times.size, len(observed))


def _usual() -> dict[str, float]:
    known = {name: value.value for piece in PIECES for name, value in constants(piece, "mouse").items()}
    return {name: known[name] for name in INPUTS if name in known} | dict.fromkeys(ENZYMES.values(), 1.0)


def merged(group: Sequence[Protocol], n_draws: int) -> list[Change]:
    """Return the changes of all protocols as one list: a dose of 0, or what holds already, where one has none."""
    own = [sorted(changes(protocol), key=lambda change: float(change.time)) for protocol in group]  # type: ignore[arg-type]
    moments: dict[tuple[float, str, bool], None] = {}
    for each in own:
        moments |= {(float(c.time), c.target, c.adds): None for c in each}  # type: ignore[arg-type]
    usual, found = _usual(), []
    for time, target, adds in sorted(moments):
        values = [_value(each, time, target, adds, usual.get(target, 0.0)) for each in own]
        found.append(Change(time, target, np.tile(values, n_draws), adds=adds))
    return found


def _value(each: Sequence[Change], time: float, target: str, adds: bool, usual: float) -> float:
    mine = [change for change in each if change.target == target and change.adds == adds]
    if adds:
        return float(sum(change.value for change in mine if change.time == time))  # type: ignore[misc,arg-type]
    return float(next((change.value for change in reversed(mine) if change.time <= time), usual))  # type: ignore[arg-type,operator]
