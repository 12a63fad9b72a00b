"""Counts of few people are not written out, nor is what would give them away.

A cell of 1 to ``least`` - 1 is suppressed. Where the total of a group of cells is written too, what is suppressed of
it has a known sum: one cell alone would be that sum, and several that are all 1, or all ``least`` - 1, would be told
by it. So the next smallest is suppressed with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LEAST = 5


def shown_counts(counts: Sequence[int], *, least: int = LEAST, with_total: bool = False) -> tuple[int | None, ...]:
    """Return the counts of one group, None for those that are suppressed; 0 tells of nobody and stays.

    ``with_total``: the group's total is written beside them.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < least}
    others = sorted((place for place, count in enumerate(counts) if count >= least), key=lambda place: counts[place])
    if with_total and others and hidden and _told_by_sum([counts[place] for place in hidden], least):
        hidden.add(others[0])
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def _told_by_sum(hidden: Sequence[int], least: int) -> bool:
    """Return whether small cells, all of them known to be such, follow from their sum."""
    return len(hidden) == 1 or sum(hidden) in (len(hidden), len(hidden) * (least - 1))


def shown_cells(cells: Mapping[str, int], *, least: int = LEAST, with_total: bool = False) -> dict[str, int | None]:
    """Return the cells of one group by name, None for those that are suppressed."""
    return dict(zip(cells, shown_counts(list(cells.values()), least=least, with_total=with_total), strict=True))


def count_text(count: int | None) -> str:
    """Return a count as it stands in a table."""
    return "suppressed" if count is None else str(count)
