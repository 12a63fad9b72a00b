"""The matrix: every verdict finds its cell, and what was not asked stays empty."""

from __future__ import annotations

from dataclasses import replace

from made_results import a_verdict, an_effect, some_verdicts
from matplotlib.text import Text

from adenoscope.core.interval import Interval
from adenoscope.core.reading import Setting
from adenoscope.report.dissociation import Matrix, dissociation_matrix
from adenoscope.report.matrix_figure import MOST_COLUMNS, matrix_figures


def words(matrix: Matrix) -> list[list[str]]:
    return [[cell.word if cell else "-" for cell in row.cells] for row in matrix.rows]


def test_manipulations_are_rows_and_readouts_columns() -> None:
    matrix = dissociation_matrix(some_verdicts())
    assert [column.replace("\u00a0", " ") for column in matrix.columns] == [
        "FST immobility, 1 h",
        "Distance moved, 1 h",
    ]
    assert [row.manipulation for row in matrix.rows] == ["Adora1-KO", "Adora2a-KO", "Nt5e-KO"]
    assert words(matrix) == [["necessary", "not necessary"], ["could not tell", "reduced"], ["could not tell", "-"]]
    first = matrix.rows[0].cells[0]
    assert first is not None
    assert (first.number, first.symbol) == (1, "●")


def test_a_question_that_nobody_answers_stands_beside_what_the_same_manipulation_was_asked() -> None:
    asked = a_verdict()
    unanswered = replace(some_verdicts()[-1], manipulation="Adora1-KO", readout="sucrose preference", unit="%")
    matrix = dissociation_matrix((asked, unanswered))
    assert words(matrix) == [["necessary", "could not tell"]]


def test_regions_and_delays_are_columns_and_doses_rows() -> None:
    def at(setting: Setting) -> object:
        return replace(an_effect("Adora1-KO", Interval(-2.0, -20.0, 16.0), "k"), setting=setting)

    early, late = (a_verdict(residual=at(Setting(genotype="Adora1-KO", time_h=hours))) for hours in (1.0, 24.0))
    there = a_verdict(residual=at(Setting("mPFC", "Adora1-KO")))
    more = replace(early, effect=replace(early.effect, dose=30.0))
    matrix = dissociation_matrix((early, late, there, more))
    assert len(matrix.columns) == 3
    assert len(matrix.rows) == 2


def test_the_figure_says_every_word_and_how_much_is_left() -> None:
    figure = next(matrix_figures(dissociation_matrix(some_verdicts()), synthetic=True))
    texts = [text.get_text().replace("\u00a0", " ") for text in figure.findobj(Text) if isinstance(text, Text)]
    for expected in (
        "necessary",
        "reduced",
        "not necessary",
        "could not tell",
        "not asked",
        "5 % left",
        "(−45 to 59 %)",
    ):
        assert expected in texts
    assert "n = 38 would tell" in texts
    assert texts.count("simulated data") == 2


def test_many_readouts_are_spread_over_several_figures() -> None:
    verdicts = tuple(replace(a_verdict(), readout=f"assay {index}") for index in range(MOST_COLUMNS + 2))
    matrix = dissociation_matrix(verdicts)
    assert len(matrix.columns) == MOST_COLUMNS + 2
    assert len(list(matrix_figures(matrix, synthetic=False))) == 2
