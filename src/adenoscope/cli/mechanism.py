"""``adenoscope mechanism``: what the model consists of, and the model for other programs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from adenoscope.cli.calibration import fit, profile
from adenoscope.cli.mechanism_lines import mechanism_lines
from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import mended_by_user

mechanism = typer.Typer(no_args_is_help=True, help="The mechanism: what it consists of, what it fails, and as SBML.")

SpeciesOption = Annotated[Literal["mouse", "human"], typer.Option(help="Whose constants.")]

mechanism.command()(fit)
mechanism.command()(profile)


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

    Without a file: those that ship, the ones that the model was fitted to and the ones that it was not.

    Example: adenoscope mechanism check --observations facts.csv --out checked
    """
    with mended_by_user():
        from adenoscope.cli.check_lines import check_lines
        from adenoscope.studies.check_mechanism import check_document, check_mechanism

        if out is not None:
            refuse_unwritable(out, folder=True)
        judgements = check_mechanism(observations)
        document = check_document(judgements)
        for line in check_lines(document):
            typer.echo(typer.style(line, fg="red") if "OUTSIDE" in line else line)
        if out is not None:
            from adenoscope.core.atomic import write_json, write_text
            from adenoscope.report.refutation import refutation_figure
            from adenoscope.report.svg import standalone_svg

            write_text(out / "check.svg", standalone_svg(refutation_figure(judgements)))
            write_json(out / "check.json", document)
            typer.echo(f"\n{out / 'check.svg'}")


def _calibration(folder: Path) -> list[str]:
    from adenoscope.studies.export_calibration import export_calibration

    written = export_calibration(folder)
    left = [f"left out: {name}: {reason}" for name, reason in written.left_out.items()]
    counts = f"{len(written.rows)} observations, {written.target.size} constants; README.md says how to read it"
    return [f"{folder / f'{written.problem.name}.yaml'}: {counts}", *left]
