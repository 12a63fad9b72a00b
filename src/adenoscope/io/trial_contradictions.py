"""What is wrong with a trial although each of its entries is right by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from adenoscope.core.errors import Problem
from adenoscope.core.parameter import load_values
from adenoscope.core.trial import Analysis, Trial

FEWEST_IN_AN_ARM = 2


def contradictions(trial: Trial, file: str) -> Iterator[Problem]:
    """Yield a problem for each contradiction."""
    yield from _of_arms(trial, file)
    for analysis in trial.analyses:
        yield from _of_analysis(analysis, trial, file)
    yield from _repeated(file, "analysis", [analysis.name for analysis in trial.analyses])
    yield from _of_looks(trial, file)
    yield from _of_numbers(trial, file)


def _of_arms(trial: Trial, file: str) -> Iterator[Problem]:
    kinds = [arm.kind for arm in trial.arms]
    if kinds.count("control") != 1 or "active" not in kinds:
        found = f"{kinds.count('control')} control and {kinds.count('active')} active arms"
        yield Problem(file, found, "one control and at least one active arm", "set kind of each [[arm]]")
    yield from _repeated(file, "arm", [arm.name for arm in trial.arms])
    for arm in trial.arms:
        if arm.session_days[-1] > trial.visit_days[-1]:
            found = f"arm {arm.name}: a session on day {arm.session_days[-1]:g}, after the last visit"
            yield Problem(file, found, f"days 0 to {trial.visit_days[-1]:g}", "add a visit, or drop the session")
        blinding = arm.blinding
        if blinding.like is None and (blinding.patient is None or blinding.rater is None):
            allowed = "guess_like, or both guess_patient and guess_rater"
            yield Problem(file, f"arm {arm.name}: nothing says what is guessed", allowed, 'guess_like = "ketamine"')
    weights = sum(arm.weight for arm in trial.arms)
    if trial.block % weights:
        remedy = f"take block = {weights} or a multiple, or other weights"
        yield Problem(file, f"block = {trial.block}", f"a multiple of the arms' weights, {weights}", remedy)
    if trial.people < FEWEST_IN_AN_ARM * weights:
        yield Problem(file, f"people = {trial.people}", f"at least {FEWEST_IN_AN_ARM * weights}", "add people")


def _of_analysis(analysis: Analysis, trial: Trial, file: str) -> Iterator[Problem]:
    place = f"analysis {analysis.name}"
    days = ", ".join(f"{day:g}" for day in trial.visit_days)
    if analysis.endpoint.day not in trial.visit_days:
        yield Problem(file, f"{place}: day {analysis.endpoint.day:g}", f"a visit: {days}", "add it to visit_days")
    binary = analysis.endpoint.measure != "madrs_change"
    if binary != (analysis.method == "responder"):
        found = f"{place}: {analysis.method} of {analysis.endpoint.measure}"
        allowed = "responder with response or remission; mmrm and ancova with madrs_change"
        yield Problem(file, found, allowed, "change method or measure")
    if analysis.estimand == "composite" and not binary:
        allowed = "composite with responder alone"
        yield Problem(file, f"{place}: composite with {analysis.method}", allowed, "take treatment_policy")
    if analysis.imputation != "none" and analysis.method != "ancova":
        allowed = "reference-based imputation with ancova, which follows it"
        yield Problem(file, f"{place}: {analysis.imputation} with {analysis.method}", allowed, 'method = "ancova"')


def _of_looks(trial: Trial, file: str) -> Iterator[Problem]:
    looks = trial.looks
    if looks.fractions[-1] != 1:
        yield Problem(file, f"looks.fractions end at {looks.fractions[-1]:g}", "1 as the last", "add 1.0")
    if len(looks.fractions) == 1 and (looks.futility or looks.reestimation or looks.keep):
        remedy = "write for example fractions = [0.5, 1.0]"
        yield Problem(file, "looks: rules for a look, and none before the end", "two fractions or more", remedy)
    if looks.reestimation is not None and looks.reestimation.low >= looks.reestimation.high:
        yield Problem(file, "looks: reestimate_low is not below reestimate_high", "low < high", "exchange them")
    if looks.reestimation is not None and len(looks.fractions) > 2:
        yield Problem(file, "looks: re-estimation with more than two looks", "fractions = [x, 1.0]", "drop looks")


def _of_numbers(trial: Trial, file: str) -> Iterator[Problem]:
    if trial.pool < trial.people:
        remedy = f"take pool = {trial.people} or more"
        yield Problem(file, f"pool = {trial.pool}", f"at least people, {trial.people}", remedy)
    low, high = (_population(trial, name) for name in ("age_low", "age_high"))
    if low >= high:
        found = f"population: age_low {low:g} to age_high {high:g}"
        yield Problem(file, found, "age_low below age_high; where one is left out, it is as shown", "mend them")
    for assumed in trial.assumptions:
        if not assumed.low <= assumed.value <= assumed.high:
            found = f"assume {assumed.parameter}: {assumed.value:g} outside {assumed.low:g} to {assumed.high:g}"
            yield Problem(file, found, "low <= value <= high", "mend the range")
    yield from _repeated(file, "assume", [assumed.parameter for assumed in trial.assumptions])
    published = trial.published
    if published is None:
        return
    if published.arm not in {trial.arms[place].name for place in trial.active}:
        yield Problem(file, f"published.arm: {published.arm}", "the name of an active arm", "mend the name")
    if not published.low <= published.difference <= published.high:
        yield Problem(file, "published.difference is outside low to high", "low <= difference <= high", "mend it")


def _population(trial: Trial, name: str) -> float:
    given = getattr(trial.population, name)
    return load_values("people")["recruited"][name].value if given is None else given


def _repeated(file: str, what: str, names: list[str]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(file, f'{what} "{name}" stands {count} times', "each once", "rename or delete one")
