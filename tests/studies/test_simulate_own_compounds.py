"""A protocol with a compounds.csv beside it: what is read when, what comes out, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.provenance import sha256_of
from adenoscope.mechanism.compounds import find_compound
from adenoscope.studies.simulate_protocol import simulate_protocol

HEAD = 'species = "mouse"\nduration_s = 2400\nevery_s = 20\nsubjects = 8\n'
HEADER = "compound,like,molar_mass,mitochondria_ic50_um,nmdar_ki_um,source\n"
MASS = find_compound("deschloroketamine").molar_mass


def give(*names: str) -> str:
    return "".join(
        f'[[give]]\nat_s = 300\ncompound = "{name}"\ndose = 5.0\nunit = "mg/kg"\nroute = "ip"\n' for name in names
    )


def write(folder: Path, table: str | None, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    if table is not None:
        (folder / "compounds.csv").write_text(table, encoding="utf-8")
    path = folder / "p.toml"
    path.write_text(HEAD + give(*names), encoding="utf-8")
    return path


def simulate(folder: Path, table: str | None, *names: str) -> dict[str, Any]:
    simulate_protocol(write(folder, table, *names), folder / "out")
    return json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))


def wrong(folder: Path, table: str | None, *names: str) -> list[tuple[str, int | None, str | None, str]]:
    with pytest.raises(InputError) as error:
        simulate(folder, table, *names)
    assert not (folder / "out").exists()
    return [(each.file, each.row, each.column, each.remedy) for each in error.value.problems]


def test_a_row_with_deschloroketamines_constants_gives_its_trajectories(tmp_path: Path) -> None:
    own = simulate(tmp_path / "own", HEADER + f"Twin,DCK,{MASS},,,ourselves\n", "twin")
    of_library = simulate(tmp_path / "library", None, "dck")
    tables = [pq.read_table(tmp_path / name / "out" / "trajectories.parquet") for name in ("own", "library")]
    assert "plasma_Twin_um" in tables[0].column_names
    assert tables[0].rename_columns(tables[1].column_names).equals(tables[1])
    assert own["observables"]["brain_Twin_um"] == of_library["observables"]["brain_deschloroketamine_um"]
    assert of_library["protocol"]["compounds"] == []


def test_half_the_potency_on_mitochondria_raises_the_peak(tmp_path: Path) -> None:
    peaks = [
        simulate(tmp_path / name, HEADER + f"X,deschloroketamine,,{ic50},,ourselves\n", "X")["observables"]["dff"]
        for name, ic50 in (("weak", 2.2), ("strong", 1.1))
    ]
    assert peaks[1]["peak"]["estimate"] > 1.05 * peaks[0]["peak"]["estimate"]


def test_the_file_is_named_with_its_digest_where_it_was_read_and_only_there(tmp_path: Path) -> None:
    table = HEADER + "X,ketamine,,,2.0,ourselves\nUnused,ketamine,,,9.0,ourselves\n"
    summary = simulate(tmp_path, table, "X")
    assert [each["path"] for each in summary["inputs"]] == ["p.toml", "compounds.csv"]
    assert summary["inputs"][1]["sha256"] == sha256_of(tmp_path / "compounds.csv")
    assert [each["name"] for each in summary["protocol"]["compounds"]] == ["X"]
    assert any(reason.startswith("X: its kinetics are those of ketamine") for reason in summary["outside_validity"])
    assert (tmp_path / "compounds.csv").read_text(encoding="utf-8") == table
    assert (tmp_path / "p.toml").read_text(encoding="utf-8") == HEAD + give("X")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["compounds.csv", "out", "p.toml"]


def test_a_file_that_no_dose_needs_is_not_read(tmp_path: Path) -> None:
    summary = simulate(tmp_path, "this is no table of compounds\n", "ketamine")
    assert [each["path"] for each in summary["inputs"]] == ["p.toml"]


def test_everything_wrong_in_both_files_is_said_at_once(tmp_path: Path) -> None:
    table = HEADER + "X,ketamin,,,,me\nY,ketamine,,,,\nZ,ketamine,abc,,,me\nketamine,ketamine,,,,me\n"
    said = wrong(tmp_path, table, "X", "Zz", "Y", "ketamine")
    assert [each[:3] for each in said] == [
        *(("compounds.csv", 2, "like"), ("compounds.csv", 3, "source"), ("compounds.csv", 4, "molar_mass")),
        *(("compounds.csv", 5, "compound"), ("p.toml, give at 300 s", None, "compound")),
        ("p.toml, give", None, "compound"),
    ]
    assert said[4][3] == 'did you mean "Z"?'


def test_a_table_that_cannot_be_made_out_is_the_one_problem(tmp_path: Path) -> None:
    assert [each[:2] for each in wrong(tmp_path, HEADER.replace(",", ";"), "X")] == [("compounds.csv", 1)]
    assert [each[0] for each in wrong(tmp_path, HEADER, "X", "ketamine")] == ["compounds.csv"]


def test_without_a_file_the_remedy_names_it(tmp_path: Path) -> None:
    ((file, _, column, remedy),) = wrong(tmp_path, None, "soap")
    assert (file, column) == ("p.toml, give at 300 s", "compound")
    assert "compounds.csv beside the protocol" in remedy


def test_like_and_what_is_like_it_are_not_given_together(tmp_path: Path) -> None:
    ((file, _, _, remedy),) = wrong(tmp_path, HEADER + "X,ketamine,,,,me\n", "X", "ketamine")
    assert file == "p.toml, give"
    assert "protocols of their own" in remedy
