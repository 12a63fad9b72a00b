"""The share of an effect that is left: the textbook's ratio, and an interval that covers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Setting
from adenoscope.core.verdict import Verdict
from adenoscope.statistics.verdicts.share import share_left

GIVEN = Given("ketamine", 10.0, "mg/kg")


def a_contrast(difference: Interval | None, animals: str) -> Contrast:
    arm = tuple((f"{animals}{index}", 0.0) for index in range(3))
    return Contrast("FST", "s", GIVEN, Setting(), "saline", arm, arm, "paired", difference)


def a_verdict(reference: Interval, residual: Interval, interaction: Interval, *, shared: bool = False) -> Verdict:
    return Verdict(
        "Adora1-KO", GIVEN, "FST", "s", a_contrast(reference, "a"), a_contrast(residual, "a" if shared else "b"),
        interaction, None, None, None, "could_not_tell", "",
    )  # fmt: skip


def around(centre: float, half: float) -> Interval:
    return Interval(centre, centre - half, centre + half)


def test_the_share_is_the_ratio_and_its_bounds_are_where_the_combined_interval_touches_zero() -> None:
    share = share_left(a_verdict(around(-40.0, 12.0), around(-8.0, 9.0), around(-32.0, 15.0)))
    assert share is not None
    assert share.estimate == pytest.approx(0.2)
    for bound in (share.low, share.high):
        combined = -8.0 - bound * -40.0
        assert abs(combined) == pytest.approx(np.hypot(9.0, bound * 12.0))


def test_without_an_effect_to_be_left_there_is_no_share() -> None:
    assert share_left(a_verdict(around(5.0, 6.0), around(1.0, 6.0), around(4.0, 8.0))) is None
    verdict = a_verdict(around(9.0, 6.0), around(1.0, 6.0), around(8.0, 8.0))
    assert share_left(replace(verdict, residual=a_contrast(None, "b"))) is None
    assert share_left(replace(verdict, reference=None)) is None


def test_animals_that_gave_both_effects_narrow_the_share() -> None:
    apart = share_left(a_verdict(around(40.0, 12.0), around(30.0, 12.0), around(10.0, 4.0)))
    shared = share_left(a_verdict(around(40.0, 12.0), around(30.0, 12.0), around(10.0, 4.0), shared=True))
    assert apart is not None
    assert shared is not None
    assert shared.half_width < apart.half_width / 2


@pytest.mark.parametrize("shared", [False, True])
def test_the_interval_covers_the_true_share(shared: bool) -> None:
    rng = np.random.default_rng(5)
    n, reference, residual, hits, studies = 10, 3.0, 0.9, 0, 2000
    quantile = float(student.ppf(0.975, n - 1))
    for _ in range(studies):
        common = rng.normal(0, 1, n) if shared else np.zeros(n)
        first = reference + common + rng.normal(0, 1, n)
        second = residual + common + rng.normal(0, 1, n) if shared else residual + rng.normal(0, 1, n)
        halves = [quantile * values.std(ddof=1) / np.sqrt(n) for values in (first, second, first - second)]
        means = (first.mean(), second.mean(), first.mean() - second.mean())
        share = share_left(a_verdict(*map(around, means, halves), shared=shared))
        hits += share is not None and share.low <= residual / reference <= share.high
    # Binomial standard error of 2000 studies: 0.5 %; the quantile of fewer degrees than there are adds a little.
    assert 0.94 < hits / studies < 0.985
