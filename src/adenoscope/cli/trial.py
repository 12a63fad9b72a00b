"""``adenoscope trial``: a trial in virtual people, and in a few lines what it would show."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import SEE_RESULTS, mended_by_user

if TYPE_CHECKING:
    from adenoscope.studies.trials.answer import TrialAnswer

WIDTH = 110


def trial(
    design: Annotated[Path, typer.Argument(metavar="TRIAL.toml", help="Arms, visits, analyses, looks.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the results go; default: TRIAL-results.")
    ] = None,
    replicates: Annotated[int | None, typer.Option(metavar="N", help="Instead of the trial's number.")] = None,
    pool: Annotated[int | None, typer.Option(metavar="N", help="Virtual people, instead of the trial's.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="S", help="Instead of the trial's seed.")] = None,
    workers: Annotated[int, typer.Option(metavar="N", help="Processes on this machine.", min=1)] = 1,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help='A Dask scheduler that sees DIR; or "local".')
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave report.html out.")] = False,
) -> None:
    """Simulate a trial in virtual people: power, size, blinding, and where the answer comes from. Research use only.

    Stop it with Ctrl-C whenever you like; the same command goes on where it was.

    Example: adenoscope trial docs/trials/ketamine-midazolam.toml --out ketamine-trial
    """
    with mended_by_user():
        place = out or design.resolve().with_name(f"{design.stem}-results")
        refuse_unwritable(place, folder=True)
        from adenoscope.cli.progress_bar import progress_bar
        from adenoscope.studies.simulate_trial import simulate_trial

        with progress_bar() as progress:
            found = simulate_trial(
                design,
                place,
                replicates=replicates,
                pool=pool,
                seed=seed,
                n_processes=workers,
                cluster=cluster,
                progress=progress,
            )
        _say(found, place, with_report=not no_report)
        if found.lost or any(rate.unanswered for rate in found.rates):
            raise typer.Exit(SEE_RESULTS)


def _say(found: TrialAnswer, place: Path, *, with_report: bool) -> None:
    from adenoscope.report.trial_page import CONSORT, REPORT, write_trial
    from adenoscope.report.trial_words import findings
    from adenoscope.studies.trials.document import TRIAL

    trial = found.trial
    typer.echo(f"{trial.name}: {trial.replicates} replicates of {trial.people} people, seed {trial.seed}")
    for sentence in findings(found):
        typer.echo(textwrap.fill(sentence.replace("`", ""), WIDTH, initial_indent="  - ", subsequent_indent="    "))
    if found.lost:
        typer.echo(f"  {found.lost} of {trial.pool} virtual people could not be followed; they are in no replicate.")
    unanswered = sum(rate.unanswered for rate in found.rates)
    if unanswered:
        typer.echo(f"  {unanswered} analyses of replicates had no answer; power.csv says which.")
    typer.echo(f"\n{100 * found.unverified_share:.0f} % of the constants used are unverified. Outside validity:")
    for reason in found.outside_validity:
        typer.echo(textwrap.fill(reason, WIDTH, initial_indent="  - ", subsequent_indent="    "))
    typer.echo(f"\n{place / TRIAL}")
    if with_report:
        page, _ = write_trial(found, place)
        typer.echo(f"{page}")
    else:
        for name in (REPORT, CONSORT):
            (place / name).unlink(missing_ok=True)  # those of an earlier run would contradict trial.json
