"""Which compounds of a table the mechanism can predict an index for, and what it predicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from adenoscope.core.errors import Problem
from adenoscope.core.protocol import OwnCompound
from adenoscope.core.structure import Structure
from adenoscope.io.assay_table import Candidate
from adenoscope.io.compounds import CompoundRow
from adenoscope.mechanism.compounds import library_compound
from adenoscope.mechanism.own_compounds import row_problems
from adenoscope.mechanism.predicted_index import PredictedIndex, predict_index

NEEDED = ("mitochondria_ic50_um", "nmdar_ki_um")
DEFAULT_LIKE = "ketamine"


def prediction_problems(
    file: str, candidates: Sequence[Candidate], structures: Mapping[str, Structure]
) -> Iterator[Problem]:
    """Yield what is wrong with the constants of compounds that could be predicted."""
    for candidate in candidates:
        own = _own(candidate, structures)
        if own is not None:
            for problem in row_problems([CompoundRow(candidate.row, own)]):
                yield replace(problem, file=file)


def predict_candidates(
    candidates: Sequence[Candidate],
    structures: Mapping[str, Structure],
    n_subjects: int,
    seed: int,
    watch: Callable[[int, int], None],
) -> dict[str, PredictedIndex | str]:
    """Return the predicted index of each compound by name, or why there is none."""
    predicted: dict[str, PredictedIndex | str] = {}
    for done, candidate in enumerate(candidates):
        watch(done, len(candidates))
        predicted[candidate.name] = _prediction(candidate, structures, n_subjects, seed)
    watch(len(candidates), len(candidates))
    return predicted


def _prediction(
    candidate: Candidate, structures: Mapping[str, Structure], n_subjects: int, seed: int
) -> PredictedIndex | str:
    own = _own(candidate, structures)
    if own is not None:
        return predict_index(own.name, own, n_subjects, seed)
    lacking = [name for name in NEEDED if candidate.constant(name) is None]
    known = library_compound(candidate.name)
    if len(lacking) == len(NEEDED) and known is not None and known.mitochondrial_ic50 is not None:
        return predict_index(known.name, None, n_subjects, seed)
    return f"not predicted: {' and '.join(lacking)} not given"


def _own(candidate: Candidate, structures: Mapping[str, Structure]) -> OwnCompound | None:
    """Return a compound as the mechanism takes it, by the table's own constants; None where either is lacking."""
    numbers = {name: candidate.constant(name) for name in NEEDED}
    if None in numbers.values():
        return None
    known, structure = library_compound(candidate.name), structures.get(candidate.name)
    given = [source for _, source in candidate.sources if source]
    return OwnCompound(
        # The table's numbers, not the library's, are to count.
        name=candidate.name if known is None else f"{candidate.name} of the table",
        like=candidate.like or DEFAULT_LIKE,
        source="; ".join(given) or candidate.source or "the table names none",
        molar_mass=candidate.constant("molar_mass") if structure is None else round(structure.molar_mass, 2),
        **numbers,
    )
