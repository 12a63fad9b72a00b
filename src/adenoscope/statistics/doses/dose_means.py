"""What of a dose-response's readings can enter a fit: doses with enough animals, and their means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.doses.cell_means import CellMeans, cell_means, group_patterns

FEWEST_ANIMALS = 3
FEWEST_DOSES = 3
DOSES_TO_FREE_HILL = 4

Readings = Sequence[tuple[str, float, float]]


@dataclass(frozen=True, eq=False)
class DoseMeans:
    """Doses, shape (dose,), ascending from 0, the means there, and the readings that entered them."""

    doses: Samples
    cells: CellMeans
    readings: Readings

    @property
    def frees_hill(self) -> bool:
        """Return whether the doses are enough to fit the steepness."""
        return int(np.count_nonzero(self.doses)) >= DOSES_TO_FREE_HILL

    @property
    def repeats(self) -> bool:
        """Return whether some animal was read at several doses."""
        return len({(animal, dose) for animal, dose, _ in self.readings}) > len({r[0] for r in self.readings})


def dose_means(readings: Readings) -> tuple[DoseMeans | None, tuple[str, ...]]:
    """Return the means to fit, None where they would not do, and sentences about what was left out or missing.

    Valid: vehicle is dose 0; values are finite.
    Source: none; it counts animals.
    """
    animals: dict[float, set[str]] = {}
    for animal, dose, _ in readings:
        animals.setdefault(dose, set()).add(animal)
    few = [dose for dose in sorted(animals) if len(animals[dose]) < FEWEST_ANIMALS]
    doses = [dose for dose in sorted(animals) if dose not in few]
    notes = (f"Doses with fewer than {FEWEST_ANIMALS} animals left out: {_listed(few)}.",) if few else ()
    if 0.0 not in doses:
        return None, (f"A curve needs vehicle, dose 0, in at least {FEWEST_ANIMALS} animals.", *notes)
    if len(doses) - 1 < FEWEST_DOSES:
        found = f"there {'is' if len(doses) == 2 else 'are'} {len(doses) - 1}"
        need = (
            f"A curve needs at least {FEWEST_DOSES} doses besides vehicle, each in {FEWEST_ANIMALS} animals; {found}."
        )
        return None, (need, *notes)
    kept = [reading for reading in readings if reading[1] in doses]
    cells = pool(kept, [doses.index(dose) for _, dose, _ in kept], len(doses))
    if cells is None:
        return None, ("At some dose the animals do not differ at all, so a spread cannot be judged.", *notes)
    return DoseMeans(np.array(doses), cells, kept), notes


def pool(readings: Readings, cells: Sequence[int], n_cells: int) -> CellMeans | None:
    """Return the means of readings in numbered cells; None where animals do not differ at all.

    Valid: as ``cell_means``.
    Source: as ``cell_means``.
    """
    return cell_means(group_patterns([r[0] for r in readings], cells, [r[2] for r in readings]), n_cells)


def _listed(doses: Sequence[float]) -> str:
    return ", ".join(f"{dose:g}" for dose in doses)
