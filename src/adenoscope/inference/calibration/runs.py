"""What has to be simulated to predict observations: one virtual animal for each thing done, all in one call.

Time 0 is the intervention; the recording starts half an hour before, so that a pretreatment can be given first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from adenoscope.inference.calibration.observations import Observation
from adenoscope.mechanism.compounds import dose_changes
from adenoscope.simulation import Change, Model
from adenoscope.simulation.solver.tables import Numbers

START_S, END_S, EVERY_S = -1800.0, 3600.0, 10.0
TIMES_S = np.arange(START_S, END_S + EVERY_S / 2, EVERY_S)
BOUT_S = 300.0  # of thin air where the observation names no length
STEADY = {"a1_present": 1.0, "a2a_present": 1.0, "nt5e_present": 1.0, "region_source": 1.0, "stress": 0.0}
GENOTYPES = {
    "WT": {},
    "Adora1-KO": {"a1_present": 0.0},
    "Adora2a-KO": {"a2a_present": 0.0},
    "Nt5e-KO": {"nt5e_present": 0.0},
}
OBSERVED = ("dff", "fst_immobility_s", "spt_preference_percent")


@dataclass(frozen=True)
class Run:
    """One thing done to one kind of animal."""

    intervention: str
    dose: float
    pretreated: bool = False
    genotype: str = "WT"
    stressed: bool = False
    region: str = "mPFC"


def run_of(observation: Observation) -> Run:
    """Return the run that an observation was made in."""
    return Run(
        observation.intervention,
        observation.dose,
        pretreated=observation.pretreatment.startswith("dipyridamole"),
        genotype=observation.genotype or "WT",
        stressed=observation.stress == "CRS",
        region=observation.region or "mPFC",
    )


def control_of(run: Run) -> Run:
    """Return the same animal without the intervention."""
    return Run("saline", 0.0, run.pretreated, run.genotype, run.stressed, run.region)


def simulate_runs(model: Model, runs: Sequence[Run], drawn: Mapping[str, Numbers]) -> Numbers:
    """Return the observed quantities, shape (draw, run, time, quantity); NaN where a run could not be integrated.

    ``drawn``: constants by name, one value for each draw.
    """
    n_draws = max((value.size for value in drawn.values()), default=1)
    tiled = {name: np.repeat(value, len(runs)) for name, value in drawn.items()}
    own = [_switches(run) for run in runs]
    switches = {name: np.tile([each[name] for each in own], n_draws) for name in STEADY}
    events = _events(runs, n_draws)
    result = model.simulate(
        TIMES_S,
        parameters={**switches, **tiled},
        events=events,
        observables=OBSERVED,
        rtol=1e-5,
        atol=1e-8,
        max_steps=5000,
    )
    return result.values.reshape(n_draws, len(runs), TIMES_S.size, len(OBSERVED))


def _switches(run: Run) -> dict[str, float]:
    region = {"region_source": 0.0} if run.region == "NAc" else {}
    return {**STEADY, **GENOTYPES[run.genotype], **region, "stress": float(run.stressed)}


def _events(runs: Sequence[Run], n_draws: int) -> list[Change]:
    """Return what is done, once for all runs: a dose of 0 where a run has none."""
    events: list[Change] = []
    for compound in sorted({run.intervention for run in runs} - {"saline", "hypoxia"}):
        (unit,) = dose_changes(compound, 1.0, "mg/kg", "ip", "mouse", 0.0)
        doses = np.array([run.dose if run.intervention == compound else 0.0 for run in runs])
        events.append(Change(0.0, unit.target, np.tile(doses, n_draws) * np.asarray(unit.value), adds=True))
    (unit,) = dose_changes("dipyridamole", 1.0, "µg", "icv", "mouse", START_S)
    given = np.array([float(run.pretreated) for run in runs])
    events.append(Change(START_S, unit.target, np.tile(given, n_draws) * np.asarray(unit.value), adds=True))
    fio2 = np.array([run.dose / 100 if run.intervention == "hypoxia" else np.nan for run in runs])
    air = 0.2095
    thin = np.tile(np.where(np.isnan(fio2), air, fio2), n_draws)
    return [*events, Change(0.0, "fio2", thin), Change(BOUT_S, "fio2", air)]
