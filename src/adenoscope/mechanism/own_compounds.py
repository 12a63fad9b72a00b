"""Compounds of compounds.csv in the model: each takes the slot of a compound of the library.

It has that compound's equations, routes and kinetics. Its own molar mass converts doses; its own potencies replace
those of the slot, by the same value in every virtual subject, for nobody knows their range. So a slot holds one
compound at a time, and what the body makes of a compound takes slots too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from adenoscope.core.errors import InputError, Problem, input_error
from adenoscope.core.parameter import Parameter
from adenoscope.core.protocol import OwnCompound, Protocol
from adenoscope.io.compounds import FILE, POTENCIES, CompoundRow
from adenoscope.io.nearest import did_you_mean
from adenoscope.mechanism.compounds import Compound, library, library_compound, plain_name
from adenoscope.mechanism.inhibitors import is_inhibitor

NOT_TO_BE_LIKE = ("adenosine",)  # it is what the model is about: receptors and carriers cannot tell the two apart


def given_compound(name: str, own: Sequence[OwnCompound] = ()) -> Compound:
    """Return the compound that a dose names, of the library or of ``own``; spelling as in ``find_compound``.

    Raises:
        InputError: there is none of that name, or it is like none of the library.
    """
    found = library_compound(name)
    if found is not None:
        return found
    described = _find(name, own)
    if described is None:
        known = [*library(), *(each.name for each in own if each.name)]
        remedy = (
            did_you_mean(name, known) or f"use a name of the library, or describe it in {FILE} beside the protocol"
        )
        raise input_error("give", column="compound", found=f"`{name}`", allowed=", ".join(known), remedy=remedy)
    like = _like(described)
    if like is None:
        raise InputError(Problem("give", *_not_like(described), column="like"))
    return replace(like, name=described.name, molar_mass=described.molar_mass or like.molar_mass)


def given_compounds(protocol: Protocol) -> tuple[Compound, ...]:
    """Return each compound that is given once, in the order of the doses; inhibitors of enzymes left out."""
    named = [dose.compound for dose in protocol.give if not is_inhibitor(dose.compound)]
    found = (given_compound(name, protocol.compounds) for name in named)
    return tuple({given.name: given for given in found}.values())


def without_others(protocol: Protocol) -> Protocol:
    """Return a protocol with those compounds of compounds.csv alone that it gives."""
    return replace(protocol, compounds=tuple(own for _, own in _own(protocol)))


def own_constants(protocol: Protocol) -> Mapping[str, Parameter]:
    """Return the constants that compounds of compounds.csv replace, by the model's names.

    Valid: no further than their sources, which nobody here has read.
    Source: the user's compounds.csv.
    """
    return {
        name: Parameter(name, value, "µM", value, value, own.source or FILE, verified=False)
        for given, own in _own(protocol)
        for column, name in potencies(given).items()
        if (value := getattr(own, column)) is not None
    }


def as_own(known: Mapping[str, Parameter], protocol: Protocol) -> Mapping[str, Parameter]:
    """Return constants with those of a slot marked as unverified where a compound of compounds.csv is in it."""
    slots = tuple(f"{given.slot}_" for given, _ in _own(protocol))
    return {
        name: replace(value, verified=value.verified and not name.startswith(slots)) for name, value in known.items()
    }


def potencies(compound: Compound) -> Mapping[str, str]:
    """Return the columns of compounds.csv that mean something for a compound, and the model's names for them."""
    names = {f"{target}_ki_um": f"{compound.slot}_ki_{target}" for target in compound.acts_on}
    if compound.mitochondrial_ic50 is not None:
        names["mitochondria_ic50_um"] = compound.mitochondrial_ic50
    return {column: name for column, name in names.items() if column in POTENCIES}


