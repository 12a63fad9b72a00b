"""What study.toml expects of an experiment that is still to be done: its tables ``[[plan]]``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.study import Plan
from adenoscope.io.entries import Rule, is_number, number, one_of, read_document, read_tables, text

DESIGNS = ("unpaired", "paired", "crossed")
RULES: Mapping[str, Rule] = {
    "readout": text("FST immobility"),
    "effect": number("other than 0: what the treatment is expected to do", lambda x: x != 0, "-40"),
    "sd": number("above 0: the spread between animals", lambda x: x > 0, "21"),
    "unit": text("s", ""),
    "residual": number("of the readout", lambda _: True, "0", 0.0),
    "margin": number("above 0: the smallest effect of interest", lambda x: x > 0, "20", None),
    "design": one_of(DESIGNS, "unpaired"),
    "correlation": number("above -1 and below 1", lambda x: -1 < x < 1, "0.5", 0.5),
    "power": number("from 0.5 to 0.99", lambda x: 0.5 <= x <= 0.99, "0.8", 0.8),
    "attrition": number("from 0 to 0.9", lambda x: 0 <= x <= 0.9, "0.1", 0.0),
}


def read_plans(path: Path) -> tuple[Plan, ...]:
    """Return the plans of a document; a margin left out is taken from its ``[equivalence_margin]``.

    Raises:
        InputError: something is wrong with it; every problem is listed.
    """
    problems: list[Problem] = []
    document = read_document(path / "study.toml" if path.is_dir() else path, "a study", problems)
    if document is None:
        raise InputError(*problems)
    margins = document.get("equivalence_margin", {})
    given = cast("dict[str, Any]", margins) if isinstance(margins, dict) else {}
    plans: list[Plan] = []
    for _, entries in read_tables(document, "plan", RULES, path.name, problems):
        margin: Any = given.get(entries["readout"])
        if entries["margin"] is None and is_number(margin) and margin > 0:
            entries["margin"] = float(margin)
        plans.append(Plan(**entries))
    if not plans and not problems:
        remedy = 'write what you expect: [[plan]] readout = "FST immobility", effect = -40, sd = 21, unit = "s"'
        problems.append(Problem(path.name, "no [[plan]]", "at least one table headed [[plan]]", remedy))
    if problems:
        raise InputError(*problems)
    return tuple(plans)
