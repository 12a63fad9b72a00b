"""What ``adenoscope mechanism show`` prints: the pieces and what they take, flux at rest, constants."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from adenoscope.cli.simulation import aligned, number

if TYPE_CHECKING:
    from adenoscope.core.parameter import Parameter
    from adenoscope.studies.show_mechanism import Mechanism

UNBROKEN = "\N{NO-BREAK SPACE}"


def mechanism_lines(shown: Mechanism, piece: str, width: int | None) -> list[str]:
    """Return the mechanism in lines: the diagram folded at ``width``, tables not; constants of one piece, or all."""
    return [*_headline(shown, width), "", *_takes(shown, width), *_overview(shown), *_constants(shown, piece)]


def _headline(shown: Mechanism, width: int | None) -> list[str]:
    n_states, n_constants = sum(shown.states.values()), sum(len(own) for own in shown.constants.values())
    share = (
        f"{100 * shown.unverified_share:.0f} % of the model's constants are unverified: assumed, fitted or remembered"
    )
    said = f"The mechanism of a {shown.species}: {n_states} states, {n_constants} constants; {share}."
    return textwrap.wrap(said, width or sys.maxsize)


def _takes(shown: Mechanism, width: int | None) -> list[str]:
    """Return a line for each piece, folded at ``width``: what it takes from which other, found in the equations."""
    from adenoscope.mechanism.links import few

    lines: list[str] = []
    longest = max(len(piece) for piece in shown.states)
    for piece in shown.states:
        taken = [f"{link.giver}: {', '.join(few(link.names))}" for link in shown.links if link.taker == piece]
        start = f"{piece:<{longest}}  <-  "
        # What comes from one piece stays on one line.
        whole = f"{UNBROKEN}· ".join(item.replace(" ", UNBROKEN) for item in taken) or "nothing"
        folded = textwrap.wrap(whole, max((width or sys.maxsize) - len(start), longest))
        starts = [start, *[" " * len(start)] * (len(folded) - 1)]
        lines += [f"{before}{line.replace(UNBROKEN, ' ')}" for before, line in zip(starts, folded, strict=True)]
    return lines


def _overview(shown: Mechanism) -> list[str]:
    pieces = [("piece", "states", "constants")]
    pieces += [(name, str(shown.states.get(name, 0)), str(len(own))) for name, own in shown.constants.items()]
    fluxes = [("flux", "at rest", "unit", "piece")]
    fluxes += [(flux.name, number(flux.value), flux.unit, flux.piece) for flux in shown.fluxes]
    return ["", *aligned(pieces), "", *aligned(fluxes)]


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
