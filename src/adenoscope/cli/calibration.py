"""``adenoscope mechanism fit`` and ``profile``: the posterior anew, and what observations say of each constant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import mended_by_user


def fit(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the posterior goes.")],
    observations: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Facts to fit to.")] = None,
    steps: Annotated[
        int, typer.Option(min=5000, help="Steps of every chain, the warm-up of 3,500 among them.")
    ] = 20_000,
) -> None:
    """Fit the mouse's mechanism to observations: a posterior with diagnostics, in about half an hour on two cores.

    Stop it with Ctrl-C whenever you like; the same command goes on where it was.

    Example: adenoscope mechanism fit --out posterior
    """
    with mended_by_user():
        from adenoscope.cli.progress_bar import counting_bar
        from adenoscope.studies.fit_mechanism import Effort, fit_mechanism
        from adenoscope.studies.shipped import observations_file

        refuse_unwritable(out, folder=True)
        with observations_file(observations) as file, counting_bar() as watch:
            said = fit_mechanism(file, out, Effort(steps=steps), watch)
        typer.echo(f"inside at the median: {said['inside_at_median']} of {said['rows']} rows")
        typer.echo(f"largest R-hat along {said['directions']} informed directions: {max(said['r_hat'])}")


def profile(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where profiles.csv and profiles.svg go.")],
    observations: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Facts to fit to.")] = None,
    constants: Annotated[str, typer.Option(metavar="A,B", help="Some constants only, with commas between.")] = "",
) -> None:
    """Find how far observations bound each constant by itself, all others free: profile likelihoods, in half an hour.

    Stop it with Ctrl-C whenever you like; the same command goes on where it was.

    Example: adenoscope mechanism profile --out profiles --constants tca_imax,adk_km
    """
    with mended_by_user():
        from adenoscope.cli.progress_bar import counting_bar
        from adenoscope.core.atomic import write_text
        from adenoscope.report.profiles import profiles_figure
        from adenoscope.report.svg import standalone_svg
        from adenoscope.studies.profile_mechanism import profile_mechanism
        from adenoscope.studies.shipped import observations_file

        refuse_unwritable(out, folder=True)
        names = [name.strip() for name in constants.split(",") if name.strip()]
        with observations_file(observations) as file, counting_bar() as watch:
            found = profile_mechanism(file, out, names, lambda done, total: watch("profiling", done, total))
        write_text(out / "profiles.svg", standalone_svg(profiles_figure(found)))
        for kind in ("both sides", "from below", "from above", "not at all"):
            count = sum(each.bounded == kind for each in found)
            typer.echo(f"{count:4d} bounded {'on ' if kind == 'both sides' else ''}{kind}")
        typer.echo(f"{out / 'profiles.csv'}")
