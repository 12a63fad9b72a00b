"""From exports of tracking and scoring programs to the rows of behaviour.csv, by a scoring document."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adenoscope.core.behaviour_record import Events, Record
from adenoscope.core.errors import InputError, Problem
from adenoscope.core.study import Behaviour
from adenoscope.io.animals import Assignment, read_animals
from adenoscope.io.assays.read import read_export
from adenoscope.io.nearest import did_you_mean, nearest
from adenoscope.io.scoring_toml import Scoring, read_scoring
from adenoscope.io.write_behaviour import write_behaviour
from adenoscope.studies.choose_record import choose_record
from adenoscope.studies.score_behaviour import score

FILE = "behaviour.csv"


@dataclass(frozen=True)
class Imported:
    """What was written where, and which recordings were left out."""

    file: Path
    scorings: tuple[Scoring, ...]
    rows: tuple[Behaviour, ...]
    excluded: tuple[Assignment, ...]


@dataclass(frozen=True)
class _Found:
    """A recording of an assay: the row that assigns it, its file, and the animal's record in it."""

    row: Assignment
    file: str
    record: Record


def import_behaviour(document: Path, out: Path | None = None, *, force: bool = False) -> Imported:
    """Return what was scored by a scoring document, after writing it to ``out``, or beside the document.

    Raises:
        InputError: a document, an export or a rule is wrong, all problems are listed; or ``out`` would lose rows.
    """
    scorings, folder = read_scoring(document), document.parent
    problems: list[Problem] = []
    animals = {
        name: read_animals(folder / name, name, problems)
        for name in dict.fromkeys(scoring.animals for scoring in scorings)
    }
    files = {scoring.name: _files(folder, scoring, problems) for scoring in scorings}
    problems.extend(_unassigned(scorings, animals, files))
    problems.extend(_strays(scorings, animals, files))
    exports = _read(folder, scorings, animals, files, problems)
    measured: list[tuple[Assignment, Behaviour]] = []
    for scoring in scorings:
        found = list(_found(scoring, animals[scoring.animals], files[scoring.name], exports, problems))
        problems.extend(_unheard_of(scoring, [each.record for each in found]))
        measured.extend(_measured(scoring, found, problems))
    problems.extend(_repeated(measured))
    if problems:
        raise InputError(*dict.fromkeys(problems))
    file, rows = out or folder / FILE, tuple(row for _, row in measured)
    write_behaviour(file, rows, force=force)
    excluded = tuple(row for table in animals.values() for row in table if row.exclude)
    return Imported(file, scorings, rows, excluded)


def _files(folder: Path, scoring: Scoring, problems: list[Problem]) -> list[str]:
    found: dict[str, None] = {}
    for pattern in scoring.files:
        exact = (folder / pattern).exists()
        matches = [pattern] if exact else sorted(glob.glob(pattern, root_dir=folder, recursive=True))
        if not matches:
            problems.append(scoring.problem("files", f'no file "{pattern}"', "files that exist", "correct the path"))
        found.update(dict.fromkeys(Path(match).as_posix() for match in matches))
    return list(found)


def _file_of(row: Assignment, files: Sequence[str]) -> str | None:
    """Return the file a row names, by its path or, where only one has it, by its name alone."""
    if row.recording in files:
        return row.recording
    named = [file for file in files if Path(file).name == row.recording]
    return named[0] if len(named) == 1 else None


def _unassigned(
    scorings: Iterable[Scoring], animals: Mapping[str, Sequence[Assignment]], files: Mapping[str, list[str]]
) -> Iterator[Problem]:
    """Yield each file of an assay that no row assigns."""
    for scoring in scorings:
        assigned = {_file_of(row, files[scoring.name]) for row in animals[scoring.animals]}
        for file in files[scoring.name]:
            if file not in assigned and animals[scoring.animals]:
                remedy = "add a row for it; if it is not to count, write the reason into the column exclude"
                found = f'"{file}" of "{scoring.name}" is assigned to no animal'
                yield Problem(scoring.animals, found, "a row for every file", remedy)


