"""One session's answer in words and rows, for every place that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.core.interval import Interval
from adenoscope.core.result import SessionResult
from adenoscope.report.estimand_table import Row, estimand_rows
from adenoscope.report.numbers import GAP, Measure, bounds, estimate, grouped
from adenoscope.report.words import CONTROL_WORDS, leak, session_sentence

ASSUMPTION_WORDS = {
    "baseline_um": "baseline adenosine",
    "ec50_um": "EC50 of the sensor",
    "dff_max": "largest ΔF/F of the sensor",
    "hill": "Hill coefficient",
}


@dataclass(frozen=True)
class SessionWords:
    """What is said of a session; an empty text where there is nothing to say."""

    finding: str
    verdict: str
    leak: str
    nanomolar: str
    assumed: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def session_words(item: SessionResult) -> SessionWords:
    """Return a session's answer in words and rows."""
    control, estimands, adenosine = item.response.control, item.response.estimands, item.adenosine
    return SessionWords(
        finding=session_sentence(estimands) if estimands is not None else "",
        verdict=CONTROL_WORDS[control.verdict],
        leak=leak(control),
        nanomolar=nanomolar_words(adenosine.nanomolar),
        assumed=assumption_rows(adenosine.assumed),
        rows=estimand_rows(estimands) if estimands is not None else (),
    )


def nanomolar_words(nanomolar: Interval | None) -> str:
    """Return a concentration with its bounds, or nothing."""
    if nanomolar is None:
        return ""
    measure = Measure("adenosine", "nM")
    return f"{estimate(nanomolar, measure)}{GAP}nM ({bounds(nanomolar, measure)})"


def assumption_rows(assumed: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return assumptions with their names in words."""
    return tuple((ASSUMPTION_WORDS.get(name, name), value) for name, value in assumed)


def facts_words(item: SessionResult) -> str:
    """Return what the reader found in the recording, in a line; nothing where it was not opened."""
    facts, session = item.facts, item.session
    if not facts.format:
        return ""
    said = [
        session.recording.name,
        facts.format,
        f"signal “{facts.signal}”",
        f"control “{facts.control}”" if facts.control else "no control channel",
        *([f"blank “{session.blank}”"] if session.blank else []),
        f"{grouped(facts.n_samples)} samples at {facts.rate_hz:.4g}{GAP}Hz, "
        f"clock {facts.first_s:.10g} to {facts.last_s:.10g}{GAP}s",
        *facts.notes,
    ]
    return " · ".join(said)
