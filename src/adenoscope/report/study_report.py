"""The report of a study: one HTML file that needs nothing else, on a screen or on paper."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from adenoscope.core.result import StudyResult
from adenoscope.report.ink import SIMULATED
from adenoscope.report.numbers import grouped
from adenoscope.report.pages import readout_pages, session_pages, setting_rows
from adenoscope.report.words import contrast_sentence, counts_sentence, excluded, first_upper


def write_report(result: StudyResult, path: Path) -> None:
    """Write the report of ``result`` to ``path``, whole or not at all, the same bytes every time."""
    text = render_report(result)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def render_report(result: StudyResult) -> str:
    """Return the report as HTML text."""
    page = _templates().get_template("study.html")
    return page.render(
        result=result,
        study=result.study,
        simulated=SIMULATED,
        counts=counts_sentence(result),
        sentences=[contrast_sentence(contrast, result.study) for contrast in result.contrasts],
        readouts=list(readout_pages(result)),
        sessions=list(session_pages(result)),
        excluded=excluded(result),
        settings=setting_rows(result),
    )


@cache
def _templates() -> Environment:
    """Return the templates; everything that comes from a study is escaped."""
    templates = Environment(
        loader=PackageLoader("adenoscope.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["grouped"] = grouped
    templates.filters["first_upper"] = first_upper
    return templates
