"""The page of a simulated trial: what it would show, how large it must be, and where that answer comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from adenoscope.core.atomic import write_text
from adenoscope.core.interval import Interval
from adenoscope.core.provenance import software
from adenoscope.core.trial import Trial
from adenoscope.io.small_cells import count_text
from adenoscope.report.answer_page import AnswerPage, Exhibit, Section, Table, write_answer
from adenoscope.report.consort import consort_figure
from adenoscope.report.numbers import GAP, count, grouped, number
from adenoscope.report.svg import standalone_svg
from adenoscope.report.trial_figures import (
    parameter_words,
    size_figure,
    sources_figure,
    tornado_figure,
    visits_figure,
)
from adenoscope.report.trial_words import (
    analysis_words,
    blinded_sentence,
    covariate_sentence,
    enrichment_sentence,
    findings,
    mechanism_sentence,
    notices,
    percent,
    size_sentence,
)
from adenoscope.report.words import first_upper
from adenoscope.studies.trials.answer import ArmAnswer, TrialAnswer
from adenoscope.studies.trials.credibility import credibility
from adenoscope.studies.trials.rates import LookRate
from adenoscope.studies.trials.replicates import scenarios

PAGE, CONSORT = "trial.html", "consort.svg"
SIZES_SHOWN = 14


def write_trial(found: TrialAnswer, out: Path) -> tuple[Path, Path]:
    """Write ``trial.html`` and ``consort.svg`` into ``out``, and return their paths."""
    write_text(out / CONSORT, standalone_svg(consort_figure(found.flow, found.trial)))
    write_answer(trial_page(found), out / PAGE)
    return out / PAGE, out / CONSORT


def trial_page(found: TrialAnswer) -> AnswerPage:
    """Return the page of a simulated trial."""
    trial = found.trial
    replicates, pool = count(trial.replicates, "replicate"), f"{grouped(trial.pool - found.lost)} virtual people"
    return AnswerPage(
        title=trial.name,
        kind="A trial in virtual people",
        byline=f"{replicates} from {pool}, seed {trial.seed}; adenoscope {software().version}",
        notices=notices(found),
        findings=findings(found),
        sections=tuple(_sections(found)),
    )


def _sections(found: TrialAnswer) -> Iterator[Section]:
    arms = found.arms
    yield Section("chances", "Power and type I error", (_how(found.trial),), tables=tuple(_rates(found)))
    sized = [(number_, arm) for number_, arm in enumerate(arms) if arm.curve is not None]
    sizes = tuple(_size_exhibit(found, arm, place) for place, arm in sized)
    yield Section("size", "Sample size and assurance", _each(size_sentence(found, arm) for arm in arms), sizes)
    blind = _each(blinded_sentence(arm) for arm in arms)
    yield Section("blinding", "Blinding", blind, tables=(_blinding(arms),))
    if found.looks:
        yield Section("looks", "Looks before the end", (LOOKS,), tables=tuple(_looks(found)))
    said = _each(mechanism_sentence(arm) for arm in arms)
    yield Section("sources", "Where the answer comes from", said, _sources(found))
    tornados = tuple(_tornado(arm, place) for place, arm in enumerate(arms) if arm.tornado)
    yield Section("sensitivity", "What moves it", (TORNADO,), tornados)
    asked = [covariate_sentence(arm) for arm in arms]
    asked += [enrichment_sentence(arm.arm, arm.enrichment) for arm in arms if arm.enrichment is not None]
    yield Section("people", "Whom to ask, and what to measure", _each(asked), tables=(_covariates(arms),))
    yield Section("course", "The trial as it would go", (), (_visits(found), _flow(found)))
    yield Section("credibility", "How far to rely on it", (M15,), tables=(_credibility(found),))
    limits = (f"{percent(found.unverified_share)} of the constants used are unverified.", *found.outside_validity)
    yield Section("limits", "What lies outside", limits)


def _each(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(first_upper(sentence) for sentence in sentences)


LOOKS = (
    "People between two looks are a stage, tested alone; stages are combined with the weights planned, so enlarging "
    "the trial or dropping arms leaves the error of the first kind. Futility does not bind."
)
TORNADO = "Each parameter goes from its 5 % to its 95 % end by itself, the others staying at the link's centre."
M15 = "Headings of ICH M15 (draft of 2024), filled from this run. Nothing here is advice to any person."


def _how(trial: Trial) -> str:
    shared = "" if len(trial.active) == 1 else f", shared among {len(trial.active)} active arms"
    return (
        f"An arm wins where the analysis favours it with p at most {trial.alpha:g}, two-sided{shared}. Rejections "
        "are p at most that, whichever way; without any difference they are the error of the first kind. Intervals "
        "are those of simulation. The first analysis is the primary one."
    )


def _rates(found: TrialAnswer) -> Iterator[Table]:
    """Yield a table for each analysis; the arm is named where there are several active ones."""
    words = {scenario.name: scenario.words for scenario in scenarios(found.trial)}
    several = len(found.arms) > 1
    for analysis in found.trial.analyses:
        rows: list[tuple[str, ...]] = []
        for rate in found.rates:
            if rate.analysis != analysis.name:
                continue
            places = 1 if analysis.endpoint.measure == "madrs_change" else 2
            spread = "-" if rate.found is None else _range(rate.found, places)
            who = f"{words[rate.scenario]}; {rate.arm}" if several else words[rate.scenario]
            rows.append((who, _chance(rate.wins), _chance(rate.rejections), spread, str(rate.unanswered)))
        unit = "difference of risks" if analysis.method == "responder" else "difference of MADRS, points"
        header = ("world", "wins", "rejections", f"{unit} (90{GAP}%)", "no answer")
        yield Table(header, tuple(rows), analysis_words(analysis))


def _chance(interval: Interval) -> str:
    return f"{percent(interval.estimate)} ({percent(interval.low)} to {percent(interval.high)})"


def _range(interval: Interval, places: int) -> str:
    low, high = number(interval.low, places), number(interval.high, places)
    return f"{number(interval.estimate, places)} ({low} to {high})"


def _size_exhibit(found: TrialAnswer, arm: ArmAnswer, place: int) -> Exhibit:
    curve = arm.curve
    if curve is None:
        raise ValueError(f"{arm.arm} has no curve")
    step = max(1, curve.people.size // SIZES_SHOWN)
    columns = (curve.people, curve.power, curve.assurance, curve.low, curve.high)
    rows = tuple(
        (f"{row[0]:.0f}", *(percent(chance) for chance in row[1:]))
        for row in zip(*(column[::step].tolist() for column in columns), strict=True)
    )
    header = ("people", "power", "assurance", "a tenth of draws below", "nine tenths below")
    caption = (
        f"{arm.arm}: chance of success over the number of people, worked out from the expected difference and the "
        f"standard error of {found.trial.people} people."
    )
    return Exhibit(f"size-{place}", size_figure(curve, found.trial), caption, caption, Table(header, rows))


def _blinding(arms: tuple[ArmAnswer, ...]) -> Table:
    rows = tuple((arm.arm, *(_range(part, 1) for part in (arm.total, arm.blinded, arm.unblinding))) for arm in arms)
    header = ("arm", "expected difference", "by way of receptors", "by guesses that differ")
    return Table(
        header, rows, f"MADRS points at the primary endpoint, median and middle 90{GAP}% of the link's draws."
    )


def _looks(found: TrialAnswer) -> Iterator[Table]:
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


def _sources(found: TrialAnswer) -> tuple[Exhibit, ...]:
    shown = [arm for arm in found.arms if arm.mechanism is not None]
    if not shown:
        return ()
    rows: list[tuple[str, ...]] = []
    for arm in shown:
        if arm.mechanism is None:
            continue
        parts = arm.mechanism.components
        rows += [(arm.arm, part.words, number(part.variance, 2), percent(part.share)) for part in parts]
        named = sorted(arm.mechanism.by_parameter.items(), key=lambda item: -item[1])
        rows += [
            (arm.arm, f"of the link's: {parameter_words(name)}", "", percent(share))
            for name, share in named
            if share > 0.02
        ]
    caption = (
        "The mechanism's part is an upper bound: how people differ is counted as if it were unknown of all of them. "
        "Shares of the link's parameters are each by itself."
    )
    table = Table(("arm", "source", "variance (points²)", "share"), tuple(rows))
    return (Exhibit("variance", sources_figure(found.arms), caption, caption, table),)


def _tornado(arm: ArmAnswer, place: int) -> Exhibit:
    centre = arm.mechanism.with_it if arm.mechanism is not None else arm.total.estimate
    rows = tuple(
        (
            parameter_words(swing.name), f"{swing.low:.3g} to {swing.high:.3g}", number(swing.at_low, 2),
            number(swing.at_high, 2), percent(swing.power_low), percent(swing.power_high),
        )
        for swing in arm.tornado
    )  # fmt: skip
    header = ("parameter", "from, to", "difference at low", "at high", "power at low", "at high")
    caption = f"{arm.arm}: expected difference of MADRS when one parameter alone is at an end of its range."
    return Exhibit(f"tornado-{place}", tornado_figure(arm.tornado, centre), caption, caption, Table(header, rows))


def _covariates(arms: tuple[ArmAnswer, ...]) -> Table:
    names = list(dict.fromkeys(name for arm in arms for name in arm.covariates))
    names.sort(key=lambda name: -max(arm.covariates.get(name, 0.0) for arm in arms))
    rows = tuple((name, *(percent(arm.covariates.get(name, 0.0)) for arm in arms)) for name in names)
    return Table(("covariate", *(arm.arm for arm in arms)), rows, "Share of how people's own effects differ.")


def _visits(found: TrialAnswer) -> Exhibit:
    rows = tuple(
        (
            visit.arm,
            f"{visit.day:g}",
            "-" if visit.madrs is None else _range(visit.madrs, 1),
            _people_seen(visit.seen),
        )
        for visit in found.visits
    )
    caption = f"Mean MADRS of those who came, over the visits; bars hold the middle 90{GAP}% of replicates."
    header = ("arm", "day", f"MADRS (90{GAP}%)", "people seen, mean")
    return Exhibit("madrs", visits_figure(found.visits, found.trial), caption, caption, Table(header, rows))


def _people_seen(seen: float | None) -> str:
    return "suppressed" if seen is None else number(seen, 1)


def _flow(found: TrialAnswer) -> Exhibit:
    rows = tuple(
        (
            arm.arm, count_text(arm.randomised), count_text(arm.started), count_text(arm.never_started),
            count_text(arm.left), count_text(arm.seen_last),
        )
        for arm in found.flow.arms
    )  # fmt: skip
    caption = (
        f"CONSORT: counts of a typical replicate. Those below {found.flow.least} are suppressed, and those that "
        "would give them away."
    )
    header = ("arm", "randomised", "started", "never started", "left", "seen at the end")
    return Exhibit("consort", consort_figure(found.flow, found.trial), caption, caption, Table(header, rows))


def _credibility(found: TrialAnswer) -> Table:
    rows = tuple((row.heading, row.entry, row.basis) for row in credibility(found))
    return Table(("heading", "entry", "from"), rows)