def own_sentences(protocol: Protocol) -> Iterator[str]:
    """Yield for each compound of compounds.csv that is given what is borrowed, and what is fixed."""
    for given, own in _own(protocol):
        numbers = {column: getattr(own, column) for column in ("molar_mass", *potencies(given))}
        borrowed = [column for column, value in numbers.items() if value is None]
        fixed = [f"{column} {value:g}" for column, value in numbers.items() if value is not None]
        parts = [f"{given.name}: its kinetics are those of {given.slot}, which nobody measured for it"]
        parts += [f"as in {given.slot} for want of a number: {', '.join(borrowed)}"] if borrowed else []
        parts += [f"{', '.join(fixed)} from {FILE}, the same in every subject"] if fixed else []
        made = " and ".join(given.forms)
        parts += [f"the model makes {made} of it as of {given.slot}, whatever the body does"] if made else []
        yield "; ".join(parts) + "."


def row_problems(rows: Sequence[CompoundRow]) -> Iterator[Problem]:
    """Yield what is wrong with compounds.csv beside the library, and between its rows."""
    first: dict[str, int] = {}
    for row in rows:
        own = row.compound
        earlier = first.setdefault(plain_name(own.name), row.number)
        if own.name and earlier != row.number:
            found, allowed = f"`{own.name}` stands in row {earlier} too", "each once; case and hyphens do not count"
            yield Problem(FILE, found, allowed, "rename or delete one", row.number, "compound")
        if row.assayed and not _has_numbers(own):
            continue  # nothing of it can differ from the library's
        for column, found, allowed, remedy in _faults(own):
            yield Problem(FILE, found, allowed, remedy, row.number, column)


def slot_problems(given: Iterable[Compound], place: str) -> Iterator[Problem]:
    """Yield the pairs of compounds that cannot be given in one protocol, since the model has one slot for both."""
    unique = {compound.name: compound for compound in given}.values()
    for pair in combinations(unique, 2):
        for one, other in (pair, pair[::-1]):
            if one.name != one.slot and one.slot in (other.slot, *other.forms):
                made = "" if other.slot == one.slot else f", of which the body makes {one.slot}"
                found = f"`{one.name}`, in the place of {one.slot}, and `{other.name}`{made}"
                allowed = f"one of them: the model has one set of constants and one level in blood for {one.slot}"
                remedy = f"put them into protocols of their own, or change `like` of one in {FILE}"
                yield Problem(place, found, allowed, remedy, column="compound")
                break


def _own(protocol: Protocol) -> Iterator[tuple[Compound, OwnCompound]]:
    for given in given_compounds(protocol):
        own = _find(given.name, protocol.compounds)
        if own is not None and given.name != given.slot:
            yield given, own


def _find(name: str, own: Sequence[OwnCompound]) -> OwnCompound | None:
    plain = plain_name(name)
    return next((each for each in own if plain and plain_name(each.name) == plain), None)


def _like(own: OwnCompound) -> Compound | None:
    like = library_compound(own.like)
    return None if like is None or like.name in NOT_TO_BE_LIKE else like


def _not_like(own: OwnCompound) -> tuple[str, str, str]:
    """Return what is found, allowed and to be done where ``like`` names nothing to be like."""
    known = [name for name in library() if name not in NOT_TO_BE_LIKE]
    remedy = did_you_mean(own.like, known) or "name the one whose kinetics and targets come closest"
    return f"`{own.like}`", f"a compound of the library: {', '.join(known)}", remedy


def _has_numbers(own: OwnCompound) -> bool:
    return any(getattr(own, column) is not None for column in POTENCIES)


def _faults(own: OwnCompound) -> Iterator[tuple[str, str, str, str]]:
    """Yield the column, what is found, allowed and to be done for each fault of one compound."""
    if library_compound(own.name) is not None or is_inhibitor(own.name):
        found, allowed = f"`{own.name}`, which the library has", "a name that the library lacks"
        yield "compound", found, allowed, "rename it where its numbers are to count; else delete the row"
    elif own.name and not plain_name(own.name):
        yield "compound", f"`{own.name}`", "a name with a letter or a digit", "rename it"
    like = _like(own)
    if like is None:
        if own.like:
            yield "like", *_not_like(own)
        return
    known = potencies(like)
    for column in POTENCIES:
        if column not in known and getattr(own, column) is not None:
            found = f"{getattr(own, column):g} for a compound like {like.name}, which does not act there"
            allowed = ", ".join(("molar_mass", *known))
            yield column, found, allowed, "leave the cell empty, or name in `like` a compound that acts there"
