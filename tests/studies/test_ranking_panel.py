"""Who can be ranked, in which assays, with doses on one scale; and who cannot, with the reason."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from adenoscope.core.errors import InputError, Problem
from adenoscope.io import structures
from adenoscope.io.assay_table import AssayTable, survey_assay_table
from adenoscope.studies.candidate_structures import known_structures, read_structures, relations
from adenoscope.studies.predict_candidates import prediction_problems
from adenoscope.studies.ranking_panel import PanelOfTable, build_panel, choose_assays

HEADER = (
    "compound,smiles,source,series,molar_mass,like,mitochondria_ic50_um,nmdar_ki_um,"
    "assay,role,direction,unit,dose,dose_unit,mean,sd,n,assay_source\n"
)
CELLS = ",,,,,"


def arms(name: str, smiles: str, source: str = "a paper", own: str = CELLS[1:], unit: str = "mg/kg") -> str:
    """Return four rows: vehicle and one dose in both arms."""
    first = f"{name},{smiles},{source},{own},FST,effect,down,s,0,,140,20,8,lab\n"
    others = (("FST", "effect", 10, 80), ("OF", "side_effect", 0, 30), ("OF", "side_effect", 10, 70))
    return first + "".join(
        f"{name},{CELLS},,{assay},{role},,,{dose},{unit if dose else ''},{mean},20,8,lab\n"
        for assay, role, dose, mean in others
    )


def surveyed(folder: Path, text: str) -> AssayTable:
    path = folder / "compounds.csv"
    path.write_text(HEADER + text, encoding="utf-8")
    problems: list[Problem] = []
    table = survey_assay_table(path, problems)
    assert problems == []
    return table


def panel(table: AssayTable) -> PanelOfTable:
    problems: list[Problem] = []
    read = read_structures(table.file, table.candidates, problems)
    chosen = choose_assays(table, {}, problems)
    assert problems == []
    return build_panel(table, read, chosen)


def test_doses_of_all_compounds_are_per_kg_in_moles(tmp_path: Path) -> None:
    table = surveyed(tmp_path, arms("K", "CNC1(CCCCC1=O)c1ccccc1Cl.Cl") + arms("M", "CC12CC3CC(C)(C1)CC(N)(C3)C2"))
    found = panel(table)
    assert found.panel.dose_unit == "µmol/kg"
    doses = {(row.compound, row.assay): row.dose for row in found.panel.rows if row.dose}
    # By the mass of the free base: 10 mg/kg over 237.73 and 179.31 g/mol.
    assert doses["K", "FST"] == doses["K", "OF"] == pytest.approx(42.0645, rel=1e-4)
    assert doses["M", "FST"] == pytest.approx(55.77, rel=1e-3)
    assert found.not_ranked == ()


def test_concentrations_stay_concentrations(tmp_path: Path) -> None:
    found = panel(surveyed(tmp_path, arms("K", "CNC1(CCCCC1=O)c1ccccc1Cl", unit="nM")))
    assert found.panel.dose_unit == "µM"
    assert {row.dose for row in found.panel.rows} == {0.0, 0.01}


def test_who_is_not_ranked_is_told_why(tmp_path: Path) -> None:
    text = arms("K", "CNC1(CCCCC1=O)c1ccccc1Cl") + arms("L", "NC1(CCCCC1=O)c1ccccc1Cl") + arms("A", "", "a paper")
    text += arms("B", "CCN", "") + f"C,CCCN,a book,{CELLS[2:]},{',' * 10}\n" + arms("D", "CCO", unit="nM")
    text += (
        f"E,CCCO,a book,{CELLS[2:]},,FST,effect,,,0,,140,20,8,lab\nE,{CELLS},,OF,side_effect,,,3,mg/kg,40,9,8,lab\n"
    )
    found = panel(surveyed(tmp_path, text))
    assert {row.compound for row in found.panel.rows} == {"K", "L"}
    assert {item.compound: item.reason for item in found.not_ranked} == {
        "A": "no structure is given",
        "B": "its structure has no source",
        "C": "no data of the effect assay nor the side-effect assay",
        "D": "its doses are not per kg of body, as most others are",
        "E": "vehicle alone was measured in the effect assay",
    }


def test_relatives_are_those_of_the_table_else_of_one_scaffold(tmp_path: Path) -> None:
    text = arms("K", "CNC1(CCCCC1=O)c1ccccc1Cl") + arms("N", "NC1(CCCCC1=O)c1ccccc1Cl")
    text += arms("T", "CCNC1(CCCCC1=O)c1cccs1", own="thienyl,,,,")
    series = panel(surveyed(tmp_path, text)).panel.series
    assert series["K"] == series["N"] == "O=C1CCCCC1c1ccccc1"
    assert series["T"] == "thienyl"


def test_several_assays_in_one_arm_need_a_choice(tmp_path: Path) -> None:
    extra = f"K,{CELLS},,SPT,effect,up,%,10,mg/kg,80,9,8,lab\n"
    table = surveyed(tmp_path, arms("K", "CCN") + extra)
    problems: list[Problem] = []
    choose_assays(table, {}, problems)
    assert [problem.remedy for problem in problems] == ["name the one that counts with --effect"]
    problems.clear()
    assert choose_assays(table, {"effect": "SPT"}, problems)["effect"] == {"SPT"}
    assert problems == []
    choose_assays(table, {"effect": "SPTT"}, problems)
    assert [problem.remedy for problem in problems] == ['did you mean "SPT"?']


def test_spreads_that_look_like_errors_of_means_are_said(tmp_path: Path) -> None:
    table = surveyed(tmp_path, arms("K", "CCN").replace(",20,8,", ",2,8,"))
    assert any("errors of the mean" in note for note in panel(table).notes)
    assert panel(surveyed(tmp_path, arms("K", "CCN"))).notes == ()


def test_a_mass_that_is_that_of_the_salt_is_said(tmp_path: Path) -> None:
    problems: list[Problem] = []
    for mass, words in (("274.19", "which is that with chloride"), ("238.5", "238.5 g/mol for C13H16ClNO")):
        problems.clear()
        table = surveyed(tmp_path, arms("K", "CNC1(CCCCC1=O)c1ccccc1Cl.Cl", own=f",{mass},,,"))
        read_structures(table.file, table.candidates, problems)
        (problem,) = problems
        assert (problem.row, problem.column) == (2, "molar_mass")
        assert words in problem.found


def test_structures_that_belong_together_are_said(tmp_path: Path) -> None:
    text = "".join(
        arms(name, smiles)
        for name, smiles in (
            ("K1", "CNC1(CCCCC1=O)c1ccccc1Cl"),
            ("K2", "CNC1(CCCCC1=O)c1ccccc1Cl.Cl"),
            ("S", "CN[C@@]1(CCCCC1=O)c1ccccc1Cl"),
            ("keto", "CC(=O)CC(C)=O"),
            ("enol", "CC(O)=CC(C)=O"),
        )
    )
    table = surveyed(tmp_path, text)
    said = relations(read_structures(table.file, table.candidates, []))
    assert "the same structure as K2: is it the same compound?" in said["K1"]
    assert "another stereoisomer of K1, or a mixture that holds it" in said["S"]
    assert said["keto"] == ("differs from enol in where hydrogens sit alone (a tautomer)",)


def test_constants_of_a_compound_like_nothing_are_said(tmp_path: Path) -> None:
    table = surveyed(tmp_path, arms("X", "CCN", own=",,ketamin,2,3"))
    (problem,) = prediction_problems(table.file, table.candidates, {})
    assert (problem.file, problem.row, problem.column) == ("compounds.csv", 2, "like")
    assert problem.remedy == 'did you mean "ketamine"?'


def test_without_rdkit_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rdkit", None)
    monkeypatch.delitem(sys.modules, "adenoscope.io.structures.molecule", raising=False)
    monkeypatch.delattr(structures, "molecule", raising=False)
    with pytest.raises(InputError, match=r"install adenoscope\[chem\]"):
        read_structures("compounds.csv", [], [])


def test_what_the_mechanism_knows_can_be_read() -> None:
    assert set(known_structures()) == {"ketamine", "norketamine", "hydroxynorketamine", "deschloroketamine"}
    assert known_structures()["hydroxynorketamine"].centres == ("R", "R")
