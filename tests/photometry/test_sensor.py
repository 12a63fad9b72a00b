"""The sensor's equation against published arithmetic, its inverse, and what is said when it cannot tell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.interval import Interval
from adenoscope.core.parameter import load_values
from adenoscope.core.response import Control, Estimands, Response
from adenoscope.photometry.sensor import (
    Calibration,
    Sensor,
    adenosine_at,
    dff_of,
    draw_constant,
    draw_measured,
    estimate_adenosine,
    occupancy,
    occupancy_from,
)

USABLE = Control("usable", Interval(0.0, -0.05, 0.05), "the control follows bleaching only")


def sensor_of(baseline_um: float, ec50_um: float = 0.06, dff_max: float = 1.2, hill: float = 1.0) -> Sensor:
    return Sensor(*(np.array([value]) for value in (baseline_um, ec50_um, dff_max, hill)))


def response_with(peak: Interval) -> Response:
    estimands = Estimands(
        window_s=(0.0, 1800.0),
        mean_dff=peak,
        auc_dff_s=None,
        peak_dff=peak,
        time_to_peak_s=Interval(500.0, 400.0, 600.0),
        onset_s=None,
        half_decay_s=None,
        minimum_detectable_dff=None,
        placebo_dff=None,
    )
    return Response("estimated", None, USABLE, estimands=estimands)


KETAMINE = response_with(Interval(0.174, 0.152, 0.196))


@pytest.mark.parametrize(("baseline_nm", "peak_nm"), [(10, 27), (25, 58), (50, 127), (100, 435)])
def test_the_published_peak_of_ketamine_means_what_the_baseline_says(baseline_nm: int, peak_nm: int) -> None:
    sensor = sensor_of(baseline_nm / 1000)
    found = 1000 * adenosine_at(occupancy_from(np.array([0.174]), sensor), sensor)[0]
    assert found == pytest.approx(peak_nm, abs=0.5)  # the published figures are rounded to 1 nM


@pytest.mark.parametrize(("dff_max", "limit_nm"), [(1.2, 27), (2.0, 47)])
def test_a_60_percent_transient_is_impossible_from_the_published_baseline_on(dff_max: float, limit_nm: int) -> None:
    below, above = (sensor_of((limit_nm + step) / 1000, dff_max=dff_max) for step in (-1, 1))
    assert occupancy_from(np.array([0.6]), below)[0] < 1 < occupancy_from(np.array([0.6]), above)[0]
    assert math.isnan(adenosine_at(occupancy_from(np.array([0.6]), above), above)[0])


constants = st.builds(
    sensor_of,
    baseline_um=st.floats(0.005, 0.5),
    ec50_um=st.floats(0.02, 5.0),
    dff_max=st.floats(0.3, 8.0),
    hill=st.floats(0.7, 1.5),
)


@given(sensor=constants, adenosine_um=st.floats(0.001, 20.0))
def test_adenosine_survives_the_round_trip_through_the_sensor(sensor: Sensor, adenosine_um: float) -> None:
    there = dff_of(np.array([adenosine_um]), sensor)
    back = adenosine_at(occupancy_from(there, sensor), sensor)
    np.testing.assert_allclose(back, adenosine_um, rtol=1e-6)  # θ/(1-θ) loses digits near saturation


@given(sensor=constants, adenosine_um=st.floats(0.001, 20.0), factor=st.floats(1.01, 10.0))
def test_more_adenosine_is_always_more_light_and_never_more_than_the_sensor_has(
    sensor: Sensor, adenosine_um: float, factor: float
) -> None:
    less, more = dff_of(np.array([adenosine_um]), sensor), dff_of(np.array([adenosine_um * factor]), sensor)
    resting = occupancy(sensor.baseline_um, sensor)
    ceiling = sensor.dff_max * (1 - resting) / (1 + sensor.dff_max * resting)
    assert less < more < ceiling


@given(sensor=constants)
def test_the_baseline_itself_is_no_response(sensor: Sensor) -> None:
    np.testing.assert_allclose(dff_of(sensor.baseline_um, sensor), 0.0, atol=1e-12)


def test_a_trace_alone_does_not_identify_adenosine_and_names_every_assumption() -> None:
    adenosine = estimate_adenosine(KETAMINE, "GRAB_Ado1.0")
    assert not adenosine.identified
    assert adenosine.nanomolar is not None
    assert adenosine.nanomolar.low < 58 < adenosine.nanomolar.high
    assert adenosine.nanomolar.high / adenosine.nanomolar.low > 10
    assert "would exceed the sensor" in adenosine.reason
    assert [name for name, _ in adenosine.assumed] == ["baseline_um", "ec50_um", "dff_max", "hill"]
    assert "not verified" in dict(adenosine.assumed)["dff_max"]


def test_the_same_response_gives_the_same_bytes() -> None:
    assert estimate_adenosine(KETAMINE, "GRAB_Ado1.0") == estimate_adenosine(KETAMINE, "GRAB_Ado1.0")


def test_a_response_beyond_most_plausible_sensors_gets_no_number_but_a_share() -> None:
    adenosine = estimate_adenosine(response_with(Interval(1.8, 1.7, 1.9)), "GRAB_Ado1.0")
    assert adenosine.nanomolar is None
    assert not adenosine.identified
    assert "% of what is plausible" in adenosine.reason
    assert "calibrate" in adenosine.reason


def test_a_calibration_identifies_adenosine_and_drops_baseline_and_maximum_from_what_is_assumed() -> None:
    truth = sensor_of(0.05)
    peak, full, empty = (float(dff_of(np.array([a]), truth)[0]) for a in (0.12, 1e6, 0.0))
    calibration = Calibration(_near(full), _near(empty))
    adenosine = estimate_adenosine(response_with(_near(peak)), "GRAB_Ado1.0", calibration=calibration)
    assert adenosine.identified
    assert adenosine.nanomolar is not None
    assert adenosine.nanomolar.estimate == pytest.approx(120, rel=0.05)  # 20,000 draws of a wide EC50
    assert adenosine.nanomolar.low < 120 < adenosine.nanomolar.high
    assert [name for name, _ in adenosine.assumed] == ["ec50_um", "hill"]


def test_a_calibration_narrows_the_interval() -> None:
    truth = sensor_of(0.045)
    full, empty = (float(dff_of(np.array([a]), truth)[0]) for a in (1e6, 0.0))
    calibration = Calibration(_near(full), _near(empty))
    without = estimate_adenosine(KETAMINE, "GRAB_Ado1.0").nanomolar
    calibrated = estimate_adenosine(KETAMINE, "GRAB_Ado1.0", calibration=calibration).nanomolar
    assert without is not None
    assert calibrated is not None
    assert calibrated.high / calibrated.low < without.high / without.low


def test_a_refused_response_has_no_adenosine() -> None:
    refused = Response("refused", "drift and response cannot be told apart", USABLE)
    adenosine = estimate_adenosine(refused, "GRAB_Ado1.0")
    assert adenosine.nanomolar is None
    assert "drift and response" in adenosine.reason


def test_an_unknown_sensor_is_named_and_not_guessed() -> None:
    adenosine = estimate_adenosine(KETAMINE, "GRAB-Ado1.0")
    assert adenosine.nanomolar is None
    assert "'GRAB-Ado1.0'" in adenosine.reason
    assert "GRAB_Ado1.0" in adenosine.reason


def test_a_calibration_in_percent_or_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match="not above"):
        Calibration(dff_max=_near(-0.2), dff_zero=_near(0.5))


@pytest.mark.parametrize("sensor", sorted(load_values("sensors")))
def test_every_sensor_is_complete_and_its_values_are_the_centres_of_their_ranges(sensor: str) -> None:
    table = load_values("sensors")[sensor]
    assert set(table) == {"baseline_um", "ec50_um", "dff_max", "hill"}
    for constant in table.values():
        # a log-normal's median is the geometric centre; more than 2 % off would contradict the value
        assert constant.value == pytest.approx(math.sqrt(constant.low * constant.high), rel=0.02)


def test_constants_are_drawn_so_that_their_range_holds_95_percent() -> None:
    constant = load_values("sensors")["GRAB_Ado1.0"]["ec50_um"]
    drawn = draw_constant(constant, np.random.default_rng(7))
    inside = np.mean((drawn >= constant.low) & (drawn <= constant.high))
    assert inside == pytest.approx(0.95, abs=0.01)  # 20,000 draws: s.e. 0.0015


def test_a_lopsided_interval_is_drawn_lopsided() -> None:
    drawn = draw_measured(Interval(1.0, 0.9, 1.5), np.random.default_rng(8))
    low, middle, high = np.percentile(drawn, [2.5, 50, 97.5])
    np.testing.assert_allclose([low, middle, high], [0.9, 1.0, 1.5], atol=0.02)  # 20,000 draws


def _near(value: float) -> Interval:
    return Interval(value, value - 0.01, value + 0.01)
