"""What a script draws of groups: animals as dots, and differences with intervals, in the scale of the page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Setting
from adenoscope.core.result import StudyResult
from adenoscope.core.verdict import Verdict
from adenoscope.report.numbers import MEASURES, Measure
from adenoscope.report.verdict_words import under_words, without_words
from adenoscope.report.words import contrast_group, dose, measure_of
from adenoscope.web.group.rows.contrasts import by_readout
from adenoscope.web.group.rows.numbers import numbers
from adenoscope.web.group.rows.sessions import session_path

Json = dict[str, Any]
MOST_IN_A_ROW = 4  # contrasts
Key = tuple[str, str, Setting]


class Traces:
    """Where each animal's sessions lie, by animal, treatment and setting."""

    def __init__(self, result: StudyResult, place: str) -> None:
        self._found: dict[Key, list[Json]] = {}
        for item in result.sessions:
            session = item.session
            if session.exclude or item.response.status != "estimated":
                continue
            at = Setting(
                session.region, session.genotype, session.condition,
                session.pretreatment, session.pretreatment_dose, session.pretreatment_unit,
            )  # fmt: skip
            amount = "" if session.dose is None else f"{session.dose:g} {session.dose_unit}"
            entry = {"name": session.session, "path": session_path(place, session.session), "dose": amount}
            self._found.setdefault((session.animal, session.treatment, at), []).append(entry)

    def of(self, animal: str, treatment: str, amount: str | None, at: Setting) -> list[Json]:
        """Return the sessions that an animal's value comes from; ``amount`` None: of whatever dose."""
        found = self._found.get((animal, treatment, at), [])
        return [
            {"name": one["name"], "path": one["path"]} for one in found if amount is None or one["dose"] == amount
        ]


def readout_plots(result: StudyResult, place: str) -> Iterator[Json]:
    """Yield the plots of each readout."""
    traces = Traces(result, place)
    for index, rows in enumerate(rows_of_plots(result), start=1):
        for part, row in enumerate(rows, start=1):
            measure = measure_of(row[0].readout, row[0].unit)
            blocks = list(_blocks(row, measure, traces))
            differences = [_difference(one, measure) for one in row]
            frame = _frame(f"readout-{index}", measure, f"readout-{index}-{part}")
            yield {**frame, "blocks": blocks, "differences": differences}


def rows_of_plots(result: StudyResult) -> Iterator[tuple[tuple[Contrast, ...], ...]]:
    """Yield for each readout its contrasts, apart where they are more than fit side by side."""
    for contrasts in by_readout(result.contrasts).values():
        shown = tuple(one for one in contrasts if one.treated or one.vehicle)
        yield tuple(shown[start : start + MOST_IN_A_ROW] for start in range(0, len(shown), MOST_IN_A_ROW))


def verdict_plots(result: StudyResult, place: str) -> Iterator[Json]:
    """Yield the plot of each verdict that animals answer: both effects, their interaction and the margin."""
    traces = Traces(result, place)
    for index, verdict in enumerate(result.verdicts, start=1):
        if verdict.reference is not None and verdict.residual is not None:
            yield _verdict(f"verdict-{index}", verdict, verdict.reference, verdict.residual, traces)


def dose_plots(result: StudyResult, place: str) -> Iterator[Json]:
    """Yield the animals of each dose-response, vehicle first."""
    traces = Traces(result, place)
    vehicle = result.study.vehicle
    for index, response in enumerate(result.doses, start=1):
        measure = measure_of(response.readout, response.unit)
        groups: list[Json] = []
        for amount in sorted({given for _, given, _ in response.readings}):
            animals = tuple((animal, value) for animal, given, value in response.readings if given == amount)
            at = (response.readout, vehicle if amount == 0 else response.treatment, response.setting)
            said = None if amount == 0 else f"{amount:g} {response.dose_unit}"
            group = _group(animals, at, said, measure, traces)
            groups.append({**group, "label": f"{amount:g}", "dose": response.dose_unit, "vehicle": amount == 0})
        block = {"title": response.treatment, "paired": False, "groups": groups}
        yield {**_frame(f"dose-{index}", measure), "blocks": [block], "differences": []}


