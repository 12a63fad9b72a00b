"""``hypoxia.json``: everything that is known of a design, for other programs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from adenoscope.core.interval import Interval
from adenoscope.core.provenance import fingerprint, software
from adenoscope.core.schedule import Breach, Schedule
from adenoscope.mechanism.envelope import LOW_RESPONDER, conduct, envelope
from adenoscope.studies.hypoxia.answer import HypoxiaAnswer, Sensitivity
from adenoscope.studies.hypoxia.evaluated import Evaluated, PresetAnswer
from adenoscope.studies.hypoxia.judging import LimitRisk
from adenoscope.studies.hypoxia.outcomes import UNITS
from adenoscope.studies.hypoxia.search import Candidate
from adenoscope.studies.hypoxia.tables import RESEARCH
from adenoscope.studies.simulated import SPREAD


def hypoxia_document(path: Path, answer: HypoxiaAnswer) -> dict[str, Any]:
    """Return ``hypoxia.json``; the same answer gives the same keys in the same order."""
    design = answer.design
    people = design.species == "human"
    return {
        "schema_version": 1,
        "software": asdict(software()),
        "inputs": [asdict(fingerprint(path, path.parent))],
        "research_use": RESEARCH,
        "design": asdict(design),
        "override": None if design.override is None else asdict(design.override),
        "spread": SPREAD,
        "units": UNITS | {"engagement": "occupancy min", "burden": "% min"},
        "search": {
            "possible": answer.possible,
            "inside_envelope": answer.allowed,
            "simulated": answer.simulated,
            "subjects": design.subjects,
            "fresh_subjects": answer.fresh_subjects,
            "redrawn": answer.redrawn,
        },
        "rule": answer.rule,
        "recommended": _evaluated(answer.recommended),
        "passed_over": [_schedule(one.schedule) for one in answer.passed_over],
        "comparison": None if answer.comparison is None else _evaluated(answer.comparison),
        "comparison_schedule": _schedule(answer.comparison_schedule),
        "comparison_refused": list(answer.comparison_breaches),
        "front": [_candidate(one) for one in answer.front],
        "presets": [_preset(one) for one in answer.presets],
        "sensitivity": [_sensitivity(one) for one in answer.sensitivities],
        "explained": dict(answer.explained),
        "days": {"sessions": answer.days_tried, "largest_difference": answer.days_interact},
        "envelope": {name: asdict(limit) for name, limit in envelope().items()} if people else {},
        "conduct": {name: asdict(limit) for name, limit in conduct().items()} if people else {},
        "low_responder": dict(LOW_RESPONDER) if people else {},
        "outside_validity": list(answer.outside_validity),
        "unverified_share": answer.unverified_share,
    }


def _schedule(schedule: Schedule) -> dict[str, Any]:
    return {**asdict(schedule), "words": schedule.words}


def _evaluated(one: Evaluated) -> dict[str, Any]:
    return {
        "schedule": _schedule(one.schedule),
        "readings": {name: _interval(interval) for name, interval in one.readings.items()},
        "engagement": _interval(one.engagement),
        "burden": _interval(one.burden),
        "failed": int((~one.outcome.finished).sum()),
        "low_responder": one.outcome.low_responder,
        "risks": [_risk(risk) for risk in one.risks],
        "breaches": [_breach(breach) for breach in one.breaches],
        "let_pass": [_breach(breach) for breach in one.let_pass],
    }


def _interval(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else interval.as_json()


def _risk(risk: LimitRisk) -> dict[str, Any]:
    return {**asdict(risk), "probability": risk.probability.as_json()}


def _breach(breach: Breach) -> dict[str, Any]:
    return {**asdict(breach), "by": breach.by}


def _candidate(one: Candidate) -> dict[str, Any]:
    numbers = {"engagement": one.engagement, "burden": one.burden, "risk": one.risk}
    return {**_schedule(one.schedule), **numbers}


def _preset(one: PresetAnswer) -> dict[str, Any]:
    published = one.preset.published_spo2
    return {
        "name": one.preset.name,
        "schedule": _schedule(one.preset.schedule),
        "source": one.preset.source,
        "verified": one.preset.verified,
        "published_spo2": None if published is None else asdict(published),
        "evaluated": None if one.evaluated is None else _evaluated(one.evaluated),
        "breaches": [_breach(breach) for breach in one.breaches],
    }


def _sensitivity(one: Sensitivity) -> dict[str, Any]:
    return {
        **asdict(one.effect),
        "constant": one.constant.name,
        "source": one.constant.source,
        "verified": one.constant.verified,
        "fitted": one.fitted,
    }
