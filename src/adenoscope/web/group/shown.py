"""What the page writes of a study's findings: rows and words, in the order of the results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from adenoscope.core.contrast import Contrast
from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.core.interval import Interval
from adenoscope.core.mediation import Mediation
from adenoscope.core.result import SessionResult, StudyResult
from adenoscope.core.verdict import Verdict
from adenoscope.report.dissociation import Matrix, dissociation_matrix
from adenoscope.report.numbers import MEASURES, Measure, decimals, number
from adenoscope.report.verdict_words import (
    margin_words,
    question_words,
    under_words,
    verdict_paragraph,
    verdict_sentence,
    verdict_warnings,
    without_words,
)
from adenoscope.report.words import (
    contrast_group,
    contrast_note,
    contrast_title,
    first_upper,
    full_stop,
    measure_of,
    p_words,
    setting,
    setting_words,
    treatment,
)
from adenoscope.statistics.verdicts.share import share_left

OPEN = "∞"
SHARE = Measure("share", "%", 100.0)


@dataclass(frozen=True)
class Row:
    """A named number with its interval as text, for one line of a table."""

    name: str
    numbers: str
    unit: str


@dataclass(frozen=True)
class VerdictShown:
    """One verdict: its words, and the numbers that it rests on by name."""

    number: int
    finding: str
    heading: str
    sentence: str
    paragraph: tuple[str, ...]
    warnings: tuple[str, ...]
    margin: str
    margin_given: bool
    without: str
    under: str
    numbers: dict[str, str]
    unit: str
    drawn: bool


@dataclass(frozen=True)
class ContrastShown:
    """One contrast as a row of a table; ``told`` is whether its interval excludes zero."""

    title: str
    group: str
    n: str
    difference: str
    told: bool
    p: str
    note: str


@dataclass(frozen=True)
class ReadoutShown:
    """All contrasts of one readout."""

    number: int
    name: str
    unit: str
    points: str
    rows: tuple[ContrastShown, ...]


@dataclass(frozen=True)
class SessionShown:
    """One session as a row of a table; ``state`` is estimated, refused or excluded."""

    session: str
    path: str
    animal: str
    treatment: str
    group: str
    state: str
    reason: str
    mean: str
    told: bool
    control: str
    control_reason: str
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class DoseShown:
    """A dose-response: its heading, numbers and p values, and what could not be told."""

    number: int
    heading: str
    rows: tuple[Row, ...]
    p_any_effect: str
    p_misfit: str
    reason: str
    method: str


@dataclass(frozen=True)
class ComparisonShown:
    """How one dose-response differs from another."""

    readout: str
    group: str
    first: str
    second: str
    shift: str
    ceiling_ratio: str
    common_ceiling: str
    reason: str


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


def numbers(interval: Interval | None, measure: Measure) -> str:
    """Return "estimate [low, high]" without its unit, the same in every language; nothing without an interval."""
    if interval is None:
        return ""
    sides = [interval.low * measure.scale, interval.high * measure.scale]
    spread = interval.half_width * measure.scale
    places = decimals(spread if math.isfinite(spread) else abs(interval.estimate * measure.scale) / 2)
    low, high = (number(side, places) if math.isfinite(side) else ("−" if side < 0 else "") + OPEN for side in sides)
    return f"{number(interval.estimate * measure.scale, places)} [{low}, {high}]"


def matrix_of(result: StudyResult) -> Matrix | None:
    """Return the dissociation matrix; None where fewer than two questions were asked."""
    return dissociation_matrix(result.verdicts) if len(result.verdicts) > 1 else None


def share_of(verdict: Verdict) -> str:
    """Return what is left of an effect under the manipulation [%] with its interval; nothing where it cannot be said."""
    return numbers(share_left(verdict), SHARE)


def verdicts_shown(result: StudyResult) -> Iterator[VerdictShown]:
    """Yield the verdicts in the order in which they were asked."""
    for index, verdict in enumerate(result.verdicts, start=1):
        measure = measure_of(verdict.readout, verdict.unit)
        margin = verdict.margin
        yield VerdictShown(
            number=index,
            finding=verdict.finding,
            heading=first_upper(f"{verdict.manipulation} and {question_words(verdict)}"),
            sentence=verdict_sentence(verdict),
            paragraph=verdict_paragraph(verdict),
            warnings=verdict_warnings(verdict),
            margin="" if margin is None else margin_words(margin, measure),
            margin_given=margin is not None and margin.given,
            without=without_words(verdict),
            under=under_words(verdict),
            numbers=_numbers_of(verdict, measure),
            unit=measure.points or measure.unit,
            drawn=verdict.reference is not None and verdict.residual is not None,
        )


def readouts_shown(result: StudyResult) -> Iterator[ReadoutShown]:
    """Yield the contrasts, gathered by readout in the order they came."""
    for index, (readout, contrasts) in enumerate(by_readout(result.contrasts).items(), start=1):
        measure = measure_of(readout, contrasts[0].unit)
        rows = tuple(_contrast(contrast, measure) for contrast in contrasts)
        yield ReadoutShown(index, measure.name, measure.unit, measure.points or measure.unit, rows)


def by_readout(contrasts: Sequence[Contrast]) -> dict[str, list[Contrast]]:
    """Return contrasts by what was read out."""
    found: dict[str, list[Contrast]] = {}
    for contrast in contrasts:
        found.setdefault(contrast.readout, []).append(contrast)
    return found


def sessions_shown(result: StudyResult, place: str) -> Iterator[SessionShown]:
    """Yield every session of the study that goes by the name ``place``."""
    for item in result.sessions:
        session, response = item.session, item.response
        mean = None if response.estimands is None else response.estimands.mean_dff
        yield SessionShown(
            session=session.session,
            path=session_path(place, session.session),
            animal=session.animal,
            treatment=treatment(session),
            group=setting(session),
            state=state_of(item),
            reason=session.exclude or response.reason or "",
            mean=numbers(mean, MEASURES["mean_dff"]),
            told=mean is not None and mean.excludes(0),
            control=response.control.verdict,
            control_reason=response.control.reason,
            cautions=response.cautions,
        )


def state_of(item: SessionResult) -> str:
    """Return whether a session was estimated, refused, or excluded by the laboratory."""
    return "excluded" if item.session.exclude else item.response.status


def session_path(place: str, session: str) -> str:
    """Return the address of a session's trace."""
    return f"/studies/{quote(place, safe='')}/sessions/{quote(session, safe='')}"


