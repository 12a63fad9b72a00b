"""A report of an edited study lists every edit, and one of an unedited study has no word of it."""

from __future__ import annotations

from dataclasses import replace

from made_results import a_whole_result

from adenoscope.core.edit import Edit
from adenoscope.report.edit_pages import edit_page
from adenoscope.report.study_report import render_report

AT = "2026-03-14T09:26:53Z"
EDITS = (
    Edit(AT, "s01", "exclude", "noise", "looked like noise"),
    Edit(AT, "s01", "exclude", "", "it was not <noise>"),
    Edit(AT, "s02", "intervention_s", "90;190", "late"),
    Edit(AT, "s02", "intervention_s", "", "early after all"),
    Edit(AT, "s03", "handling_s", "-10 20", "quick hands"),
    Edit(AT, "s03", "handling_s", "0 0", "no hands"),
)


def test_every_edit_is_listed_with_its_reason_and_whether_it_still_holds() -> None:
    result = a_whole_result()
    page = edit_page(replace(result, study=replace(result.study, edits=EDITS)))
    assert page is not None
    assert page.sentence == "3 sessions were edited by hand"
    assert [row.replaced for row in page.rows] == [True, False] * 3
    assert [row.value for row in page.rows] == [
        *("excluded: noise", "included", "90; 190\u00a0s", "as in the study’s files"),
        *("−10 to 20\u00a0s", "nothing masked"),
    ]


def test_the_report_shows_edits_only_where_there_are_any() -> None:
    result = a_whole_result()
    text = render_report(replace(result, study=replace(result.study, edits=EDITS)))
    assert text.count("Edited by hand") == 6  # contents, summary, heading and three sessions
    assert "it was not &lt;noise&gt;" in text
    assert "edited by hand" not in render_report(result).lower()
