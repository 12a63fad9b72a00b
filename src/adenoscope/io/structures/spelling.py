"""SMILES as text: the character at which each atom stands, and the first thing that is wrong with the spelling.

Grammar: Weininger (1988), doi:10.1021/ci00057a005, as written down by OpenSMILES.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<bracket>\[[^\[\]]*\])|(?P<atom>Br|Cl|[BCNOSPFI]|[bcnosp])|(?P<bond>[-=#$:/\\])|(?P<ring>%\d\d|\d)"
    r"|(?P<opening>\()|(?P<closing>\))|(?P<dot>\.)"
)
_BRACKET = re.compile(
    r"\[\d{0,3}(?P<symbol>[A-Z][a-z]?|b|c|n|o|p|s|se|as|te)(@{0,2}|@[A-Z]{2}\d+)(H\d?)?"
    r"(\++|-+|[+-]\d{1,2})?(:\d+)?\]"
)
_ELEMENTS = re.findall(
    r"\w+",
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb "
    "Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au "
    "Hg Tl Pb Bi b c n o p s se as te",
)
ONE = "one whole structure as SMILES, such as CNC1(CCCCC1=O)c1ccccc1Cl"
COPY = "copy it again from its source"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a structure, what is allowed, and what to do; as a Problem, without its place in a file."""

    found: str
    allowed: str
    remedy: str


@dataclass
class _Reading:
    """How far a SMILES has been read: where atoms stand, what is bonded, and what is still open."""

    places: list[int] = field(default_factory=list[int])
    bonds: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    branches: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    rings: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    last: int | None = None
    bond: int | None = None
    kind: str = ""


def look_over(smiles: str) -> tuple[int, ...] | Fault:
    """Return the character, counted from 1, at which each atom stands, in order; or the first fault."""
    fault = _no_smiles(smiles)
    reading, place = _Reading(), 0
    while fault is None and place < len(smiles):
        match = _TOKEN.match(smiles, place)
        if match is None:
            fault = _stray(smiles, place)
            break
        kind = str(match.lastgroup)
        fault = _STEPS[kind](reading, match.group(), place + 1)
        reading.kind, place = kind, match.end()
    return fault or _left_open(reading) or tuple(reading.places)


def _no_smiles(smiles: str) -> Fault | None:
    if smiles.startswith("InChI="):
        return Fault("an InChI", ONE, "write it as SMILES")
    if ">" in smiles:
        return Fault("a reaction", ONE, "write the structure of the compound alone")
    if re.fullmatch(r"[A-Z]{14}-[A-Z]{10}-[A-Z]", smiles):
        return Fault("an InChIKey, from which no structure can be made", ONE, "write it as SMILES")
    if re.search(r"\s", smiles):
        place = next(number for number, letter in enumerate(smiles, start=1) if letter.isspace())
        return Fault(f"a blank at character {place}", ONE, "move names and notes into columns of their own")
    return None


def _stray(smiles: str, place: int) -> Fault:
    letter = smiles[place]
    if letter == "*":
        return Fault(f'an open place "*" at character {place + 1}', ONE, "write the atoms that stand there")
    if letter in "[]":
        found = f'"{letter}" at character {place + 1} without its partner'
        return Fault(found, "brackets in pairs, around one atom each", COPY)
    if not letter.isascii():
        found = f'"{letter}" ({unicodedata.name(letter, "a sign").lower()}) at character {place + 1}'
        return Fault(found, "Latin letters, digits and signs of SMILES", "type it again on a plain keyboard")
    if re.fullmatch(r"[A-Za-z][A-Za-z -]{3,}", smiles) and set(smiles.lower()) - set("bcnopsfilr"):
        return Fault("what seems to be a name", ONE, "look its SMILES up, and name where you found it in `source`")
    found = f'"{letter}" at character {place + 1}, which is no atom, bond or ring of SMILES'
    return Fault(found, ONE, "put elements other than B, C, N, O, P, S, F, Cl, Br and I into brackets, as [Na+]")


def _atom(reading: _Reading, _: str, place: int) -> Fault | None:
    reading.places.append(place)
    number = len(reading.places) - 1
    if reading.last is not None:
        reading.bonds.add((reading.last, number))
    reading.last, reading.bond = number, None
    return None


def _bracket(reading: _Reading, text: str, place: int) -> Fault | None:
    match = _BRACKET.fullmatch(text)
    if match is None or match["symbol"] not in _ELEMENTS:
        found = f'"{text}" at character {place}, which is no atom'
        return Fault(found, "an element in brackets, with its hydrogens and charge, as [C@@H] or [N+]", COPY)
    return _atom(reading, text, place)


def _bond(reading: _Reading, text: str, place: int) -> Fault | None:
    if reading.last is None or reading.bond is not None:
        return Fault(
            f'the bond "{text}" at character {place} has no atom before it', "a bond between two atoms", COPY
        )
    reading.bond = place
    return None


def _ring(reading: _Reading, text: str, place: int) -> Fault | None:
    label, last = str(int(text.lstrip("%"))), reading.last
    if last is None:
        return Fault(f"ring mark {label} at character {place} has no atom before it", "a mark behind an atom", COPY)
    reading.bond = None
    if label not in reading.rings:
        reading.rings[label] = (place, last)
        return None
    opened, other = reading.rings.pop(label)
    if other == last or (other, last) in reading.bonds:
        what = "closes at the atom that it opens at" if other == last else "joins two atoms that are bonded already"
        found = f"ring {label}, opened at character {opened} and closed at {place}, {what}"
        return Fault(found, "rings of three atoms or more", f"{COPY}; a ring mark may be misplaced or missing")
    reading.bonds.add((other, last))
    return None


def _opening(reading: _Reading, _: str, place: int) -> Fault | None:
    if reading.last is None:
        return Fault(f'"(" at character {place} has no atom before it', "branches behind an atom", COPY)
    reading.branches.append((place, reading.last))
    return None


def _closing(reading: _Reading, _: str, place: int) -> Fault | None:
    if not reading.branches:
        return Fault(f'")" at character {place} closes nothing', "brackets in pairs", f"{COPY}, or take it away")
    if reading.kind == "opening" or reading.bond is not None:
        return Fault(f"a branch that ends at character {place} without an atom", "an atom in each branch", COPY)
    reading.last = reading.branches.pop()[1]
    return None


def _dot(reading: _Reading, _: str, place: int) -> Fault | None:
    if reading.last is None or reading.bond is not None:
        return Fault(f'"." at character {place} has no atom before it', "a dot between two parts", COPY)
    reading.last = None
    return None


_STEPS: Mapping[str, Callable[[_Reading, str, int], Fault | None]] = {
    "atom": _atom,
    "bracket": _bracket,
    "bond": _bond,
    "ring": _ring,
    "opening": _opening,
    "closing": _closing,
    "dot": _dot,
}


def _left_open(reading: _Reading) -> Fault | None:
    if reading.branches:
        found = f'"(" at character {reading.branches[0][0]} is never closed'
        return Fault(found, "brackets in pairs", f"{COPY}; it may have been cut off")
    if reading.bond is not None or reading.last is None:
        return Fault("a text that ends before an atom", ONE, f"{COPY}; it may have been cut off")
    if reading.rings:
        label, (place, _) = next(iter(reading.rings.items()))
        found = f"ring {label}, opened at character {place}, is never closed"
        return Fault(found, "each ring mark twice", f"{COPY}; it may have been cut off")
    return None