def doses_shown(result: StudyResult) -> Iterator[DoseShown]:
    """Yield the dose-responses."""
    for index, response in enumerate(result.doses, start=1):
        measure = measure_of(response.readout, response.unit)
        group = setting_words(response.setting)
        yield DoseShown(
            number=index,
            heading=first_upper(f"{response.treatment}, {measure.name}" + (f" ({group})" if group else "")),
            rows=tuple(_dose_rows(response, measure)),
            p_any_effect="" if response.p_any_effect is None else p_words(response.p_any_effect),
            p_misfit="" if response.p_misfit is None else p_words(response.p_misfit),
            reason=_sentence(response.reason, (response.readout, measure.name)),
            method=response.method,
        )


def comparisons_shown(comparisons: Sequence[DoseComparison]) -> Iterator[ComparisonShown]:
    """Yield how dose-responses differ."""
    for comparison in comparisons:
        yield ComparisonShown(
            readout=measure_of(comparison.readout, "").name,
            group="" if comparison.setting is None else setting_words(comparison.setting),
            first=comparison.first,
            second=comparison.second,
            shift=numbers(comparison.shift, Measure("")),
            ceiling_ratio=numbers(comparison.ceiling_ratio, Measure("")),
            common_ceiling=comparison.common_ceiling,
            reason=_sentence(comparison.reason),
        )


def mediations_shown(result: StudyResult) -> Iterator[MediationShown]:
    """Yield the mediations."""
    units = {contrast.readout: contrast.unit for contrast in result.contrasts}
    for mediation in result.mediations:
        mediator, outcome = (
            measure_of(name, units.get(name, "")) for name in (mediation.mediator, mediation.outcome)
        )
        named = ((mediation.mediator, mediator.name), (mediation.outcome, outcome.name))
        said = (_sentence(text, *named) for text in (mediation.meaning, mediation.reason))
        yield MediationShown(
            treatment=mediation.treatment,
            mediator=mediator.name,
            outcome=outcome.name,
            group=setting_words(mediation.setting),
            n_treated=mediation.n_treated,
            n_vehicle=mediation.n_vehicle,
            rows=tuple(_mediation_rows(mediation, mediator, outcome)),
            sentences=tuple(sentence for sentence in said if sentence),
            assumptions=mediation.assumptions,
            method=mediation.method,
        )


def _numbers_of(verdict: Verdict, measure: Measure) -> dict[str, str]:
    effects = {"reference": verdict.reference, "residual": verdict.residual}
    return {
        **{name: numbers(one.difference if one else None, measure) for name, one in effects.items()},
        "interaction": numbers(verdict.interaction, measure),
        "residual_90": numbers(verdict.residual_90, measure),
        "interaction_90": numbers(verdict.interaction_90, measure),
        "p": "" if verdict.p_interaction is None else p_words(verdict.p_interaction),
    }


def _contrast(contrast: Contrast, measure: Measure) -> ContrastShown:
    difference = contrast.difference
    paired = contrast.design == "paired"
    treated, vehicle = len(contrast.treated), len(contrast.vehicle)
    return ContrastShown(
        title=contrast_title(contrast),
        group=contrast_group(contrast),
        n=f"{treated}" if paired else f"{treated} / {vehicle}",
        difference=numbers(difference, measure),
        told=difference is not None and difference.excludes(0),
        p="" if contrast.p_permutation is None else p_words(contrast.p_permutation),
        note=contrast_note(contrast, measure) if contrast.reason or difference is None else "",
    )


def _dose_rows(response: DoseResponse, measure: Measure) -> Iterator[Row]:
    yield Row("ED50", numbers(response.ed50, Measure("")), response.dose_unit)
    yield Row("Emax", numbers(response.emax, measure), measure.points or measure.unit)
    yield Row("E0", numbers(response.e0, measure), measure.unit)
    yield Row("Hill", numbers(response.hill, Measure("")), "")


def _mediation_rows(mediation: Mediation, mediator: Measure, outcome: Measure) -> Iterator[Row]:
    for name, interval, measure in (
        ("to_mediator", mediation.to_mediator, mediator),
        ("total", mediation.total, outcome),
        ("indirect", mediation.indirect, outcome),
        ("direct", mediation.direct, outcome),
        ("share", mediation.share, SHARE),
    ):
        yield Row(name, numbers(interval, measure), measure.points or measure.unit)


def _sentence(text: str | None, *named: tuple[str, str]) -> str:
    for key, name in named:
        text = text and text.replace(key, name)
    return full_stop(first_upper(text)) if text else ""
