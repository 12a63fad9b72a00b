"""``adenoscope mechanism``: what the model consists of, and the model for other programs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from adenoscope.cli.mechanism_lines import mechanism_lines
from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import mended_by_user
from adenoscope.cli.simulation import aligned, number

mechanism = typer.Typer(no_args_is_help=True, help="The mechanism: what it consists of, what it fails, and as SBML.")

SpeciesOption = Annotated[Literal["mouse", "human"], typer.Option(help="Whose constants.")]


@mechanism.command()
def show(
    species: SpeciesOption = "mouse",
    piece: Annotated[str, typer.Option(metavar="NAME", help="Constants of one piece only.")] = "",
    diagram: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Also draw the pieces and what they take there.")
    ] = None,
) -> None:
    """Print what pieces take from each other, what flows at rest, and every constant with range, unit and source.

    Sources are cut to the width of a terminal, and whole in a pipe.

    Example: adenoscope mechanism show --species human --piece purines --diagram human.svg
    """
    with mended_by_user():
        if diagram is not None:
            refuse_unwritable(diagram, folder=False)
        from adenoscope.studies.show_mechanism import show_mechanism

        shown = show_mechanism(species)
        if piece and piece not in shown.constants:
            raise typer.BadParameter(f"one of {', '.join(shown.constants)}", param_hint="--piece")
        if diagram is not None:
            from adenoscope.core.atomic import write_text
            from adenoscope.report.mechanism_diagram import mechanism_figure
            from adenoscope.report.svg import standalone_svg

            write_text(diagram, standalone_svg(mechanism_figure(shown)))
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for line in mechanism_lines(shown, piece, width):
            typer.echo(line[:width])
        if diagram is not None:
            typer.echo(f"\n{diagram}")


@mechanism.command()
def export(
    place: Annotated[Path, typer.Argument(metavar="FILE.xml|DIR", help="Where the model goes, or the folder.")],
    species: SpeciesOption = "mouse",
    petab: Annotated[
        bool, typer.Option("--petab", help="A folder with the mouse's calibration: model, priors and observations.")
    ] = False,
) -> None:
    """Write the whole mechanism as SBML Level 3, for any simulator; or, as a PEtab folder, its calibration.

    Example: adenoscope mechanism export calibration --petab
    """
    if petab and species != "mouse":
        raise typer.BadParameter("only the mouse is calibrated: leave it out with --petab", param_hint="--species")
    with mended_by_user():
        refuse_unwritable(place, folder=petab)
        if petab:
            typer.echo("\n".join(_calibration(place)))
            return
        from adenoscope.studies.show_mechanism import export_mechanism

        export_mechanism(species, place)
        typer.echo(f"{place}")


@mechanism.command()
def check(
    observations: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Your own facts, in the columns of values/observations.csv."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write check.svg and check.json there.")
    ] = None,
) -> None:
    """Print every observation beside its prediction: fitted to or not, inside its band or outside.

    Example: adenoscope mechanism check --observations facts.csv --out checked
    """
    with mended_by_user():
        from adenoscope.studies.check_mechanism import check_document, check_mechanism

        judgements = check_mechanism(observations)
        document = check_document(judgements)
        for line in _checked(document):
            typer.echo(line)
        if out is not None:
            from adenoscope.core.atomic import write_json, write_text
            from adenoscope.report.refutation import refutation_figure
            from adenoscope.report.svg import standalone_svg

            refuse_unwritable(out, folder=True)
            write_text(out / "check.svg", standalone_svg(refutation_figure(judgements)))
            write_json(out / "check.json", document)
            typer.echo(f"\n{out / 'check.svg'}")


@mechanism.command()
def fit(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the posterior goes.")],
    observations: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Facts to fit to.")] = None,
    steps: Annotated[int, typer.Option(help="Steps of every chain.")] = 20_000,
) -> None:
    """Fit the mouse's mechanism to observations: a posterior with diagnostics, in about half an hour on two cores.

    Stop it with Ctrl-C whenever you like; the same command goes on where it was.

    Example: adenoscope mechanism fit --out posterior
    """
    with mended_by_user():
        from importlib.resources import as_file, files

        from adenoscope.cli.progress_bar import counting_bar
        from adenoscope.studies.fit_mechanism import Effort, fit_mechanism

        refuse_unwritable(out, folder=True)
        with as_file(files("adenoscope") / "values" / "observations.csv") as shipped, counting_bar() as watch:
            said = fit_mechanism(observations or shipped, out, Effort(steps=steps), watch)
        typer.echo(f"inside at the median: {said['inside_at_median']} of {said['rows']} rows")
        typer.echo(f"largest R-hat along {said['directions']} informed directions: {max(said['r_hat'])}")


@mechanism.command()
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
        from importlib.resources import as_file, files

        from adenoscope.cli.progress_bar import counting_bar
        from adenoscope.core.atomic import write_text
        from adenoscope.report.profiles import profiles_figure
        from adenoscope.report.svg import standalone_svg
        from adenoscope.studies.profile_mechanism import profile_mechanism

        refuse_unwritable(out, folder=True)
        names = [name.strip() for name in constants.split(",") if name.strip()]
        with as_file(files("adenoscope") / "values" / "observations.csv") as shipped, counting_bar() as watch:
            found = profile_mechanism(
                observations or shipped, out, names, lambda done, total: watch("profiling", done, total)
            )
        write_text(out / "profiles.svg", standalone_svg(profiles_figure(found)))
        for kind in ("both sides", "from below", "from above", "not at all"):
            count = sum(each.bounded == kind for each in found)
            typer.echo(f"{count:4d} bounded {kind}" if kind != "both sides" else f"{count:4d} bounded on both sides")
        typer.echo(f"{out / 'profiles.csv'}")


def _calibration(folder: Path) -> list[str]:
    from adenoscope.studies.export_calibration import export_calibration

    written = export_calibration(folder)
    left = [f"left out: {name}: {reason}" for name, reason in written.left_out.items()]
    counts = f"{len(written.rows)} observations, {written.target.size} constants; README.md says how to read it"
    return [f"{folder / f'{written.problem.name}.yaml'}: {counts}", *left]


def _checked(document: dict[str, Any]) -> list[str]:
    rows = [("observation", "observed", "band", "predicted (95 %)", "unit", "fitted to", "")]
    for row in document["rows"]:
        band = f"{_edge(row['low_band'])} to {_edge(row['high_band'])}"
        told = (
            ""
            if row["median"] is None
            else f"{number(row['median'])} ({number(row['low'])} to {number(row['high'])})"
        )
        verdict = "" if row["verdict"] == "inside" else row["verdict"].upper()
        rows.append(
            (row["id"], number(row["mean"]), band, told, row["unit"], "yes" if row["used"] else "no", verdict)
        )
    share = (
        f"{100 * document['share_inside']:.0f} % of predicted rows lie inside their bands at the posterior's median."
    )
    assumed = [f"  - {sentence}" for sentence in document["assumed_not_explained"]]
    sites = [("brake on", "weight")]
    sites += [(site["braked"], f"{100 * site['weight']:.0f} %") for site in document["sites"]]
    said = [share, _converged(document["posterior"]), "", "Where the labelled metabolites that ship put the brake:"]
    return [
        *aligned(rows),
        *_not_predicted(document["rows"]),
        "",
        *said,
        *aligned(sites),
        "",
        "Assumed, not explained:",
        *assumed,
    ]


def _not_predicted(rows: list[dict[str, Any]]) -> list[str]:
    """Return why rows have no prediction: each reason once, after the rows that it holds for."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row["verdict"] == "not predicted":
            reasons.setdefault(row["reason"], []).append(row["id"])
    said = [f"  - {', '.join(names)}: {reason}" for reason, names in reasons.items()]
    return ["", "Not predicted, and why:", *said] if said else []


def _converged(posterior: dict[str, Any]) -> str:
    r_hat = f"R-hat up to {posterior['worst_r_hat']:.2f} along what the data inform"
    if posterior["converged"]:
        return f"The posterior has converged: {r_hat}."
    return f"The posterior has NOT converged ({r_hat}; 1.05 is asked for): intervals may be too narrow, medians hold."


def _edge(value: float | None) -> str:
    return "open" if value is None else number(value)
