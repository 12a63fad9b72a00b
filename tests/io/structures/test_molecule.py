"""Structures come into one standard form, and what was done on the way is said."""

from __future__ import annotations

import csv
import logging
from pathlib import Path

import pytest

from adenoscope.core.structure import Structure
from adenoscope.io.structures.drawing import structure_svg
from adenoscope.io.structures.molecule import read_structure
from adenoscope.io.structures.salts import COMPANIONS
from adenoscope.io.structures.spelling import Fault

KETAMINE = "CNC1(CCCCC1=O)c1ccccc1Cl"
ANALOGUES = Path(__file__).parents[4] / "shared" / "data" / "pharmacology" / "analogues.csv"


def structure(smiles: str) -> Structure:
    answer = read_structure(smiles)
    assert isinstance(answer, Structure), answer
    return answer


def fault(smiles: str) -> Fault:
    answer = read_structure(smiles)
    assert isinstance(answer, Fault), answer
    return answer


@pytest.mark.parametrize(
    ("smiles", "stripped"),
    [
        (KETAMINE, ()),
        ("ClC1=CC=CC=C1C1(NC)CCCCC1=O", ()),
        (f"{KETAMINE}.Cl", ("chloride",)),
        ("C[NH2+]C1(CCCCC1=O)c1ccccc1Cl.[Cl-]", ("chloride",)),
        (f"OC(=O)/C=C/C(=O)O.{KETAMINE}.{KETAMINE}.O.O", ("maleate or fumarate", "2 water")),
    ],
)
def test_salts_solvents_and_charges_go_and_one_standard_form_is_left(smiles: str, stripped: tuple[str, ...]) -> None:
    found = structure(smiles)
    assert found.smiles == structure(KETAMINE).smiles
    assert found.inchikey == "YQEZLKZALYSWHR-UHFFFAOYSA-N"
    assert found.features == structure(KETAMINE).features
    assert found.stripped == stripped
    assert bool(stripped) == any(note.startswith("stripped") for note in found.notes)


def test_masses_of_base_and_salt_are_told_apart() -> None:
    salt = structure(f"{KETAMINE}.Cl")
    # From atomic weights: 237.73 and 274.19.
    assert salt.molar_mass == pytest.approx(237.73, abs=0.01)
    assert salt.mass_as_given == pytest.approx(274.19, abs=0.01)


def test_of_a_salt_of_a_companion_the_organic_part_is_the_compound() -> None:
    for smiles in ("[Na+].CC(=O)[O-]", "[Na]OC(C)=O"):
        assert structure(smiles).smiles == "CC(=O)O"
        assert structure(smiles).stripped == ("sodium",)


def test_a_standard_form_is_its_own_standard_form() -> None:
    for smiles in (f"{KETAMINE}.Cl", "C[C@]12N[C@H](Cc3ccccc13)c1ccccc12", "C[N+](C)(C)CCO.[Cl-]"):
        once = structure(smiles)
        assert structure(once.smiles).smiles == once.smiles


def test_what_has_a_lasting_charge_keeps_it_and_says_so() -> None:
    choline = structure("C[N+](C)(C)CCO.[Cl-]")
    assert choline.charge == 1
    assert any("charge of +1" in note for note in choline.notes)


def test_stereocentres_are_named_and_those_left_open_are_said() -> None:
    assert structure("CN[C@@]1(CCCCC1=O)c1ccccc1Cl").centres == ("S",)
    assert structure("N[C@@]1(c2ccccc2Cl)CCC[C@@H](O)C1=O").centres == ("R", "R")
    racemate = structure(KETAMINE)
    assert racemate.centres == ("?",)
    assert any("left open" in note for note in racemate.notes)
    assert structure("CC12CC3CC(C)(C1)CC(N)(C3)C2").centres == ()  # memantine: the cage allows no other
    assert structure("CC12NC(Cc3ccccc13)c1ccccc12").centres == ("?", "?")
    assert structure("F/C=C/F").centres == ("E",)


def test_a_tautomer_keeps_its_hydrogens_and_has_the_key_of_its_kin() -> None:
    keto, enol = structure("CC(=O)CC(C)=O"), structure("CC(O)=CC(C)=O")
    assert keto.smiles != enol.smiles
    assert keto.tautomer_key == enol.tautomer_key


def test_the_centre_beside_a_carbonyl_is_not_lost() -> None:
    assert "@" in structure("N[C@@]1(c2ccccc2Cl)CCC[C@@H](O)C1=O").smiles


def test_a_mark_that_means_nothing_is_said() -> None:
    assert any("passed over" in note for note in structure("C[C@](C)(C)CN").notes)


@pytest.mark.parametrize(
    ("smiles", "words"),
    [
        ("CC(C)(C)(C)C", "C at character 2 with 5 bonds"),
        ("CN(C)(C)(C)C", "N at character 2 with 5 bonds"),
        ("CNC1(CCCCCn1=O)c1ccccc1", "N at character 11 with 4 bonds"),
        ("c1cccc1", "an aromatic ring at characters 1 to 6"),
        ("c1ccccc1c", "a small letter at character 9, outside of any ring"),
        ("CN[C@](C)O", "C at character 3 with too few bonds"),
        ("c1ccccc1.CCN", "a mixture of 2 parts"),
        ("C[C@H](N)O.C[C@@H](N)O", "2 stereoisomers of one structure"),
        ("[Li+].[Cl-]", "a substance without carbon"),
        ("C" * 151, "151 atoms beside hydrogen"),
    ],
)
def test_what_cannot_be_a_compound_is_said_by_its_place(smiles: str, words: str) -> None:
    assert words in fault(smiles).found


def test_rdkit_is_silent(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for smiles in ("c1cccc1", "CC(C)(C)(C)C", "C1CC", f"{KETAMINE}.Cl", "CN[C@](C)O", "[Na]OC(C)=O", "ketamine", ""):
        read_structure(smiles)
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_companions_are_written_in_the_form_they_are_looked_up_by() -> None:
    from rdkit import Chem

    for smiles in COMPANIONS:
        assert Chem.MolToSmiles(Chem.MolFromSmiles(smiles), isomericSmiles=False) == smiles


def test_a_drawing_is_the_same_every_time_and_asks_nothing_of_the_network() -> None:
    once = structure_svg(KETAMINE)
    assert once == structure_svg(KETAMINE)
    assert once.startswith("<svg")
    assert "http" not in once
    assert once.count("<path") > 10


@pytest.mark.skipif(not ANALOGUES.exists(), reason="the table of analogues is not beside this checkout")
def test_formula_mass_and_stereochemistry_of_known_analogues_agree() -> None:
    rows = list(csv.DictReader(ANALOGUES.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 21
    for row in rows:
        found = structure(row["SMILES"])
        assert found.formula == row["formula"], row["name"]
        assert found.molar_mass == pytest.approx(float(row["MW"]), abs=0.01), row["name"]  # two decimals are given
        named = sorted(part[-1] for part in row["CIP"].split(";") if part)
        assert sorted(label for label in found.centres if label != "?") == named, row["name"]
