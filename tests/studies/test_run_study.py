"""The main job around the estimator: what is read, checked, computed again and written, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.errors import InputError, Refused
from adenoscope.core.interval import Interval
from adenoscope.core.recording import Channels, Recording
from adenoscope.core.response import Control, Curve, Estimands, Response
from adenoscope.core.study import Settings, Study
from adenoscope.io.study import read_study
from adenoscope.studies import estimate_session, load_session
from adenoscope.studies.check_study import check_study
from adenoscope.studies.compare import compared
from adenoscope.studies.progress import Progress
from adenoscope.studies.run_study import run_study

CLOCK_START_S = 50.0


def a_response(channels: Channels, onsets_s: tuple[float, ...], settings: Settings) -> Response:
    """Return a plain difference of means, quick enough for tests of what surrounds the estimator."""
    t, values = channels.signal.time_s, channels.signal.values
    rise = float(values[t >= onsets_s[0]].mean() / values[t < onsets_s[0]].mean() - 1)
    interval = Interval(rise, rise - 0.1, rise + 0.1)
    flat = np.full(5, rise)
    return Response(
        "estimated",
        None,
        Control("usable", None, "as measured"),
        estimands=Estimands(settings.window_s, interval, interval, interval, interval, None, None, 0.01, interval),
        curve=Curve(np.arange(5.0), flat, flat - 0.1, flat + 0.1),
    )


@pytest.fixture
def estimated(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Put the plain estimator in place, and count how often each recording is read and estimated."""
    counts: Counter[str] = Counter()
    read = load_session.read_recording

    def reading(path: Path) -> Recording:
        counts[f"read {path.name}"] += 1
        return read(path)

    def estimating(channels: Channels, onsets_s: tuple[float, ...], *, settings: Settings) -> Response:
        counts["estimates"] += 1
        return a_response(channels, onsets_s, settings)

    monkeypatch.setattr(load_session, "read_recording", reading)
    monkeypatch.setattr(estimate_session, "estimate_response", estimating)
    return counts


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = tmp_path / "small"
    (folder / "recordings").mkdir(parents=True)
    (folder / "study.toml").write_text('name = "S"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\n')
    rows = [
        "session,animal,treatment,recording,intervention_s,dose,dose_unit,control,blank,exclude",
        "s1,m1,saline,s1.csv,100,,,control,,",
        "s2,m1,ketamine,s2.csv,100,10,mg/kg,control,,",
        "s3,m1,ketamine,s3.csv,100,10,mg/kg,,s1,",
        "s4,m2,ketamine,lost.csv,100,10,mg/kg,,,fibre broke",
    ]
    (folder / "sessions.csv").write_text("\n".join(rows) + "\n")
    for seed in (1, 2, 3):
        write_recording(folder / "recordings" / f"s{seed}.csv", seed)
    return read_study(folder)


