"""A protocol is read whole, and everything that is wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.protocol import Breath, Dose, Gene, Light, Protocol, Shock
from adenoscope.io.protocol import protocol_text, read_protocol, survey_protocol

HEAD = 'species = "mouse"\nduration_s = 5400\n'
GIVE = '[[give]]\nat_s = 600\ncompound = "ketamine"\ndose = 10.0\nunit = "mg/kg"\nroute = "ip"\n'
BREATHE = "[[breathe]]\nat_s = 600\nfio2 = 0.09\nduration_s = 300\nrepeat = 5\nrest_s = 300\n"
SHOCK = "[[shock]]\nat_s = 600\ncurrent_ma = 40\nfrequency_hz = 100\npulse_ms = 0.5\nduration_s = 10\n"
LIGHT = "[[light]]\nat_s = 600\nduration_s = 300\nstrength = 0.5\n"
GENE = '[[gene]]\nname = "Adk"\nleft = 0.5\n'

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_protocol(text: str) -> Path:
        path = tmp_path / "p.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_protocol


def said(path: Path) -> list[str]:
    return [f"{problem.found} | {problem.allowed} | {problem.remedy}" for problem in survey_protocol(path).problems]


def test_all_that_the_contract_names_is_read(write: Write) -> None:
    head = HEAD + 'region = "ACC"\ngenotype = "Adora1-KO"\ncondition = "CRS"\nevery_s = 5\nsubjects = 7\nseed = 3\n'
    more = GENE.replace("Adk", "Slc29a1").replace("0.5", "0")
    assert read_protocol(write(head + GIVE + BREATHE + SHOCK + LIGHT + GENE + more)) == Protocol(
        *("mouse", 5400.0, "ACC", "Adora1-KO", "CRS", 5.0, 7, 3),
        give=(Dose(600.0, "ketamine", 10.0, "mg/kg", "ip"),),
        breathe=(Breath(600.0, 0.09, 300.0, 5, 300.0),),
        shock=(Shock(600.0, 40.0, 100.0, 0.5, 10.0),),
        light=(Light(600.0, 300.0, 0.5),),
        gene=(Gene("Adk", 0.5), Gene("Slc29a1", 0.0)),
    )


def test_light_is_full_where_its_strength_is_not_told(write: Write) -> None:
    assert read_protocol(write(HEAD + LIGHT.replace("strength = 0.5\n", ""))).light == (Light(600.0, 300.0, 1.0),)


def test_what_is_left_out_has_a_default(write: Write) -> None:
    assert read_protocol(write(HEAD)) == Protocol("mouse", 5400.0)
    assert Protocol("mouse", 5400.0).subjects == 200


def test_an_infusion_has_a_length(write: Write) -> None:
    assert read_protocol(write(HEAD + GIVE + "duration_s = 40\n")).give[0].duration_s == 40.0


def test_subjects_and_seed_can_be_replaced(write: Write) -> None:
    protocol = survey_protocol(write(HEAD), subjects=3, seed=None).protocol
    assert protocol is not None
    assert (protocol.subjects, protocol.seed) == (3, 1)
    assert survey_protocol(write(HEAD), subjects=0).problems


def test_every_problem_of_every_table_is_listed_at_once(write: Write) -> None:
    text = 'species = "rat"\nregion = "PFC"\ngenotyp = "WT"\nduration_s = -5\nsubjects = 0\nevery_s = "10"\n'
    text += GIVE.replace("600", "-1").replace('"ip"', '"sc"') + BREATHE.replace("0.09", "9") + "[[shock]]\nat_s = 1\n"
    problems = said(write(text))
    starts = [problem.split(":")[0] for problem in problems]
    assert starts == [
        *("genotyp", "species", "region", "duration_s", "every_s", "subjects", "give[1].at_s", "give[1].route"),
        *(
            "breathe[1].fio2",
            "shock[1].current_ma",
            "shock[1].frequency_hz",
            "shock[1].pulse_ms",
            "shock[1].duration_s",
        ),
    ]
    assert 'did you mean "genotype"?' in problems[0]
    assert "mouse, human" in problems[1]
    assert "a fraction, not percent" in problems[8]


@pytest.mark.parametrize(
    ("entry", "instead"),
    [
        *(("duration_s = 5400", f"duration_s = {wrong}") for wrong in ("0", "true", "nan", "inf", '"90"', "[1]")),
        *(("at_s = 600", f"at_s = {wrong}") for wrong in ("-1", "nan", "false")),
        *(('unit = "mg/kg"', f"unit = {wrong}") for wrong in ('"g"', "1", '["mg"]')),
        *(("dose = 10.0", f"dose = {wrong}") for wrong in ("-1", '"10"', "inf")),
        ('compound = "ketamine"', 'compound = " "'),
        ('compound = "ketamine"', "compound = 5"),
        ('compound = "ketamine"\n', ""),
        ("duration_s = 5400", "duration_s = 5400\nseed = 1.5"),
        ("duration_s = 5400", "duration_s = 5400\nseed = true"),
        ("duration_s = 5400", "duration_s = 5400\nregion = {a = 1}"),
        *(("strength = 0.5", f"strength = {wrong}") for wrong in ("-0.1", "1.1", "nan", "true")),
        *(("duration_s = 300", f"duration_s = {wrong}") for wrong in ("0", "inf")),
        *(('name = "Adk"', f"name = {wrong}") for wrong in ('"ADK"', '"Bdnf"', "1")),
        *(("left = 0.5", f"left = {wrong}") for wrong in ("-1", "11", '"het"', "nan")),
    ],
)
def test_one_wrong_entry_is_one_problem(write: Write, entry: str, instead: str) -> None:
    text = HEAD + GIVE + LIGHT.replace("600", "900") + GENE
    assert entry in text
    assert len(said(write(text.replace(entry, instead)))) == 1


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (GIVE.replace("600", "5400"), "after the end"),
        (BREATHE.replace("rest_s = 300\n", ""), "no rest"),
        (BREATHE + BREATHE.replace("600", "700"), "one at a time"),
        (SHOCK + SHOCK.replace("600", "605"), "one at a time"),
        (LIGHT.replace("600", "5400"), "after the end"),
        (LIGHT + LIGHT.replace("600", "700"), "one at a time"),
        (GENE + GENE.replace("0.5", "0"), "Adk is there 2 times"),
        ("[light]\nat_s = 1\n", "[[light]]"),
        ("[gene]\nleft = 1\n", "[[gene]]"),
        ("[[light]]\nduration_s = 5\n", "light[1].at_s"),
        ("[[gene]]\nleft = 0\n", "gene[1].name"),
        ('[[gene]]\nname = "Adk"\n', "gene[1].left"),
        (LIGHT + "power_mw = 5\n", "light[1].power_mw: an unknown key"),
        ("[give]\nat_s = 1\n", "[[give]]"),
        ("[[breathe]]\nfio2 = 0.1\n", "breathe[1].at_s"),
    ],
)
def test_entries_that_contradict_each_other_are_said(write: Write, more: str, word: str) -> None:
    assert any(word in problem for problem in said(write(HEAD + more)))


def test_looking_less_than_once_or_too_often_is_said(write: Write) -> None:
    assert "at most duration_s" in said(write(HEAD + "every_s = 6000\n"))[0]
    assert "raise every_s" in said(write(HEAD + "every_s = 0.001\nsubjects = 1000\n"))[0]


@pytest.mark.parametrize("text", ["", "species = mouse", "\0", "= = ="])
def test_what_is_no_toml_is_one_problem(write: Write, text: str) -> None:
    with pytest.raises(InputError) as error:
        read_protocol(write(text))
    assert len(error.value.problems) == 1


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_protocol(tmp_path / "absent.toml")


def test_a_gene_is_told_by_its_name_or_by_genotype_and_not_by_both(write: Write) -> None:
    text = 'genotype = "Nt5e-KO"\n' + HEAD
    (problem,) = said(write(text + GENE.replace("Adk", "Nt5e")))
    assert "genotype = Nt5e-KO leaves nothing" in problem
    assert "delete one of them" in problem
    assert read_protocol(write(text + GENE)).gene == (Gene("Adk", 0.5),)


def test_a_gene_s_name_that_is_nearly_right_is_suggested(write: Write) -> None:
    assert 'did you mean "Adora2a"?' in said(write(HEAD + GENE.replace("Adk", "Adora2")))[0]


def test_a_protocol_written_is_read_back_the_same(write: Write) -> None:
    infusion = GIVE.replace('"ip"', '"iv"\nduration_s = 2400').replace('"mg/kg"', '"µmol/kg"')
    protocol = read_protocol(write(HEAD + GIVE + infusion + BREATHE + SHOCK + LIGHT + GENE))
    assert read_protocol(write(protocol_text(protocol))) == protocol
