"""``adenoscope power``: how many animals an experiment needs, before it is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.problems import mended_by_user

if TYPE_CHECKING:
    from adenoscope.studies.plan_study import PlannedReadout


def power(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="A study.toml with [[plan]] tables.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where power.json and power.svg go; default: nowhere.")
    ] = None,
) -> None:
    """Say how many animals would tell an effect, an interaction and an equivalence, before the experiment.

    A [[plan]] table of study.toml says what is expected of a readout: its effect, the spread sd between
    animals (or of an animal's own effect, with design = "paired" or "crossed"), and the margin, which is
    otherwise taken from [equivalence_margin]. Studies of growing size are simulated and judged as real ones are.

    Example: adenoscope power ketamine-study/study.toml --out plan
    """
    with mended_by_user():
        if out is not None:
            refuse_unwritable(out, folder=True)
        from adenoscope.cli.progress_bar import progress_bar
        from adenoscope.studies.plan_study import plan_study, write_plan

        with progress_bar() as progress:
            planned = plan_study(study, progress=progress)
        for item in planned:
            _say(item)
        if out is not None:
            from adenoscope.core.atomic import write_text
            from adenoscope.report.power_figure import power_figure
            from adenoscope.report.svg import standalone_svg

            typer.echo(f"{write_plan(out, planned)}")
            write_text(out / "power.svg", standalone_svg(power_figure(planned)))
            typer.echo(f"{out / 'power.svg'}")


def _say(item: PlannedReadout) -> None:
    plan = item.plan
    unit = f" {plan.unit}" if plan.unit else ""
    margin = (
        "half of the effect that will be seen: it depends on the data"
        if plan.margin is None
        else f"{plan.margin:g}{unit}"
    )
    typer.echo(f"{plan.readout}: effect {plan.effect:g}{unit}, sd {plan.sd:g}{unit}, margin {margin}; {plan.design}")
    for need in item.needs:
        if need.n is None:
            typer.echo(f"  {need.question}: more animals than were tried (400 in each group)")
            continue
        line = f"  {need.question}: {need.n} in each group, {need.total} in all"
        if plan.attrition:
            line += f", {need.start_with} to start with"
        typer.echo(line)
    typer.echo(f"  with a chance of {100 * plan.power:g} %, spreads and sizes being as expected")
