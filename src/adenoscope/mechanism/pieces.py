"""The pieces of biology, and how they become one model.

A piece is a text of Antimony statements in ``biology``, with equations and no numbers, and a file of constants in
``values`` under the same name. Pieces share one set of names; what one piece computes another uses. Mouse and human
share the texts and differ in values. The texts, joined, are the model: SBML is exported from them, never edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

from adenoscope.core.parameter import Parameter, load_values

Species = Literal["mouse", "human"]
PIECES = (
    *("pharmacokinetics", "oxygen", "seizure", "energy", "purines", "sensor"),
    *("receptors", "nmdar", "plasticity", "behaviour"),
)
LIBRARY = "compounds"  # affinities: constants of several pieces, equations of none


@cache
def constants(piece: str, species: Species) -> Mapping[str, Parameter]:
    """Return a piece's constants by name: those of both species, and those of one."""
    tables = load_values(piece)
    return {**tables.get("both", {}), **tables.get(species, {})}


def piece_text(piece: str) -> str:
    """Return a piece's equations."""
    return (files("adenoscope") / "mechanism" / "biology" / f"{piece}.ant").read_text(encoding="utf-8")


def compose(species: Species, pieces: Sequence[str] = PIECES, given: Mapping[str, float] | None = None) -> str:
    """Return the model of a species as one Antimony text.

    ``given``: values for names that no piece in ``pieces`` computes or has a constant for.
    """
    lines = [f"model adenoscope_{species}()"]
    for piece in pieces:
        lines += [f"  // ---- {piece} ----", piece_text(piece).rstrip()]
        lines += [f"  {name} = {value.value!r};" for name, value in constants(piece, species).items()]
    if set(pieces) > {"receptors", "nmdar"}:
        affinities = {name: value for name, value in constants(LIBRARY, species).items() if "_ki_" in name}
        lines += [f"  {name} = {value.value!r};" for name, value in affinities.items()]
    lines += [f"  {name} = {value!r};" for name, value in (given or {}).items()]
    return "\n".join([*lines, "end"]) + "\n"
