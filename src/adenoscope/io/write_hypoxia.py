"""A design of one schedule of hypoxia in TOML, as ``read_hypoxia`` reads it back."""

from __future__ import annotations

import json
from collections.abc import Mapping

from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.schedule import Schedule
from adenoscope.io.hypoxia_toml import RULES

OF_HEAD = ("species", "region", "subjects", "seed")


def design_text(design: HypoxiaDesign, schedule: Schedule) -> str:
    """Return the TOML of ``schedule`` for the subjects of ``design``; limits are those that a reader assumes."""
    head = {name: getattr(design, name) for name in OF_HEAD}
    body = {name: getattr(schedule, name) for name in RULES["schedule"]}
    return "\n".join([*_lines(head), "", "[schedule]", *_lines(body), ""])


def _lines(entries: Mapping[str, str | float | None]) -> list[str]:
    return [f"{key} = {json.dumps(value)}" for key, value in entries.items() if value is not None]
