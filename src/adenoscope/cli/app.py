"""The commands and their exit codes: 0 done, 1 the input is wrong, 2 bad usage, 3 something was refused.

Libraries of science are imported inside the commands: help is to come at once.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from adenoscope.cli.behaviour import behaviour
from adenoscope.cli.hypoxia import hypoxia
from adenoscope.cli.mechanism import mechanism
from adenoscope.cli.occupancy import occupancy
from adenoscope.cli.power import power
from adenoscope.cli.problems import SEE_RESULTS, mended_by_user, refuse
from adenoscope.cli.rank import rank
from adenoscope.cli.serve import serve
from adenoscope.cli.trial import trial

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

app.add_typer(mechanism, name="mechanism")

StudyFolder = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder that holds study.toml.")]
NoReport = Annotated[bool, typer.Option("--no-report", help="Leave report.html out.")]


@app.callback()
def adenoscope() -> None:
    """From photometry recordings to adenosine responses with honest intervals. Research use only."""


@app.command()
def run(
    study: StudyFolder,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the results go; default: STUDY-results.")
    ] = None,
    no_report: NoReport = False,
    nwb: Annotated[bool, typer.Option("--nwb", help="Also write nwb/SESSION.nwb for every session.")] = False,
    edits: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A ledger of edits made in the page (see serve).")
    ] = None,
) -> None:
    """Estimate every session's response, compare the groups, and write results.json and report.html.

    Stop it with Ctrl-C whenever you like; the same command goes on where it was.

    Example: adenoscope run ketamine-study --out ketamine-results
    """
    with mended_by_user():
        from adenoscope.cli.main_job import run_folder

        place = out or study.resolve().with_name(f"{study.resolve().name}-results")
        if run_folder(study, place, with_report=not no_report, with_nwb=nwb, ledger=edits):
            raise typer.Exit(SEE_RESULTS)


@app.command()
def check(study: StudyFolder) -> None:
    """List everything that is wrong with a study folder, its recordings included; nothing is written.

    Example: adenoscope check ketamine-study
    """
    with mended_by_user():
        from adenoscope.cli.progress_bar import progress_bar
        from adenoscope.studies.check_study import check_study

        with progress_bar() as progress:
            problems = check_study(study, progress=progress)
        if problems:
            refuse(problems)
        typer.echo(f"{study}: nothing is wrong. Next: adenoscope run {study}")


@app.command()
def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the simulated study and its results go.")] = Path(
        "adenoscope-demo"
    ),
    no_report: NoReport = False,
) -> None:
    """Simulate a study and analyse it, from recordings to the report, in about a minute.

    Example: adenoscope demo --out try-it
    """
    with mended_by_user():
        from adenoscope.cli.main_job import run_demo

        run_demo(out, with_report=not no_report)


@app.command()
def simulate(
    protocol: Annotated[Path, typer.Argument(metavar="PROTOCOL.toml", help="Who is simulated, and what is done.")],
    subjects: Annotated[int | None, typer.Option(metavar="N", help="Instead of the protocol's number.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="S", help="Instead of the protocol's seed.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the results go; default: PROTOCOL-results.")
    ] = None,
) -> None:
    """Simulate a protocol in virtual mice or people, and write trajectories.parquet and summary.json.

    Example: adenoscope simulate ketamine.toml --subjects 50 --out ketamine-results
    """
    with mended_by_user():
        from adenoscope.cli.simulation import run_protocol

        place = out or protocol.resolve().with_name(f"{protocol.stem}-results")
        if run_protocol(protocol, place, subjects, seed):
            raise typer.Exit(SEE_RESULTS)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


@app.command()
def sbml(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model in SBML, or in Antimony.")],
    end: Annotated[float, typer.Option(help="When to stop, in the model's unit of time.")],
    steps: Annotated[int, typer.Option(help="How many equal intervals to write.")],
    out: Annotated[Path, typer.Option(metavar="FILE.csv", help="Where the table goes.")],
    start: Annotated[float, typer.Option(help="The time of the initial values.")] = 0.0,
    variables: Annotated[str, typer.Option(metavar="A,B", help="Columns; default: all that changes.")] = "",
    amount: Annotated[str, typer.Option(metavar="A,B", help="Species to write as amounts.")] = "",
    concentration: Annotated[str, typer.Option(metavar="A,B", help="Species to write as concentrations.")] = "",
    rtol: Annotated[float, typer.Option(help="Relative tolerance of a step.")] = 1e-6,
    atol: Annotated[float, typer.Option(help="Absolute tolerance of a step, in the units of the states.")] = 1e-9,
) -> None:
    """Simulate anybody's SBML model and write its trajectory as CSV.

    Example: adenoscope sbml model.xml --start 0 --end 100 --steps 50 --variables S1,S2 --out s.csv
    """
    with mended_by_user():
        from adenoscope.cli.places import refuse_unwritable
        from adenoscope.studies.simulate_sbml import Columns, Grid, simulate_sbml

        refuse_unwritable(out, folder=False)
        columns = Columns(_names(variables), _names(amount), _names(concentration))
        simulate_sbml(model, Grid(start, end, steps), columns, rtol=rtol, atol=atol, out=out)


app.command()(behaviour)
app.command()(power)
app.command()(hypoxia)
app.command()(occupancy)
app.command()(rank)
app.command()(trial)
app.command()(serve)


def main() -> None:
    """Run the command line."""
    # One thread: sums are added in the same order on every machine, and processes do not compete.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    app()
