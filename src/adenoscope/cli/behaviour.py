"""``adenoscope behaviour``: exports of tracking and scoring programs become behaviour.csv."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import mended_by_user

if TYPE_CHECKING:
    from adenoscope.io.scoring_toml import Scoring
    from adenoscope.studies.import_behaviour import Imported


def behaviour(
    scoring: Annotated[Path, typer.Argument(metavar="SCORING.toml", help="Which exports, and how they are scored.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Where the rows go; default: behaviour.csv beside it.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the rows of these assays in a file that exists; others stay.")
    ] = False,
) -> None:
    """Score EthoVision, ANY-maze, BORIS, DeepLabCut or intake tables, and write the rows of behaviour.csv.

    Example: adenoscope behaviour scoring.toml --out ketamine-study/behaviour.csv
    """
    with mended_by_user():
        from adenoscope.studies.import_behaviour import FILE, import_behaviour

        refuse_unwritable(out or scoring.parent / FILE, folder=False)
        _say(import_behaviour(scoring, out, force=force))


def _say(imported: Imported) -> None:
    for scoring in imported.scorings:
        values = [row.value for row in imported.rows if row.assay == scoring.name]
        span = f"{min(values):.4g} to {max(values):.4g} {scoring.unit}" if values else "none scored"
        count = "1 row" if len(values) == 1 else f"{len(values)} rows"
        typer.echo(f"{scoring.name}: {count}, {span} ({_rule(scoring)})")
    for row in imported.excluded:
        typer.echo(f"  excluded {row.behaviour.animal} ({row.recording}): {row.exclude}")
    typer.echo(f"{imported.file}")


def _rule(scoring: Scoring) -> str:
    """Return by what rule an assay was scored, in a few words."""
    parts = [f"{scoring.score} of {scoring.behaviour}" if scoring.behaviour else scoring.score]
    if scoring.measure:
        parts.append(f'"{scoring.measure}"')
    if scoring.speed_below_cm_per_s is not None:
        parts.append(f"below {scoring.speed_below_cm_per_s:g} cm/s")
    if scoring.at_least_s is not None:
        parts.append(f"bouts of {scoring.at_least_s:g} s or longer")
    window = scoring.window_s
    parts.append(f"{window[0]:g} to {window[1]:g} s" if window else "the whole test")
    return ", ".join(parts)
