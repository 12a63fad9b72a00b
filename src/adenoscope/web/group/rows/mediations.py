"""What mediators carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adenoscope.core.mediation import Mediation
from adenoscope.core.result import StudyResult
from adenoscope.report.numbers import Measure
from adenoscope.report.words import measure_of, setting_words
from adenoscope.web.group.rows.numbers import SHARE, Row, numbers, sentence


@dataclass(frozen=True)
class MediationShown:
    """What a mediator carries of an effect, which is exploratory whatever it finds."""

    treatment: str
    mediator: str
    outcome: str
    group: str
    n_treated: int
    n_vehicle: int
    rows: tuple[Row, ...]
    sentences: tuple[str, ...]
    assumptions: tuple[str, ...]
    method: str


def mediations_shown(result: StudyResult) -> Iterator[MediationShown]:
    """Yield the mediations."""
    units = {contrast.readout: contrast.unit for contrast in result.contrasts}
    for mediation in result.mediations:
        mediator, outcome = (
            measure_of(name, units.get(name, "")) for name in (mediation.mediator, mediation.outcome)
        )
        named = ((mediation.mediator, mediator.name), (mediation.outcome, outcome.name))
        said = (sentence(text, *named) for text in (mediation.meaning, mediation.reason))
        yield MediationShown(
            treatment=mediation.treatment,
            mediator=mediator.name,
            outcome=outcome.name,
            group=setting_words(mediation.setting),
            n_treated=mediation.n_treated,
            n_vehicle=mediation.n_vehicle,
            rows=tuple(_mediation_rows(mediation, mediator, outcome)),
            sentences=tuple(text for text in said if text),
            assumptions=mediation.assumptions,
            method=mediation.method,
        )


def _mediation_rows(mediation: Mediation, mediator: Measure, outcome: Measure) -> Iterator[Row]:
    for name, interval, measure in (
        ("to_mediator", mediation.to_mediator, mediator),
        ("total", mediation.total, outcome),
        ("indirect", mediation.indirect, outcome),
        ("direct", mediation.direct, outcome),
        ("share", mediation.share, SHARE),
    ):
        yield Row(name, numbers(interval, measure), measure.points or measure.unit)
