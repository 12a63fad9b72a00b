"""``adenoscope hypoxia``: which schedule of intermittent hypoxia engages adenosine for the least burden."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import mended_by_user

if TYPE_CHECKING:
    from adenoscope.studies.hypoxia.answer import HypoxiaAnswer

WIDTH = 110
REPORT = "report.html"


def hypoxia(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="Allowed ranges, objective, limits, cohort.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the results go; default: DESIGN-results.")
    ] = None,
) -> None:
    """Search schedules of intermittent hypoxia that engage A1 and A2A for the least burden, within limits.

    Virtual mice or people breathe each schedule. The answer is a front of engagement against burden, one schedule
    with the probability that a subject breaks a limit, and a table that a chamber or mask is set from. People have an
    envelope of published limits; a schedule outside it is refused (exit code 3), with the limit and by how much.
    Research use only: nothing here is advice to a person.

    Example: adenoscope hypoxia people.toml --out people-hypoxia
    """
    with mended_by_user():
        place = out or design.resolve().with_name(f"{design.stem}-results")
        refuse_unwritable(place, folder=True)
        from adenoscope.cli.progress_bar import progress_bar
        from adenoscope.report.answer_page import write_answer
        from adenoscope.report.hypoxia_page import hypoxia_page
        from adenoscope.studies.design_hypoxia import FILES, design_hypoxia
        from adenoscope.studies.progress import Progress

        with progress_bar() as progress:
            answer = design_hypoxia(design, place, progress)
            progress(Progress("writing", 0, 1, REPORT))
            write_answer(hypoxia_page(answer, design.name), place / REPORT)
        _say(answer)
        for name in (*FILES, REPORT):
            typer.echo(f"{place / name}")


def _say(answer: HypoxiaAnswer) -> None:
    from adenoscope.report.hypoxia_words import findings, override_words

    lines = [*override_words(answer), *findings(answer)]
    for line in lines:
        typer.echo(textwrap.fill(line, WIDTH, subsequent_indent="  "))
    typer.echo()
