"""Differences and delta-deltas beside DABEST's, on the data of its own tutorials.

The figures of DABEST stand here, so that they are compared wherever the tests run; with DABEST installed they are
made anew: ``uv run --with dabest pytest -n 0 tests/external/test_dabest.py``. DABEST's delta-delta is the second
difference minus the first and our interaction the first minus the second, so their signs differ.
Source: github.com/ACCLAB/DABEST-python, tutorials 01-basics and 06-delta_delta; Ho et al. (2019),
doi:10.1038/s41592-019-0470-3.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import norm

from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.core.study import NecessityQuestion
from adenoscope.core.verdict import Verdict
from adenoscope.statistics.effects.contrasts import group_contrasts
from adenoscope.statistics.effects.estimation import bootstrap_interval
from adenoscope.statistics.effects.groups import Group, Term
from adenoscope.statistics.verdicts.verdicts import verdicts

N = 20
NORMAL = norm.rvs(size=9 * N, random_state=9999)
CONTROL, TEST = 3 + 0.4 * NORMAL[:N], 3.5 + 0.5 * NORMAL[3 * N : 4 * N]
ARMS = (3 + 0.4 * NORMAL[: 4 * N]).reshape(4, N) + np.array([[0.0], [1.0], [-0.5], [0.0]])
GROUPS = (("W", "Placebo"), ("M", "Placebo"), ("W", "Drug"), ("M", "Drug"))
ALONE, PAIR = np.array([1.0]), np.array([1.0, -1.0])


@dataclass(frozen=True)
class Reference:
    """DABEST 2025.10.20: the estimate, its BCa bounds as the mean of 40 seeds, and the SD of one seed's bound."""

    estimate: float
    low: float
    high: float
    bound_sd: float


# 5000 resamples each, random_seed 1 to 40. The tutorials print one seed: 0.48 [0.205, 0.774], -0.903 [-1.27, -0.522].
UNPAIRED = Reference(0.4802904853509862, 0.21130, 0.76652, 0.0078)
PAIRED = Reference(0.4802904853509865, 0.24170, 0.74028, 0.0067)
DELTA_PLACEBO = Reference(1.2292088918992778, 0.94698, 1.51812, 0.0074)
DELTA_DRUG = Reference(0.3260303760740184, 0.09542, 0.58224, 0.0073)
DELTA_DELTA = Reference(-0.9031785158252594, -1.27688, -0.52596, 0.0111)


def a_group(*arms: np.ndarray) -> Group:
    none = ("",) * len(arms[0])
    values = np.column_stack(arms)
    return Group(tuple(map(str, range(len(values)))), values, np.zeros(values.shape), none, none)


def bootstrapped(name: str) -> Interval:
    placebo_w, placebo_m, drug_w, drug_m = map(a_group, ARMS)
    effect = [Term(1.0, ALONE), Term(-1.0, ALONE)]
    groups, terms = {
        "unpaired": ([a_group(TEST), a_group(CONTROL)], effect),
        "paired": ([a_group(TEST, CONTROL)], [Term(1.0, PAIR)]),
        "placebo": ([placebo_m, placebo_w], effect),
        "drug": ([drug_m, drug_w], effect),
        "delta-delta": (
            [drug_m, drug_w, placebo_m, placebo_w],
            [*effect, Term(-1.0, ALONE), Term(1.0, ALONE)],
        ),
    }[name]
    return bootstrap_interval(groups, terms, 0.95)


def the_difference(*, paired: bool) -> Interval:
    readings = [
        Reading("Y", "", str(index) if paired else f"{name}{index}", float(value), Given(name), Setting())
        for name, values in (("control", CONTROL), ("test", TEST))
        for index, value in enumerate(values)
    ]
    contrast = group_contrasts(readings, "control")[0]
    assert contrast.difference is not None
    assert contrast.design == ("paired" if paired else "unpaired")
    return contrast.difference


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    readings = [
        Reading("Y", "", f"{genotype}{drug}{index}", float(value), Given(genotype), Setting(genotype=drug))
        for (genotype, drug), arm in zip(GROUPS, ARMS, strict=True)
        for index, value in enumerate(arm)
    ]
    return verdicts(readings, [NecessityQuestion("Drug", "M", ("Y",), "Placebo")], {}, "W")[0]


