"""The envelope for people: what a schedule of hypoxia, and what is predicted of it, must keep.

Limits stand in ``values/envelope.toml``, each with its source. A limit that is not kept is a ``Breach``. They are
bounds of published trials, and no sign that a schedule within them is safe without a clinician.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from adenoscope.core.parameter import Parameter, load_values
from adenoscope.core.schedule import Breach, Schedule
from adenoscope.mechanism.pieces import constants

PREDICTED = ("SPO2_PLAN_FLOOR", "LOW_RESPONDER_CHECK")
CO2, DISSOCIATIVE = "ADDED_CO2", "DISSOCIATIVE_PLUS_HYPOXIA"
LONGEST_BOUT = re.compile(
    r"BOUT_MAX_S_AT_FIO2_(?:BELOW_(?P<below>[\d.]+)|(?P<low>[\d.]+)_TO_(?P<high>[\d.]+)|GE_[\d.]+)"
)
LOW_RESPONDER: Mapping[str, float] = {"hypoxic_gain": 4.0, "leak": 0.0}  # docs/mechanism/oxygen.md
WORDS_ALONE = ("clinicians", "people", "years")  # units of what is said without its number
ROUNDING = 1e-9
DECIMALS = 6  # of a difference that is said


@cache
def envelope() -> Mapping[str, Parameter]:
    """Return every limit that a schedule or its prediction is held against, by name."""
    tables = load_values("envelope")
    return {**tables["limits"], **tables["prohibited"]}


def conduct() -> Mapping[str, Parameter]:
    """Return what whoever runs a session keeps, and no schedule can: it is printed beside a protocol."""
    return load_values("envelope")["conduct"]


def conduct_words(name: str) -> str:
    """Return one of ``conduct`` as it is printed, with its source."""
    limit = conduct()[name]
    number = f"{100 * limit.value:g} %" if limit.unit == "1" else f"{limit.value:g} {limit.unit}"
    said = limit.words if limit.unit in WORDS_ALONE else f"{number}: {limit.words}"
    return f"{said}. Source: {limit.source}."


def schedule_breaches(schedule: Schedule) -> tuple[Breach, ...]:
    """Return the limits that a schedule itself does not keep in people; () where it keeps all.

    Valid: people at rest, at sea level. A clamped gas has the bouts of gas that is titrated to SpO2, whatever the
    least that its controller may give.
    Source: ``values/envelope.toml``.
    """
    titrated = schedule.spo2_target is not None
    found = [*gas_breaches(schedule.fio2), *bout_breaches(schedule.fio2, schedule.bout_s, titrated=titrated)]
    if titrated:
        found += _least("SPO2_PLAN_FLOOR", schedule.spo2_target, "people are held at SpO2 {} or above")
    if schedule.bouts > 1:
        found += rest_breaches(schedule.rest_s)
    found += bouts_breaches(schedule.bouts * min(schedule.sessions_per_day, schedule.sessions))
    most = {
        "SESSIONS_MAX_PER_DAY": (schedule.sessions_per_day, "people have at most {} session a day"),
        "SESSIONS_MAX_PER_WEEK": (schedule.sessions_per_week, "people have at most {} sessions a week"),
        "SESSIONS_MAX_TOTAL_BEFORE_REVIEW": (schedule.sessions, "people have at most {} sessions before a review"),
    }
    held = {name: (min(count, schedule.sessions), words) for name, (count, words) in most.items()}
    return (*found, *(breach for name, said in held.items() for breach in _most(name, *said)))


def predicted_breaches(mean: float, sd: float, low_responder: float) -> tuple[Breach, ...]:
    """Return the limits that predicted nadirs of SpO2 [1] do not keep.

    Args:
        mean: Of a cohort's nadirs [1].
        sd: Of a cohort's nadirs [1].
        low_responder: Nadir of the subject of ``LOW_RESPONDER`` [1].

    Valid: as far as the oxygen model is; it was 2.4 points too high in the published row that matters most.
    Source: ``values/envelope.toml``.
    """
    low = "a low responder's nadir of SpO2 is predicted at {} or above"
    return (*plan_breaches(mean, sd), *_least(PREDICTED[1], low_responder, low))


def plan_breaches(mean: float, sd: float) -> tuple[Breach, ...]:
    """Return the limit that predicted nadirs of SpO2 [1] do not keep together; as ``predicted_breaches``.

    Valid: as ``predicted_breaches``.
    Source: ``values/envelope.toml``.
    """
    return _least(PREDICTED[0], mean - sd, "a plan's mean nadir of SpO2 less one standard deviation is {} or above")


def predicted_misses(mean: float, sd: float, low_responder: float) -> Mapping[str, float]:
    """Return how far predicted nadirs of SpO2 miss each limit [1], below 0 where they keep it; as above."""
    found = {PREDICTED[0]: mean - sd, PREDICTED[1]: low_responder}
    return {name: envelope()[name].value - value for name, value in found.items()}


def gas_breaches(fio2: float) -> tuple[Breach, ...]:
    """Return the limit that a gas does not keep."""
    return _least("FIO2_MIN", fio2, "people are given no less than FiO2 {}")


def bout_breaches(fio2: float, bout_s: float, *, titrated: bool = False) -> tuple[Breach, ...]:
    """Return the limit that a bout of a gas does not keep; gas that is ``titrated`` to SpO2 has a band of its own."""
    if fio2 >= constants("oxygen", "human")["room_fio2"].value - ROUNDING:
        return ()
    name = bout_limit(fio2, titrated=titrated)
    gas = "that follows SpO2" if titrated else f"at FiO2 {fio2:g}"
    return _most(name, bout_s, f"gas {gas} is breathed for at most {{}} s at a time")


def bout_limit(fio2: float, *, titrated: bool = False) -> str:
    """Return the name of the limit that holds for bouts of a gas."""
    return next(name for name, end in _bands(titrated=titrated).items() if fio2 < end - ROUNDING)


@cache
def _bands(*, titrated: bool) -> Mapping[str, float]:
    """Return the limits of bouts, each with the fraction of oxygen [1] below which it holds; in order."""
    found = {name: band for name in envelope() if (band := LONGEST_BOUT.fullmatch(name))}
    ends = {name: float(band["below"] or band["high"] or "inf") for name, band in found.items()}
    return {name: end for name, end in ends.items() if not (titrated and found[name]["below"])}


def rest_breaches(rest_s: float) -> tuple[Breach, ...]:
    """Return the limit that the air between two bouts does not keep."""
    return _least("REST_MIN_S", rest_s, "people rest for at least {} s between bouts")


def bouts_breaches(bouts: int) -> tuple[Breach, ...]:
    """Return the limit that the bouts of a day do not keep."""
    return _most("BOUTS_MAX_PER_DAY", bouts, "people have at most {} bouts a day")


def besides_breaches(*, channel_blocker: bool, added_co2: bool) -> tuple[Breach, ...]:
    """Return the limits that drugs and gases given beside hypoxia do not keep."""
    given = {DISSOCIATIVE: channel_blocker, CO2: added_co2}
    return tuple(_prohibited(name) for name, is_given in given.items() if is_given)


def _prohibited(name: str) -> Breach:
    limit = envelope()[name]
    words = f"{name}: {limit.words}; nobody can let this pass."
    return Breach(name, 1.0, limit.value, limit.unit, words, limit.source)


def without(breaches: Iterable[Breach], let_pass: Iterable[str]) -> tuple[Breach, ...]:
    """Return the breaches of limits that nobody lets pass; what is prohibited always stays."""
    passing = set(let_pass) - set(load_values("envelope")["prohibited"])
    return tuple(breach for breach in breaches if breach.limit not in passing)


def _least(name: str, found: float | None, words: str) -> tuple[Breach, ...]:
    limit = envelope()[name]
    return () if found is None or found >= limit.value - ROUNDING else tuple(_breach(limit, name, found, words))


def _most(name: str, found: float, words: str) -> tuple[Breach, ...]:
    limit = envelope()[name]
    return () if found <= limit.value + ROUNDING else tuple(_breach(limit, name, float(found), words))


def _breach(limit: Parameter, name: str, found: float, words: str) -> Iterator[Breach]:
    side, unit = "less" if found < limit.value else "more", "" if limit.unit in ("1", "count") else f" {limit.unit}"
    by = round(abs(found - limit.value), DECIMALS)
    said = f"{words.format(f'{limit.value:g}')}; this has {found:.4g}{unit}, {by:.3g} {side}"
    yield Breach(name, found, limit.value, limit.unit, f"{name}: {said}.", limit.source)
