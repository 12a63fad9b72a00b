"""An answer about occupancy as files: ``occupancy.json`` with its numbers, and two tables of curves in CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adenoscope.core.atomic import remove_partials, write_json, write_text
from adenoscope.core.interval import Interval
from adenoscope.core.provenance import fingerprint, software
from adenoscope.studies.occupancy.answer import GroupAnswer, OccupancyAnswer, TargetAnswer
from adenoscope.studies.occupancy.evidence import constant_rows, evidence, group_rows
from adenoscope.studies.occupancy.readings import AboveThreshold, AtTime, Band, Raised
from adenoscope.studies.occupancy.words import SPREAD, findings

DOCUMENT, SHARES, LEVELS = "occupancy.json", "occupancy.csv", "levels.csv"
BOUNDS = ("", "_low", "_high")


def write_occupancy(path: Path, out: Path, answer: OccupancyAnswer) -> None:
    """Write ``occupancy.json``, ``occupancy.csv`` and ``levels.csv`` of the design in ``path`` into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    remove_partials(out)
    (out / DOCUMENT).unlink(missing_ok=True)  # written last: it says that the tables beside it are its own
    write_text(out / SHARES, _csv(_share_rows(answer)))
    write_text(out / LEVELS, _csv(_level_rows(answer)))
    write_json(out / DOCUMENT, occupancy_document(path, answer))


def occupancy_document(path: Path, answer: OccupancyAnswer) -> dict[str, Any]:
    """Return ``occupancy.json``; the same answer gives the same keys in the same order."""
    design = answer.design
    return {
        "schema_version": 1,
        "software": asdict(software()),
        "inputs": [asdict(fingerprint(path, path.parent))],
        "design": asdict(design),
        "subjects": {
            "asked": design.subjects,
            "finished": design.subjects - len(answer.failed),
            "failed": list(answer.failed),
            "redrawn": answer.redrawn,
        },
        "first_dose_h": answer.clock.first_h,
        "last_dose_h": answer.clock.last_h,
        "spread": SPREAD,
        "findings": list(findings(answer)),
        "groups": [_group(group) for group in answer.groups],
        "constants": [asdict(row) for row in constant_rows(design.species, answer.compounds)],
        "group_sources": [asdict(row) for row in group_rows(design, answer.compounds)],
        "evidence": [asdict(row) for row in evidence(answer.compounds)],
        "outside_validity": list(answer.outside_validity),
        "unverified_share": answer.unverified_share,
    }


def _group(group: GroupAnswer) -> dict[str, Any]:
    levels = [
        {
            "compound": level.compound,
            "half_life_h": level.half_life_h.as_json(),
            "peak_plasma_mg_per_l": level.peak.as_json(),
        }
        for level in group.levels
    ]
    return {"group": group.group, "levels": levels, "targets": [_target(target) for target in group.targets]}


def _target(answer: TargetAnswer) -> dict[str, Any]:
    head = {
        "target": answer.target,
        "constants": answer.kind,
        "bound_by": list(answer.bound),
        "reason": answer.reason,
    }
    found = answer.readings
    if found is None:
        return head
    return head | {
        "peak_by_antagonist": found.peak.as_json(),
        "time_to_peak_h": _or_null(found.time_to_peak_h),
        "at": [_at(each) for each in found.at],
        "above": [_above(each) for each in found.above],
        "least_kept_by_adenosine": _or_null(found.least_kept),
        "challenge": None if found.raised is None else _raised(found.raised),
    }


def _at(reading: AtTime) -> dict[str, Any]:
    return {
        "after_h": reading.after_h,
        "by_antagonist": reading.by_antagonist.as_json(),
        "by_adenosine_without": _or_null(reading.adenosine_without),
        "by_adenosine_with": _or_null(reading.adenosine_with),
    }


def _above(reading: AboveThreshold) -> dict[str, Any]:
    return {
        "threshold": reading.threshold,
        "hours_above": reading.hours_above.as_json(),
        "last_above_h_after_last_dose": asdict(reading.until_h) | {"ci_prob": reading.hours_above.ci_prob},
    }


def _raised(reading: Raised) -> dict[str, Any]:
    return {
        "peak_by_adenosine_without": reading.peak_without.as_json(),
        "peak_by_adenosine_with": reading.peak_with.as_json(),
        "rise_kept": _or_null(reading.rise_kept),
    }


def _or_null(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else interval.as_json()


def _share_rows(answer: OccupancyAnswer) -> Iterator[Sequence[str]]:
    names = ("by_antagonist", "by_adenosine_without", "by_adenosine_with")
    yield ("group", "target", "constants", "time_h", *(f"{name}{bound}" for name in names for bound in BOUNDS))
    for group in answer.groups:
        for target in group.targets:
            if target.by_antagonist is not None:
                bands = (target.by_antagonist, target.adenosine_without, target.adenosine_with)
                for place, hour in enumerate(answer.clock.hours.tolist()):
                    cells = [cell for band in bands for cell in _cells(band, place)]
                    yield (group.group, target.target, target.kind, f"{hour:.6g}", *cells)


def _level_rows(answer: OccupancyAnswer) -> Iterator[Sequence[str]]:
    names = ("plasma_mg_per_l", "brain_unbound_um")
    yield ("group", "compound", "time_h", *(f"{name}{bound}" for name in names for bound in BOUNDS))
    for group in answer.groups:
        for level in group.levels:
            for place, hour in enumerate(answer.clock.hours.tolist()):
                cells = [cell for band in (level.plasma, level.brain) for cell in _cells(band, place)]
                yield (group.group, level.compound, f"{hour:.6g}", *cells)


def _cells(band: Band | None, place: int) -> Iterator[str]:
    if band is None:
        yield from ("", "", "")
        return
    for values in (band.estimate, band.low, band.high):
        # A solver's error around nothing is nothing.
        yield f"{max(float(values[place]), 0.0):.6g}"


def _csv(rows: Iterator[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
