"""The exported SBML in another simulator: same numbers. Run with `uv run --with libroadrunner pytest`.

libroadrunner integrates with CVODE. Left to itself it makes absolute tolerances anew at each start from the values
of that moment (its issue 1349): a compound that is nearly absent asks for steps of a millionth of a second, and one
that is next to nothing for no error at all. After a dose it then takes minutes or gives up. A list of tolerances is
left as it is, and with it no protocol takes more than a second or two.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import libsbml
import numpy as np
import pytest

from adenoscope.core.protocol import Protocol
from adenoscope.io.protocol import read_protocol
from adenoscope.mechanism.cohort import Numbers, mechanism
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.observables import observables, sample_times

roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner is not installed: uv run --with libroadrunner")

PROTOCOLS = sorted(Path(__file__).with_name("protocols").glob("*.toml"))
RTOL, ATOL = 1e-10, 1e-14
CONVERGING = ("human_hypoxia", "human_ketamine", "mouse_nt5e_ketamine", "mouse_shock")


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_another_simulator_agrees(path: Path) -> None:
    protocol = read_protocol(path)
    away = distance(protocol, elsewhere(protocol, RTOL, ATOL))
    # Both hold each step to 1e-10; over a protocol's thousands of them the worst seen to be left is 2e-8.
    assert max(away.values()) < 1e-7, away


@pytest.mark.parametrize("name", CONVERGING)
def test_another_simulator_comes_closer_the_harder_it_tries(name: str) -> None:
    protocol = read_protocol(Path(__file__).with_name("protocols") / f"{name}.toml")
    away = [max(distance(protocol, elsewhere(protocol, rtol, 1e-4 * rtol)).values()) for rtol in (1e-6, 1e-8, 1e-10)]
    # What is left between the two falls with its tolerance alone, ours being the same: it is its error, not ours.
    assert away[0] > 3 * away[1] > 9 * away[2]


def distance(protocol: Protocol, theirs: Numbers) -> dict[str, float]:
    """Return how far each observable is from ours at most, as a share of its largest value."""
    shown = observables(protocol)
    ours = mechanism(protocol.species).simulate(
        sample_times(protocol),
        parameters=parameters(protocol),
        events=changes(protocol),
        observables=[seen.source for seen in shown],
        rtol=RTOL,
        atol=ATOL,
    )
    assert not ours.failures
    assert np.isfinite(theirs).all()
    # A curve that stays at 0 has no size: there 1e-9 of its unit is as good as none.
    size = np.maximum(np.abs(ours.values[0]).max(axis=0), 1e-2)
    away = np.abs(ours.values[0] - theirs).max(axis=0) / size
    return dict(zip((seen.name for seen in shown), away.tolist(), strict=True))


def elsewhere(protocol: Protocol, rtol: float, atol: float) -> Numbers:
    """Return the other simulator's observables, shape (time, observable), stopped at each change."""
    times, names = sample_times(protocol), [seen.source for seen in observables(protocol)]
    runner = ready(protocol, rtol, atol)
    found = np.full((times.size, len(names)), np.nan)
    done = [(float(change.time), change) for change in changes(protocol)]
    for start, end in pairwise(sorted({0.0, protocol.duration_s, *(time for time, _ in done)})):
        for time, change in done:
            if time == start:
                runner[change.target] = float(change.value) + (runner[change.target] if change.adds else 0.0)
        last = end == protocol.duration_s
        inside = (times >= start) & ((times < end) | last)
        grid = np.unique([start, *times[inside], end])
        part = np.array(runner.simulate(times=grid.tolist(), selections=names))
        found[inside] = part[np.searchsorted(grid, times[inside])]
    return found


def ready(protocol: Protocol, rtol: float, atol: float) -> roadrunner.RoadRunner:
    """Return the other simulator with the protocol's switches in the model's text: set later, rest would stay."""
    runner = roadrunner.RoadRunner(switched(mechanism(protocol.species).sbml, parameters(protocol)))
    runner.integrator.relative_tolerance = rtol
    runner.integrator.setValue("absolute_tolerance", [atol] * runner.model.getNumRateRules())
    runner.integrator.maximum_num_steps = 100_000
    return runner


def switched(sbml: str, values: Mapping[str, float]) -> str:
    document = libsbml.readSBMLFromString(sbml)
    for name, value in values.items():
        document.getModel().getParameter(name).setValue(value)
    return libsbml.writeSBMLToString(document)
