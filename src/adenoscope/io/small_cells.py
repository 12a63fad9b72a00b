"""Counts of few people are not written out, nor is what would give them away.

A cell of 1 to ``least`` - 1 is suppressed. Where a group of cells has one such cell and its total is written too, the
cell would be total minus the rest; so the next smallest is suppressed with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LEAST = 5


def shown_counts(counts: Sequence[int], *, least: int = LEAST, with_total: bool = False) -> tuple[int | None, ...]:
    """Return the counts of one group, None for those that are suppressed; 0 tells of nobody and stays.

    ``with_total``: the group's total is written beside them.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < least}
    if with_total and len(hidden) == 1:
        others = [place for place, count in enumerate(counts) if count and place not in hidden]
        hidden |= {min(others, key=lambda place: counts[place])} if others else set()
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def shown_cells(cells: Mapping[str, int], *, least: int = LEAST, with_total: bool = False) -> dict[str, int | None]:
    """Return the cells of one group by name, None for those that are suppressed."""
    return dict(zip(cells, shown_counts(list(cells.values()), least=least, with_total=with_total), strict=True))


def count_text(count: int | None) -> str:
    """Return a count as it stands in a table."""
    return "suppressed" if count is None else str(count)
