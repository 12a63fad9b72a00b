"""Every layout passes the common suite, and what is its own."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from export_suite import FILE, ExportSuite, flat, read, refused

from adenoscope.core.behaviour_record import Bout, Events, Measures, Track
from adenoscope.core.errors import InputError
from adenoscope.io.assays.read import FORMATS, read_export
from behaviour_exports import (
    anymaze_segments,
    anymaze_tests,
    boris_aggregated,
    boris_tabular_7,
    boris_tabular_8,
    deeplabcut,
    ethovision_statistics,
    ethovision_track,
    intake,
    weighed,
    write_text,
    write_workbook,
)


class TestBorisTabular7(ExportSuite):
    form, kind, names = "boris", Events, (("m1 day 2",),)
    rows = staticmethod(boris_tabular_7)
    numbers_in_header = 1

    def test_edges_become_bouts_and_the_lines_above_become_facts(self, records):
        (events,) = records
        assert events.bouts == (Bout("immobile", 130.5, 190.25),)
        assert events.length_s == 400.0
        assert events.origin.facts["box"] == "3"

    def test_every_unpaired_edge_is_listed_with_its_row(self, tmp_path):
        rows = [list(row) for row in boris_tabular_7([("immobile", 10, 20), ("swim", 20, 30)])]
        rows[-4][-1], rows[-1][-1] = "STOP", "START"
        said = refused(write_text(tmp_path / FILE, rows))
        assert f'row {len(rows) - 3}: "immobile" stops and has not started' in said
        assert f'row {len(rows)}: "swim" starts again' in said
        assert "starts and never stops" in said

    def test_times_may_be_hours_minutes_and_seconds(self, tmp_path):
        rows = [list(row) for row in boris_tabular_7()]
        rows[-2][0], rows[-1][0] = "00:02:10.500", "00:03:10.250"
        assert read(write_text(tmp_path / FILE, rows))[0].bouts == (Bout("immobile", 130.5, 190.25),)


class TestBorisTabular8(ExportSuite):
    form, kind, names = "boris", Events, (("m1", "nsf m1", "nsf m1/m1"),)
    rows = staticmethod(boris_tabular_8)

    def test_a_point_event_has_no_length(self, records):
        assert records[0].bouts == (Bout("eat", 10.5, 13.5), Bout("rear", 12.25, 12.25))
        assert records[0].length_s == 600.04


class TestBorisAggregated(ExportSuite):
    form, kind, names = "boris", Events, (("m1",), ("m2",))
    rows = staticmethod(boris_aggregated)

    def test_each_observation_has_its_own_bouts(self, records):
        assert records[0].bouts == (Bout("immobile", 120.5, 150.0), Bout("swim", 150.0, 170.25))
        assert [bout.behaviour for bout in records[1].bouts] == ["immobile", "dive"]

    def test_a_bout_that_ends_before_it_starts_is_refused(self, tmp_path):
        rows = [list(row) for row in boris_aggregated()]
        rows[1][9] = "100.000"
        assert 'row 2: "immobile" from 120.5 to 100 s' in refused(write_text(tmp_path / FILE, rows))


class TestEthovisionTrack(ExportSuite):
    form, kind, names = "ethovision", Track, (("Arena 1", "Subject 1", "m1"),)
    rows = staticmethod(ethovision_track)
    numbers_in_header = 1

    def test_lost_samples_are_nan_and_the_clock_is_that_of_the_recording(self, records):
        (track,) = records
        assert track.time[0] == 0.0
        assert np.flatnonzero(np.isnan(track.x)).tolist() == [7, 8]
        assert track.unit == "cm"
        assert list(track.immobile) == ["Mobility state(Immobile)"]
        assert track.origin.facts["Treatment"] == "ketamine"

    def test_a_joined_track_is_refused_at_the_row_where_time_goes_back(self, tmp_path):
        rows = [*ethovision_track(), ethovision_track()[12]]
        assert "row 111" in refused(write_text(tmp_path / FILE, rows))

    def test_a_workbook_holds_a_track_in_each_sheet_and_other_sheets_are_passed_over(self, tmp_path):
        sheets = {
            "Track-Arena 1-Subject 1": ethovision_track("m1"),
            "Track-Arena 2-Subject 1": ethovision_track("3"),
            "Hardware log": [["Number of header lines:", "3"], ["Event"], ["start"]],
        }
        records = read(write_workbook(tmp_path / "trial.xlsx", sheets))
        assert [record.origin.names[-1] for record in records] == ["m1", "3"]
        assert records[0].origin.names[0] == "Track-Arena 1-Subject 1"
        text = read(write_text(tmp_path / FILE, ethovision_track("m1")))
        np.testing.assert_array_equal(records[0].x, text[0].x)

    def test_a_truncated_workbook_is_refused(self, tmp_path):
        path = write_workbook(tmp_path / "trial.xlsx", {"Track": ethovision_track()})
        path.write_bytes(path.read_bytes()[:-200])
        assert "truncated or damaged" in refused(path)

    def test_an_empty_workbook_is_refused(self, tmp_path):
        assert "empty workbook" in refused(write_workbook(tmp_path / "trial.xlsx", {"Track": []}))


class TestEthovisionStatistics(ExportSuite):
    form, kind, names = "ethovision-statistics", Measures, (("m1",), ("m2",))
    rows = staticmethod(ethovision_statistics)

    def test_shared_headings_reach_every_column_and_units_are_kept(self, records):
        measures = records[0].measures
        assert measures["Distance moved Center-point Total"].values == (2512.5,)
        assert measures["Distance moved Center-point Total"].unit == "cm"
        assert measures["Mobility state Immobile Cumulative Duration"].unit == "s"
        assert measures["Mobility state Immobile Frequency"].values == (12.0,)
        assert np.isnan(records[1].measures["In zone Food / Center-point Latency to First"].values[0])

    def test_a_header_that_joins_the_rows_gives_the_same_measures(self, tmp_path, records):
        rows = ethovision_statistics()
        joined = ["Trial", "Arena", "Animal ID", "Distance moved Center-point Total cm"]
        joined += ["Mobility state Immobile Cumulative Duration s", "Mobility state Immobile Frequency"]
        joined += ["In zone Food / Center-point Latency to First s", "In zone Food / Center-point Frequency"]
        again = read(write_text(tmp_path / FILE, [joined, *rows[4:]]))
        assert "m1" in again[0].origin.names
        for one, other in zip(records, again, strict=True):
            assert {n: str(m) for n, m in one.measures.items()} == {n: str(m) for n, m in other.measures.items()}


class TestAnymazeTests(ExportSuite):
    form, kind, names = "anymaze", Measures, (("m1",), ("m1",), ("m2",))
    rows = staticmethod(anymaze_tests)

    def test_words_are_facts_and_numbers_are_measures_with_their_units(self, records):
        assert records[1].origin.facts["Stage"] == "Test"
        assert records[1].measures["Total time immobile (s)"].unit == "s"
        assert "Notes" not in records[0].measures


class TestAnymazeSegments(ExportSuite):
    form, kind, names = "anymaze", Measures, (("m1",), ("m2",))
    rows = staticmethod(anymaze_segments)

    def test_the_segments_of_a_test_are_the_spans_of_one_record(self, records):
        assert records[0].spans_s == ((0, 120), (120, 240), (240, 360))
        assert records[0].measures["Time immobile (s)"].values == (10.5, 40.5, 70.5)

    def test_a_segment_that_is_no_span_of_time_is_refused(self, tmp_path):
        rows = [list(row) for row in anymaze_segments()]
        rows[2][3] = "later"
        assert 'row 3, column Segment of test: found "later"' in refused(write_text(tmp_path / FILE, rows))

    def test_segments_may_be_minutes(self, tmp_path):
        rows = [list(row) for row in anymaze_segments()]
        rows[1][3] = "0 - 2 mins."
        assert read(write_text(tmp_path / FILE, rows))[0].spans_s[0] == (0, 120)


class TestDeepLabCut(ExportSuite):
    form, kind, names = "deeplabcut", Track, ((), ())
    rows = staticmethod(deeplabcut)

    def test_every_body_part_is_a_track_in_frames_and_pixels(self, records):
        assert [track.origin.facts["bodypart"] for track in records] == ["nose", "tailbase"]
        assert all(track.in_frames and track.unit == "px" for track in records)
        assert np.flatnonzero(records[0].likelihood < 0.5).tolist() == [20]

    def test_a_lost_frame_is_refused(self, tmp_path):
        rows = list(deeplabcut())
        del rows[30]
        assert "frames that do not count up" in refused(write_text(tmp_path / FILE, rows))

    def test_an_hdf5_file_is_refused_with_the_way_to_a_csv(self, tmp_path):
        path = tmp_path / "tracks.h5"
        path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
        assert "save_as_csv" in refused(path)


class TestDeepLabCutOfSeveral(ExportSuite):
    form, kind, names = "deeplabcut", Track, (("a",), ("a",), ("b",), ("b",))

    @staticmethod
    def rows():
        return deeplabcut(("a", "b"))


class TestIntake(ExportSuite):
    form, kind, names = "intake", Measures, (("m1",), ("m2",))
    rows = staticmethod(intake)

    def test_both_drinks_are_measures_in_grams(self, records):
        assert records[0].measures["sucrose"].values == (7.5,)
        assert records[0].measures["water"].unit == "g"


class TestWeighedBottles(ExportSuite):
    form, kind, names = "intake", Measures, (("m1",), ("m2",))
    rows = staticmethod(weighed)

    def test_the_intake_is_the_loss_of_weight_added_over_days(self, records):
        assert records[0].measures["sucrose"].values == (7.5,)
        assert records[0].measures["water"].values == (2.5,)

    def test_all_impossible_intakes_and_repeats_are_listed(self, tmp_path):
        rows = [list(row) for row in weighed()]
        rows[1][3], rows[3][5], rows[2][1] = "151.5", "", "1"
        said = refused(write_text(tmp_path / FILE, rows))
        assert "row 2: an intake of sucrose of -1" in said
        assert "row 4: no intake of water" in said
        assert 'row 3, column animal: animal "m1" stands 2 times' in said


def test_a_workbook_without_its_library_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    said = refused(write_workbook(tmp_path / "trial.xlsx", {"Track": ethovision_track()}))
    assert "install adenoscope[excel], or export the data as text" in said


def test_a_table_of_something_else_is_refused_with_its_beginning(tmp_path):
    path = write_text(tmp_path / FILE, [["mouse", "weight"], ["m1", "21.5"]])
    assert "no known layout; it begins with: mouse, weight" in refused(path)


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"intake"}))
def test_a_format_that_was_asked_for_and_is_not_there_is_refused(tmp_path, form):
    path = write_text(tmp_path / FILE, intake())
    with pytest.raises(InputError, match=f'no layout of "{form}"'):
        read_export(path, path.name, form)


def test_points_and_commas_in_one_column_are_refused(tmp_path):
    rows = [list(row) for row in ethovision_track()]
    rows[15][2] = "2,50"
    assert 'row 16, column X center: found "2,50" beside points' in refused(write_text(tmp_path / FILE, rows, ";"))


def test_a_workbook_of_any_layout_reads_like_its_text(tmp_path):
    for rows in (boris_aggregated(), anymaze_tests(), ethovision_statistics(), weighed(), deeplabcut()):
        text = read(write_text(tmp_path / FILE, rows))
        book = read(write_workbook(tmp_path / "export.xlsx", {"Sheet1": rows}))
        assert flat(book) == flat(text)
