"""The structures of a table of compounds: read, held against the masses given, and against one another."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import combinations
from types import ModuleType

from adenoscope.core.errors import Problem, input_error
from adenoscope.core.structure import Structure
from adenoscope.io.assay_table import Candidate

KNOWN = "known_structures.csv"
MASS_TOLERANCE = 0.1  # g/mol: sources round, and isotopic averages were revised in the second decimal


def read_structures(file: str, candidates: Sequence[Candidate], problems: list[Problem]) -> dict[str, Structure]:
    """Return the standard structure of each compound that has one, adding to ``problems`` what cannot be read.

    Raises:
        InputError: RDKit is not installed.
    """
    molecule = _molecule()
    found: dict[str, Structure] = {}
    for candidate in candidates:
        if not candidate.smiles:
            continue
        answer = molecule.read_structure(candidate.smiles)
        if not isinstance(answer, Structure):
            where = (candidate.smiles_row, "smiles")
            words = f"{candidate.name}: {answer.found}"
            problems.append(Problem(file, words, answer.allowed, answer.remedy, *where))
            continue
        found[candidate.name] = answer
        problems += _mass_problems(file, candidate, answer)
    return found


@cache
def known_structures() -> Mapping[str, Structure]:
    """Return the compounds whose effect on mitochondria and NMDA receptors the mechanism was built on."""
    text = (files("adenoscope") / "values" / KNOWN).read_text(encoding="utf-8")
    read = _molecule().read_structure
    return {row["compound"]: read(row["smiles"]) for row in csv.DictReader(text.splitlines())}


def relations(structures: Mapping[str, Structure]) -> Mapping[str, tuple[str, ...]]:
    """Return what each structure has to do with others of the table, in sentences."""
    said: dict[str, list[str]] = {name: [] for name in structures}
    for one, other in combinations(structures, 2):
        words = _relation(structures[one], structures[other])
        if words:
            said[one].append(words.format(other))
            said[other].append(words.format(one))
    return {name: tuple(words) for name, words in said.items()}


def _molecule() -> ModuleType:
    try:
        from adenoscope.io.structures import molecule
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "rdkit":
            raise
        raise input_error(
            "adenoscope rank",
            found="RDKit is not installed, which reads chemical structures",
            allowed="an installation with the extra `chem`",
            remedy="install adenoscope[chem]",
        ) from None
    return molecule


def _mass_problems(file: str, candidate: Candidate, structure: Structure) -> Iterator[Problem]:
    given = candidate.constant("molar_mass")
    if given is None or abs(given - structure.molar_mass) <= MASS_TOLERANCE:
        return
    found = f"{candidate.name}: {given:g} g/mol for {structure.formula}"
    remedy = "correct it, or the structure; an empty cell takes the structure's"
    if structure.stripped and abs(given - structure.mass_as_given) <= MASS_TOLERANCE:
        found += f", which is that with {', '.join(structure.stripped)}"
        remedy = "write that of the free base, and doses as of the free base"
    yield Problem(file, found, f"{structure.molar_mass:.2f} g/mol", remedy, candidate.row, "molar_mass")


def _relation(one: Structure, other: Structure) -> str:
    if one.inchikey == other.inchikey:
        return "the same structure as {}: is it the same compound?"
    if one.connectivity == other.connectivity:
        return "another stereoisomer of {}, or a mixture that holds it"
    if one.tautomer_key == other.tautomer_key:
        return "differs from {} in where hydrogens sit alone (a tautomer)"
    return ""
