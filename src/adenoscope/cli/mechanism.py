"""``adenoscope mechanism``: what the model consists of, and the model for other programs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from adenoscope.cli.problems import mended_by_user
from adenoscope.cli.simulation import aligned, number, refuse_unwritable

if TYPE_CHECKING:
    from adenoscope.core.parameter import Parameter
    from adenoscope.studies.show_mechanism import Mechanism

mechanism = typer.Typer(no_args_is_help=True, help="The mechanism: what it consists of, and as SBML.")

SpeciesOption = Annotated[Literal["mouse", "human"], typer.Option(help="Whose constants.")]


@mechanism.command()
def show(
    species: SpeciesOption = "mouse",
    piece: Annotated[str, typer.Option(metavar="NAME", help="Constants of one piece only.")] = "",
) -> None:
    """Print the pieces, what flows at rest, and every constant with its range, unit and source.

    Sources are cut to the width of a terminal, and whole in a pipe.

    Example: adenoscope mechanism show --species human --piece purines
    """
    with mended_by_user():
        from adenoscope.studies.show_mechanism import show_mechanism

        shown = show_mechanism(species)
        if piece and piece not in shown.constants:
            raise typer.BadParameter(f"one of {', '.join(shown.constants)}", param_hint="--piece")
        lines = [*_overview(shown), *_constants(shown, piece)]
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for line in lines:
            typer.echo(line[:width])


@mechanism.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xml", help="Where the model goes.")],
    species: SpeciesOption = "mouse",
) -> None:
    """Write the whole mechanism as SBML Level 3, for any simulator.

    Example: adenoscope mechanism export mouse.xml --species mouse
    """
    with mended_by_user():
        from adenoscope.studies.show_mechanism import export_mechanism

        refuse_unwritable(file, folder=False)
        export_mechanism(species, file)
        typer.echo(f"{file}")


def _overview(shown: Mechanism) -> list[str]:
    n_states, n_constants = sum(shown.states.values()), sum(len(own) for own in shown.constants.values())
    pieces = [("piece", "states", "constants")]
    pieces += [(name, str(shown.states.get(name, 0)), str(len(own))) for name, own in shown.constants.items()]
    fluxes = [("flux", "at rest", "unit", "piece")]
    fluxes += [(flux.name, number(flux.value), flux.unit, flux.piece) for flux in shown.fluxes]
    share = (
        f"{100 * shown.unverified_share:.0f} % of the model's constants are unverified: assumed, fitted or remembered"
    )
    head = f"The mechanism of a {shown.species}: {n_states} states, {n_constants} constants; {share}."
    return [head, "", *aligned(pieces), "", *aligned(fluxes)]


def _constants(shown: Mechanism, piece: str) -> list[str]:
    rows = [("constant", "value", "95 % range", "unit", "verified", "source")]
    for name, own in shown.constants.items():
        if piece in ("", name):
            rows += [_row(constant, value) for constant, value in own.items()]
    return ["", *aligned(rows)]


def _row(name: str, value: Parameter) -> tuple[str, ...]:
    span = "fixed" if value.low == value.high else f"{number(value.low)} to {number(value.high)}"
    unit = "" if value.unit == "1" else value.unit
    return (name, number(value.value), span, unit, "yes" if value.verified else "no", value.source)
