"""Schedules of hypoxia that ship, read from ``values/hypoxia_presets.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from adenoscope.core.parameter import Parameter, load_values
from adenoscope.core.protocol import Species
from adenoscope.core.schedule import Preset, Schedule

PUBLISHED = "published_spo2"


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its name, in the order of the file."""
    return {name: _preset(name, entries) for name, entries in load_values("hypoxia_presets").items()}


def _preset(name: str, entries: Mapping[str, Parameter]) -> Preset:
    number = {key: entry.value for key, entry in entries.items()}
    target = number.get("spo2_target")
    schedule = Schedule(
        gas="fixed" if target is None else "clamped",
        fio2=number["fio2"],
        bout_s=number["bout_s"],
        rest_s=number["rest_s"],
        bouts=round(number["bouts"]),
        sessions=round(number["sessions"]),
        spo2_target=target,
        sessions_per_week=round(number["sessions_per_week"]),
    )
    of_schedule = [entry for key, entry in entries.items() if key != PUBLISHED]
    return Preset(
        name=name,
        species=cast("Species", name.split("_", maxsplit=1)[0]),
        schedule=schedule,
        published_spo2=entries.get(PUBLISHED),
        source=entries["bout_s"].source,
        verified=all(entry.verified for entry in of_schedule),
    )
