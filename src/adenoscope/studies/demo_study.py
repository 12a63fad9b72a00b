"""A simulated study on disk: recordings and behaviour of several genotypes, and two sessions that make trouble."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adenoscope.core.atomic import appearing, write_text
from adenoscope.core.recording import Trace
from adenoscope.photometry.synthetic import Scenario, Simulated, simulate
from adenoscope.studies.demo_behaviour import LEFT, behaviour_rows
from adenoscope.studies.progress import Progress, ignore

WINDOW_S = 1800.0
_SEED = 470405
_N_PAIRED = 8
_KNOCK_OUT = "Adora1-KO"
_STUDY = """\
# Made by a simulator; no animal was recorded.
name = "Demonstration: ketamine and the adenosine receptors"
sensor = "GRAB_Ado1.0"
vehicle = "saline"
synthetic = true

[[necessity]]
manipulation = "Adora1-KO"
effect = "ketamine"
readouts = ["mean_dff", "FST immobility", "SPT preference", "locomotion"]

[[necessity]]
manipulation = "Adora2a-KO"
effect = "ketamine"
readouts = ["FST immobility", "SPT preference", "locomotion"]

[equivalence_margin]   # half of the effect that was expected
mean_dff = 0.04
"FST immobility" = 20.0
"SPT preference" = 9.0
locomotion = 27.0
"""
_COLUMNS = (
    *("session", "animal", "treatment", "recording", "intervention_s", "dose", "dose_unit"),
    *("region", "genotype", "condition", "sex", "signal", "control", "blank"),
)


@dataclass(frozen=True)
class _Plan:
    """One session to simulate: of which animal, given what, in which scenario."""

    animal: int
    treatment: str
    scenario: Scenario
    genotype: str = "WT"

    @property
    def name(self) -> str:
        return f"m{self.animal}_{self.treatment}"


def write_demo_study(folder: Path, *, progress: Callable[[Progress], None] = ignore) -> None:
    """Write a study folder, with ``truth.csv`` and ``truth_of_verdicts.csv`` for what the simulator put in.

    Recordings: m1 to m8 of the wild type and m9 to m16 without A1 receptors, under saline and ketamine each;
    m17, whose control takes up half of the response; m18 without a control channel, with a blank session.
    Behaviour: three genotypes in three assays. About 7 MB, the same bytes every time.
    """
    rows: list[dict[str, object]] = []
    truths: list[dict[str, object]] = []
    plans = _plans()
    for number, plan in enumerate(plans):
        progress(Progress("simulating", number, len(plans), plan.name))
        made = simulate(plan.scenario, _SEED + number)
        blank = _write_recordings(folder / "recordings", plan, made)
        rows += [_row(plan, plan.treatment, blank)] + ([_row(plan, "none", "")] if blank else [])
        truths.append(_truth(plan, made))
    write_text(folder / "truth.csv", _as_csv(truths))
    write_text(folder / "sessions.csv", _as_csv(rows))
    write_text(folder / "behaviour.csv", _as_csv(behaviour_rows(_SEED)))
    write_text(folder / "truth_of_verdicts.csv", _as_csv(_truth_of_verdicts()))
    write_text(folder / "study.toml", _STUDY)


def _plans() -> list[_Plan]:
    """Return the sessions; an animal keeps its leak, and the size of its response is its own."""
    rng = np.random.default_rng(_SEED)
    plans: list[_Plan] = []
    for animal in range(1, 2 * _N_PAIRED + 1):
        kappa, peak = rng.uniform(-0.08, 0.12), 0.15 * np.exp(rng.normal(0.0, 0.12))
        genotype = "WT" if animal <= _N_PAIRED else _KNOCK_OUT
        plans += [
            _Plan(animal, "saline", _scenario("saline", kappa, 0.0), genotype),
            _Plan(animal, "ketamine", _scenario("ketamine", kappa, peak), genotype),
        ]
    leaky = _Plan(2 * _N_PAIRED + 1, "ketamine", _scenario("ketamine", 0.5, 0.18))
    alone = _Plan(2 * _N_PAIRED + 2, "ketamine", _scenario("ketamine", 0.0, 0.16, has_control=False))
    return [*plans, leaky, alone]


def _scenario(treatment: str, kappa: float, peak: float, *, has_control: bool = True) -> Scenario:
    return Scenario(
        name=f"demo {treatment}",
        response="smooth" if treatment == "ketamine" else "none",
        peak_dff=(peak, peak),
        duration_s=4200.0,
        baseline_s=1200.0,
        rate_hz=5.0,
        clock_start_s=0.0,
        kappa=(kappa, kappa),
        has_control=has_control,
        has_blank=not has_control,
    )


def _write_recordings(folder: Path, plan: _Plan, made: Simulated) -> str:
    """Write the session's file, and that of its blank; return the blank session's name, "" for none."""
    channels = made.channels
    _write_traces(folder / f"{plan.name}.parquet", channels.signal, channels.control)
    if channels.blank is None:
        return ""
    blank = f"m{plan.animal}_none"
    _write_traces(folder / f"{blank}.parquet", channels.blank, None)
    return blank


def _write_traces(path: Path, signal: Trace, control: Trace | None) -> None:
    columns = {"time_s": signal.time_s, "signal": signal.values.astype(np.float32)}
    if control is not None:
        columns["control"] = control.values.astype(np.float32)
    with appearing(path) as partial:
        pq.write_table(pa.table(columns), partial, compression="zstd")


def _row(plan: _Plan, treatment: str, blank: str) -> dict[str, object]:
    """Return the row of ``sessions.csv``; a blank session has a sham time, and nothing was given."""
    name, dosed = f"m{plan.animal}_{treatment}", treatment == "ketamine"
    values = (
        *(name, f"m{plan.animal}", treatment, f"{name}.parquet", f"{plan.scenario.baseline_s:g}"),
        *("10" if dosed else "", "mg/kg" if dosed else "", "mPFC", plan.genotype, "CRS", "FM"[plan.animal % 2]),
        *("signal", "control" if plan.scenario.has_control else "", blank),
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _truth(plan: _Plan, made: Simulated) -> dict[str, object]:
    within = made.truth_time_s <= WINDOW_S
    return {
        "session": plan.name,
        "mean_dff": f"{made.truth_dff[within].mean():.5f}",
        "peak_dff": f"{made.truth_dff.max():.5f}",
        "kappa": "" if made.kappa is None else f"{made.kappa:.3f}",
    }


def _truth_of_verdicts() -> list[dict[str, object]]:
    """Return what each knock-out leaves of each effect [1], and the verdict that would be right."""
    return [
        {"manipulation": manipulation, "readout": readout, "left": left, "verdict": finding}
        for (manipulation, readout), (left, finding) in (
            ((_KNOCK_OUT, "mean_dff"), (1.0, "not_necessary")),
            *LEFT.items(),
        )
    ]


def _as_csv(rows: list[dict[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
