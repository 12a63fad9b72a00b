"""A study folder is read whole, and everything that is wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.study import MediationQuestion, Settings
from adenoscope.io.study import read_study, survey_study

TOML = 'name = "A"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\n'
HEADER = "session,animal,treatment,recording,intervention_s,dose,dose_unit,genotype,sex,blank,exclude\n"
ROWS = (
    "s1,m1,saline,a.csv,600,,,,F,,\n",
    "s2,m1,ketamine,b.csv,600,10,mg/kg,WT,F,s1,\n",
)
BEHAVIOUR = "animal,assay,value,unit,treatment,dose,dose_unit\nm1,FST immobility,120.5,s,ketamine,10,mg/kg\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a study and gives its folder; None leaves a file out."""

    def write_study(
        *,
        toml: str | bytes | None = TOML,
        header: str = HEADER,
        rows: tuple[str, ...] = ROWS,
        sessions: str | bytes | None = "",
        behaviour: str | None = None,
        recordings: tuple[str, ...] = ("a.csv", "b.csv"),
    ) -> Path:
        (tmp_path / "recordings").mkdir()
        for name in recordings:
            (tmp_path / "recordings" / name).touch()
        table = header + "".join(rows) if sessions == "" else sessions
        for name, content in (("study.toml", toml), ("sessions.csv", table), ("behaviour.csv", behaviour)):
            if content is not None:
                raw = content if isinstance(content, bytes) else content.encode()
                (tmp_path / name).write_bytes(raw)
        return tmp_path

    return write_study


def only_problem(folder: Path) -> Problem:
    problems = survey_study(folder).problems
    assert len(problems) == 1, "\n".join(map(str, problems))
    problem = problems[0]
    assert problem.found
    assert problem.allowed
    assert problem.remedy
    return problem


def test_a_good_study_is_read_with_its_defaults(write: Write) -> None:
    study = read_study(write(behaviour=BEHAVIOUR))
    saline, ketamine = study.sessions
    assert (study.name, study.sensor, study.vehicle, study.synthetic) == ("A", "GRAB_Ado1.0", "saline", False)
    assert study.settings == Settings()
    assert (saline.dose, saline.genotype, saline.sex, saline.recording) == (None, "WT", "F", Path("a.csv"))
    assert (ketamine.dose, ketamine.dose_unit, ketamine.blank) == (10.0, "mg/kg", "s1")
    assert ketamine.onsets_s == (600.0,)
    assert study.behaviour[0].value == 120.5


def test_repeated_bouts_are_several_onsets(write: Write) -> None:
    study = read_study(write(rows=("s1,m1,saline,a.csv,600;1200; 1800,,,,,,\n",)))
    assert study.sessions[0].onsets_s == (600.0, 1200.0, 1800.0)


def test_settings_and_questions_of_the_toml_are_read(write: Write) -> None:
    toml = TOML + (
        "[photometry]\nwindow_s = [0, 900]\nhandling_s = [-10, 20.5]\nseed = 7\n"
        '[[necessity]]\nmanipulation = "WT"\neffect = "ketamine"\nreadouts = ["mean_dff"]\n'
        "[equivalence_margin]\nmean_dff = 0.02\n"
    )
    study = read_study(write(toml=toml))
    assert study.settings == Settings((0.0, 900.0), (-10.0, 20.5), 7)
    assert study.necessity[0].readouts == ("mean_dff",)
    assert study.equivalence_margin == (("mean_dff", 0.02),)


def test_a_spreadsheet_with_a_byte_order_mark_and_windows_line_ends_is_read(write: Write) -> None:
    text = "\ufeff" + (HEADER + "".join(ROWS)).replace("\n", "\r\n")
    assert len(read_study(write(sessions=text.encode())).sessions) == 2


def test_columns_of_the_laboratory_s_own_are_left_alone(write: Write) -> None:
    header = HEADER.replace("exclude", "exclude,remarks")
    rows = tuple(row.replace("\n", ',"calm, awake"\n') for row in ROWS)
    assert len(read_study(write(header=header, rows=rows)).sessions) == 2


def test_an_excluded_session_needs_no_recording(write: Write) -> None:
    rows = (*ROWS, "s3,m2,ketamine,lost.csv,600,10,mg/kg,,,,fibre broke\n")
    assert read_study(write(rows=rows)).sessions[2].exclude == "fibre broke"


