"""One session's answer as JSON, and back: an entry of ``recordings`` in ``results.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from adenoscope.core.interval import Interval
from adenoscope.core.response import Adenosine, Control, Curve, Estimands, FittedParts, Response
from adenoscope.core.result import RecordingFacts, SessionResult
from adenoscope.core.study import Session

Json = dict[str, Any]

UNREAD = RecordingFacts(format="", signal="", control="", n_samples=0, rate_hz=0.0, first_s=0.0, last_s=0.0)
_CONTRACT_FIELDS = (
    *("session", "animal", "region", "genotype", "condition"),
    *("pretreatment", "treatment", "dose", "dose_unit"),
)
_FURTHER_FIELDS = (
    *("pretreatment_dose", "pretreatment_unit", "sex", "cohort"),
    *("site", "signal", "control", "blank", "exclude"),
)
_FACTS = ("format", "signal", "control", "n_samples", "rate_hz", "first_s", "last_s")


def encode(result: SessionResult) -> Json:
    """Return the entry of a session; the arrays of its response lie in Parquet files beside it."""
    session, response = result.session, result.response
    return {
        **{name: getattr(session, name) for name in _CONTRACT_FIELDS},
        "status": response.status,
        "reason": response.reason,
        "cautions": list(response.cautions),
        "control": {
            "verdict": response.control.verdict,
            "kappa": _interval(response.control.kappa),
            "reason": response.control.reason,
        },
        "response": None if response.estimands is None else _estimands(response.estimands),
        "adenosine": {
            "identified": bool(result.adenosine.identified),
            "reason": result.adenosine.reason,
            "nanomolar": _interval(result.adenosine.nanomolar),
            "assumed": dict(result.adenosine.assumed),
        },
        "trace": None if response.curve is None else f"traces/{session.session}.parquet",
        "parts": None if response.parts is None else f"parts/{session.session}.parquet",
        "recording": session.recording.as_posix(),
        "intervention_s": list(session.onsets_s),
        "asked": _asked(session),
        "facts": _facts(result.facts),
    }


def decode(
    entry: Mapping[str, Any], session: Session, *, curve: Curve | None, parts: FittedParts | None
) -> SessionResult:
    """Return the session's answer from its entry and its arrays."""
    control, adenosine = entry["control"], entry["adenosine"]
    return SessionResult(
        session=session,
        facts=_facts_of(entry["facts"]),
        response=Response(
            status=entry["status"],
            reason=entry["reason"],
            control=Control(control["verdict"], _interval_of(control["kappa"]), control["reason"]),
            cautions=tuple(entry["cautions"]),
            estimands=None if entry["response"] is None else _estimands_of(entry["response"]),
            curve=curve,
            parts=parts,
        ),
        adenosine=Adenosine(
            identified=adenosine["identified"],
            reason=adenosine["reason"],
            nanomolar=_interval_of(adenosine["nanomolar"]),
            assumed=tuple(adenosine["assumed"].items()),
        ),
    )


def as_computed(entry: Mapping[str, Any], session: Session) -> Session:
    """Return a session with what its entry says that it was computed with, whatever the study says by now."""
    said = {name: entry[name] for name in _CONTRACT_FIELDS} | {name: entry["asked"][name] for name in _FURTHER_FIELDS}
    handling = entry["asked"].get("handling_s")
    return replace(
        session,
        **said,
        recording=Path(entry["recording"]),
        onsets_s=tuple(entry["intervention_s"]),
        handling_s=None if handling is None else (handling[0], handling[1]),
    )


def _asked(session: Session) -> Json:
    """Return what else the study says of a session; ``handling_s`` only where it was edited."""
    edited = {} if session.handling_s is None else {"handling_s": list(session.handling_s)}
    return {**{name: getattr(session, name) for name in _FURTHER_FIELDS}, **edited}


def _estimands(estimands: Estimands) -> Json:
    detectable = estimands.minimum_detectable_dff
    return {
        "window_s": list(estimands.window_s),
        "mean_dff": estimands.mean_dff.as_json(),
        "auc_dff_s": _interval(estimands.auc_dff_s),
        "peak_dff": estimands.peak_dff.as_json(),
        "time_to_peak_s": estimands.time_to_peak_s.as_json(),
        "onset_s": _interval(estimands.onset_s),
        "half_decay_s": _interval(estimands.half_decay_s),
        "minimum_detectable_dff": None if detectable is None else float(detectable),
        "placebo_dff": _interval(estimands.placebo_dff),
    }


def _estimands_of(entry: Mapping[str, Any]) -> Estimands:
    start, end = entry["window_s"]
    return Estimands(
        window_s=(start, end),
        mean_dff=Interval(**entry["mean_dff"]),
        auc_dff_s=_interval_of(entry["auc_dff_s"]),
        peak_dff=Interval(**entry["peak_dff"]),
        time_to_peak_s=Interval(**entry["time_to_peak_s"]),
        onset_s=_interval_of(entry["onset_s"]),
        half_decay_s=_interval_of(entry["half_decay_s"]),
        minimum_detectable_dff=entry["minimum_detectable_dff"],
        placebo_dff=_interval_of(entry["placebo_dff"]),
    )


def _facts(facts: RecordingFacts) -> Json | None:
    if not facts.format:  # an excluded session's recording is never opened
        return None
    return {
        **{name: getattr(facts, name) for name in _FACTS},
        "n_samples": int(facts.n_samples),
        "notes": list(facts.notes),
    }


def _facts_of(entry: Mapping[str, Any] | None) -> RecordingFacts:
    if entry is None:
        return UNREAD
    fields: Json = {**entry, "notes": tuple(entry["notes"])}
    return RecordingFacts(**fields)


def _interval(interval: Interval | None) -> Json | None:
    return None if interval is None else interval.as_json()


def _interval_of(entry: Mapping[str, float] | None) -> Interval | None:
    return None if entry is None else Interval(**entry)
