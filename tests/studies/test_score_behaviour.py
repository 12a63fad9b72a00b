"""Scores from events and finished measures: known answers, and refusals where a rule is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.behaviour_record import Bout, Events, Measure, Measures, Origin
from adenoscope.core.errors import InputError
from adenoscope.io.scoring_toml import Scoring
from adenoscope.studies.score_behaviour import immobility_s, latency_s, preference_percent, score

FST = Scoring("s.toml", "assay[1]", "FST", "immobility", "s", ("*.csv",), "animals.csv", behaviour="immobile")
BOUTS = (Bout("immobile", 90.0, 130.0), Bout("swim", 130.0, 200.0), Bout("immobile", 200.0, 201.0))
EVENTS = Events(Origin("observation m1"), (*BOUTS, Bout("immobile", 340.0, 380.0)), 400.0)
TABLE = Measures(Origin("row 2", ("m1",), {"Notes": "calm"}), {"Time immobile (s)": Measure((101.5,), "s")})
BINS = Measures(
    Origin("row 2 and on"),
    {"Distance": Measure((1.5, 2.5, 3.5)), "Still (min)": Measure((0.5, 1.0, 0.25), "min")},
    ((0.0, 120.0), (120.0, 240.0), (240.0, 360.0)),
)

times = st.integers(0, 400).map(float)
bouts = st.lists(st.tuples(times, times).map(lambda ends: Bout("b", min(ends), max(ends))), max_size=8)


def said(record: Events | Measures, scoring: Scoring, start_s: float = 0.0) -> str:
    with pytest.raises(InputError) as caught:
        score(record, scoring, start_s, "m1.csv")
    return str(caught.value)


def test_bouts_are_cut_at_the_ends_of_the_window() -> None:
    assert score(EVENTS, replace(FST, window_s=(120.0, 360.0)), 0.0, "") == 10 + 1 + 20


def test_the_window_counts_from_the_start_of_the_test() -> None:
    assert score(EVENTS, replace(FST, window_s=(120.0, 360.0)), 30.0, "") == 0 + 1 + 40


def test_without_a_window_the_whole_film_is_scored() -> None:
    assert score(EVENTS, FST, 0.0, "") == 40 + 1 + 40
    assert score(EVENTS, FST, 100.0, "") == 30 + 1 + 40


def test_short_bouts_do_not_count_where_a_shortest_is_told() -> None:
    assert score(EVENTS, replace(FST, window_s=(120.0, 360.0), at_least_s=2.0), 0.0, "") == 10 + 20


@given(bouts, st.integers(0, 300))
def test_immobility_is_the_number_of_seconds_that_any_bout_covers(drawn: list[Bout], start: int) -> None:
    covered = sum(
        any(bout.start_s <= t and t + 1 <= bout.stop_s for bout in drawn) for t in range(start, start + 100)
    )
    assert immobility_s(drawn, (start, start + 100)) == covered


@given(bouts, st.integers(1, 399))
def test_two_parts_of_a_window_add_up_to_the_whole(drawn: list[Bout], cut: int) -> None:
    parts = immobility_s(drawn, (0, cut)) + immobility_s(drawn, (cut, 400))
    assert parts == immobility_s(drawn, (0, 400))


@given(bouts, st.randoms(use_true_random=False))
def test_the_order_of_bouts_does_not_matter(drawn: list[Bout], dice) -> None:
    mixed = list(drawn)
    dice.shuffle(mixed)
    assert immobility_s(mixed, (50, 350)) == immobility_s(drawn, (50, 350))
    assert latency_s(mixed, (50, 350)) == latency_s(drawn, (50, 350))


@given(bouts)
def test_an_animal_is_not_immobile_before_its_latency(drawn: list[Bout]) -> None:
    waited = latency_s(drawn, (0, 400))
    assert immobility_s(drawn, (0, 400 if waited is None else waited)) == 0


def test_a_film_that_ends_before_the_window_is_refused() -> None:
    text = said(EVENTS, replace(FST, window_s=(120.0, 420.0)))
    assert "m1.csv (observation m1): the film ends at 400 s, and 420 s are to be scored" in text


def test_a_film_may_lack_its_last_frames() -> None:
    assert score(EVENTS, replace(FST, window_s=(200.0, 400.4)), 0.0, "") == 1 + 40


def test_a_window_in_a_recording_of_unknown_length_asks_for_the_length() -> None:
    unknown = replace(EVENTS, length_s=None)
    assert "assay[1].length_s: missing" in said(unknown, replace(FST, window_s=(120.0, 360.0)))
    assert score(unknown, replace(FST, window_s=(120.0, 360.0), length_s=360.0), 0.0, "") == 31


def test_another_spelling_of_the_behaviour_is_refused() -> None:
    other = replace(EVENTS, bouts=(Bout("Immobile", 0, 10),))
    assert 'two spellings: "Immobile" here, "immobile" in s.toml' in said(other, FST)


def test_point_events_have_no_immobility() -> None:
    assert "has no duration" in said(replace(EVENTS, bouts=(Bout("immobile", 5, 5),)), FST)


def test_an_animal_that_never_is_immobile_scores_0() -> None:
    assert score(replace(EVENTS, bouts=(Bout("swim", 0, 400),)), FST, 0.0, "") == 0


def test_a_behaviour_has_to_be_named() -> None:
    assert "assay[1].behaviour: missing" in said(EVENTS, replace(FST, behaviour=""))


def test_events_have_no_distance() -> None:
    assert "found distance for scored events" in said(EVENTS, replace(FST, score="distance", unit="m"))


def test_a_latency_runs_from_the_start_of_the_window_to_the_first_bout() -> None:
    eat = replace(FST, score="latency", behaviour="swim", window_s=(0.0, 400.0))
    assert score(EVENTS, eat, 0.0, "") == 130
    assert score(EVENTS, eat, 100.0, "") == 30
    assert score(EVENTS, replace(eat, window_s=(150.0, 400.0)), 0.0, "") == 0


def test_a_point_event_ends_a_latency_too() -> None:
    eaten = replace(EVENTS, bouts=(Bout("bite", 77.5, 77.5),))
    assert score(eaten, replace(FST, score="latency", behaviour="bite"), 10.0, "") == 67.5


def test_an_animal_that_never_eats_gets_what_the_document_says_and_nothing_else() -> None:
    eat = replace(FST, score="latency", behaviour="eat", window_s=(0.0, 400.0))
    assert '"eat" never happens, and never_s is missing' in said(EVENTS, eat)
    assert score(EVENTS, replace(eat, never_s=400.0), 0.0, "") == 400
    assert "the film ends" in said(EVENTS, replace(eat, window_s=(0.0, 600.0), never_s=600.0))


@given(st.floats(0, 1e3), st.floats(0, 1e3))
def test_preferences_of_the_two_drinks_add_up_to_100_percent(sucrose: float, water: float) -> None:
    one, other = preference_percent(sucrose, water), preference_percent(water, sucrose)
    if one is None or other is None:
        assert sucrose + water == 0
    else:
        assert one + other == pytest.approx(100, abs=1e-9)  # two roundings of a double


def test_preference_is_the_share_of_sucrose() -> None:
    spt = replace(FST, score="preference", unit="%", behaviour="")
    drunk = Measures(Origin("row 2"), {"sucrose": Measure((7.5,), "g"), "water": Measure((2.5,), "g")})
    assert score(drunk, spt, 0.0, "") == 75
    nothing = Measures(Origin("row 2"), {"sucrose": Measure((0.0,), "g"), "water": Measure((0.0,), "g")})
    assert "nothing was drunk" in said(nothing, spt)


def test_a_finished_measure_is_taken_by_the_name_of_its_column() -> None:
    named = replace(FST, measure="Time immobile (s)")
    assert score(TABLE, named, 0.0, "") == 101.5
    assert "a column of the table: Time immobile (s)" in said(TABLE, FST)
    assert 'did you mean "Time immobile (s)"?' in said(TABLE, replace(FST, measure="Time imobile (s)"))
    assert '"Notes" holds "calm"' in said(TABLE, replace(FST, measure="Notes"))


def test_the_segments_that_fill_the_window_are_added() -> None:
    ofd = replace(FST, score="distance", unit="cm", measure="Distance", measure_unit="m")
    assert score(BINS, ofd, 0.0, "") == 750
    assert score(BINS, replace(ofd, window_s=(120.0, 360.0)), 0.0, "") == 600
    still = replace(FST, measure="Still (min)", window_s=(120.0, 360.0))
    assert score(BINS, still, 0.0, "") == 75


@pytest.mark.parametrize("window", [(100.0, 360.0), (120.0, 300.0), (120.0, 480.0), (360.0, 480.0)])
def test_a_window_that_segments_do_not_fill_is_refused(window) -> None:
    assert "spans that fill" in said(BINS, replace(FST, measure="Still (min)", window_s=window))
    assert "values for the whole test s" in said(TABLE, replace(FST, measure="Time immobile (s)", window_s=window))


def test_a_column_without_a_unit_asks_for_it_and_a_wrong_unit_is_refused() -> None:
    ofd = replace(FST, score="distance", unit="m", measure="Distance")
    assert "assay[1].measure_unit: missing" in said(BINS, ofd)
    assert 'the unit "s" for "Time immobile (s)"' in said(TABLE, replace(ofd, measure="Time immobile (s)"))
    other = replace(FST, measure="Time immobile (s)", measure_unit="min")
    assert 'measure_unit: "min", and the table says "s"' in said(TABLE, other)


def test_more_immobility_than_time_is_refused() -> None:
    much = replace(BINS, measures={"Still (min)": Measure((3.0, 3.0, 3.0), "min")})
    text = said(much, replace(FST, measure="Still (min)", window_s=(120.0, 360.0)))
    assert "immobility of 360 s" in text
    assert "0 to 240 s" in text


def test_a_missing_value_is_refused_or_a_latency_that_never_came() -> None:
    empty = replace(TABLE, measures={"Latency (s)": Measure((np.nan,), "s")})
    assert 'no value of "Latency (s)"' in said(empty, replace(FST, measure="Latency (s)"))
    eat = replace(FST, score="latency", measure="Latency (s)", never_s=600.0)
    assert score(empty, eat, 0.0, "") == 600


def test_a_table_of_whole_tests_has_no_other_start() -> None:
    assert "start_s is 30 s" in said(TABLE, replace(FST, measure="Time immobile (s)"), 30.0)
