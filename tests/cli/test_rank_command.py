"""`adenoscope rank` as a user has it."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from adenoscope.cli.app import app

SMILES = {"ketamine": "CNC1(CCCCC1=O)c1ccccc1Cl.Cl", "DCK": "CNC1(CCCCC1=O)c1ccccc1", "X": "CCNC1(CCCCC1=O)c1cccs1"}
DOSES = (0.0, 1.0, 3.0, 10.0, 30.0, 100.0)


def table(path: Path) -> Path:
    """Write three compounds, ED50 of the effect 8 mg/kg and indices of 1, 3 and 0.5, without noise in the means."""
    lines = ["compound,smiles,source,assay,role,direction,unit,dose,dose_unit,mean,sd,n,assay_source"]
    for (name, smiles), index in zip(SMILES.items(), (1.0, 3.0, 0.5), strict=True):
        for assay, role, way, span, ed50 in (
            ("FST", "effect", "down", -80.0, 8.0),
            ("open field", "side_effect", "up", 60.0, 8.0 * index),
        ):
            for dose in DOSES:
                mean = 100 + span * dose / (dose + ed50)
                own = f"{smiles},synthetic" if (dose, role) == (0.0, "effect") else ","
                lines.append(f"{name},{own},{assay},{role},{way},,{dose:g},mg/kg,{mean:.2f},12,8,synthetic")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["rank", *(str(argument) for argument in arguments)])


def test_a_ranking_says_what_came_out_and_where_it_is(tmp_path: Path) -> None:
    answer = run(table(tmp_path / "compounds.csv"), "--subjects", "8")
    assert answer.exit_code == 0, answer.output
    assert answer.stderr == ""  # no progress bar in a pipe
    for words in ("1.  DCK", "is the reference", "Furthest apart are effect and side effect of DCK", "report.html"):
        assert words in answer.stdout
    assert max(map(len, answer.stdout.splitlines()[:-5])) <= 120
    out = tmp_path / "compounds-results"
    assert sorted(path.name for path in out.iterdir()) == [
        *("next_experiments.csv", "ranking.csv", "ranking.json", "report.html", "structures.csv")
    ]
    assert "Simulated data" in (out / "report.html").read_text(encoding="utf-8")
    assert json.loads((out / "ranking.json").read_text(encoding="utf-8"))["reference"] == "ketamine"


def test_help_says_that_nothing_is_generated() -> None:
    answer = run("--help")
    assert answer.exit_code == 0
    assert "Nothing is generated" in answer.stdout
