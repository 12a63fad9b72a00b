"""Figures of a simulated trial's page, each with its numbers beside it."""

from __future__ import annotations

from adenoscope.io.small_cells import count_text
from adenoscope.report.answer_page import Exhibit, Table
from adenoscope.report.consort import consort_figure
from adenoscope.report.numbers import GAP, number
from adenoscope.report.trial_figures import (
    parameter_words,
    size_figure,
    sources_figure,
    tornado_figure,
    visits_figure,
)
from adenoscope.report.trial_tables import range_words
from adenoscope.report.trial_words import percent
from adenoscope.studies.trials.answer import ArmAnswer, TrialAnswer

SIZES_SHOWN = 14
LEAST_SHOWN = 0.02  # share of the variance of one of the link's parameters


def size_exhibit(found: TrialAnswer, arm: ArmAnswer, place: int) -> Exhibit:
    """Return the chance of success over the number of people, of an arm that has a curve."""
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


def sources_exhibits(found: TrialAnswer) -> tuple[Exhibit, ...]:
    """Return where the variance of one trial comes from; () where no arm can say."""
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
            if share > LEAST_SHOWN
        ]
    caption = (
        "The mechanism's part is an upper bound: how people differ is counted as if it were unknown of all of them. "
        "Shares of the link's parameters are each by itself."
    )
    table = Table(("arm", "source", "variance (points²)", "share"), tuple(rows))
    return (Exhibit("variance", sources_figure(found.arms), caption, caption, table),)


def tornado_exhibit(arm: ArmAnswer, place: int) -> Exhibit:
    """Return what each parameter by itself moves the expected difference by."""
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


def visits_exhibit(found: TrialAnswer) -> Exhibit:
    """Return mean MADRS over the visits."""
    rows = tuple(
        (
            visit.arm,
            f"{visit.day:g}",
            "-" if visit.madrs is None else range_words(visit.madrs, 1),
            _people_seen(visit.seen),
        )
        for visit in found.visits
    )
    caption = f"Mean MADRS of those who came, over the visits; bars hold the middle 90{GAP}% of replicates."
    header = ("arm", "day", f"MADRS (90{GAP}%)", "people seen, mean")
    return Exhibit("madrs", visits_figure(found.visits, found.trial), caption, caption, Table(header, rows))


def _people_seen(seen: float | None) -> str:
    return "suppressed" if seen is None else number(seen, 1)


def flow_exhibit(found: TrialAnswer) -> Exhibit:
    """Return the CONSORT diagram."""
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
