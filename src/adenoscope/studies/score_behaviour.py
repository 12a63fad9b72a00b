"""What number does an animal get? Immobility, distance, latency or preference, by rules that are written down.

Nothing is guessed: where a rule is missing, or a recording does not cover the window, that is a problem.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from adenoscope.core.behaviour_record import Bout, Events, Measure, Measures, Record, Track
from adenoscope.core.errors import InputError, Problem
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.scoring_toml import Scoring
from adenoscope.studies.score_track import score_track

UNIT_S = {"s": 1.0, "sec": 1.0, "secs": 1.0, "ms": 1e-3, "min": 60.0}
UNIT_M = {"m": 1.0, "cm": 1e-2, "mm": 1e-3}
UNIT_PERCENT = {"%": 1.0}
SUCROSE, WATER = "sucrose", "water"


def score(record: Record, scoring: Scoring, start_s: float, file: str) -> float:
    """Return what the animal of a record scored, in the unit of ``scoring``.

    The test began at ``start_s`` [s] on the record's clock; ``file`` is the recording's name in messages.

    Raises:
        InputError: a rule is missing, or the record cannot be scored by it.
    """
    where = f"{file} ({record.origin.place})" if record.origin.place else file
    if isinstance(record, Events):
        return _score_events(record, scoring, start_s, where)
    if isinstance(record, Track):
        return score_track(record, scoring, start_s, where)
    if start_s:
        found = f"start_s is {start_s:g} s for a table of whole tests"
        remedy = "leave start_s empty: the program's table begins with the test"
        raise InputError(Problem(where, found, "start_s for events and tracks alone", remedy))
    value = _score_measures(record, scoring, where)
    _check_possible(value, scoring, where)
    return value


def immobility_s(bouts: Sequence[Bout], span_s: tuple[float, float], at_least_s: float = 0.0) -> float:
    """Return for how long [s] of ``span_s`` any bout lasted; ones shorter than ``at_least_s`` do not count."""
    total, end = 0.0, span_s[0]
    for bout in sorted(bouts, key=lambda bout: bout.start_s):
        if bout.duration_s >= at_least_s:
            # Bouts of several observers or modifiers may overlap; a second counts once.
            start, stop = max(bout.start_s, end), min(bout.stop_s, span_s[1])
            total += max(0.0, stop - start)
            end = max(end, stop)
    return total


def latency_s(bouts: Sequence[Bout], span_s: tuple[float, float], at_least_s: float = 0.0) -> float | None:
    """Return the time [s] from the start of ``span_s`` to the first bout, 0 if one is under way; None if none."""
    start, stop = span_s
    begun = [bout.start_s for bout in bouts if bout.duration_s >= at_least_s and _reaches(bout, start)]
    first = min(begun, default=stop)
    return None if first >= stop else max(0.0, first - start)


def preference_percent(sucrose: float, water: float) -> float | None:
    """Return the share of sucrose in all that was drunk [%]; None where nothing was."""
    total = sucrose + water
    return 100 * sucrose / total if total > 0 else None


def _reaches(bout: Bout, start_s: float) -> bool:
    return bout.stop_s > start_s or bout.start_s == bout.stop_s == start_s


def _score_events(events: Events, scoring: Scoring, start_s: float, where: str) -> float:
    if scoring.score not in {"immobility", "latency"}:
        said, remedy = "events for immobility or latency", "score it from a track or a table"
        raise InputError(scoring.problem("score", f"found {scoring.score} for scored events", said, remedy))
    bouts, at_least_s = _named(events, scoring, where), scoring.at_least_s or 0.0
    if scoring.score == "latency":
        span_s = _span(events, scoring, start_s)
        found = latency_s(bouts, span_s, at_least_s)
        if found is not None:
            return found
        _check_covered(events, scoring, start_s, where)
        return _never(scoring, where)
    if bouts and all(bout.duration_s == 0 for bout in bouts):
        remedy = "score a state event, with a START and a STOP"
        raise InputError(Problem(where, f'"{scoring.behaviour}" has no duration', "a behaviour that lasts", remedy))
    _check_covered(events, scoring, start_s, where)
    return immobility_s(bouts, _span(events, scoring, start_s), at_least_s)


def _named(events: Events, scoring: Scoring, where: str) -> list[Bout]:
    """Return the bouts of the behaviour that is scored."""
    if not scoring.behaviour:
        said, remedy = "the name of a behaviour of the ethogram", 'for example behaviour = "immobile"'
        raise InputError(scoring.problem("behaviour", "missing", said, remedy))
    for name in sorted({bout.behaviour for bout in events.bouts} - {scoring.behaviour}):
        if "".join(name.casefold().split()) == "".join(scoring.behaviour.casefold().split()):
            found = f'two spellings: "{name}" here, "{scoring.behaviour}" in {scoring.document}'
            raise InputError(Problem(where, found, "one name for one behaviour", "rename it in the ethogram"))
    return [bout for bout in events.bouts if bout.behaviour == scoring.behaviour]


def _span(events: Events, scoring: Scoring, start_s: float) -> tuple[float, float]:
    """Return what is scored [s of the file's clock]; without any end, everything that was noted."""
    if scoring.window_s is not None:
        return start_s + scoring.window_s[0], start_s + scoring.window_s[1]
    if scoring.length_s is not None:
        return start_s, start_s + scoring.length_s
    last = max((bout.stop_s for bout in events.bouts), default=start_s)
    return start_s, max(events.length_s or last, start_s)


def _check_covered(events: Events, scoring: Scoring, start_s: float, where: str) -> None:
    """Raise where what is scored ends after the film, or where nobody says how long that was."""
    if scoring.window_s is None and scoring.length_s is None:
        return
    end_s = _span(events, scoring, start_s)[1]
    if events.length_s is None and scoring.length_s is None:
        said, remedy = "the length of every test, where a file does not tell it", "for example length_s = 360"
        raise InputError(
            scoring.problem("length_s", "missing, and a recording does not say its length", said, remedy)
        )
    if events.length_s is not None and end_s > events.length_s + scoring.gap_s:
        found = f"the film ends at {events.length_s:g} s, and {end_s:g} s are to be scored"
        remedy = "exclude the recording with a reason, or mend start_s or window_s"
        raise InputError(Problem(where, found, "a recording as long as the window", remedy))


def _never(scoring: Scoring, where: str) -> float:
    if scoring.never_s is not None:
        return scoring.never_s
    found = f'"{scoring.behaviour or scoring.measure}" never happens, and never_s is missing'
    said, remedy = "a latency to write for such animals", f"in {scoring.document}, for example never_s = 600"
    raise InputError(Problem(where, found, said, remedy))


def _score_measures(record: Measures, scoring: Scoring, where: str) -> float:
    if scoring.score == "preference" and {SUCROSE, WATER} <= set(record.measures):
        drunk = (record.measures[name].values[0] for name in (SUCROSE, WATER))
        percent = preference_percent(*drunk)
        if percent is None:
            remedy = "exclude the animal with a reason, such as a blocked bottle"
            raise InputError(Problem(where, "nothing was drunk", "an intake above 0", remedy))
        return percent
    measure = _measure(record, scoring, where)
    factor = _factor(measure, scoring, where)
    values = _chosen(record, measure, scoring, where)
    if any(math.isnan(value) for value in values):
        if scoring.score == "latency":
            return _never(scoring, where)
        remedy = "exclude the animal with a reason, or export its result"
        raise InputError(Problem(where, f'no value of "{scoring.measure}"', "a number", remedy))
    return sum(values) * factor


def _measure(record: Measures, scoring: Scoring, where: str) -> Measure:
    named = scoring.measure
    listed = ", ".join(record.measures)
    if not named:
        remedy = f'for example measure = "{next(iter(record.measures), "Total time immobile (s)")}"'
        raise InputError(scoring.problem("measure", "missing", f"a column of the table: {listed}", remedy))
    if named in record.measures:
        return record.measures[named]
    if record.origin.facts.get(named):
        found = f'"{named}" holds "{record.origin.facts[named]}"'
        raise InputError(Problem(where, found, "numbers throughout the column", "export it again as numbers"))
    remedy = did_you_mean(named, record.measures) or "take a column of the list"
    raise InputError(Problem(where, f'no column "{named}"', f"one of {listed}", remedy))


def _factor(measure: Measure, scoring: Scoring, where: str) -> float:
    """Return what turns the column's unit into the unit of the assay."""
    known = {"s": UNIT_S, "m": UNIT_M, "cm": UNIT_M, "%": UNIT_PERCENT}[scoring.unit]
    unit = measure.unit or scoring.measure_unit
    if measure.unit and scoring.measure_unit not in {"", measure.unit}:
        found = f'"{scoring.measure_unit}", and the table says "{measure.unit}"'
        raise InputError(scoring.problem("measure_unit", found, "the table's unit", "take measure_unit out"))
    if unit not in known:
        found = f'"{unit}" for "{scoring.measure}"' if unit else f'missing, and "{scoring.measure}" has no unit'
        allowed = f"one of {', '.join(known)}"
        if measure.unit:
            raise InputError(Problem(where, f"the unit {found}", allowed, f"name a column for {scoring.score}"))
        raise InputError(scoring.problem("measure_unit", found, allowed, f'for example "{next(iter(known))}"'))
    return known[unit] / known[scoring.unit]


def _chosen(record: Measures, measure: Measure, scoring: Scoring, where: str) -> tuple[float, ...]:
    """Return the values of the spans that make up the window, or of the whole test."""
    spans = record.spans_s
    if scoring.score not in {"immobility", "distance"} and len(spans) > 1:
        remedy = "export whole tests"
        raise InputError(Problem(where, f"{scoring.score} in {len(spans)} spans", "one value for the test", remedy))
    if scoring.window_s is None:
        return measure.values
    start, stop = scoring.window_s
    inside = [index for index, span in enumerate(spans) if start <= span[0] and span[1] <= stop]
    ends = [start, *(spans[index][1] for index in inside)]
    starts = [*(spans[index][0] for index in inside), stop]
    if ends != starts:
        told = ", ".join(f"{a:g} to {b:g}" for a, b in spans) or "the whole test"
        remedy = "export these segments of time, or take window_s out to score the whole test"
        raise InputError(Problem(where, f"values for {told} s", f"spans that fill {start:g} to {stop:g} s", remedy))
    return tuple(measure.values[index] for index in inside)


def _check_possible(value: float, scoring: Scoring, where: str) -> None:
    span = scoring.window_s or (0.0, scoring.length_s or float("inf"))
    most = {"immobility": span[1] - span[0], "preference": 100.0}.get(scoring.score, float("inf"))
    if not 0 <= value <= most + 1e-6:
        remedy = "look whether the column, its unit and the window are the right ones"
        allowed = f"0 to {most:g} {scoring.unit}" if most < float("inf") else "0 or more"
        raise InputError(Problem(where, f"{scoring.score} of {value:g} {scoring.unit}", allowed, remedy))
