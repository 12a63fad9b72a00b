"""``adenoscope mechanism check``: every observation, its verdict, and what is not known is said."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from adenoscope.cli.app import app

FACTS = """\
id,readout,intervention,dose,mean,band_low,band_high,unit
mine,peak_dff,ketamine,10,90,80,100,percent
near,peak_dff,ketamine,10,17,10,25,percent
other,bdnf_fold,ketamine,10,2,1,3,ratio
third,peak_dff,exercise,10,2,1,3,percent
fourth,auc_dff,exercise,10,2,1,3,percent
"""


def run(*arguments: str):
    return CliRunner().invoke(app, ["mechanism", "check", *arguments])


def test_the_facts_that_ship_are_held_against_the_model_and_its_weak_points_are_said(tmp_path: Path) -> None:
    answer = run("--out", str(tmp_path))
    assert answer.exit_code == 0
    document = json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))
    fitted = [row for row in document["rows"] if row["used"]]
    assert len(fitted) == 30
    # The gate of the calibration: nine in ten within their bands at the median, none far outside.
    assert document["share_inside"] >= 0.9
    assert not [row["id"] for row in fitted if row["verdict"] == "far outside"]
    # And what it was not fitted to is there, whatever comes of it.
    others = [row for row in document["rows"] if not row["used"]]
    assert others
    assert all(row["verdict"] != "not predicted" for row in others)
    assert document["posterior"]["of_this_model"]
    assert ("NOT converged" in answer.stdout) == (document["posterior"]["worst_r_hat"] >= 1.05)
    assert "Assumed, not explained:" in answer.stdout
    assert "Not predicted" not in answer.stdout
    assert (tmp_path / "check.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_facts_of_ones_own_are_judged_and_never_called_fitted(tmp_path: Path) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text(FACTS, encoding="utf-8")
    answer = run("--observations", str(facts), "--out", str(tmp_path / "checked"))
    assert answer.exit_code == 0
    document = json.loads((tmp_path / "checked" / "check.json").read_text(encoding="utf-8"))
    verdicts = {row["id"]: row["verdict"] for row in document["rows"]}
    assert verdicts == {
        **{"mine": "far outside", "near": "inside"},
        **dict.fromkeys(("other", "third", "fourth"), "not predicted"),
    }
    assert not any(row["used"] for row in document["rows"])
    assert "FAR OUTSIDE" in answer.stdout
    # Why there is no prediction is said once for each reason, under the table, and with each row in the document.
    table, _, why = answer.stdout.partition("Not predicted, and why:\n")
    assert "  - other: the readout `bdnf_fold`: known are peak_dff," in why
    assert "  - third, fourth: `exercise`: allowed is ketamine," in why
    assert "bdnf_fold" not in table
    reasons = {row["id"]: row["reason"] for row in document["rows"]}
    assert reasons["near"] == ""
    assert reasons["other"].startswith("the readout `bdnf_fold`")
    assert reasons["third"] == reasons["fourth"]