def test_everything_wrong_is_said_in_one_go(write: Write) -> None:
    rows = (
        "s1,m1,saline,a.csv,soon,,,,F,,\n",
        "s1,m1,ketamine,b.csv,600,ten,mg/kg,,F,s9,\n",
        "s3,m2,Ketamine,../b.csv,900;600,10,,,X,,\n",
    )
    toml = 'name = "A"\nsensor = "GRAB_Ado1"\nvehicle = "saline"\nsynthetc = true\n'
    with pytest.raises(InputError) as caught:
        read_study(write(toml=toml, rows=rows))
    places = {(problem.file, problem.row, problem.column) for problem in caught.value.problems}
    assert places == {
        ("study.toml", None, None),
        *(("sessions.csv", 2, column) for column in ("intervention_s",)),
        *(("sessions.csv", 3, column) for column in ("dose", "session", "blank")),
        *(("sessions.csv", 4, column) for column in ("treatment", "recording", "intervention_s", "sex")),
        ("sessions.csv", 4, "dose_unit"),
    }


@pytest.mark.parametrize(
    ("row", "column", "found", "remedy"),
    [
        ("s3,m1,saline,a.csv,,,,,,,\n", "intervention_s", "empty", "fill it in"),
        ("s3,m1,saline,a.csv,-5,,,,,,\n", "intervention_s", "-5", "first sample"),
        ("s3,m1,saline,a.csv,9;8,,,,,,\n", "intervention_s", "9;8", "in order"),
        ('s3,m1,saline,a.csv,"9,5",,,,,,\n', "intervention_s", "9,5", "point"),
        ("s3,m1,saline,a.csv,nan,,,,,,\n", "intervention_s", "nan", "number alone"),
        ("s3,m1,ketamine,a.csv,600,10,g/kg,,,,\n", "dose_unit", "mixed units", "alike"),
        ("s3,m1,ketamine,a.csv,600,10,,,,,\n", "dose_unit", "without a unit", "mg/kg"),
        ("s3,m1,ketamine,a.csv,600,-10,mg/kg,,,,\n", "dose", "-10", "given"),
        ("s3,m1,ketamine,a.csv,600,10 mg,mg/kg,,,,\n", "dose", "10 mg", "without a unit"),
        ("s3,m1,Saline,a.csv,600,,,,,,\n", "treatment", "two spellings", "alike"),
        ("s3,m1,saline,a.csv,600,,,wt,,,\n", "genotype", "two spellings", "alike"),
        ("s3,m1,saline,a.csv,600,,,,boy,,\n", "sex", "boy", "empty"),
        ("S1,m1,saline,a.csv,600,,,,,,\n", "session", "already in row 2", "rename"),
        ("../s3,m1,saline,a.csv,600,,,,,,\n", "session", "../s3", "rename"),
        ("s3,m1,saline,A.CSV,600,,,,,,\n", "recording", "A.CSV", 'did you mean "a.csv"?'),
        ("s3,m1,saline,../a.csv,600,,,,,,\n", "recording", "../a.csv", "recordings/"),
        ("s3,m1,saline,/etc/passwd,600,,,,,,\n", "recording", "/etc/passwd", "recordings/"),
        ("s3,m1,saline,.,600,,,,,,\n", "recording", '"."', "recordings/"),
        ("s3,m2,saline,a.csv,600,,,,,s1,\n", "blank", 'animal "m1"', "this animal"),
        ("s3,m1,saline,a.csv,600,,,,,s9,\n", "blank", 'no session "s9"', "this animal"),
        ("s3,m1,saline,a.csv,600,,,,,s3,\n", "blank", "itself", "this animal"),
        ("s3,m1,saline,a.csv,600,,,,\n", None, "9 cells", "commas"),
        ("s3,m1,saline,a.csv,600,,,,,,,,\n", None, "13 cells", "commas"),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_column(
    write: Write, row: str, column: str | None, found: str, remedy: str
) -> None:
    problem = only_problem(write(rows=(*ROWS, row)))
    assert (problem.file, problem.row, problem.column) == ("sessions.csv", 4, column)
    assert found in problem.found
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("sessions", "found"),
    [
        ("", "no column"),
        (b"\n\n", "an empty file"),
        (HEADER.encode(), "no rows"),
        ((HEADER + "".join(ROWS)).replace(",", ";").encode(), "semicolons"),
        ((HEADER + "".join(ROWS)).replace(",", "\t").encode(), "tabs"),
        ((HEADER + ROWS[0]).replace("WT", "x").replace("m1", "M\u00fcller").encode("latin-1"), "0xfc"),
        (b"PK\x03\x04\xff\xfe", "spreadsheet or zip"),
        ((HEADER + ROWS[0]).encode("utf-16"), "not UTF-8"),
        ((HEADER + 's1,"m1,saline,a.csv,600\n').encode(), "not a CSV table"),
        ((HEADER.replace("sex", "dose") + ROWS[0]).encode(), "stands twice"),
        ((HEADER.replace("genotype", "genotpye") + "".join(ROWS)).encode(), "genotpye"),
    ],
)
def test_a_table_that_is_wrong_as_a_whole_is_explained(write: Write, sessions: str | bytes, found: str) -> None:
    header = "session,animal,treatment,recording\n" if sessions == "" else HEADER
    rows = ("s1,m1,saline,a.csv\n",) if sessions == "" else ROWS
    assert found in only_problem(write(header=header, rows=rows, sessions=sessions)).found


@pytest.mark.parametrize(
    ("change", "found", "remedy"),
    [
        (('"GRAB_Ado1.0"', '"GRAB_Ado1.O"'), "GRAB_Ado1.O", 'did you mean "GRAB_Ado1.0"?'),
        (('vehicle = "saline"\n', ""), "vehicle: missing", "vehicle ="),
        (('vehicle = "saline"', 'vehicle = "Saline"'), "vehicle: no session", 'did you mean "saline"?'),
        (("name =", "nmae ="), None, None),
        (('"A"\n', '"A"\nsynthetic = "yes"\n'), "synthetic: found 'yes'", "quotation"),
        (('"A"', '"A'), "not TOML", "quotation"),
        (
            ('"saline"\n', '"saline"\n[photometry]\nwindow_s = [900, 0]\n'),
            "photometry.window_s",
            "window_s =",
        ),
        (('"saline"\n', '"saline"\n[photometry]\nwindow_s = [-9, 9]\n'), "-9 s", "0 or later"),
        (('"saline"\n', '"saline"\n[photometry]\nseed = 1.5\n'), "photometry.seed", "seed = 1"),
        (('"saline"\n', '"saline"\n[photometry]\nwindow = 3\n'), "photometry.window: an unknown", "window_s"),
        (('"saline"\n', '"saline"\n[equivalence_margin]\nmean_dff = -1\n'), "mean_dff", "interest"),
        (
            (
                '"saline"\n',
                '"saline"\n[[necessity]]\nmanipulation="KO"\neffect="ketamine"\nreadouts=["mean_dff"]\n',
            ),
            'manipulation: no row holds "KO"',
            "take the question out",
        ),
    ],
)
def test_a_wrong_entry_of_the_toml_is_named(
    write: Write, change: tuple[str, str], found: str | None, remedy: str | None
) -> None:
    folder = write(toml=TOML.replace(*change))
    if found is None or remedy is None:
        assert {"name: missing", "nmae: an unknown key"} == {p.found for p in survey_study(folder).problems}
        return
    problem = only_problem(folder)
    assert problem.file == "study.toml"
    assert found in problem.found
    assert remedy in problem.remedy


def test_a_measurement_in_two_units_is_said(write: Write) -> None:
    problem = only_problem(write(behaviour=BEHAVIOUR + "m2,FST immobility,2.1,min,saline,,\n"))
    assert (problem.file, problem.row, problem.column) == ("behaviour.csv", 3, "unit")


def test_behaviour_alone_is_a_study(write: Write) -> None:
    assert read_study(write(sessions=None, behaviour=BEHAVIOUR)).sessions == ()


def test_neither_sessions_nor_behaviour_is_not_a_study(write: Write) -> None:
    assert "neither" in only_problem(write(sessions=None)).found


def test_a_folder_without_toml_and_no_folder_are_told_apart(write: Write, tmp_path: Path) -> None:
    assert only_problem(write(toml=None)).found == "not found"
    with pytest.raises(InputError, match="no such folder"):
        read_study(tmp_path / "nowhere")


def test_a_directory_in_the_place_of_a_table_is_said(write: Write) -> None:
    folder = write(sessions=None)
    (folder / "sessions.csv").mkdir()
    assert only_problem(folder).found == "a directory"


def test_a_file_without_permission_is_said(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write()

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)  # the administrator may read everything, whatever the mode
    found = {problem.found for problem in survey_study(folder).problems}
    assert found == {"no permission to read it"}


def test_what_the_study_says_for_the_checklist_and_asks_of_mediation_is_read(write: Write) -> None:
    asked = '\n[arrive]\nblinding = "the scorer did not know the group"\n'
    asked += '[[mediation]]\ntreatment = "ketamine"\nmediator = "mean_dff"\noutcome = "peak_dff"\n'
    study = read_study(write(toml=TOML + asked))
    assert study.arrive == (("blinding", "the scorer did not know the group"),)
    assert study.mediation == (MediationQuestion("ketamine", "mean_dff", "peak_dff"),)


def test_an_unknown_point_of_the_checklist_is_an_error(write: Write) -> None:
    problem = only_problem(write(toml=TOML + '\n[arrive]\nblindign = "yes"\n'))
    assert "arrive.blindign: an unknown key" in problem.found
    assert 'did you mean "blinding"?' in problem.remedy


def test_an_animal_of_two_genotypes_is_a_slip(write: Write) -> None:
    problem = only_problem(write(rows=(*ROWS, "s9,m1,saline,a.csv,600,,,Adora1-KO,F,,\n")))
    assert problem.column == "genotype"
