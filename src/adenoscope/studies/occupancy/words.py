"""What an answer about occupancy says in sentences: occupancies, and never what anybody should do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adenoscope.core.interval import Interval
from adenoscope.mechanism.occupancy import in_vitro, in_vivo, named
from adenoscope.studies.occupancy.answer import GroupAnswer, OccupancyAnswer, TargetAnswer
from adenoscope.studies.occupancy.readings import Readings, Span
from adenoscope.studies.occupancy.shares import KINDS, Kind

SPREAD = (
    "Median and central 95 % over virtual subjects: how subjects differ and what is not known, which cannot be told "
    "apart yet."
)
CLOSING = (
    "These are occupancies. Whether an antagonist changes what ketamine, hypoxia or a seizure do is another "
    "question, on which the evidence conflicts; it is listed with its sources."
)
OF_CAFFEINE = (
    "In vitro caffeine's Ki is lower at A2A ({:g} against {:g} µM) in the table used here; in another table, from "
    "memory, the order is the other way round (23 against 11 µM). By PET half of A2A is held at {:g} mg/L in plasma "
    "and half of A1 at {:g} mg/L."
)
TARGETS = {"a1": "A1", "a2a": "A2A", "ent1": "ENT1", "ent2": "ENT2"}
CONSTANTS: dict[Kind, str] = {"in vitro": "in-vitro constants", "in vivo": "in-vivo (PET) constants"}
BEYOND_END = "beyond the end"
MORE = 0.02  # of occupancy: the least by which one side is said to be more exposed
ABOLISHED = 0.95  # held by antagonists, that little is left to adenosine


def findings(answer: OccupancyAnswer) -> Iterator[str]:
    """Yield what came out in sentences; numbers are of the first group, then groups are compared."""
    first = answer.groups[0]
    for kind in KINDS:
        yield from (_held(target, first.group) for target in first.targets if _is_told(target, kind))
        yield from _exposed(first, kind)
    if "caffeine" in answer.compounds and answer.design.species == "human":
        yield _of_caffeine()
    yield from _untold(first)
    yield from (sentence for target in first.targets for sentence in _raised(target, answer.compounds))
    yield from _groups(answer)
    yield CLOSING


def percent(interval: Interval) -> str:
    """Return a share with its bounds: "25 % (17 to 34)"."""
    return f"{100 * interval.estimate:.0f} % ({100 * interval.low:.0f} to {100 * interval.high:.0f})"


def hours(span: Span | Interval) -> str:
    """Return a time with its bounds: "13.8 h (6.8 to 27.6)"; or "beyond the end" of the simulation."""
    estimate, low, high = (BEYOND_END if x is None else f"{x:.1f}" for x in (span.estimate, span.low, span.high))
    if span.low is None:
        return BEYOND_END
    return f"{estimate}{'' if span.estimate is None else ' h'} ({low} to {high})"


def _of_caffeine() -> str:
    found = [look("caffeine", target, "human") for look in (in_vitro, in_vivo) for target in ("a2a", "a1")]
    return OF_CAFFEINE.format(*(value.value for value in found if value is not None))


def _is_told(target: TargetAnswer, kind: Kind) -> bool:
    return target.kind == kind and bool(target.bound) and target.readings is not None and bool(target.readings.at)


def _held(target: TargetAnswer, group: str) -> str:
    found = target.readings
    if found is None:
        raise ValueError(f"{target.target} has no readings")
    at, low = found.at[0], found.above[0]
    level = f"{100 * low.threshold:.0f} %"
    until = f"more than {level} until {hours(low.until_h)} after the last dose"
    if found.peak.estimate <= low.threshold:
        until = f"at no time more than {level} in most subjects"
    elif low.until_h.estimate is None:
        until = f"at the end still more than {level} in {100 * low.until_h.still_above:.0f} % of subjects"
    verb = "holds" if len(target.bound) == 1 else "hold"
    return (
        f"{TARGETS[target.target]}, {CONSTANTS[target.kind]}, {group}: {named(target.bound)} {verb} "
        f"{percent(at.by_antagonist)} {at.after_h:g} h after the first dose, and {until}."
    )


def _exposed(group: GroupAnswer, kind: Kind) -> Iterator[str]:
    """Yield which receptor is the more exposed one, and whether the other is abolished."""
    a1, a2a = (group.of(target, kind).readings for target in ("a1", "a2a"))
    if a1 is None or a2a is None:
        return
    gap = a2a.peak.estimate - a1.peak.estimate
    if abs(gap) > MORE:
        more, other, less = ("A2A", "A1", a1) if gap > 0 else ("A1", "A2A", a2a)
        yield (
            f"{more} is the exposed side by {CONSTANTS[kind]}: at the peak {100 * abs(gap):.0f} points more of it "
            f"are held than of {other}. {_left(other, less)}"
        )


def _left(name: str, found: Readings) -> str:
    peak = found.peak.estimate
    if peak > ABOLISHED:
        return f"{name} is all but abolished."
    kept = (
        "" if found.least_kept is None else f", and adenosine keeps at least {percent(found.least_kept)} of its share"
    )
    return f"{name} is not abolished: {100 * peak:.0f} % of it is held at the peak{kept}."


def _untold(group: GroupAnswer) -> Iterator[str]:
    for reason in dict.fromkeys(target.reason for target in group.targets if target.reason):
        names = [f"{TARGETS[each.target]}, {each.kind}" for each in group.targets if each.reason == reason]
        yield f"Not computed for {' and '.join(names)}: {reason}."


def _raised(target: TargetAnswer, compounds: Sequence[str]) -> Iterator[str]:
    if target.readings is None or target.readings.raised is None:
        return
    raised, name = target.readings.raised, f"{TARGETS[target.target]}, {CONSTANTS[target.kind]}"
    if raised.rise_kept is None:
        yield f"{name}: what was to raise adenosine's share did not raise it in most subjects."
        return
    yield (
        f"{name}: where its share peaks, adenosine holds {percent(raised.peak_without)} without and "
        f"{percent(raised.peak_with)} with {named(compounds)}; of its rise {percent(raised.rise_kept)} is left."
    )


def _groups(answer: OccupancyAnswer) -> Iterator[str]:
    telling = telling_target(answer)
    if telling is None or len(answer.groups) == 1:
        return
    target, kind = telling
    found = {group.group: group.of(target, kind).readings for group in answer.groups}
    parts = [f"{name} {hours(own.above[0].until_h)}" for name, own in found.items() if own is not None]
    yield f"{TARGETS[target]} is held above 5 % ({CONSTANTS[kind]}) after the last dose until: {'; '.join(parts)}."


def telling_target(answer: OccupancyAnswer) -> tuple[str, Kind] | None:
    """Return the target and constants by which groups are compared: by PET where it can be told, A1 first."""
    for kind in reversed(KINDS):
        for target in answer.groups[0].targets:
            held = 0.0 if target.readings is None else target.readings.peak.estimate
            if target.kind == kind and held > 0.05:
                return target.target, kind
    return None
