"""The order in which a sparse matrix is factorised without pivoting, and every operation of it, found once.

Source: Markowitz (1957), doi:10.1287/mnsc.3.3.255; Duff, Erisman & Reid (2017), Direct Methods for Sparse Matrices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[int, int]


@dataclass(frozen=True)
class Factorisation:
    """``order``: pivots along the diagonal. ``filled``: the places of L and U, in rows, sorted.

    ``below[n]`` and ``right[n]``: the rows and columns, still to be eliminated, that meet the n-th pivot's column
    and row. The reciprocal of each pivot is kept on the diagonal; below it stand L's factors, right of it U.
    """

    order: tuple[int, ...]
    below: tuple[tuple[int, ...], ...]
    right: tuple[tuple[int, ...], ...]
    filled: tuple[Place, ...]


def factorise(size: int, places: Iterable[Place]) -> Factorisation:
    """Return the order of pivots that fills in little, by Markowitz's rule on the diagonal."""
    rows: list[set[int]] = [{i} for i in range(size)]
    columns: list[set[int]] = [{i} for i in range(size)]
    for i, j in places:
        rows[i].add(j)
        columns[j].add(i)
    filled = {(i, j) for i in range(size) for j in rows[i]}
    left = set(range(size))
    order: list[int] = []
    below: list[tuple[int, ...]] = []
    right: list[tuple[int, ...]] = []
    while left:
        pivot = min(sorted(left), key=lambda k: (len(rows[k]) - 1) * (len(columns[k]) - 1))
        order.append(pivot)
        left.discard(pivot)
        for i in columns[pivot]:
            rows[i].discard(pivot)
        for j in rows[pivot]:
            columns[j].discard(pivot)
        below.append(tuple(sorted(columns[pivot] - {pivot})))
        right.append(tuple(sorted(rows[pivot])))
        for i in below[-1]:
            new = rows[pivot] - rows[i]
            rows[i] |= new
            for j in new:
                columns[j].add(i)
            filled |= {(i, j) for j in new}
    return Factorisation(tuple(order), tuple(below), tuple(right), tuple(sorted(filled)))
