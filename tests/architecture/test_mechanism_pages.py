"""Every piece of biology has a page: its equations, their sources, where they hold, what would refute them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "mechanism"
PIECES = sorted((ROOT / "src" / "adenoscope" / "mechanism" / "biology").glob("*.ant"))
OF_NO_PIECE = {"README", "calibration"}
SECTIONS = ({"Equations"}, {"Sources", "Where the numbers come from"}, {"Valid"}, {"What would refute it"})
LEFT_SIDE = re.compile(r"\b([A-Za-z_]\w*)\s*(?:'\s*=|:=|=)")
WORD = re.compile(r"(?:<\w+>|\w|₀)+")

every_piece = pytest.mark.parametrize("piece", PIECES, ids=lambda path: path.stem)


def page(piece: Path) -> str:
    return (PAGES / f"{piece.stem}.md").read_text(encoding="utf-8")


@every_piece
def test_a_piece_has_a_page_with_the_four_sections(piece: Path) -> None:
    headings = set(re.findall(r"^## (.+)$", page(piece), flags=re.MULTILINE))
    missing = [" or ".join(sorted(names)) for names in SECTIONS if not names & headings]
    assert not missing, f"docs/mechanism/{piece.stem}.md lacks: {missing}"


@every_piece
def test_every_equation_of_a_piece_is_found_on_its_page(piece: Path) -> None:
    """A page may write ``x₀`` for ``x_rest``, and ``<compound>_brain`` for what every compound has."""
    equations = re.sub(r"//.*", "", piece.read_text(encoding="utf-8"))
    words = {re.sub(r"<\w+>", r"\\w+", word.replace("₀", "_rest")) for word in WORD.findall(page(piece))}
    patterns = re.compile("|".join(sorted(words)))
    missing = sorted({name for name in LEFT_SIDE.findall(equations) if not patterns.fullmatch(name)})
    assert not missing, f"docs/mechanism/{piece.stem}.md has no equation for: {missing}"


def test_every_page_is_of_a_piece() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} - OF_NO_PIECE == {path.stem for path in PIECES}


def test_the_index_links_to_every_page_and_shows_the_diagram() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert "(../figures/mechanism.svg)" in index
    assert {path.name for path in PAGES.glob("*.md")} - {"README.md"} <= set(re.findall(r"\]\((\w+\.md)\)", index))