def _strays(
    scorings: Iterable[Scoring], animals: Mapping[str, Sequence[Assignment]], files: Mapping[str, list[str]]
) -> Iterator[Problem]:
    """Yield each row whose recording is in no assay."""
    known = {table: [files[scoring.name] for scoring in scorings if scoring.animals == table] for table in animals}
    for table, rows in animals.items():
        for row in rows:
            if row.recording and all(_file_of(row, some) is None for some in known[table]):
                meant = nearest(row.recording, [file for some in known[table] for file in some])
                remedy = f'did you mean "{meant}"?' if meant else "correct it, or add it to the files of an assay"
                found = f'no assay has one file "{row.recording}"'
                yield row.problem("recording", found, "a file of an assay", remedy)


def _read(
    folder: Path,
    scorings: Iterable[Scoring],
    animals: Mapping[str, Sequence[Assignment]],
    files: Mapping[str, list[str]],
    problems: list[Problem],
) -> dict[tuple[str, str], tuple[Record, ...]]:
    """Return the records of each file that counts, by file and format; each is read once."""
    exports: dict[tuple[str, str], tuple[Record, ...]] = {}
    for scoring in scorings:
        counted = {_file_of(row, files[scoring.name]) for row in animals[scoring.animals] if not row.exclude}
        for file in files[scoring.name]:
            if file not in counted or (file, scoring.format) in exports:
                continue
            try:
                exports[file, scoring.format] = read_export(folder / file, file, scoring.format)
            except InputError as error:
                problems.extend(error.problems)
    return exports


def _found(
    scoring: Scoring,
    rows: Iterable[Assignment],
    files: Sequence[str],
    exports: Mapping[tuple[str, str], tuple[Record, ...]],
    problems: list[Problem],
) -> Iterator[_Found]:
    """Yield the record of each row that counts and whose file could be read."""
    for row in rows:
        file = _file_of(row, files)
        if file is None or row.exclude or (file, scoring.format) not in exports:
            continue
        try:
            yield _Found(row, file, choose_record(exports[file, scoring.format], row, file, scoring))
        except InputError as error:
            problems.extend(error.problems)


def _measured(
    scoring: Scoring, found: Iterable[_Found], problems: list[Problem]
) -> Iterator[tuple[Assignment, Behaviour]]:
    for each in found:
        try:
            value = score(each.record, scoring, each.row.start_s, each.file)
        except InputError as error:
            problems.extend(error.problems)
        else:
            named = replace(each.row.behaviour, assay=scoring.name, value=value, unit=scoring.unit)
            yield each.row, named


def _unheard_of(scoring: Scoring, records: Iterable[Record]) -> Iterator[Problem]:
    """Yield the behaviour that no recording of the assay has: a slip, where 0 s would be the score of all."""
    events = [record for record in records if isinstance(record, Events)]
    names = sorted({bout.behaviour for record in events for bout in record.bouts})
    if events and scoring.behaviour and scoring.behaviour not in names:
        remedy = did_you_mean(scoring.behaviour, names) or "take a behaviour of the list"
        found = f'no recording has "{scoring.behaviour}"'
        yield scoring.problem("behaviour", found, f"one of {', '.join(names)}", remedy)


def _repeated(measured: Iterable[tuple[Assignment, Behaviour]]) -> Iterator[Problem]:
    """Yield each row that nothing but its value tells from an earlier one."""
    first: dict[Behaviour, Assignment] = {}
    for row, behaviour in measured:
        key = replace(behaviour, value=0.0)
        earlier = first.setdefault(key, row)
        if earlier is not row:
            found = f'animal "{key.animal}" has "{key.assay}" from row {earlier.number} already'
            remedy = "tell the tests apart by treatment, condition or time_h, or exclude one"
            yield row.problem("animal", found, "one value for an animal, assay and treatment", remedy)
