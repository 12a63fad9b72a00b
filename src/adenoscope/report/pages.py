"""What the report's template shows: the nouns of a result turned into text, rows and drawings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from markupsafe import Markup

from adenoscope.core.parameter import load_values
from adenoscope.core.result import SessionResult, StudyResult
from adenoscope.core.study import Session
from adenoscope.report.estimand_table import Row
from adenoscope.report.figures import session_figure
from adenoscope.report.ink import SIMULATED
from adenoscope.report.numbers import MEASURES, bounds, estimate
from adenoscope.report.session_words import assumption_rows, facts_words, session_words
from adenoscope.report.svg import inline_svg
from adenoscope.report.words import (
    handling,
    included,
    session_sentence,
    setting,
    treatment,
    window,
)

PRIOR_WORDS = {
    "blood.share": "share of the response that blood hides",
    "blood.control_ratio": "dimming of the control by blood, over that of the signal",
    "control.kappa_sd": "spread (sd) of the sensor’s own leak κ",
}


@dataclass(frozen=True)
class SessionPage:
    """One session: its place in the page, its words, its figure and its table."""

    anchor: str
    result: SessionResult
    treatment: str
    setting: str
    blank_of: tuple[str, ...]
    finding: str
    mean: str
    verdict: str
    leak: str
    fitted: bool
    nanomolar: str
    assumed: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    facts: str
    figure: Markup | None


def session_pages(result: StudyResult) -> Iterator[SessionPage]:
    """Yield a page for each session that was to be estimated."""
    items = list(included(result))
    for index, item in enumerate(items, start=1):
        name = item.session.session
        blank_of = tuple(other.session.session for other in items if other.session.blank == name)
        yield _session_page(item, f"session-{index}", blank_of, synthetic=result.study.synthetic)


def shared_assumptions(result: StudyResult) -> tuple[tuple[str, str], ...]:
    """Return what adenosine's numbers assume where it is the same in every session, else nothing."""
    assumed = {item.adenosine.assumed for item in included(result) if item.adenosine.assumed}
    return assumption_rows(assumed.pop()) if len(assumed) == 1 else ()


def prior_rows() -> tuple[tuple[str, str], ...]:
    """Return what is assumed of every recording: a name in words; value, range, source."""
    return tuple(
        (
            PRIOR_WORDS.get(value.name, value.name),
            f"{value.value:g} ({value.low:g} to {value.high:g}). {value.source}"
            + ("" if value.verified else "; not verified"),
        )
        for table in load_values("photometry").values()
        for value in table.values()
    )


def setting_rows(result: StudyResult) -> tuple[tuple[str, str], ...]:
    """Return every setting with its value; one that is new to this list is shown as it is."""
    study, software, settings = result.study, result.software, result.study.settings
    words = {"window_s": window(settings.window_s), "handling_s": handling(settings)}
    names = {"window_s": "window of mean and area", "handling_s": "masked handling", "seed": "random seed"}
    rows = [
        ("software", f"{software.name} {software.version}".strip()),
        ("commit", software.commit or "not run from a checkout"),
        ("vehicle", study.vehicle),
    ]
    if not included(result):
        return tuple(rows)
    rows.append(("sensor", study.sensor))
    for setting_field in fields(settings):
        value = words.get(setting_field.name, str(getattr(settings, setting_field.name)))
        rows.append((names.get(setting_field.name, setting_field.name), value))
    return tuple(rows)


def _session_page(item: SessionResult, anchor: str, blank_of: tuple[str, ...], *, synthetic: bool) -> SessionPage:
    response, session, words = item.response, item.session, session_words(item)
    estimands, dff = response.estimands, MEASURES["mean_dff"]
    mean = ""
    if estimands is not None:
        mean = f"{estimate(estimands.mean_dff, dff)} ({bounds(estimands.mean_dff, dff)})"
    return SessionPage(
        anchor=anchor,
        result=item,
        treatment=treatment(session),
        setting=setting(session),
        blank_of=blank_of,
        finding=words.finding,
        mean=mean,
        verdict=words.verdict,
        leak=words.leak,
        fitted=response.parts is not None and bool(np.isfinite(response.parts.signal_fit).any()),
        nanomolar=words.nanomolar,
        assumed=words.assumed,
        rows=words.rows,
        facts=facts_words(item),
        figure=_session_drawing(item, anchor, synthetic=synthetic),
    )


def _session_drawing(item: SessionResult, anchor: str, *, synthetic: bool) -> Markup | None:
    figure = session_figure(item, synthetic=synthetic)
    if figure is None:
        return None
    return inline_svg(figure, name=anchor, alt=marked(session_alt(item), synthetic=synthetic))


def session_alt(item: SessionResult) -> str:
    """Return what a session's figure shows, for readers who hear it."""
    session: Session = item.session
    parts = item.response.parts
    channels = "signal" if parts is None or parts.control is None else "signal and control"
    shown = f"Session {session.session}: {channels} over time with the fitted model"
    estimands = item.response.estimands
    if estimands is None:
        return shown + "; the session was refused."
    return f"{shown}, and the response with its 95 % band. {session_sentence(estimands)}"


def marked(text: str, *, synthetic: bool) -> str:
    """Return what a figure says to those who hear it, with the mark of simulated data."""
    return f"{SIMULATED.capitalize()}. {text}" if synthetic else text