def mirrored(interval: Interval) -> Interval:
    return Interval(-interval.estimate, -interval.high, -interval.low)


def agrees(ours: Interval, theirs: Reference, tolerance: float) -> None:
    # The data are drawn and averaged in another order, which moves the last bits.
    assert ours.estimate == pytest.approx(theirs.estimate, abs=1e-12)
    assert ours.low == pytest.approx(theirs.low, abs=tolerance)
    assert ours.high == pytest.approx(theirs.high, abs=tolerance)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("unpaired", UNPAIRED),
        ("paired", PAIRED),
        ("placebo", DELTA_PLACEBO),
        ("drug", DELTA_DRUG),
        ("delta-delta", DELTA_DELTA),
    ],
)
def test_a_bootstrap_of_ours_agrees_within_the_error_of_one_bootstrap(name: str, theirs: Reference) -> None:
    # Theirs is a mean of 40 and ours one bootstrap of as many resamples: three standard deviations of one.
    agrees(bootstrapped(name), theirs, 3 * theirs.bound_sd)


def test_the_t_intervals_of_a_study_agree_within_a_few_per_cent_of_their_width(verdict: Verdict) -> None:
    # Of 20 animals in each group t has 6 % more width than a bootstrap in all (2.03/1.96 times √(20/19)), which is
    # 3 % at each end; the skew that BCa follows adds as much on one side.
    width = DELTA_DELTA.high - DELTA_DELTA.low
    assert verdict.interaction is not None
    agrees(mirrored(verdict.interaction), DELTA_DELTA, 0.03 * width)
    assert verdict.reference is not None
    assert verdict.residual is not None
    for contrast, theirs in ((verdict.reference, DELTA_PLACEBO), (verdict.residual, DELTA_DRUG)):
        assert contrast.difference is not None
        agrees(contrast.difference, theirs, 0.06 * (theirs.high - theirs.low))
    agrees(the_difference(paired=False), UNPAIRED, 0.06 * (UNPAIRED.high - UNPAIRED.low))


def test_the_t_interval_of_pairs_agrees_within_a_few_per_cent_of_its_width() -> None:
    # One group of 20: 2.09/1.96 times √(20/19) is 9.5 % more width, 5 % at each end, and skew on one side.
    agrees(the_difference(paired=True), PAIRED, 0.075 * (PAIRED.high - PAIRED.low))


needs_dabest = pytest.mark.skipif(
    importlib.util.find_spec("dabest") is None, reason="dabest is not installed: uv run --with dabest pytest ..."
)


@needs_dabest
# Its imports and plots warn of what later versions of pandas and matplotlib will do.
@pytest.mark.filterwarnings("ignore")
def test_dabest_itself_still_says_what_stands_here() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dabest = importlib.import_module("dabest")
        pandas = importlib.import_module("pandas")
        frame = pandas.DataFrame(
            {
                "Y": ARMS.ravel(),
                "Genotype": np.repeat([genotype for genotype, _ in GROUPS], N),
                "Treatment": np.repeat([drug for _, drug in GROUPS], N),
            }
        )
        deltas = dabest.load(frame, x=["Genotype", "Genotype"], y="Y", delta2=True, experiment="Treatment").mean_diff
        rows = deltas.results
        two = dabest.load(pandas.DataFrame({"C": CONTROL, "T": TEST}), idx=("C", "T")).mean_diff.results
    theirs = [(rows, 0, DELTA_PLACEBO), (rows, 1, DELTA_DRUG), (two, 0, UNPAIRED)]
    for table, row, reference in theirs:
        low, high = float(table.bca_low[row]), float(table.bca_high[row])
        agrees(Interval(float(table.difference[row]), low, high), reference, 3 * reference.bound_sd)
    found = deltas.delta_delta
    interval = Interval(float(found.difference), float(found.bca_low), float(found.bca_high))
    agrees(interval, DELTA_DELTA, 3 * DELTA_DELTA.bound_sd)
