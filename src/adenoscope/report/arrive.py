"""The ARRIVE checklist of a study: what its folder shows, what its study.toml states, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from adenoscope.core.arrive import ARRIVE_ITEMS, ArriveAnswer, ArriveItem, ArriveStatus
from adenoscope.core.reading import Reading
from adenoscope.core.result import StudyResult
from adenoscope.report.numbers import GAP, count
from adenoscope.report.statistics_words import ASSUMED, method_counts
from adenoscope.report.words import (
    excluded,
    first_upper,
    full_stop,
    given_words,
    included,
    joined,
    measure_of,
    pretreatment_words,
)
from adenoscope.statistics.effects.readings import readings_of_behaviour, readings_of_sessions
from adenoscope.studies.compare import compared

MOST_LISTED = 12
OPTIONAL = {"weight"}


def arrive_checklist(result: StudyResult) -> tuple[ArriveAnswer, ...]:
    """Return the answer to each of the 38 points, in the guidelines' order."""
    return tuple(_answer(item, result) for item in ARRIVE_ITEMS)


def arrive_headline(answers: Iterable[ArriveAnswer]) -> str:
    """Return how many essential points are missing or incomplete."""
    essential = [answer for answer in answers if answer.item.essential]
    by_status: Counter[ArriveStatus] = Counter(answer.status for answer in essential)
    n, missing, incomplete = len(essential), by_status["missing"], by_status["incomplete"]
    if not missing and not incomplete:
        return f"All {n} essential points are answered."
    are = "is" if missing == 1 else "are"
    also = f", and {incomplete} {'is' if incomplete == 1 else 'are'} incomplete" if incomplete else ""
    return f"{missing} of {n} essential points {are} missing{also}."


def _answer(item: ArriveItem, result: StudyResult) -> ArriveAnswer:
    given = dict(result.study.arrive)
    found = tuple(first_upper(full_stop(text)) for text in FOUND.get(item.number, _nothing)(result))
    stated = tuple((key, given[key]) for key in _keys(item, result) if key in given)
    lacking = tuple(key for key in _keys(item, result) if key not in given and key not in OPTIONAL)
    if not item.keys and not found:
        lacking = (item.asks,)
    return ArriveAnswer(item, found, stated, lacking)


def _keys(item: ArriveItem, result: StudyResult) -> tuple[str, ...]:
    if item.number != "8a":
        return item.keys
    known = all(reading.sex for reading in _readings(result))
    return (*item.keys, "weight") if known else (*item.keys, "sex", "weight")


def _readings(result: StudyResult) -> tuple[Reading, ...]:
    """Return all that groups consist of, refused sessions with it."""
    return (*readings_of_sessions(compared(result.sessions)), *readings_of_behaviour(result.study.behaviour))


def _nothing(_: StudyResult) -> Iterator[str]:
    yield from ()


def _groups(result: StudyResult) -> Iterator[str]:
    groups: dict[str, set[str]] = {}
    for reading in _readings(result):
        at = reading.setting
        name = joined(", ", given_words(reading.given), pretreatment_words(at), at.genotype, at.condition)
        groups.setdefault(name, set()).add(reading.animal)
    named = [f"{name}: {count(len(animals), 'animal')}" for name, animals in sorted(groups.items())]
    if named:
        more = f"; and {len(named) - MOST_LISTED} more" if len(named) > MOST_LISTED else ""
        yield "; ".join(named[:MOST_LISTED]) + more
        yield f"The control group is the one that got {result.study.vehicle}"


def _unit(_: StudyResult) -> Iterator[str]:
    yield "The animal. It gives one value to each group; repeated sessions are averaged first"


def _total(result: StudyResult) -> Iterator[str]:
    animals = {reading.animal for reading in _readings(result)}
    yield f"{count(len(animals), 'animal')} in all; those of each group are listed under 1a"


def _criteria(result: StudyResult) -> Iterator[str]:
    if result.sessions:
        yield "A session is refused where its response cannot be told from drift or leak, by a rule blind to groups"


def _left_out(result: StudyResult) -> Iterator[str]:
    for session in excluded(result):
        yield f"Session {session.session} ({session.animal}) was excluded by the laboratory: {session.exclude}"
    for item in included(result):
        if item.response.status == "refused":
            yield f"Session {item.session.session} was refused: {item.response.reason or 'no reason was given'}"
    notes = Counter(contrast.reason for contrast in result.contrasts if contrast.reason)
    for note, times in notes.items():
        yield f"In {count(times, 'comparison')}: {note}"
    if result.sessions and not excluded(result):
        yield "No session was excluded by the laboratory"
    if result.study.behaviour:
        yield f"All {len(result.study.behaviour)} rows of behaviour.csv were used"


