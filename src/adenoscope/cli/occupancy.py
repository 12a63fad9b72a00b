"""``adenoscope occupancy``: who holds A1 and A2A over time while an antagonist is about."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import SEE_RESULTS, mended_by_user

if TYPE_CHECKING:
    from adenoscope.studies.occupancy.answer import OccupancyAnswer

WIDTH = 110


def occupancy(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="What is given to whom, and when.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the results go; default: DESIGN-results.")
    ] = None,
) -> None:
    """Say how much of A1 and A2A adenosine holds with and without an antagonist over time, and how much that holds.

    In virtual mice or people, by in-vitro and by PET constants side by side, and in people for smokers,
    oral contraceptives, pregnancy and CYP1A2. Writes occupancy.json, occupancy.csv, levels.csv and report.html.

    Example: adenoscope occupancy coffee.toml --out coffee-results
    """
    with mended_by_user():
        place = out or design.resolve().with_name(f"{design.stem}-results")
        refuse_unwritable(place, folder=True)
        # Slow to import, and not needed to say that a folder cannot be written to.
        from adenoscope.cli.progress_bar import progress_bar
        from adenoscope.studies.occupancy.answer import occupancy_over_time
        from adenoscope.studies.occupancy.document import DOCUMENT, LEVELS, SHARES, write_occupancy

        with progress_bar() as progress:
            answer = occupancy_over_time(design, progress=progress)
        write_occupancy(design, place, answer)
        from adenoscope.report.occupancy_page import write_occupancy_page

        write_occupancy_page(answer, place / "report.html")
        _say(design.name, answer)
        typer.echo("\n".join(f"{place / name}" for name in (DOCUMENT, SHARES, LEVELS, "report.html")))
        if answer.failed:
            raise typer.Exit(SEE_RESULTS)


def _say(name: str, answer: OccupancyAnswer) -> None:
    from adenoscope.studies.occupancy.words import findings

    design = answer.design
    finished = design.subjects - len(answer.failed)
    typer.echo(f"{name}: {design.species}, {finished} of {design.subjects} virtual subjects, seed {design.seed}\n")
    for sentence in findings(answer):
        typer.echo(textwrap.fill(sentence, WIDTH, initial_indent="  - ", subsequent_indent="    "))
    typer.echo(f"\n{100 * answer.unverified_share:.0f} % of the constants used are unverified. Outside validity:")
    for reason in answer.outside_validity:
        typer.echo(textwrap.fill(reason, WIDTH, initial_indent="  - ", subsequent_indent="    "))
    typer.echo()
