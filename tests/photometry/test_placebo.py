"""The baseline alone: a sham intervention in it finds nothing, and it says how small a response would be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.photometry.fit import fit
from adenoscope.photometry.placebo import baseline_only, minimum_detectable, placebo_in_time
from adenoscope.photometry.prepare import prepare
from adenoscope.photometry.synthetic import Scenario, simulate

HANDLING_S = (-30.0, 60.0)
WINDOW_S = (0.0, 1200.0)
SHORT = Scenario("placebo", duration_s=3000.0, baseline_s=1200.0, rate_hz=5.0)


def prepared(scenario, seed):
    made = simulate(scenario, seed)
    return prepare(made.channels, made.onsets_s, HANDLING_S)


@pytest.fixture(scope="module")
def result():
    return fit(prepared(SHORT, 510), n_scales=16)


def test_the_baseline_as_a_session_of_its_own_ends_before_anybody_touched_the_animal(result):
    sham = baseline_only(result.data, -600.0)
    assert sham.edges_s[-1] - 600.0 <= HANDLING_S[0]
    assert sham.edges_s.size == sham.Y.shape[0] + 1
    n = sham.Y.shape[0]
    assert np.array_equal(sham.Y, result.data.Y[:n], equal_nan=True)
    assert np.array_equal(sham.design.time_s - 600.0, result.data.design.time_s[:n])
    assert sham.design.onsets_s.tolist() == [0.0]
    assert not sham.masked.any()


def test_without_handling_the_baseline_ends_at_the_intervention():
    made = simulate(SHORT, 510)
    sham = baseline_only(prepare(made.channels, made.onsets_s, (0.0, 0.0)), 0.0)
    assert sham.edges_s[-1] == 0.0


def test_a_placebo_in_time_finds_nothing_and_does_not_depend_on_what_came_later(result):
    interval = placebo_in_time(result, seed=1)
    assert not interval.excludes(0.0)
    quiet = fit(prepared(replace(SHORT, peak_dff=(0.0, 0.0)), 510), n_scales=16)
    other = placebo_in_time(quiet, seed=1)
    # Only the response differs between the two recordings, and it lies after the baseline.
    assert other.estimate == pytest.approx(interval.estimate, abs=1e-9)


def test_a_baseline_of_under_four_minutes_has_no_placebo_and_no_limit_of_detection():
    brief = fit(prepared(replace(SHORT, baseline_s=200.0, duration_s=1500.0), 511), n_scales=16)
    assert placebo_in_time(brief, seed=1) is None
    assert minimum_detectable(brief, WINDOW_S, seed=1) is None


def test_more_noise_and_drift_ask_for_a_larger_response(result):
    calm = minimum_detectable(result, WINDOW_S, seed=1)
    rough = replace(SHORT, drift_per_hour=0.02, motion=3.0, vasomotion_sd=0.006)
    assert 0 < calm < minimum_detectable(fit(prepared(rough, 510), n_scales=16), WINDOW_S, seed=1)
