"""What a panel must hold to be ranked; tables are checked where they are read, this is the last line."""

from __future__ import annotations

import math
from collections.abc import Iterator

from adenoscope.core.assay_panel import AssayPanel, AssayRow
from adenoscope.statistics.separation.panel_arrays import ARMS


def check_panel(panel: AssayPanel, reference: str) -> None:
    """Raise ValueError with a sentence for everything that keeps a panel from being ranked.

    Valid: any panel.
    Source: none; these are the model's own conditions.
    """
    problems = [*_wrong_rows(panel), *_wrong_assays(panel), *_wrong_compounds(panel)]
    if reference not in {row.compound for row in panel.rows}:
        problems.append(f"the reference, {reference}, is not a compound of the panel")
    if problems:
        raise ValueError("; ".join(problems))


def _wrong_rows(panel: AssayPanel) -> Iterator[str]:
    known = {assay.name for assay in panel.assays}
    for row in panel.rows:
        if row.assay not in known:
            yield f"{_named(row)}: the panel has no such assay"
        if not (math.isfinite(row.dose) and row.dose >= 0 and math.isfinite(row.mean)):
            yield f"{_named(row)}: dose {row.dose} and mean {row.mean} are not a dose of 0 or more and a number"
        if not (math.isfinite(row.sd) and row.sd >= 0 and row.n >= 2):
            yield f"{_named(row)}: sd {row.sd} of {row.n} animals; sd is 0 or more, of at least 2 animals"


def _wrong_assays(panel: AssayPanel) -> Iterator[str]:
    if len({assay.name for assay in panel.assays}) < len(panel.assays):
        yield "two assays have the same name"
    for assay in panel.assays:
        rows = [row for row in panel.rows if row.assay == assay.name]
        if rows and (not any(row.sd > 0 for row in rows) or len({row.mean for row in rows}) < 2):
            yield f"{assay.name}: all means are the same, or no group has a spread"


def _wrong_compounds(panel: AssayPanel) -> Iterator[str]:
    for compound in dict.fromkeys(row.compound for row in panel.rows):
        for arm in ARMS:
            names = {assay.name for assay in panel.assays if assay.arm == arm}
            rows = [row for row in panel.rows if row.compound == compound and row.assay in names]
            if len({row.assay for row in rows}) != 1 or not any(row.dose > 0 for row in rows):
                yield f"{compound} has not one assay of the {arm.replace('_', ' ')} with a dose above 0"


def _named(row: AssayRow) -> str:
    return f"{row.compound}, {row.assay}, dose {row.dose:g}"
