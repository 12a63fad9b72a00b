"""The page as a whole: it needs nothing else, is the same every time, and hides nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from made_results import a_result, behaviour_result, estimated

from adenoscope.core.reading import Given
from adenoscope.core.result import StudyResult
from adenoscope.report.html import code
from adenoscope.report.study_report import render_report, write_report

VOID = {"meta", "br", "hr", "img", "input", "link"}
SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
MOST_BYTES_A_SESSION = 150_000


class Outline(HTMLParser):
    """Checks that elements nest, and notes headings and ids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.targets += [given["href"] or ""] if "href" in given else []
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@pytest.fixture(scope="module")
def page(whole_result: StudyResult) -> str:
    return render_report(whole_result)


def test_elements_nest_and_every_link_has_its_target(page: str) -> None:
    parser = outline(page)
    assert len(parser.ids) == len(set(parser.ids))
    assert {target[1:] for target in parser.targets} <= set(parser.ids)
    assert all(target.startswith("#") for target in parser.targets)


def test_headings_start_with_one_and_skip_no_level(page: str) -> None:
    headings = outline(page).headings
    assert headings.count(1) == 1
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))


def test_the_page_asks_nothing_of_the_network_and_runs_no_script(page: str) -> None:
    assert "://" not in page
    assert "@import" not in page
    assert not outline(page).tags & {"script", "link", "iframe", "object"}
    assert "default-src 'none'" in page


def test_two_writes_give_the_same_bytes(whole_result: StudyResult, tmp_path: Path) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    write_report(whole_result, first)
    write_report(whole_result, second)
    assert first.read_bytes() == second.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"first.html", "second.html"}


def test_a_failed_write_leaves_what_was_there(whole_result: StudyResult, tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OSError, match=r"report\.html"):
        write_report(whole_result, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_simulated_data_is_marked_on_the_page_and_on_every_figure(whole_result: StudyResult, page: str) -> None:
    figures = SVG.findall(page)
    # five sessions, one plate, one Cumming plot, the matrix, and four verdicts that have animals
    assert len(figures) == 12
    assert all(">simulated data</text>" in figure for figure in figures)
    assert 'class="band"' in page
    measured = render_report(replace(whole_result, study=replace(whole_result.study, synthetic=False)))
    assert "simulated" not in measured.lower()


def test_every_figure_says_what_it_shows(page: str) -> None:
    for figure in SVG.findall(page):
        label = re.search(r'role="img" aria-label="([^"]+)"', figure)
        assert label is not None
        assert len(label.group(1)) > 40


def test_names_from_the_laboratory_are_text_and_never_markup() -> None:
    nasty = "<script>alert(1)</script>"
    item = estimated()
    session = replace(item.session, session=nasty, treatment=f'{nasty}"', region="$\\frac{a}$", animal="小鼠 & 1")
    html = render_report(a_result(replace(item, session=session), name=nasty))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    outline(html)


def test_a_name_outside_the_figures_font_is_drawn_all_the_same(whole_result: StudyResult) -> None:
    contrast = replace(whole_result.contrasts[0], given=Given("氯胺酮"), versus="$5")
    html = render_report(replace(whole_result, contrasts=(contrast,)))
    assert ">氯胺酮</text>" in html
    assert ">$5</text>" in html


def test_refused_and_excluded_sessions_stand_with_their_reason(page: str) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", SVG.sub("", page)))
    assert "7 sessions: 4 estimated, 2 refused, 1 excluded by the laboratory." in text
    assert text.count("far outside what an isosbestic channel does.") >= 4
    assert "s07 (m6, ketamine) excluded by the laboratory: fibre came loose" in text


def test_every_session_shows_its_verdict_cautions_and_what_adenosine_assumes(page: str) -> None:
    text = re.sub(r"<[^>]+>", "", SVG.sub("", page))
    for expected in ("signal only", "unusable", "intervals are wide", "Not identified:", "20 to 150 nM"):
        assert expected in text


def test_assumptions_that_differ_between_sessions_stand_with_each() -> None:
    first, second = estimated("s01"), estimated("s02", seed=2)
    same = render_report(a_result(first, second))
    assert same.count("20 to 150 nM") == 1
    other = replace(second, adenosine=replace(second.adenosine, assumed=(("baseline_um", "0.3 µM"),)))
    differing = render_report(a_result(first, other))
    assert "<dt>baseline adenosine</dt><dd>0.3 µM</dd>" in differing
    assert 'id="assumed"' not in differing


def test_every_setting_and_every_input_is_listed(whole_result: StudyResult, page: str) -> None:
    for item in whole_result.inputs:
        assert item.sha256 in page
    for expected in ("0.1.0", "4f2a9c1", "GRAB_Ado1.0", "0 to 30\u00a0min", "random seed"):
        assert expected in page


def test_the_page_never_speaks_of_an_absent_effect(page: str) -> None:
    for claim in ("no effect", "no change", "no difference", "no response", "not significant"):
        assert claim not in page.lower()


def test_a_study_of_one_session_has_no_group_section() -> None:
    html = render_report(a_result(estimated()))
    outline(html)
    assert 'id="groups"' not in html
    assert len(html.encode()) < MOST_BYTES_A_SESSION


def test_a_study_without_sessions_still_has_a_page() -> None:
    html = render_report(a_result())
    outline(html)
    assert "No session and no behaviour." in html


def test_a_study_of_behaviour_alone_speaks_of_no_recording() -> None:
    html = render_report(behaviour_result())
    parser = outline(html)
    assert {"necessity", "groups", "methods", "statistics", "arrive"} <= set(parser.ids)
    assert "sessions" not in parser.ids
    for photometry in ("Sensor", "Kalman", "isosbestic", "nanomolar", "window of mean"):
        assert photometry not in html
    assert "42 animals in 2 assays of behaviour." in html


def test_every_verdict_stands_in_the_summary_the_matrix_and_with_its_numbers(page: str) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", SVG.sub("", page)))
    for expected in ("necessary", "reduced", "not necessary", "could not tell", "not asked"):
        assert expected in text
    assert page.count('href="#verdict-1"') == 3
    assert "n = 38 would tell" in text


def test_what_arrive_misses_is_said_loudly(page: str) -> None:
    text = re.sub(r"<[^>]+>", "", SVG.sub("", page))
    assert text.count("of 22 essential points are missing") == 2
    assert "Missing: randomisation" in text


def test_many_sessions_stay_small_and_keep_apart() -> None:
    items = tuple(estimated(f"s{index:02d}", seed=index) for index in range(4))
    html = render_report(a_result(*items))
    outline(html)
    assert len(html.encode()) < MOST_BYTES_A_SESSION * len(items)


def test_what_stands_between_backticks_is_set_as_code_and_everything_is_escaped() -> None:
    assert code("leave `control` empty, or < 1") == "leave <code>control</code> empty, or &lt; 1"
