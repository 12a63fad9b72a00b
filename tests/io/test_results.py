"""A session's answer survives the disk exactly, a damaged one is noticed, and results.json is strict."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.atomic import appearing
from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Setting
from adenoscope.core.response import Adenosine, Control, Curve, Estimands, FittedParts, Response
from adenoscope.core.result import InputFile, RecordingFacts, SessionResult, Software, StudyResult
from adenoscope.core.study import NecessityQuestion, Session, Study
from adenoscope.io.pieces import has_piece, read_piece, tidy, write_piece
from adenoscope.io.results import results_document, write_results
from adenoscope.io.session_json import encode

KEY = "k" * 64
SESSION = Session("s 1", "m1", "ketamine", Path("day 1/a.csv"), (600.0,), 10.0, "mg/kg", region="mPFC")


def a_response(*, with_control: bool) -> Response:
    t = np.arange(-10.0, 10.0)
    noisy = np.random.default_rng(3).normal(size=20)
    noisy[4] = np.nan
    control = noisy / 3 if with_control else None
    return Response(
        status="estimated",
        reason=None,
        control=Control("usable", Interval(0.1, -0.05, 1 / 3), "a reason"),
        cautions=("one", "två"),
        estimands=Estimands(
            window_s=(0.0, 1800.0),
            mean_dff=Interval(0.1, 0.05, 0.15),
            auc_dff_s=None,
            peak_dff=Interval(0.2, 0.1, 0.3),
            time_to_peak_s=Interval(300, 200, 400),
            onset_s=None,
            half_decay_s=Interval(900.0, 800.0, 1000.0, 0.9),
            minimum_detectable_dff=0.012345678901234567,
            placebo_dff=Interval(0.0, -0.01, 0.01),
        ),
        curve=Curve(t, noisy * 0 + 0.1, noisy * 0, noisy * 0 + 0.2),
        parts=FittedParts(t, noisy, noisy, noisy, control, control, control, ((-3.0, 6.0),)),
    )


def a_result(*, with_control: bool = True) -> SessionResult:
    facts = RecordingFacts("plain", "signal", "control", 1000, 10.5, 3.25, 98.4, ("a note",))
    adenosine = Adenosine(False, "not calibrated", Interval(300.0, 100.0, 900.0), (("ec50", "1.6 µM"),))
    return SessionResult(SESSION, facts, a_response(with_control=with_control), adenosine)


def a_study(**changes: object) -> Study:
    study = Study(Path("somewhere"), "A", "GRAB_Ado1.0", "saline", sessions=(SESSION,))
    return replace(study, **changes)  # type: ignore[arg-type]


def arrays(record: Curve | FittedParts | None) -> dict[str, object]:
    return {} if record is None else {k: v for k, v in vars(record).items() if k != "masked_s"}


@pytest.mark.parametrize("with_control", [True, False])
def test_what_is_read_back_is_exactly_what_was_written(tmp_path: Path, with_control: bool) -> None:
    written = a_result(with_control=with_control)
    write_piece(tmp_path, written, KEY)
    back = read_piece(tmp_path, SESSION, KEY)
    assert back is not None
    for name in ("curve", "parts"):
        before, after = arrays(getattr(written.response, name)), arrays(getattr(back.response, name))
        for column, values in before.items():
            np.testing.assert_array_equal(after[column], values)
    assert back.response.parts is not None
    assert back.response.parts.masked_s == ((-3.0, 6.0),)
    assert encode(back) == encode(written)


def test_a_refused_session_has_no_arrays_and_comes_back(tmp_path: Path) -> None:
    refused = Response("refused", "too short", Control("unusable", None, "too short"))
    write_piece(tmp_path, replace(a_result(), response=refused), KEY)
    back = read_piece(tmp_path, SESSION, KEY)
    assert back is not None
    assert (back.response.reason, back.response.curve, back.response.estimands) == ("too short", None, None)


def spoil_trace(out: Path) -> None:
    (out / "traces" / "s 1.parquet").write_bytes(b"PAR1")


def lose_parts(out: Path) -> None:
    (out / "parts" / "s 1.parquet").unlink()


def cut_document(out: Path) -> None:
    document = out / "pieces" / "s 1.json"
    document.write_bytes(document.read_bytes()[:100])


def empty_document(out: Path) -> None:
    (out / "pieces" / "s 1.json").write_text("[]")


@pytest.mark.parametrize("damage", [spoil_trace, lose_parts, cut_document, empty_document])
def test_a_damaged_piece_is_no_piece(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    write_piece(tmp_path, a_result(), KEY)
    assert has_piece(tmp_path, SESSION, KEY)
    damage(tmp_path)
    assert not has_piece(tmp_path, SESSION, KEY)
    assert read_piece(tmp_path, SESSION, KEY) is None


def test_a_piece_computed_from_something_else_is_no_piece(tmp_path: Path) -> None:
    write_piece(tmp_path, a_result(), KEY)
    assert not has_piece(tmp_path, SESSION, "another")


def test_pieces_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_piece(tmp_path / folder, a_result(), KEY)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / f).rglob("*") if p.is_file()} for f in ("one", "two"))
    assert one == two


def test_tidying_removes_what_no_session_of_the_study_needs(tmp_path: Path) -> None:
    write_piece(tmp_path, a_result(), KEY)
    mine = tmp_path / "traces" / "notes.parquet"
    mine.touch()
    (tmp_path / "traces" / ".s 1.parquet.partial").touch()
    tidy(tmp_path, ["other"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file.txt"

    def stumble() -> None:
        with appearing(target) as partial:
            partial.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stumble()
    assert not list(target.parent.iterdir())


def test_results_hold_what_the_contract_asks_in_its_order(tmp_path: Path) -> None:
    contrast = Contrast(
        *("mean_dff", "", Given("ketamine", 10.0, "mg/kg"), Setting("mPFC"), "saline"),
        treated=(("m1", 0.1), ("m2", 0.2)),
        vehicle=(("m1", 0.0),),
        design="paired",
        difference=None,
        reason="one animal is too few",
    )
    result = StudyResult(
        a_study(necessity=(NecessityQuestion("WT", "ketamine", ("mean_dff",)),)),
        Software("adenoscope", "0.1.0", ""),
        (InputFile("study.toml", "0" * 64, 12),),
        (a_result(),),
        (contrast,),
    )
    path = write_results(tmp_path, result)
    document = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert list(document)[:4] == ["schema_version", "synthetic", "software", "inputs"]
    recording = document["recordings"][0]
    assert recording["response"]["mean_dff"] == {
        "estimate": 0.1,
        "low": 0.05,
        "high": 0.15,
        "ci_prob": 0.95,
    }
    assert recording["response"]["minimum_detectable_dff"] == 0.012345678901234567
    assert recording["trace"] == "traces/s 1.parquet"
    assert document["contrasts"][0]["n_treated"] == 2
    assert document["necessity"] == []
    assert document == json.loads(json.dumps(results_document(result)))


def test_a_number_that_is_not_finite_never_reaches_the_results() -> None:
    response = a_response(with_control=False)
    assert response.estimands is not None
    endless = replace(response.estimands, peak_dff=Interval(0.1, 0.0, float("inf")))
    result = replace(a_result(), response=replace(response, estimands=endless))
    with pytest.raises(ValueError, match="not finite"):
        results_document(StudyResult(a_study(), Software("a", "1", ""), (), (result,), ()))