def write_recording(path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    t = CLOCK_START_S + np.arange(0.0, 200.0, 0.5)
    light = rng.normal(100, 1, (t.size, 2))
    light[t >= CLOCK_START_S + 100, 0] *= 1.2
    table = "".join(f"{a},{b:.4f},{c:.4f}\n" for a, (b, c) in zip(t, light, strict=True))
    path.write_text("time_s,signal,control\n" + table)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_intervention_is_counted_from_the_first_sample(
    study: Study, tmp_path: Path, estimated: Counter[str]
) -> None:
    result = run_study(study, tmp_path / "out")
    by_name = {item.session.session: item for item in result.sessions}
    estimands = by_name["s1"].response.estimands
    assert estimands is not None
    assert estimands.mean_dff.estimate == pytest.approx(0.2, abs=0.01)  # the step lies exactly there
    assert by_name["s1"].facts.first_s == CLOCK_START_S
    assert by_name["s4"].response.reason == "excluded: fibre broke"
    assert [file.path for file in result.inputs] == [
        *("study.toml", "sessions.csv"),
        *(f"recordings/s{n}.csv" for n in (1, 2, 3)),
    ]


def test_a_blank_session_is_estimated_and_counts_in_no_group(
    study: Study, tmp_path: Path, estimated: Counter[str]
) -> None:
    drug_free = replace(study.sessions[0], treatment="none")
    result = run_study(replace(study, sessions=(drug_free, *study.sessions[1:])), tmp_path / "out")
    assert result.sessions[0].response.status == "estimated"
    assert {contrast.given.treatment for contrast in result.contrasts} == {"ketamine"}


def test_the_blank_of_an_excluded_session_counts_in_its_group(
    study: Study, tmp_path: Path, estimated: Counter[str]
) -> None:
    left_out = replace(study.sessions[2], exclude="fibre broke")
    sessions = (*study.sessions[:2], left_out, study.sessions[3])
    result = run_study(replace(study, sessions=sessions), tmp_path / "out")
    assert len(compared(result.sessions)) == len(result.sessions)


def test_a_recording_is_read_once_for_each_session_that_uses_it(
    study: Study, tmp_path: Path, estimated: Counter[str]
) -> None:
    run_study(study, tmp_path / "out")
    assert estimated == {"read s1.csv": 2, "read s2.csv": 1, "read s3.csv": 1, "estimates": 3}


def test_recordings_too_large_to_wait_in_memory_are_read_again(
    study: Study, tmp_path: Path, estimated: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate_session, "MOST_KEPT_BYTES", 0)
    run_study(study, tmp_path / "out")
    assert (estimated["read s2.csv"], estimated["estimates"]) == (2, 3)


def test_a_second_run_computes_nothing_and_ends_with_the_same_bytes(
    study: Study, tmp_path: Path, estimated: Counter[str]
) -> None:
    run_study(study, tmp_path / "out")
    before = files(tmp_path / "out")
    estimated.clear()
    run_study(study, tmp_path / "out")
    assert not estimated
    assert files(tmp_path / "out") == before


def change_a_recording(study: Study) -> Study:
    write_recording(study.folder / "recordings" / "s2.csv", 7)
    return study


def change_a_setting(study: Study) -> Study:
    return replace(study, settings=Settings(seed=2))


def change_a_session(study: Study) -> Study:
    first, *others = study.sessions
    return replace(study, sessions=(replace(first, onsets_s=(90.0,)), *others))


def change_a_blank(study: Study) -> Study:
    write_recording(study.folder / "recordings" / "s1.csv", 7)
    return study


@pytest.mark.parametrize(
    ("change", "n_again"),
    [(change_a_recording, 1), (change_a_setting, 3), (change_a_session, 1), (change_a_blank, 2)],
)
def test_what_a_session_depends_on_makes_it_compute_again(
    study: Study, tmp_path: Path, estimated: Counter[str], change: Callable[[Study], Study], n_again: int
) -> None:
    run_study(study, tmp_path / "out")
    estimated.clear()
    changed = change(study)
    run_study(changed, tmp_path / "out")
    assert estimated["estimates"] == n_again
    run_study(changed, tmp_path / "fresh")
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


def test_a_damaged_piece_is_computed_again(study: Study, tmp_path: Path, estimated: Counter[str]) -> None:
    run_study(study, tmp_path / "out")
    before = files(tmp_path / "out")
    estimated.clear()
    (tmp_path / "out" / "traces" / "s1.parquet").write_bytes(b"torn")
    run_study(study, tmp_path / "out")
    assert estimated["estimates"] == 1
    assert files(tmp_path / "out") == before


def test_wrong_recordings_are_all_said_before_anything_is_estimated(
    study: Study, tmp_path: Path, estimated: Counter[str]
) -> None:
    (study.folder / "recordings" / "s1.csv").write_bytes(b"")
    (study.folder / "recordings" / "s3.csv").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        run_study(study, tmp_path / "out")
    assert [problem.file for problem in caught.value.problems] == ["recordings/s1.csv", "recordings/s3.csv"]
    assert estimated["estimates"] == 0
    assert not (tmp_path / "out").exists()


def test_earlier_results_stay_when_the_input_has_become_wrong(
    study: Study, tmp_path: Path, estimated: Counter[str]
) -> None:
    run_study(study, tmp_path / "out")
    before = files(tmp_path / "out")
    (study.folder / "recordings" / "s1.csv").write_bytes(b"")
    with pytest.raises(InputError):
        run_study(study, tmp_path / "out")
    assert files(tmp_path / "out") == before


def test_results_are_gone_while_they_are_being_computed_again(
    study: Study, tmp_path: Path, estimated: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_study(study, tmp_path / "out")

    def stop(*_: object, **__: object) -> Response:
        raise KeyboardInterrupt

    monkeypatch.setattr(estimate_session, "estimate_response", stop)
    with pytest.raises(KeyboardInterrupt):
        run_study(change_a_setting(study), tmp_path / "out")
    assert not (tmp_path / "out" / "results.json").exists()


def test_a_refusal_by_the_estimator_becomes_a_refused_session(
    study: Study, tmp_path: Path, estimated: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Response:
        raise Refused("drift cannot be told from the response")

    monkeypatch.setattr(estimate_session, "estimate_response", refuse)
    result = run_study(study, tmp_path / "out")
    assert {item.response.status for item in result.sessions} == {"refused"}
    assert "drift" in (result.sessions[0].response.reason or "")


def test_progress_goes_up_to_the_number_of_sessions(study: Study, tmp_path: Path, estimated: Counter[str]) -> None:
    seen: list[Progress] = []
    run_study(study, tmp_path / "out", progress=seen.append)
    assert [(p.stage, p.done) for p in seen] == [
        *(("checking", n) for n in (1, 2, 3)),
        *(("estimating", n) for n in (0, 1, 2, 3)),
        ("comparing", 3),
    ]


def test_a_check_reads_every_recording_and_writes_nothing(
    study: Study, tmp_path: Path, estimated: Counter[str]
) -> None:
    before = files(tmp_path)
    assert check_study(study.folder) == []
    (study.folder / "recordings" / "s2.csv").write_bytes(b"")
    (problem,) = check_study(study.folder)
    assert problem.file == "recordings/s2.csv"
    assert estimated["estimates"] == 0
    assert set(files(tmp_path)) == set(before)


def test_a_check_says_what_is_wrong_in_tables_and_recordings_together(study: Study) -> None:
    toml = study.folder / "study.toml"
    toml.write_text(toml.read_text().replace("GRAB_Ado1.0", "GCaMP6f"))
    (study.folder / "recordings" / "s2.csv").write_bytes(b"")
    assert [problem.file for problem in check_study(study.folder)] == ["study.toml", "recordings/s2.csv"]
