"""Damaged structures and tables of compounds: each is told what is wrong, where, what is allowed and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adenoscope.cli.app import app

Everything = Callable[[Path], dict[str, bytes]]
Damage = Callable[[bytes], bytes]

TABLE = """\
compound,smiles,source,molar_mass,like,mitochondria_ic50_um,nmdar_ki_um,assay,role,direction,unit,dose,dose_unit,mean,sd,n,assay_source
ketamine,CNC1(CCCCC1=O)c1ccccc1Cl,a paper,237.73,,,,FST,effect,down,s,0,,140,20,8,lab
ketamine,,,,,,,FST,effect,,,3,mg/kg,120,22,8,lab
ketamine,,,,,,,FST,effect,,,30,mg/kg,80,25,8,lab
ketamine,,,,,,,OF,side_effect,up,m,0,,30,9,8,lab
ketamine,,,,,,,OF,side_effect,,,3,mg/kg,45,12,8,lab
ketamine,,,,,,,OF,side_effect,,,30,mg/kg,70,12,8,lab
DCK,CNC1(CCCCC1=O)c1ccccc1,a paper,203.28,deschloroketamine,2,0.8,FST,effect,,,3,mg/kg,110,22,8,lab
DCK,,,,,,,FST,effect,,,30,mg/kg,70,25,8,lab
DCK,,,,,,,OF,side_effect,,,3,mg/kg,40,12,8,lab
DCK,,,,,,,OF,side_effect,,,30,mg/kg,60,12,8,lab
"""
KETAMINE = "CNC1(CCCCC1=O)c1ccccc1Cl"


def replaced(old: str, new: str) -> Damage:
    def damage(table: bytes) -> bytes:
        assert old.encode() in table
        return table.replace(old.encode(), new.encode(), 1)

    return damage


def structure(smiles: str) -> Damage:
    return replaced(KETAMINE, f'"{smiles}"')


DAMAGES: dict[str, tuple[str, Damage]] = {
    "a structure cut off": ("row 2, column smiles", structure("CNC1(CCCCC1=O)c1ccccc1C(")),
    "a ring that is not closed": ("character 4", structure("CNC1(CCCCC=O)c1ccccc1Cl".replace("c1ccccc1", "CC"))),
    "a bracket that is not closed": ("character 5", structure("CNC1(CCCCC1=Oc1ccccc1Cl")),
    "an atom that is none": ('"[Q]"', structure("CN[Q]C")),
    "a carbon with five bonds": ("with 5 bonds", structure("CC(C)(C)(C)C")),
    "an aromatic ring that cannot be": ("aromatic ring", structure("c1cccc1CN")),
    "a chiral atom without its hydrogen": ("too few bonds", structure("CN[C@](C)O")),
    "a letter of another alphabet": ("cyrillic", structure("CN\u0421CC")),
    "a name for a structure": ("seems to be a name", structure("esketamine")),
    "an InChI for a structure": ("an InChI", structure("InChI=1S/CH4/h1H4")),
    "a reaction": ("a reaction", structure("CCO>>CC=O")),
    "an open place": ('open place "*"', structure("CNC1(CCCCC1=O)c1ccccc1*")),
    "a mixture": ("a mixture of 2 parts", structure("CCN.c1ccccc1CC")),
    "a salt without a base": ("without carbon", structure("[Li+].[Cl-]")),
    "a structure with a remark": ("a blank at character 25", structure(f"{KETAMINE} racemic")),
    "the mass of something else": ("row 2, column molar_mass", replaced("237.73", "2377.3")),
    "an empty file": ("compounds.csv", lambda _: b""),
    "a file that is no text": ("compounds.csv", lambda _: b"PK\x03\x04\x00\xff\xfe"),
    "semicolons": ("separated by semicolons", lambda table: table.replace(b",", b";")),
    "a column that is missing": ('no column "sd"', replaced(",sd,", ",sem,")),
    "a column of another name": ('rename it to "assay_source"', replaced("assay_source", "assaysource")),
    "a comma for a point": ("decimal with a point", replaced(",237.73,", ',"237,73",')),
    "text for a number": ("row 4, column mean", replaced(",80,25,", ",low,25,")),
    "a row that is too short": ("row 3", replaced("ketamine,,,,,,,FST,effect,,,3,", "ketamine,,,,,FST,effect,,,3,")),
    "a standard deviation below 0": ("row 4, column sd", replaced(",80,25,", ",80,-25,")),
    "one animal": ("row 4, column n", replaced(",80,25,8,", ",80,25,1,")),
    "two units in an arm": ("row 4, column dose_unit", replaced("30,mg/kg,80", "30,µmol/kg,80")),
    "a concentration beside a dose": ("row 6, column dose_unit", replaced("3,mg/kg,45", "3,µM,45")),
    "a role that is none": ('did you mean "side_effect"', replaced("OF,side_effect,up", "OF,side-effect,up")),
    "an assay with two roles": ("row 6, column role", replaced("OF,side_effect,,,3", "OF,effect,,,3")),
    "two structures for one compound": ("row 3, column smiles", replaced("ketamine,,,", "ketamine,CCN,,")),
    "two assays for one arm": ("--effect", replaced("FST,effect,,,30", "SPT,effect,,,30")),
    "a compound like none": ('did you mean "deschloroketamine"', replaced("deschloroketamine", "deschloroketamin")),
}


def run(folder: Path, table: bytes, *options: str) -> Result:
    (folder / "compounds.csv").write_bytes(table)
    return CliRunner().invoke(app, ["rank", str(folder / "compounds.csv"), *options])


def assert_refused(answer: Result, words: str) -> None:
    assert isinstance(answer.exception, SystemExit), answer.exception
    assert answer.exit_code == 1, answer.output
    for word in (words, "allowed:", "remedy:", "nothing was written"):
        assert word in answer.stderr, answer.stderr
    # Words of RDKit's own, and of Python's.
    for word in ("Traceback", "RDKit", "SMILES Parse Error", "Explicit valence", "kekulize", "sanitiz", "[0", "INFO"):
        assert word not in answer.stderr


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_explained_and_nothing_is_written(tmp_path: Path, everything: Everything, name: str) -> None:
    words, damage = DAMAGES[name]
    answer = run(tmp_path, damage(TABLE.encode()))
    assert_refused(answer, words)
    assert list(everything(tmp_path)) == ["compounds.csv"]


def test_everything_that_is_wrong_is_said_together(tmp_path: Path) -> None:
    table = TABLE.encode()
    for damage in (structure("C1CC"), replaced(",80,25,", ",80,-25,"), replaced("deschloroketamine", "DCC")):
        table = damage(table)
    answer = run(tmp_path, table, "--effect-weight", "-1")
    assert_refused(answer, "4 problems")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--effect-weight", "-1"), "would reward side effects"),
        (("--side-effect-weight", "nan"), "two finite numbers"),
        (("--side-effect-weight", "inf"), "two finite numbers"),
        (("--effect-weight", "0", "--side-effect-weight", "0"), "not both 0"),
        (("--reference", "DCKK"), 'did you mean "DCK"?'),
        (("--effect", "OF"), "--effect"),
        (("--side-effect", "OFT"), 'did you mean "OF"?'),
    ],
)
def test_a_question_that_cannot_be_asked_is_explained(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    assert_refused(run(tmp_path, TABLE.encode(), *options), words)


def test_a_table_of_which_nothing_can_be_ranked_is_refused_with_the_reasons(tmp_path: Path) -> None:
    answer = run(tmp_path, TABLE.replace("a paper", "").encode())
    assert answer.exit_code == 3
    assert "ketamine: its structure has no source." in answer.stderr
    assert not (tmp_path / "compounds-results").exists()


def test_a_reference_that_is_not_ranked_is_told_why(tmp_path: Path) -> None:
    answer = run(tmp_path, replaced("a paper", "")(TABLE.encode()))
    assert_refused(answer, "ketamine, which is not ranked: its structure has no source")


def test_a_table_that_is_not_there_is_said(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["rank", str(tmp_path / "none.csv")])
    assert_refused(answer, "no such file")
