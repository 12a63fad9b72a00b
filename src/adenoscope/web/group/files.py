"""The files that the group view gives away, by the name of the plot on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from starlette.exceptions import HTTPException

from adenoscope.core.contrast import Contrast
from adenoscope.core.result import StudyResult
from adenoscope.web.exports import FigureKind, table
from adenoscope.web.group.dots import rows_of_plots
from adenoscope.web.group.tables import Columns, animals_table, contrasts_table, doses_table, verdicts_table

Item = TypeVar("Item")
Drawing = Literal["draw_verdict", "draw_contrasts", "draw_dose", "draw_matrix"]


@dataclass(frozen=True)
class Plot:
    """What a plot can be saved as.

    ``words`` are for its file's name, ``columns`` its data; the function ``drawing`` of `drawn` draws ``what``.
    """

    words: tuple[str, ...]
    columns: Columns
    drawing: Drawing | None
    what: object = None

    @property
    def csv(self) -> str:
        """Return the data as text."""
        return table(self.columns)


def draw_plot(drawing: Drawing, what: object, kind: FigureKind, *, synthetic: bool) -> bytes | None:
    """Return a figure as a file; runs in the process of science, for what draws loads matplotlib."""
    from adenoscope.web.group import drawn

    draw: Callable[..., bytes | None] = getattr(drawn, drawing)
    return draw(what, kind, synthetic=synthetic)


def plot_of(result: StudyResult, key: str) -> Plot:
    """Return the plot that a page calls ``key``: "verdict-1", "readout-2-1", "dose-1", "matrix" or "contrasts".

    Raises:
        HTTPException: 404, the page has no such plot.
    """
    kind, *numbers = key.split("-")
    if key == "matrix" and result.verdicts:
        return Plot(("verdicts",), verdicts_table(result.verdicts), "draw_matrix", result.verdicts)
    if key == "contrasts":
        return Plot(("contrasts",), contrasts_table(result.contrasts), None)
    if kind == "verdict":
        verdict = _numbered(result.verdicts, numbers)
        effects = [one for one in (verdict.reference, verdict.residual) if one is not None]
        words = ("verdict", verdict.manipulation, verdict.effect.treatment, verdict.readout)
        return Plot(words, animals_table(effects), "draw_verdict", verdict)
    if kind == "readout":
        contrasts = _row(result, numbers)
        return Plot((contrasts[0].readout,), animals_table(contrasts), "draw_contrasts", contrasts)
    if kind == "dose":
        response = _numbered(result.doses, numbers)
        return Plot(("doses", response.treatment, response.readout), doses_table(response), "draw_dose", response)
    raise _absent()


def _row(result: StudyResult, numbers: Sequence[str]) -> tuple[Contrast, ...]:
    rows = _numbered(tuple(rows_of_plots(result)), numbers[:1])
    return tuple(_numbered(rows, numbers[1:]))


def _numbered(items: Sequence[Item], numbers: Sequence[str]) -> Item:
    """Return the item that one number from a browser, counted from 1, stands for."""
    if len(numbers) != 1 or not (numbers[0].isascii() and numbers[0].isdecimal() and len(numbers[0]) < 6):
        raise _absent()
    index = int(numbers[0]) - 1
    if not 0 <= index < len(items):
        raise _absent()
    return items[index]


def _absent() -> HTTPException:
    return HTTPException(404, "the page has no such plot")
