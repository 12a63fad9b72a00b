"""Pages of answers: nothing is lost, nothing is run, and every figure has its numbers beside it."""

from __future__ import annotations

from adenoscope.report.answer_page import AnswerPage, Exhibit, Section, Table, render_answer, write_answer
from adenoscope.report.ink import blank_figure


def a_page(**changes: object) -> AnswerPage:
    figure = blank_figure(3, 2, synthetic=False)
    figure.subplots().plot([0, 1], [0, 1])
    table = Table(("time [h]", "occupancy"), (("0", "0.1"), ("<b>1</b>", "0.222")), caption="Medians.")
    exhibit = Exhibit("curve", figure, "A line that rises.", "Occupancy over time.", table)
    sections = (Section("over-time", "Over time", ("See `occupancy.csv`.",), (exhibit,), (table,)),)
    given = {"notices": (), "findings": ("It rises.",)} | changes
    return AnswerPage("Caffeine", "Virtual people", "adenoscope", sections=sections, **given)


def test_every_figure_has_its_numbers_as_a_table_after_it():
    text = render_answer(a_page())
    assert text.index("<svg") < text.index("The numbers of this figure") < text.index("0.222")


def test_what_a_user_wrote_is_shown_and_not_run():
    text = render_answer(a_page(notices=("<script>alert(1)</script>",)))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert text.count("alert") == 2  # the band, and the head of every sheet of paper
    assert "alert(1)" in text.split('class="band"')[1]
    assert r"\00003cscript" in text
    assert "&lt;b&gt;1&lt;/b&gt;" in text


def test_a_notice_is_a_band_and_without_one_there_is_none():
    assert 'class="band"' in render_answer(a_page(notices=("A limit was set aside.",)))
    assert 'class="band"' not in render_answer(a_page())


def test_the_same_page_is_written_as_the_same_bytes_and_asks_nothing_of_the_network(tmp_path):
    write_answer(a_page(), tmp_path / "a.html")
    write_answer(a_page(), tmp_path / "b.html")
    written = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert written == (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "http" not in written.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_a_page_says_that_it_is_no_advice():
    assert "Research use only" in render_answer(a_page())
