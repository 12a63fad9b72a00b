"""The main job as a command: run, write the report, and say in a few lines what came out."""

from __future__ import annotations

from pathlib import Path

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.progress_bar import progress_bar
from adenoscope.core.errors import InputError, Problem
from adenoscope.core.result import StudyResult
from adenoscope.io.results import REPORT, RESULTS
from adenoscope.io.study import read_study
from adenoscope.studies.edited import read_edited_study


def run_folder(
    folder: Path, out: Path, *, with_report: bool, with_nwb: bool = False, ledger: Path | None = None
) -> bool:
    """Run an edited study, say what came out, and return whether any session was refused."""
    study = read_edited_study(folder, ledger)
    refuse_unwritable(out, folder=True)
    # Slow to import, and not needed to say what is wrong with a table.
    from adenoscope.studies.estimate_session import is_compiled
    from adenoscope.studies.run_study import run_study

    if not is_compiled():
        typer.echo("Compiling the estimator, once; this takes about half a minute.")
    with progress_bar() as progress:
        result = run_study(study, out, progress=progress)
    if with_report:
        from adenoscope.report.study_report import write_report

        write_report(result, out / REPORT)
    else:
        (out / REPORT).unlink(missing_ok=True)  # one of an earlier run would contradict results.json
    if with_nwb:
        from adenoscope.studies.export_nwb import export_nwb

        with progress_bar() as progress:
            export_nwb(result, out, progress=progress)
    refused = _refused(result)
    _say(result, refused)
    typer.echo(f"{out / (REPORT if with_report else RESULTS)}")
    return bool(refused)


def run_demo(out: Path, *, with_report: bool) -> None:
    """Write a simulated study into ``out`` and run it."""
    from adenoscope.studies.demo_study import write_demo_study

    refuse_unwritable(out, folder=True)
    folder = out / "study"
    if (folder / "study.toml").exists() and not read_study(folder).synthetic:
        remedy = "give another folder with --out"
        raise InputError(Problem(str(folder), "a study that is not simulated", "an empty folder", remedy))
    write_demo_study(folder)
    typer.echo(f"A simulated study is in {folder}")
    if run_folder(folder, out / "results", with_report=with_report):
        typer.echo("A session of it is refused on purpose, to show what that looks like.")


def _refused(result: StudyResult) -> list[tuple[str, str]]:
    """Return (session, reason) of every session that was to be estimated and was not."""
    return [
        (item.session.session, item.response.reason or "")
        for item in result.sessions
        if item.response.status == "refused" and not item.session.exclude
    ]


def _say(result: StudyResult, refused: list[tuple[str, str]]) -> None:
    n_excluded = sum(bool(item.session.exclude) for item in result.sessions)
    n_estimated = len(result.sessions) - n_excluded - len(refused)
    synthetic = " (simulated)" if result.study.synthetic else ""
    counts = [f"{n_estimated} estimated, {len(refused)} refused, {n_excluded} excluded"] if result.sessions else []
    if result.study.behaviour:
        counts.append(f"behaviour of {len({row.animal for row in result.study.behaviour})} animals")
    if result.study.edits:
        counts.append(f"{len({edit.session for edit in result.study.edits})} edited by hand")
    typer.echo(f"{result.study.name}{synthetic}: {'; '.join(counts)}")
    for session, reason in refused:
        typer.echo(f"  refused {session}: {reason}")
    for verdict in result.verdicts:
        finding = verdict.finding.replace("_", " ")
        typer.echo(f"  {verdict.manipulation}, {verdict.effect.treatment}, {verdict.readout}: {finding}")
