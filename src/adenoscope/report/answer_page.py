"""The page of an answer to a question of design: findings, then figures, each with its numbers as a table beside it.

A page is one HTML file that needs nothing else. What a reader must not miss, such as a limit that was set aside, is a
notice: it stays in sight on a screen and heads every sheet of paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from matplotlib.figure import Figure

from adenoscope.core.atomic import write_text
from adenoscope.report.html import templates
from adenoscope.report.svg import inline_svg

RESEARCH_USE = "Research use only: distributions over virtual subjects or animals, no advice to any person."


@dataclass(frozen=True)
class Table:
    """Rows of text under a header; the first column names the row, the others are read as numbers or words."""

    header: tuple[str, ...]
    rows: tuple[tuple[str | Markup, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Exhibit:
    """A figure, what it shows in words for those who hear it, and its numbers as a table."""

    anchor: str
    figure: Figure
    alt: str
    caption: str
    table: Table

    @property
    def drawing(self) -> Markup:
        return inline_svg(self.figure, name=self.anchor, alt=self.alt)


@dataclass(frozen=True)
class Section:
    """A part of the page that the contents list names."""

    anchor: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class AnswerPage:
    """Everything that one page shows. ``kind``: what sort of answer it is; ``notices``: what must not be missed."""

    title: str
    kind: str
    byline: str
    notices: tuple[str, ...]
    findings: tuple[str, ...]
    sections: tuple[Section, ...]


def write_answer(page: AnswerPage, path: Path) -> None:
    """Write a page to ``path``, whole or not at all, the same bytes every time."""
    write_text(path, render_answer(page))


def render_answer(page: AnswerPage) -> str:
    """Return a page as HTML text."""
    return templates().get_template("answer.html").render(page=page, research_use=RESEARCH_USE)
