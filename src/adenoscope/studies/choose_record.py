"""Which record of an export is the animal of a row of animals.csv?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adenoscope.core.behaviour_record import Record
from adenoscope.core.errors import InputError, Problem
from adenoscope.io.animals import Assignment
from adenoscope.io.assays.deeplabcut import BODYPART
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.scoring_toml import Scoring


def choose_record(records: Sequence[Record], row: Assignment, file: str, scoring: Scoring) -> Record:
    """Return the record of ``file`` whose animal goes by the row's subject, or else by its animal's name.

    A row without a subject may also mean the only record there is.

    Raises:
        InputError: there is none, or more than one.
    """
    kept = _kept(records, file, scoring)
    name = row.subject or row.behaviour.animal
    named = [record for record in kept if name in record.origin.names]
    if not row.subject and not named and len(kept) == 1:
        return kept[0]
    if len(named) == 1:
        return named[0]
    names = list(dict.fromkeys(name for record in kept for name in record.origin.names))
    allowed = f"one of {', '.join(names)}" if names else "one record for each animal"
    if named or not names:
        found = f'"{file}" holds {len(named or kept)} records' + (f' of "{name}"' if named else "")
        raise InputError(row.problem("subject", found, allowed, _how_to_choose(named or kept)))
    remedy = did_you_mean(name, names) or "write in the column subject what it is called there"
    raise InputError(row.problem("subject", f'"{file}" has no "{name}"', allowed, remedy))


def _kept(records: Sequence[Record], file: str, scoring: Scoring) -> list[Record]:
    """Return the records that ``where`` and ``bodypart`` leave."""
    wanted = dict(scoring.where) | ({BODYPART: scoring.bodypart} if scoring.bodypart else {})
    kept = [record for record in records if _holds(record.origin.facts, wanted)]
    if kept:
        return kept
    told = ", ".join(f'{key} = "{value}"' for key, value in wanted.items())
    raise InputError(Problem(file, f"no record has {told}", "what the file holds", _how_to_choose(records)))


def _holds(facts: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(facts.get(key) == value for key, value in wanted.items())


def _how_to_choose(records: Sequence[Record]) -> str:
    """Return how records can be told apart: by body part, or by the facts in which they differ."""
    facts = [record.origin.facts for record in records]
    parts = list(dict.fromkeys(told[BODYPART] for told in facts if BODYPART in told))
    if parts:
        return f'in the assay write bodypart = "{parts[0]}", or another of {", ".join(parts)}'
    differing = [key for key in facts[0] if len({told.get(key) for told in facts}) > 1]
    if not differing:
        return "export each animal by itself"
    values = ", ".join(dict.fromkeys(told.get(differing[0], "") for told in facts))
    return f'in the assay choose with where, for example by "{differing[0]}" ({values}), or by {", ".join(differing)}'
