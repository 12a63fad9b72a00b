"""Tables of a simulated trial's page that stand without a figure."""

from __future__ import annotations

from collections.abc import Iterator

from adenoscope.core.interval import Interval
from adenoscope.report.answer_page import Table
from adenoscope.report.numbers import GAP, number
from adenoscope.report.trial_words import analysis_words, percent
from adenoscope.studies.trials.answer import ArmAnswer, TrialAnswer
from adenoscope.studies.trials.credibility import credibility
from adenoscope.studies.trials.rates import LookRate
from adenoscope.studies.trials.replicates import scenarios


def rates_tables(found: TrialAnswer) -> Iterator[Table]:
    """Yield a table for each analysis; the arm is named where there are several active ones."""
    words = {scenario.name: scenario.words for scenario in scenarios(found.trial)}
    several = len(found.arms) > 1
    for analysis in found.trial.analyses:
        rows: list[tuple[str, ...]] = []
        for rate in found.rates:
            if rate.analysis != analysis.name:
                continue
            places = 1 if analysis.endpoint.measure == "madrs_change" else 2
            spread = "-" if rate.found is None else range_words(rate.found, places)
            who = f"{words[rate.scenario]}; {rate.arm}" if several else words[rate.scenario]
            rows.append((who, _chance(rate.wins), _chance(rate.rejections), spread, str(rate.unanswered)))
        unit = "difference of risks" if analysis.method == "responder" else "difference of MADRS, points"
        header = ("world", "wins", "rejections", f"{unit} (90{GAP}%)", "no answer")
        yield Table(header, tuple(rows), analysis_words(analysis))


def _chance(interval: Interval) -> str:
    return f"{percent(interval.estimate)} ({percent(interval.low)} to {percent(interval.high)})"


def range_words(interval: Interval, places: int) -> str:
    """Return an interval as it stands in a table."""
    low, high = number(interval.low, places), number(interval.high, places)
    return f"{number(interval.estimate, places)} ({low} to {high})"


def blinding_table(arms: tuple[ArmAnswer, ...]) -> Table:
    """Return what would be left of each arm if guesses were alike."""
    rows = tuple(
        (arm.arm, *(range_words(part, 1) for part in (arm.total, arm.blinded, arm.unblinding))) for arm in arms
    )
    header = ("arm", "expected difference", "by way of receptors", "by guesses that differ")
    return Table(
        header, rows, f"MADRS points at the primary endpoint, median and middle 90{GAP}% of the link's draws."
    )


def looks_tables(found: TrialAnswer) -> Iterator[Table]:
    """Yield how trials end at looks, and which of several active arms go on."""
    fractions = found.trial.looks.fractions
    words = {scenario.name: scenario.words for scenario in scenarios(found.trial)}
    header = ("world", "success", *(f"stops at {percent(fraction)}" for fraction in fractions), "mean people")
    rows = tuple(
        (words[look.scenario], _chance(look.success), *_stops(look), f"{look.people:.0f}") for look in found.looks
    )
    yield Table(header, rows, "How trials end; in brackets: for success, for futility.")
    if len(found.arms) > 1:
        names = [arm.arm for arm in found.arms]
        header = ("world", *(f"{name}: goes on, wins" for name in names))
        rows = tuple(
            (words[look.scenario], *(f"{percent(look.kept[name])}, {percent(look.won[name])}" for name in names))
            for look in found.looks
        )
        yield Table(header, rows, "Which active arms go on after the first look.")


def _stops(look: LookRate) -> Iterator[str]:
    for stopped, success, futile in zip(look.stopped, look.for_success, look.for_futility, strict=True):
        yield f"{percent(stopped)} ({percent(success)}, {percent(futile)})"


def covariates_table(arms: tuple[ArmAnswer, ...]) -> Table:
    """Return what share of how people differ each covariate explains."""
    names = list(dict.fromkeys(name for arm in arms for name in arm.covariates))
    names.sort(key=lambda name: -max(arm.covariates.get(name, 0.0) for arm in arms))
    rows = tuple((name, *(percent(arm.covariates.get(name, 0.0)) for arm in arms)) for name in names)
    return Table(("covariate", *(arm.arm for arm in arms)), rows, "Share of how people's own effects differ.")


def credibility_table(found: TrialAnswer) -> Table:
    """Return the table after ICH M15."""
    rows = tuple((row.heading, row.entry, row.basis) for row in credibility(found))
    return Table(("heading", "entry", "from"), rows)
