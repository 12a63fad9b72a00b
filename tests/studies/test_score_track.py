"""Scores from tracks: distances and immobility that are known, gaps that are bridged, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.behaviour_record import Bout, Origin, Track
from adenoscope.core.errors import InputError
from adenoscope.core.recording import Samples
from adenoscope.io.scoring_toml import Scoring
from adenoscope.studies.score_behaviour import immobility_s, score
from adenoscope.studies.score_track import bridged, still_s

OFD = Scoring("s.toml", "assay[1]", "Open field", "distance", "m", ("*.csv",), "animals.csv")
FST = replace(OFD, score="immobility", unit="s", speed_below_cm_per_s=2.0, at_least_s=1.0)
RATE_HZ = 25.0


def track(x: Samples, **more) -> Track:
    x = np.asarray(x, dtype=np.float64)
    time = np.arange(x.size) / RATE_HZ
    return Track(Origin("Arena 1"), time, x, np.zeros_like(x), "cm", **more)


def walk(seconds: float = 60.0, cm_per_s: float = 5.0) -> Samples:
    return np.arange(int(seconds * RATE_HZ) + 1) / RATE_HZ * cm_per_s


def said(recorded: Track, scoring: Scoring, start_s: float = 0.0) -> str:
    with pytest.raises(InputError) as caught:
        score(recorded, scoring, start_s, "m1.csv")
    return str(caught.value)


def test_a_steady_walk_is_as_long_as_speed_times_time() -> None:
    assert score(track(walk()), OFD, 0.0, "") == pytest.approx(3.0, rel=1e-12)  # 1500 steps added
    assert score(track(walk()), replace(OFD, unit="cm", window_s=(10.0, 30.5)), 0.0, "") == pytest.approx(102.5)
    assert score(track(walk()), replace(OFD, window_s=(10.0, 30.0)), 20.0, "") == pytest.approx(1.0)


def test_a_circle_is_as_long_as_its_circumference() -> None:
    angle = np.linspace(0, 2 * np.pi, 1501)
    round_ = replace(track(20 * np.cos(angle)), y=20 * np.sin(angle))
    # A polygon of n sides is shorter than its circle by a share of pi²/(6 n²), here 7e-7.
    assert score(round_, OFD, 0.0, "") == pytest.approx(0.4 * np.pi, rel=1e-6)


@pytest.mark.parametrize(("unit", "per_cm"), [("mm", 10.0), ("m", 0.01)])
def test_units_of_the_file_are_converted(unit: str, per_cm: float) -> None:
    assert score(replace(track(walk() * per_cm), unit=unit), OFD, 0.0, "") == pytest.approx(3.0)


def test_pixels_and_frames_need_their_scales_and_positions_their_likelihood() -> None:
    x = walk() * 12.5
    frames = np.arange(x.size, dtype=np.float64)
    raw = Track(Origin("nose"), frames, x, 0 * x, "px", in_frames=True, likelihood=np.ones(x.size))
    told = replace(OFD, fps=RATE_HZ, px_per_cm=12.5, likelihood=0.9)
    assert score(raw, told, 0.0, "") == pytest.approx(3.0)
    for key in ("fps", "px_per_cm", "likelihood"):
        assert f"assay[1].{key}: missing" in said(raw, replace(told, **{key: None}))


def test_unlikely_positions_are_lost_positions() -> None:
    x, likelihood = walk(), np.ones(1501)
    x[100:105], likelihood[100:105] = 900.0, 0.2
    raw = track(x, likelihood=likelihood)
    assert score(raw, replace(OFD, likelihood=0.9), 0.0, "") == pytest.approx(3.0)
    assert score(raw, replace(OFD, likelihood=0.0), 0.0, "") > 10


def test_short_gaps_are_bridged_and_long_ones_add_nothing() -> None:
    x = walk()
    x[100:110] = np.nan  # 11 steps of 40 ms
    assert score(track(x), OFD, 0.0, "") == pytest.approx(3.0)
    x[500:550] = np.nan  # 51 steps, 2.04 s
    assert score(track(x), OFD, 0.0, "") == pytest.approx(3.0 - 2.04 * 0.05)


def test_too_much_missing_is_refused_with_how_much() -> None:
    x = walk()
    x[500:600] = np.nan  # 101 steps of 1500
    assert "m1.csv (Arena 1): 6.7 % of the window is missing" in said(track(x), OFD)
    assert score(track(x), replace(OFD, missing_percent=7.0), 0.0, "") == pytest.approx(3.0 - 4.04 * 0.05)
    assert score(track(x), replace(OFD, window_s=(0.0, 15.0)), 0.0, "") == pytest.approx(0.75)


def test_dropped_frames_are_missing_too() -> None:
    full = track(walk())
    kept = np.r_[0:500, 600:1501]
    dropped = replace(full, time=full.time[kept], x=full.x[kept], y=full.y[kept])
    assert "6.7 % of the window is missing" in said(dropped, OFD)


@pytest.mark.parametrize(("window", "start_s"), [((0.0, 61.0), 0.0), ((0.0, 30.0), 31.0), ((0.0, 30.0), -1.0)])
def test_a_track_that_does_not_reach_the_ends_of_the_window_is_refused(window, start_s) -> None:
    assert "the track lasts from 0 to 60 s" in said(track(walk()), replace(OFD, window_s=window), start_s)


def test_the_program_s_own_distance_is_used_where_no_sample_was_lost() -> None:
    x = walk()
    own = np.full(x.size, 0.1)  # half of what the positions say, as a program that smooths may have it
    own[0] = np.nan
    assert score(track(x, moved=own), OFD, 0.0, "") == pytest.approx(1.5)
    assert score(track(x, moved=own), replace(OFD, smooth_s=0.2), 0.0, "") == pytest.approx(3.0, rel=2e-3)
    x[100:105], own[100:105], own[105] = np.nan, np.nan, 999.0
    # Six steps of 0.2 cm beside the gap are taken from the positions.
    assert score(track(x, moved=own), OFD, 0.0, "") == pytest.approx((1494 * 0.1 + 6 * 0.2) / 100)


def test_running_medians_take_the_jitter_of_a_resting_animal_out() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 1501)
    raw = score(track(noise), OFD, 0.0, "")
    assert score(track(noise), replace(OFD, smooth_s=1.0), 0.0, "") < raw / 5


def test_an_impossible_speed_is_refused() -> None:
    assert "200 cm/s on average" in said(track(walk(cm_per_s=200.0)), OFD)


def stops(*spans: tuple[float, float], seconds: float = 60.0) -> Samples:
    """Positions of an animal that moves at 5 cm/s but for some spans."""
    middle = (np.arange(int(seconds * RATE_HZ)) + 0.5) / RATE_HZ
    still = np.any([(middle > a) & (middle < b) for a, b in spans], axis=0)
    return np.concatenate(([0.0], np.cumsum(np.where(still, 0.0, 5.0 / RATE_HZ))))


def test_immobility_is_the_time_below_the_speed_in_bouts_that_last() -> None:
    moving = track(stops((5.0, 15.0), (20.0, 20.6), (50.0, 60.0)))
    assert score(moving, FST, 0.0, "") == pytest.approx(20.0)
    assert score(moving, replace(FST, at_least_s=0.0), 0.0, "") == pytest.approx(20.6)
    assert score(moving, replace(FST, window_s=(10.0, 55.0)), 0.0, "") == pytest.approx(10.0)


def test_a_speed_needs_a_shortest_bout_and_a_track_without_verdicts_a_speed() -> None:
    assert "assay[1].at_least_s: missing" in said(track(walk()), replace(FST, at_least_s=None))
    silent = replace(FST, speed_below_cm_per_s=None)
    assert "assay[1].speed_below_cm_per_s: missing" in said(track(walk()), silent)


def test_the_program_s_verdicts_are_held_over_short_gaps() -> None:
    verdict = np.zeros(1500)
    verdict[250:500] = 1.0
    verdict[300:306] = np.nan
    seen = track(walk()[:-1], immobile={"Mobility state(Immobile)": verdict})
    silent = replace(FST, speed_below_cm_per_s=None, at_least_s=None)
    assert score(seen, silent, 0.0, "") == pytest.approx(10.0)
    verdict[320:450] = np.nan
    assert "% of the window is missing" in said(seen, silent)


def test_several_verdicts_ask_for_one() -> None:
    verdicts = {name: np.zeros(1501) for name in ("Mobility state(Immobile)", "Activity 2(Immobile)")}
    seen, silent = track(walk(), immobile=verdicts), replace(FST, speed_below_cm_per_s=None)
    assert "2 states of immobility" in said(seen, silent)
    assert score(seen, replace(silent, measure="Activity 2(Immobile)"), 0.0, "") == 0


def test_a_track_has_no_latency_and_no_preference() -> None:
    assert "found latency for a track" in said(track(walk()), replace(OFD, score="latency", unit="s"))


@given(st.lists(st.booleans(), min_size=2, max_size=80), st.integers(0, 30), st.integers(31, 90))
def test_steps_and_bouts_agree_on_immobility(flags: list[bool], start: int, stop: int) -> None:
    edges = np.arange(len(flags) + 1, dtype=np.float64)
    bouts = [Bout("still", t, t + 1) for t, still in enumerate(flags) if still]
    assert still_s(edges, np.array(flags, dtype=np.float64), (start, stop), 0.0) == immobility_s(bouts, (start, stop))


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(-50, 50)), min_size=2, max_size=60), st.floats(0, 10))
def test_a_bridge_keeps_what_was_found_and_spans_no_long_gap(values: list[float], gap_s: float) -> None:
    raw = np.array(values)
    time_s = np.arange(raw.size, dtype=np.float64)
    filled = bridged(time_s, raw, gap_s)
    found = np.flatnonzero(np.isfinite(raw))
    np.testing.assert_array_equal(filled[found], raw[found])
    for i in np.flatnonzero(np.isnan(raw)):
        before, after = found[found < i], found[found > i]
        near = before.size > 0 and after.size > 0 and after[0] - before[-1] <= gap_s + 1e-9
        assert np.isfinite(filled[i]) == near
