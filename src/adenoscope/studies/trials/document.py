"""The files of a simulated trial: trial.json, tables in CSV, and every replicate in Parquet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adenoscope.core.atomic import appearing, write_text
from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.studies.trials.answer import ArmAnswer, TrialAnswer
from adenoscope.studies.trials.credibility import credibility
from adenoscope.studies.trials.rates import Rate

TRIAL, REPLICATES = "trial.json", "replicates.parquet"
POWER, VISITS, TORNADO, SIZES, CONSORT = "power.csv", "visits.csv", "tornado.csv", "sizes.csv", "consort.csv"
DIGITS = 6


def trial_document(found: TrialAnswer) -> dict[str, Any]:
    """Return what ``trial.json`` says of the answers; the caller adds software and inputs."""
    return {
        "trial": plain(found.trial),
        "pool": {"asked": found.trial.pool, "lost": found.lost, "eligible": found.eligible},
        "link_effective_draws": found.effective,
        "rates": [plain(rate) for rate in found.rates],
        "looks": [plain(look) for look in found.looks],
        "arms": [plain(arm) for arm in found.arms],
        "consort": plain(found.flow),
        "visits": [plain(visit) for visit in found.visits],
        "retrodiction": _retrodiction(found),
        "credibility": [plain(row) for row in credibility(found)],
        "outside_validity": list(found.outside_validity),
        "unverified_share": found.unverified_share,
    }


def _retrodiction(found: TrialAnswer) -> dict[str, Any] | None:
    past = found.retrodiction
    return None if past is None else {**cast("dict[str, Any]", plain(past)), "inside": past.inside}


def plain(value: Any) -> Any:
    """Return nouns as JSON knows them: an interval as the contract has it, what is not finite as null."""
    if isinstance(value, Interval):
        return value.as_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in cast("Sequence[Any]", value)]
    value = value.name if isinstance(value, Path) else value
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_tables(out: Path, found: TrialAnswer) -> None:
    """Write the tables that go with ``trial.json``, each whole or not at all."""
    ends = ("", "_low", "_high")
    header = ["scenario", "analysis", "arm", *(f"wins{end}" for end in ends), *(f"rejections{end}" for end in ends)]
    header += ["difference", "difference_p5", "difference_p95", "standard_error", "unanswered"]
    _write_csv(out / POWER, header, (_rate(rate) for rate in found.rates))
    rows = ([v.arm, v.day, *_bounds(v.madrs), v.seen] for v in found.visits)
    _write_csv(out / VISITS, ["arm", "day", "madrs", "madrs_p5", "madrs_p95", "seen"], rows)
    swung = ([arm.arm, *asdict(swing).values()] for arm in found.arms for swing in arm.tornado)
    names = ["arm", "parameter", "kind", "low", "high", "difference_at_low", "difference_at_high"]
    _write_csv(out / TORNADO, [*names, "power_at_low", "power_at_high"], swung)
    sizes = ["arm", "people", "power", "assurance", "assurance_p10", "assurance_p90"]
    _write_csv(out / SIZES, sizes, (row for arm in found.arms for row in _sizes(arm)))
    flow = ([*asdict(arm).values()] for arm in found.flow.arms)
    _write_csv(out / CONSORT, ["arm", "randomised", "started", "never_started", "left", "seen_last"], flow)


def _rate(rate: Rate) -> list[Any]:
    own = [rate.scenario, rate.analysis, rate.arm, *_bounds(rate.wins), *_bounds(rate.rejections)]
    return [*own, *_bounds(rate.found), rate.error, rate.unanswered]


def _sizes(arm: ArmAnswer) -> Iterable[list[Any]]:
    curve = arm.curve
    if curve is None:
        return []
    columns = (curve.people, curve.power, curve.assurance, curve.low, curve.high)
    return ([arm.arm, *row] for row in zip(*(column.tolist() for column in columns), strict=True))


def _bounds(interval: Interval | None) -> list[float | None]:
    return [None, None, None] if interval is None else [interval.estimate, interval.low, interval.high]


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    write_text(path, text.getvalue())


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}" if math.isfinite(value) else ""
    return "" if value is None else value


def write_replicates(path: Path, trial: Trial, columns: Mapping[str, Samples]) -> None:
    """Write a row for each replicate, world, analysis, stage and active arm."""
    names = [name for name in columns if name.startswith("estimate:")]
    n = columns["replicate"].size
    words: dict[str, list[str]] = {"scenario": [], "analysis": [], "arm": []}
    stages: list[int] = []
    for name in names:
        _, scenario, analysis, stage, arm = name.split(":")
        words["scenario"] += [scenario] * n
        words["analysis"] += [trial.analyses[int(analysis)].name] * n
        words["arm"] += [trial.arms[trial.active[int(arm)]].name] * n
        stages += [int(stage)] * n
    table: dict[str, Any] = {"replicate": pa.array(columns["replicate"].tolist() * len(names), pa.int64())}
    table |= {name: pa.array(values).dictionary_encode() for name, values in words.items()}
    table["stage"] = pa.array(stages, pa.int64())
    for field in ("estimate", "error", "p_value", "z"):
        parts = [columns[name.replace("estimate:", f"{field}:", 1)] for name in names]
        table[field] = pa.array(np.concatenate(parts).tolist(), pa.float64())
    with appearing(path) as partial:
        pq.write_table(pa.table(table), partial)
