"""The page of a ranking says who is ahead and how sure that is, who could not be told, and who is not ranked."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_ranking import ABSENT, OPEN, TOLD, made_answer

from adenoscope.core.interval import Interval
from adenoscope.report.answer_page import render_answer
from adenoscope.report.ranking_figures import forest_figure, front, front_figure
from adenoscope.report.ranking_page import ranking_page, write_ranking_page
from adenoscope.report.ranking_words import chance, figures, findings, index_words, span
from adenoscope.studies.ranking_files import ranking_document, unverified_share, write_ranking


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render_answer(ranking_page(made_answer(tmp_path_factory.mktemp("page"))))


def test_the_page_tells_all_that_a_reader_must_not_miss(page: str) -> None:
    text = text_of(page)
    for words in (
        "Furthest apart are effect and side effect of deschloroketamine: index 3.0 (90 % interval 1.5 to 6.0)",
        "its chance to be better than ketamine is 0.90",
        f"Could not tell the index of {OPEN}: its doses do not tell both half effects.",
        "The largest dose does not reach half of the effect.",
        f"Not ranked: {ABSENT}, no data of the effect assay.",
        "Research use only",
        "nothing here is a way to make one, a dose for a person, or advice",
        "Not legal advice",
        "Class B of the Misuse of Drugs Act 1971",
        "in force from 2014-06-10",
        "not predicted",
        "0.20 (0.060 to 0.50)",
        "A note about the panel.",
        "A note about the table.",
        "worst R-hat 1.004",
        "are unverified",
    ):
        assert words in text, words
    assert "no effect" not in text


def test_every_figure_has_its_numbers_beside_it(page: str) -> None:
    assert page.count("The numbers of this figure") == page.count("<figure") == 4


def test_what_a_table_calls_its_compounds_is_shown_and_not_run(page: str) -> None:
    assert "methoxetamine &lt;b&gt;" in page
    assert "methoxetamine <b>" not in page


def test_simulated_assays_are_marked_and_others_are_not(tmp_path: Path, page: str) -> None:
    assert "Simulated data" in render_answer(ranking_page(made_answer(tmp_path, synthetic=True)))
    assert "imulated data" not in page


def test_the_same_ranking_gives_the_same_bytes(tmp_path: Path) -> None:
    answer = made_answer(tmp_path)
    for folder in ("a", "b"):
        write_ranking(tmp_path / folder, answer)
        write_ranking_page(answer, tmp_path / folder)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
    assert "http" not in (tmp_path / "a" / "report.html").read_text().replace("http-equiv", "").replace(
        "http://www.w3.org", ""
    )


def test_the_front_is_of_those_whom_nobody_beats_in_both(tmp_path: Path) -> None:
    # ED50s of (effect, side effect): deschloroketamine (20, 60), ketamine (40, 40), methoxetamine (15, 6).
    assert front(made_answer(tmp_path).ranking) == ("methoxetamine <b>", "deschloroketamine")


def test_equal_compounds_are_both_on_the_front(tmp_path: Path) -> None:
    ranking = made_answer(tmp_path).ranking
    twin = replace(ranking.compounds[0], compound="twin")
    assert set(front(replace(ranking, compounds=(*ranking.compounds, twin)))) == {
        *("methoxetamine <b>", "deschloroketamine", "twin")
    }


def test_figures_can_be_drawn_where_nothing_could_be_told(tmp_path: Path) -> None:
    ranking = made_answer(tmp_path).ranking
    unknown = replace(ranking, compounds=ranking.compounds[-1:], reference=OPEN)
    for figure in (forest_figure(unknown, synthetic=False), front_figure(unknown, synthetic=False)):
        figure.canvas.draw()


def test_a_ranking_in_which_nothing_could_be_told_says_so(tmp_path: Path) -> None:
    answer = made_answer(tmp_path)
    unknown = replace(answer, ranking=replace(answer.ranking, compounds=answer.ranking.compounds[-1:]))
    assert findings(unknown)[0].startswith("Could not tell the index of any compound")


def test_files_hold_what_the_page_shows(tmp_path: Path) -> None:
    answer = made_answer(tmp_path)
    write_ranking(tmp_path, answer)
    document = json.loads((tmp_path / "ranking.json").read_text(encoding="utf-8"))
    assert document == json.loads(json.dumps(ranking_document(answer)))
    assert document["schema_version"] == 1
    assert [item["compound"] for item in document["compounds"]] == [*TOLD, OPEN]
    assert document["compounds"][0]["index"] == {"estimate": 3.0, "low": 1.5, "high": 6.0, "ci_prob": 0.9}
    assert document["not_ranked"][0]["reason"] == "no data of the effect assay"
    assert document["inputs"][0]["path"] == "compounds.csv"
    tables = {
        name: list(csv.DictReader((tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        for name in ("ranking", "structures", "next_experiments")
    }
    assert [row["standing"] for row in tables["ranking"]] == ["told"] * 3 + ["could_not_tell", "not_ranked"]
    assert tables["structures"][1]["inchikey"] == "YQEZLKZALYSWHR-UHFFFAOYSA-N"
    # 600 µmol/kg of 233.35 g/mol.
    assert float(tables["next_experiments"][0]["dose_mg_per_kg"]) == pytest.approx(140.0, abs=0.1)


def test_the_unverified_share_counts_a_constant_once(tmp_path: Path) -> None:
    # Two constants of the prediction, one of them read; five of the domain, one of them read.
    assert unverified_share(made_answer(tmp_path)) == pytest.approx(5 / 7)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0412, "0.041"), (0.4, "0.40"), (3.0, "3.0"), (42.06, "42"), (1234.0, "1200"), (99.6, "100")],
)
def test_numbers_have_two_digits_that_count(value: float, words: str) -> None:
    assert figures(value) == words


def test_a_chance_is_never_certain() -> None:
    assert (chance(1.0), chance(0.0), chance(0.5), chance(None)) == ("> 0.99", "< 0.01", "0.50", "–")


def test_bounds_are_said_where_an_index_could_not_be_told(tmp_path: Path) -> None:
    item = made_answer(tmp_path).ranking.compounds[-1]
    assert index_words(item) == "could not tell; below 4.0"
    assert index_words(replace(item, index_below=None, index_above=2.0)) == "could not tell; above 2.0"
    assert index_words(replace(item, index_below=None)) == "could not tell"
    assert span(Interval(np.e, 1.0, 10.0)) == "2.7 (1.0 to 10)"
