"""The report of a study: one HTML file that needs nothing else, on a screen or on paper."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from adenoscope.core.atomic import write_text
from adenoscope.core.result import StudyResult
from adenoscope.report.ink import SIMULATED
from adenoscope.report.numbers import grouped
from adenoscope.report.pages import prior_rows, readout_pages, session_pages, setting_rows, shared_assumptions
from adenoscope.report.words import contrast_sentence, counts_sentence, excluded, first_upper


def write_report(result: StudyResult, path: Path) -> None:
    """Write the report of ``result`` to ``path``, whole or not at all, the same bytes every time."""
    write_text(path, render_report(result))


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
        assumed=shared_assumptions(result),
        priors=prior_rows(),
    )


def code(text: str) -> Markup:
    """Return a sentence as HTML, what stands between backticks in type of one width."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


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
    templates.filters["code"] = code
    templates.filters["grouped"] = grouped
    templates.filters["first_upper"] = first_upper
    return templates
