"""The exported SBML in another simulator: same numbers. Run with `uv run --with libroadrunner pytest`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from adenoscope.mechanism.pieces import compose
from adenoscope.simulation import Change, model_from_text

roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner is not installed: uv run --with libroadrunner")

TIMES = np.linspace(0, 3600, 121)
PROTOCOLS = {
    "ketamine": [(0.0, "ketamine_depot", 42.0)],
    "deschloroketamine": [(0.0, "deschloroketamine_depot", 24.6)],
    "thin air": [(300.0, "fio2", 0.09), (600.0, "fio2", 0.2095)],
    "shock": [(60.0, "charge_mc", 20.0), (60.0, "shock", 1.0), (70.0, "shock", 0.0)],
    "caffeine, then ketamine": [(0.0, "caffeine_depot", 100.0), (1200.0, "ketamine_depot", 42.0)],
}
OBSERVED = ("adenosine", "atp", "amp", "bound", "pto2", "spo2", "synapses", "locomotion")


@pytest.mark.parametrize("name", PROTOCOLS)
def test_another_simulator_agrees(name: str) -> None:
    model = model_from_text(compose("mouse"))
    events = [Change(*change) for change in PROTOCOLS[name]]
    ours = model.simulate(TIMES, events=events, observables=OBSERVED, rtol=1e-9, atol=1e-13).values[0]
    theirs = elsewhere(model.sbml, PROTOCOLS[name])
    # Both at tolerances far below; what is left is the other's error estimate over an hour.
    np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=1e-7)


def elsewhere(sbml: str, changes: list[tuple[float, str, float]]) -> np.ndarray:
    """Return the other simulator's values at TIMES, stopped at each change."""
    runner = roadrunner.RoadRunner(sbml)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-9, 1e-13
    runner.integrator.maximum_num_steps = 100_000
    found = np.empty((TIMES.size, len(OBSERVED)))
    stops = sorted({0.0, *(time for time, _, _ in changes), float(TIMES[-1])})
    for start, end in pairwise(stops):
        for time, target, value in changes:
            if time == start:
                runner[target] = value
        inside = (start <= TIMES) & (end > TIMES) | (end == TIMES[-1]) & (end == TIMES)
        grid = np.unique([start, *TIMES[inside], end]).tolist()
        part = np.array(runner.simulate(times=grid, selections=["time", *OBSERVED]))
        found[inside] = part[np.searchsorted(part[:, 0], TIMES[inside] - 1e-9), 1:]
    return found
