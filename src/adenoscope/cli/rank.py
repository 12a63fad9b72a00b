"""``adenoscope rank``: compounds by how far apart effect and side effect are, from structures and assays given."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import mended_by_user

if TYPE_CHECKING:
    from adenoscope.studies.rank_compounds import RankingAnswer

WIDTH = 110
HEADER: tuple[str, ...] = ("", "compound", "index", "better than the reference", "domain")


def rank(
    compounds: Annotated[
        Path, typer.Argument(metavar="COMPOUNDS.csv", help="Structures with source and assay rows.")
    ],
    reference: Annotated[
        str, typer.Option(metavar="NAME", help="The compound to be better than; default: ketamine.")
    ] = "",
    effect: Annotated[
        str, typer.Option(metavar="ASSAY", help="The effect assay, where compounds have several.")
    ] = "",
    side_effect: Annotated[
        str, typer.Option(metavar="ASSAY", help="The side-effect assay, where compounds have several.")
    ] = "",
    effect_weight: Annotated[
        float, typer.Option(metavar="W", help="What potency in the effect counts, 0 or more.")
    ] = 1.0,
    side_effect_weight: Annotated[
        float, typer.Option(metavar="W", help="What distance to the side effect counts, 0 or more.")
    ] = 1.0,
    subjects: Annotated[
        int, typer.Option(metavar="N", min=8, max=2000, help="Virtual mice behind the mechanism's predictions.")
    ] = 64,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Of the draws.")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the results go; default: COMPOUNDS-results.")
    ] = None,
) -> None:
    """Rank compounds that exist by their therapeutic index, each with its interval, and say what to measure next.

    A structure without a source or without assay data is listed and not ranked. Nothing is generated. Needs the
    extra `chem`.

    Example: adenoscope rank compounds.csv --reference ketamine --out ranking
    """
    with mended_by_user():
        place = out or compounds.resolve().with_name(f"{compounds.stem}-results")
        refuse_unwritable(place, folder=True)
        from adenoscope.cli.progress_bar import progress_bar
        from adenoscope.studies.rank_compounds import Question, rank_compounds
        from adenoscope.studies.ranking_files import write_ranking

        question = Question(reference, effect, side_effect, effect_weight, side_effect_weight, subjects, seed)
        with progress_bar() as progress:
            answer = rank_compounds(compounds, question, progress=progress)
        # Draws structures, so it comes after what says that RDKit is not installed.
        from adenoscope.report.ranking_page import write_ranking_page

        written = (*write_ranking(place, answer), write_ranking_page(answer, place))
        _say(answer)
        for path in written:
            typer.echo(path)


def _say(answer: RankingAnswer) -> None:
    from adenoscope.cli.simulation import aligned
    from adenoscope.report.ranking_words import chance, findings, index_words

    reference = answer.ranking.reference
    rows = [HEADER]
    for place, item in enumerate(answer.ranking.compounds, start=1):
        near = answer.facts[item.compound].of_panel
        better = "is the reference" if item.compound == reference else chance(item.p_better)
        rows.append((f"{place}.", item.compound, index_words(item), better, "" if near is None else near.standing))
    for line in aligned(rows):
        typer.echo(line)
    typer.echo()
    for sentence in findings(answer):
        typer.echo(textwrap.fill(sentence, WIDTH, subsequent_indent="  "))
    typer.echo()
