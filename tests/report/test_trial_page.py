"""The page of a simulated trial: every figure with its numbers, and words that do not promise."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from adenoscope.cli.trial import trial
from adenoscope.core.interval import Interval
from adenoscope.core.protocol import Breath
from adenoscope.report.answer_page import render_answer
from adenoscope.report.trial_page import trial_page, write_trial
from adenoscope.report.trial_words import (
    blinded_sentence,
    covariate_sentence,
    enrichment_sentence,
    findings,
    notices,
    percent,
)
from adenoscope.studies.simulate_trial import simulate_trial
from adenoscope.studies.trials.answer import Enrichment, TrialAnswer

EXAMPLES = Path(__file__).parents[2] / "docs" / "trials"
SMALL = {"replicates": 60, "pool": 120}
app = typer.Typer()
app.command()(trial)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrialAnswer, Path]:
    """Return a small run of the example with three arms, and where it is."""
    out = tmp_path_factory.mktemp("trial")
    return simulate_trial(EXAMPLES / "pcn-101.toml", out, **SMALL), out


def test_every_figure_has_its_numbers_beside_it(ran: tuple[TrialAnswer, Path]) -> None:
    found, _ = ran
    page = trial_page(found)
    exhibits = [exhibit for section in page.sections for exhibit in section.exhibits]
    assert len(exhibits) == 2 + 1 + 2 + 2  # sizes, sources, tornados; visits and CONSORT
    assert all(exhibit.table.rows and exhibit.alt and exhibit.caption for exhibit in exhibits)
    html = render_answer(page)
    assert html.count("The numbers of this figure") == len(exhibits)
    assert html == render_answer(trial_page(found))  # the same bytes


def test_the_page_says_that_nobody_was_measured_and_gives_no_advice(ran: tuple[TrialAnswer, Path]) -> None:
    found, _ = ran
    text = re.sub(r"<[^>]+>", " ", render_answer(trial_page(found)))
    assert "nothing here was measured in anybody" in text
    assert "no advice to any person" in text
    for promise in ("proves", "effective in", "recommend", "no effect"):
        assert promise not in text


def test_the_diagram_stands_alone(ran: tuple[TrialAnswer, Path]) -> None:
    found, out = ran
    page, diagram = write_trial(found, out)
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "<svg" in diagram.read_text(encoding="utf-8")


def test_an_interval_that_holds_zero_is_told_as_such(ran: tuple[TrialAnswer, Path]) -> None:
    found, _ = ran
    arm = replace(found.arms[0], blinded=Interval(-1.0, -3.0, 1.0, 0.9))
    assert "could not be told" in blinded_sentence(arm)
    assert "would be expected" in blinded_sentence(replace(arm, blinded=Interval(-2.0, -3.0, -1.0, 0.9)))
    gain = Enrichment(("caffeine_mg <= 100",), 0.4, Interval(-0.1, -0.4, 0.2, 0.9), "")
    assert "could not be told" in enrichment_sentence("drug", gain)
    assert "could not tell" in enrichment_sentence("drug", Enrichment(("x <= 1",), 0.01, None, "Too few."))


def test_a_published_result_that_was_missed_is_a_notice(ran: tuple[TrialAnswer, Path]) -> None:
    found, _ = ran
    past = found.retrodiction
    assert past is not None
    missed = replace(
        found, retrodiction=replace(past, published=replace(past.published, difference=-40.0, low=-50.0))
    )
    assert any("was missed" in notice for notice in notices(missed))
    assert any("outside what was predicted" in sentence for sentence in findings(missed))


def test_a_published_result_that_the_link_has_seen_is_not_called_unseen(ran: tuple[TrialAnswer, Path]) -> None:
    found, _ = ran
    past = found.retrodiction
    assert past is not None
    seen = replace(found, retrodiction=replace(past, published=replace(past.published, left_out=())))
    assert any("the link had seen every published trial" in sentence for sentence in findings(seen))
    assert not any("had seen every" in sentence for sentence in findings(found))


def test_a_covariate_that_explains_little_is_not_said_to_be_worth_measuring(ran: tuple[TrialAnswer, Path]) -> None:
    arm = replace(ran[0].arms[0], covariates={"age": 0.04, "engagement of A1 and A2A": 0.7})
    assert "No covariate that can be measured explains more than 4.0" in covariate_sentence(arm)
    assert "imaging" in covariate_sentence(arm)
    assert "would have to be measured" in covariate_sentence(replace(arm, covariates={"age": 0.4}))


def test_a_trial_of_hypoxia_prints_what_whoever_runs_its_sessions_keeps(ran: tuple[TrialAnswer, Path]) -> None:
    found, _ = ran
    first, *others = found.trial.arms
    breathes = replace(first, breathe=(Breath(0.0, 0.13, 600.0, 4, 300.0),))
    with_hypoxia = replace(found, trial=replace(found.trial, arms=(breathes, *others)))
    (conduct,) = [section for section in trial_page(with_hypoxia).sections if section.anchor == "conduct"]
    assert any("a clinician is present throughout" in row[2] for row in conduct.tables[0].rows)
    assert not any(section.anchor == "conduct" for section in trial_page(found).sections)


def test_small_shares_keep_a_digit() -> None:
    assert percent(0.012).startswith("1.2")
    assert percent(0.0).startswith("0")
    assert percent(0.996).startswith("100")


def test_the_command_says_what_came_out_and_where_it_is(ran: tuple[TrialAnswer, Path]) -> None:
    _, out = ran
    answer = CliRunner().invoke(
        app, [str(EXAMPLES / "pcn-101.toml"), "--out", str(out), "--replicates", "60", "--pool", "120"]
    )
    assert answer.exit_code == 0, answer.output
    assert "With 102 people, arketamine 60 mg would win in" in answer.output
    assert str(out / "report.html") in answer.output
    assert (out / "report.html").exists()


def test_a_page_of_an_earlier_run_does_not_stay_where_none_is_asked_for(ran: tuple[TrialAnswer, Path]) -> None:
    found, out = ran
    write_trial(found, out)
    asked = [str(EXAMPLES / "pcn-101.toml"), "--out", str(out), "--replicates", "60", "--pool", "120", "--no-report"]
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert not (out / "report.html").exists()
    assert not (out / "consort.svg").exists()


def test_the_command_lists_what_is_wrong_with_exit_code_1(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    path.write_text('name = "x"\n', encoding="utf-8")
    answer = CliRunner().invoke(app, [str(path)])
    assert answer.exit_code == 1
    assert "people: missing" in answer.output


def test_the_command_refuses_hypoxia_beyond_the_envelope_with_exit_code_3(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    text = (EXAMPLES / "hypoxia-pilot.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("fio2 = 0.13\n", "fio2 = 0.08\n"), encoding="utf-8")
    answer = CliRunner().invoke(app, [str(path)])
    assert answer.exit_code == 3
    assert "nothing was simulated" in answer.output
