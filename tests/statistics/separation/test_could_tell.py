"""An ED50 is told where doses bracket it and a response is there; else a bound, or nothing, and a dose that would."""

from __future__ import annotations

import numpy as np
import pytest
from made_posteriors import arrays, posterior, spread

from adenoscope.core.ranking import ArmFit
from adenoscope.statistics.separation.arm_fits import arm_fit
from adenoscope.statistics.separation.could_tell import bracketing
from adenoscope.statistics.separation.pooling.sample import Posterior

BRACKETED = 5.0


def fit_of(of: Posterior) -> ArmFit:
    data = arrays(1)
    return arm_fit(data, of, bracketing(data, of), 0, "mg/kg")


def test_an_ed50_within_the_doses_is_told() -> None:
    fit = fit_of(posterior(spread([BRACKETED, BRACKETED], 1.3)))
    assert fit.standing == "told"
    assert fit.ed50 is not None
    assert fit.ed50.estimate == pytest.approx(BRACKETED, rel=0.02)  # 4,000 draws
    assert fit.reason is None
    assert fit.telling_dose is None
    assert fit.doses == (1.0, 3.0, 10.0, 30.0)


def test_an_ed50_that_may_lie_above_is_only_bounded_from_below() -> None:
    fit = fit_of(posterior(spread([40.0, BRACKETED], 1.3)))
    assert (fit.standing, fit.ed50, fit.emax, fit.ed50_below) == ("could_not_tell", None, None, None)
    assert fit.ed50_above == pytest.approx(40.0 / 1.3**1.645, rel=0.05)
    assert fit.telling_dose is not None
    assert 90 <= fit.telling_dose <= 300
    assert "above the highest dose, 30 mg/kg" in (fit.reason or "")


def test_an_ed50_that_may_lie_below_is_only_bounded_from_above() -> None:
    fit = fit_of(posterior(spread([0.8, BRACKETED], 1.5)))
    assert (fit.ed50, fit.ed50_above) == (None, None)
    assert fit.ed50_below == pytest.approx(0.8 * 1.5**1.645, rel=0.1)
    assert fit.telling_dose is not None
    assert 0.1 <= fit.telling_dose <= 0.33
    assert "below the lowest dose, 1 mg/kg" in (fit.reason or "")


def test_an_ed50_that_is_open_at_both_ends_has_no_bound() -> None:
    fit = fit_of(posterior(spread([BRACKETED, BRACKETED], 4.0), ceiling=2.0))
    assert fit.responded
    assert (fit.ed50, fit.ed50_above, fit.ed50_below) == (None, None, None)
    assert "more animals at the doses given" in (fit.reason or "")


def test_without_a_response_relatives_do_not_lend_an_ed50() -> None:
    ceilings = np.abs(np.random.default_rng(2).normal(0, 0.1, (4000, 2))) + 1e-3
    fit = fit_of(posterior(spread([BRACKETED, BRACKETED], 1.3), ceilings))
    assert not fit.responded
    assert (fit.ed50, fit.ed50_above, fit.ed50_below) == (None, None, None)
    assert "could not be told" in (fit.reason or "")
    assert fit.telling_dose is not None
    assert fit.telling_dose >= 90


def test_a_curve_is_drawn_over_the_doses_given_in_the_assays_unit() -> None:
    fit = fit_of(posterior(spread([BRACKETED, BRACKETED], 1.3)))
    assert (fit.curve.dose[0], fit.curve.dose[-1]) == pytest.approx((1.0, 30.0))
    assert np.all(fit.curve.low <= fit.curve.estimate)
    assert np.all(np.diff(fit.curve.estimate) < 0)  # immobility falls
    assert fit.emax is not None
    assert fit.emax.estimate == pytest.approx(-4.0, rel=0.02)  # the assay's span
