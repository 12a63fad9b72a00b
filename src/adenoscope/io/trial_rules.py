"""What each entry of a trial in TOML may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from adenoscope.core.people import MADRS_MOST
from adenoscope.core.trial import ArmKind, Estimand, Imputation, Measure, Method, Spending
from adenoscope.io.entries import Rule, is_number, number, one_of, text, whole
from adenoscope.io.protocol import RULES as PROTOCOL

CRITERION = re.compile(r"\s*([a-z][a-z0-9_]*)\s*(<=|>=)\s*([+-]?\d+\.?\d*)\s*")
LEVELS = ("low", "medium", "high")
MOST_PEOPLE, MOST_POOL, MOST_REPLICATES = 10_000, 1_000_000, 100_000


def _share(example: str, default: Any) -> Rule:
    return number("from 0 to 1", lambda x: 0 <= x <= 1, example, default)


def _flag(allowed: str) -> Rule:
    return Rule(lambda value: isinstance(value, bool), allowed, "false")


def _list(each: Callable[[Any], bool], allowed: str, example: str, default: Any, *, least: int = 1) -> Rule:
    """Return the rule for a list of at least so many entries, each of which fits."""

    def fits(value: Any) -> bool:
        return isinstance(value, list | tuple) and len(value) >= least and all(each(entry) for entry in value)

    return Rule(fits, allowed, example, default)


def _rising(allowed: str, example: str, least: float, most: float, default: Any) -> Rule:
    def fits(value: Any) -> bool:
        if not (isinstance(value, list) and value and all(is_number(entry) for entry in value)):
            return False
        return value == sorted(set(value)) and least <= value[0] and value[-1] <= most

    return Rule(fits, allowed, example, default)


def _required_list(rule: Rule) -> Rule:
    return Rule(rule.fits, rule.allowed, rule.example)


_DAYS = _rising("days from 0 on, in rising order", "[1, 3, 7]", 0.0, 3650.0, None)
_CRITERIA = _list(
    lambda entry: isinstance(entry, str) and CRITERION.fullmatch(entry) is not None,
    "rules such as caffeine_mg_per_day <= 100, in quotation marks", '["caffeine_mg_per_day <= 100"]', (), least=0,
)  # fmt: skip
_NAMES = _list(lambda entry: isinstance(entry, str) and bool(entry), "names of covariates", '["sex"]', (), least=0)

HEAD: Mapping[str, Rule] = {
    "name": text("Ketamine against midazolam"),
    "people": Rule(
        lambda value: isinstance(value, int) and not isinstance(value, bool) and 4 <= value <= MOST_PEOPLE,
        f"a whole number from 4 to {MOST_PEOPLE}: how many are randomised",
        "72",
    ),
    "visit_days": _required_list(_DAYS),
    "eligible": _CRITERIA,
    "enrich": _CRITERIA,
    "strata": _NAMES,
    "block": whole(1, 1000, "4", 4),
    "alpha": number("above 0 and at most 0.5: two-sided", lambda x: 0 < x <= 0.5, "0.05", 0.05),
    "power": number("from 0.5 to 0.99", lambda x: 0.5 <= x <= 0.99, "0.8", 0.8),
    "covariates": text("virtual-people.csv", None),
    "course": Rule(
        lambda value: isinstance(value, bool),
        "true or false: whether people begin an antidepressant, or are in hospital",
        "true",
        False,
    ),
    "replicates": whole(2, MOST_REPLICATES, "1000", 1000),
    "pool": whole(10, MOST_POOL, "2000", 2000),
    "seed": whole(0, 2**63 - 1, "1", 1),
    "smallest_cell": whole(5, 1000, "5", 5),
}
PURPOSE: Mapping[str, Rule] = {
    "question": text("Does ketamine lower MADRS at 24 h more than midazolam?"),
    "context": text("planning the size of a trial"),
    "influence": one_of(LEVELS),
    "consequence": one_of(LEVELS),
}
_YEARS = number("of years", lambda x: 0 < x < 120, "45", None)
_POINTS = number(f"of MADRS points, from 0 to {MADRS_MOST:g}", lambda x: 0 <= x <= MADRS_MOST, "28", None)
_ABOVE = number("above 0", lambda x: x > 0, "8", None)
POPULATION: Mapping[str, Rule] = {
    "female_share": _share("0.67", None),
    "smoker_share": _share("0.2", None),
    "age_mean": _YEARS,
    "age_sd": _ABOVE,
    "age_low": _YEARS,
    "age_high": _YEARS,
    "madrs_mean": _POINTS,
    "madrs_sd": _ABOVE,
    "madrs_low": _POINTS,
    "failed_mean": _ABOVE,
    "failed_low": number("of failed trials, 0 or more", lambda x: x >= 0, "2", None),
    "caffeine_abstinence_h": number("of hours, 0 or more", lambda x: x >= 0, "12", None),
}
ARM: Mapping[str, Rule] = {
    "name": text("ketamine"),
    "kind": one_of(get_args(ArmKind)),
    "session_days": _rising("days from 0 on, in rising order", "[0, 3, 7]", 0.0, 3650.0, (0.0,)),
    "weight": whole(1, 10, "1", 1),
    "guess_like": text("ketamine", None),
    "guess_patient": _share("0.9", None),
    "guess_rater": _share("0.6", None),
    "never_started": _share("0.02", 0.0),
    "dropout": _share("0.03", 0.0),
    "dropout_per_point": number("of log odds for each MADRS point", lambda x: abs(x) <= 1, "0.03", 0.0),
}
# A session's doses may be given over some time, and all that a protocol may do to people.
DONE: Mapping[str, Mapping[str, Rule]] = {kind: PROTOCOL[kind] for kind in ("give", "breathe", "shock")}
ANALYSIS: Mapping[str, Rule] = {
    "name": text("primary"),
    "method": one_of(get_args(Method)),
    "measure": one_of(get_args(Measure), "madrs_change"),
    "day": number("of a visit", lambda x: x >= 0, "1"),
    "estimand": one_of(get_args(Estimand), "treatment_policy"),
    "imputation": one_of(get_args(Imputation), "none"),
}
LOOKS: Mapping[str, Rule] = {
    "fractions": _rising("fractions of the information in rising order, the last 1", "[0.5, 1.0]", 0.05, 1.0, (1.0,)),
    "spending": one_of(get_args(Spending), "obrien_fleming"),
    "futility": number("above 0 and below 1: conditional power", lambda x: 0 < x < 1, "0.1", None),
    "keep": whole(1, 20, "1", 20),
    "reestimate_low": number("above 0 and below 1: conditional power", lambda x: 0 < x < 1, "0.3", None),
    "reestimate_high": number("above 0 and below 1: conditional power", lambda x: 0 < x < 1, "0.8", None),
    "reestimate_most": number("above 1: times the planned size", lambda x: 1 < x <= 10, "2", None),
}
ASSUME: Mapping[str, Rule] = {
    "parameter": text("placebo"),
    "value": number("in the parameter's unit", lambda _: True, "8"),
    "low": number("in the parameter's unit", lambda _: True, "4"),
    "high": number("in the parameter's unit", lambda _: True, "12"),
    "source": text("Author (year), doi"),
}
PUBLISHED: Mapping[str, Rule] = {
    "arm": text("ketamine"),
    "difference": number("of MADRS points, negative where the arm did better", lambda _: True, "-7.7"),
    "low": number("of MADRS points", lambda _: True, "-12.2"),
    "high": number("of MADRS points", lambda _: True, "-3.2"),
    "ci_prob": number("above 0 and below 1", lambda x: 0 < x < 1, "0.95", 0.95),
    "source": text("Author (year), doi"),
    "verified": _flag("true or false: whether the source was read"),
    "left_out": _list(
        lambda entry: isinstance(entry, str), "names of published trials", '["Murrough 2013"]', (), least=0
    ),
}