def _exact_n(result: StudyResult) -> Iterator[str]:
    sizes = [len(arm) for contrast in result.contrasts for arm in (contrast.treated, contrast.vehicle)]
    if sizes:
        yield f"Stands beside every difference and below every group; from {min(sizes)} to {max(sizes)}"


def _outcomes(result: StudyResult) -> Iterator[str]:
    measures = {c.readout: measure_of(c.readout, c.unit) for c in result.contrasts}
    if measures:
        yield ", ".join(measure.axis for measure in measures.values())
    if result.sessions:
        yield "How the readouts of a recording are defined stands under Methods"


def _methods(result: StudyResult) -> Iterator[str]:
    software = result.software
    yield f"See Statistics. Software: {software.name} {software.version}, commit {software.commit or 'not known'}"
    if result.contrasts:
        yield f"Intervals: {method_counts(result.contrasts)}"


def _assumed(_: StudyResult) -> Iterator[str]:
    yield ASSUMED


def _animals(result: StudyResult) -> Iterator[str]:
    sex_of = {reading.animal: reading.sex for reading in _readings(result)}
    counts = Counter(sex or "not given" for sex in sex_of.values())
    if sex_of and set(counts) != {"not given"}:
        yield "Sex: " + ", ".join(f"{n} {sex}" for sex, n in sorted(counts.items()))


def _genotypes(result: StudyResult) -> Iterator[str]:
    settings = {reading.setting for reading in _readings(result)}
    genotypes = sorted({at.genotype for at in settings})
    if genotypes:
        yield f"Genotype: {', '.join(genotypes)}"
    conditions = sorted({at.condition for at in settings if at.condition})
    if conditions:
        yield f"Condition: {', '.join(conditions)}"


def _procedures(result: StudyResult) -> Iterator[str]:
    readings = _readings(result)
    given = sorted({given_words(reading.given) for reading in readings})
    if given:
        yield f"Given: {'; '.join(given)}"
    before = sorted({words for reading in readings if (words := pretreatment_words(reading.setting))})
    if before:
        yield f"Pretreatments: {'; '.join(words.removeprefix('after ') for words in before)}"
    regions = sorted({item.session.region for item in included(result) if item.session.region})
    if result.sessions:
        yield joined(" ", f"Recorded with {result.study.sensor}", f"in {', '.join(regions)}" if regions else "")


def _timing(result: StudyResult) -> Iterator[str]:
    delays = sorted({row.time_h for row in result.study.behaviour if row.time_h is not None})
    if delays:
        yield f"Assays {', '.join(f'{delay:g}' for delay in delays)}{GAP}h after the treatment"
    sessions = Counter(item.session.animal for item in included(result))
    if sessions:
        yield f"From {min(sessions.values())} to {max(sessions.values())} sessions for each animal"


def _summaries(result: StudyResult) -> Iterator[str]:
    if result.contrasts:
        yield "Mean and standard deviation of each group: the tables under Groups"


def _effects(result: StudyResult) -> Iterator[str]:
    n = sum(contrast.difference is not None for contrast in result.contrasts)
    if n:
        yield f"{count(n, 'difference')} with 95{GAP}% intervals under Groups"
    if result.verdicts:
        yield f"{count(len(result.verdicts), 'verdict')} with effects, interactions and intervals under Necessity"


def _objectives(result: StudyResult) -> Iterator[str]:
    for asked in result.study.necessity:
        yield (
            f"Asked in study.toml: does the effect of {asked.effect} on {', '.join(asked.readouts)} need what "
            f"{asked.manipulation} takes away?"
        )


def _data(result: StudyResult) -> Iterator[str]:
    yield f"The {count(len(result.inputs), 'file')} read are listed with their checksums under Inputs"


FOUND: dict[str, Callable[[StudyResult], Iterator[str]]] = {
    "1a": _groups,
    "1b": _unit,
    "2a": _total,
    "3a": _criteria,
    "3b": _left_out,
    "3c": _exact_n,
    "6a": _outcomes,
    "7a": _methods,
    "7b": _assumed,
    "8a": _animals,
    "8b": _genotypes,
    "9a": _procedures,
    "9b": _timing,
    "10a": _summaries,
    "10b": _effects,
    "13": _objectives,
    "20": _data,
}