def _frame(key: str, measure: Measure, file: str = "") -> Json:
    return {
        "key": key,
        "file": file or key,
        "name": measure.name,
        "unit": measure.unit,
        "points": measure.points or measure.unit,
    }


def _verdict(key: str, verdict: Verdict, reference: Contrast, residual: Contrast, traces: Traces) -> Json:
    measure = measure_of(verdict.readout, verdict.unit)
    named = ((without_words(verdict), reference, None), (under_words(verdict), residual, verdict.residual_90))
    blocks = [{**_block([one], measure, traces), "title": _bare(where)} for where, one, _ in named]
    differences = [
        {**_difference(one, measure, ninety), "label": _bare(where), "where": ""} for where, one, ninety in named
    ]
    interaction = {"interaction": True, "label": "", **_bounds(verdict.interaction, measure, verdict.interaction_90)}
    margin = verdict.margin
    return {
        **_frame(key, measure),
        "blocks": blocks,
        "differences": [*differences, interaction],
        "margin": None if margin is None else {"size": margin.size * measure.scale, "given": margin.given},
    }


def _blocks(contrasts: Sequence[Contrast], measure: Measure, traces: Traces) -> Iterator[Json]:
    """Yield contrasts with one vehicle together; a paired one stands alone, beside what its lines join."""
    waiting: list[Contrast] = []
    for contrast in contrasts:
        alike = waiting and (waiting[0].setting, waiting[0].vehicle) == (contrast.setting, contrast.vehicle)
        if waiting and (not alike or contrast.design == "paired" or waiting[0].design == "paired"):
            yield _block(waiting, measure, traces)
            waiting = []
        waiting.append(contrast)
    if waiting:
        yield _block(waiting, measure, traces)


def _block(contrasts: Sequence[Contrast], measure: Measure, traces: Traces) -> Json:
    first = contrasts[0]
    vehicle = _group(first.vehicle, (first.readout, first.versus, first.setting), None, measure, traces)
    groups = [{**vehicle, "label": first.versus, "dose": "", "vehicle": True}]
    for one in contrasts:
        given = one.given
        amount = "" if given.dose is None else f"{given.dose:g} {given.dose_unit}"
        group = _group(one.treated, (one.readout, given.treatment, one.setting), amount, measure, traces)
        groups.append(
            {**group, "label": given.treatment, "dose": dose(given.dose, given.dose_unit), "vehicle": False}
        )
    return {"title": contrast_group(first), "paired": first.design == "paired", "groups": groups}


def _group(
    animals: Sequence[tuple[str, float]], at: Key, amount: str | None, measure: Measure, traces: Traces
) -> Json:
    readout, treatment, setting = at
    recorded = readout in MEASURES  # an assay of behaviour has no trace
    dots = [
        {
            "animal": animal,
            "value": value * measure.scale,
            "sessions": traces.of(animal, treatment, amount, setting) if recorded else [],
        }
        for animal, value in animals
    ]
    return {"dots": dots}


def _difference(contrast: Contrast, measure: Measure, ninety: Interval | None = None) -> Json:
    given = contrast.given
    label = " ".join(part for part in (given.treatment, dose(given.dose, given.dose_unit)) if part)
    return {"label": label, "where": contrast_group(contrast), **_bounds(contrast.difference, measure, ninety)}


def _bounds(interval: Interval | None, measure: Measure, ninety: Interval | None) -> Json:
    told = interval is not None and math.isfinite(interval.half_width)
    return {
        "interval": _scaled(interval, measure) if told else None,
        "ninety": _scaled(ninety, measure) if ninety is not None and math.isfinite(ninety.half_width) else None,
        "words": numbers(interval, measure),
    }


def _scaled(interval: Interval | None, measure: Measure) -> list[float] | None:
    if interval is None:
        return None
    return [side * measure.scale for side in (interval.estimate, interval.low, interval.high)]


def _bare(where: str) -> str:
    return where.removeprefix("in ").removeprefix("after ")
