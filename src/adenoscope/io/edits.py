"""The ledger of edits: a table beside a study that only grows, one row for each change made by hand."""

from __future__ import annotations

import csv
import io
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import cast

from adenoscope.core.atomic import appearing
from adenoscope.core.edit import FIELDS, Edit, Field
from adenoscope.core.errors import InputError, Problem
from adenoscope.io.sessions import read_onsets
from adenoscope.io.table import Columns, Row, read_rows

COLUMNS = Columns(required=("at", "session", "field", "value", "reason"))
LONGEST = 500  # characters of a value or a reason
FARTHEST_S = 3600.0  # from an intervention, where handling is masked
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)")
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}  # of Unicode
_one_writes = threading.Lock()


def read_edits(path: Path) -> tuple[Edit, ...]:
    """Return the edits of a ledger in the order in which they were made.

    Raises:
        InputError: rows are wrong, or it is no such table; every problem is listed.
    """
    edits, problems = _survey(path)
    if problems:
        raise InputError(*problems)
    return edits


def append_edit(path: Path, edit: Edit) -> tuple[Edit, ...]:
    """Add an edit to a ledger, which is made with the first, and return all of them.

    Earlier rows keep their bytes, and a kill at any moment leaves the ledger with the new row or without it.

    Raises:
        InputError: the edit is wrong, or the ledger that is to grow.
    """
    with _one_writes:
        earlier = read_edits(path) if path.exists() else ()
        read = check_edit(edit, path.name, len(earlier) + 2)
        cells = asdict(read)
        standing = path.read_bytes() if path.exists() else _line(COLUMNS.known)
        joint = b"" if standing.endswith(b"\n") else b"\n"
        with appearing(path) as partial:
            partial.write_bytes(standing + joint + _line([cells.get(name, "") for name in _header(standing)]))
    return (*earlier, read)


def check_edit(edit: Edit, file: str, row: int) -> Edit:
    """Return an edit as it will stand in a ledger ``file``.

    Raises:
        InputError: it is wrong; every problem is listed.
    """
    problems: list[Problem] = []
    cells = {name: value.strip() for name, value in asdict(edit).items()}
    read = _edit(Row(file, row, cells, problems))
    if problems:
        raise InputError(*problems)
    return read


def read_handling(row: Row, column: str) -> tuple[float, float] | None:
    """Return the span [s] around each intervention in which a hand is taken to disturb; None after a complaint."""
    text = row.required_text(column)
    parsed = [row.parse(column, part) for part in text.split()]
    ends = [end for end in parsed if end is not None]
    if len(ends) < len(parsed):
        return None
    if len(ends) != 2 or not -FARTHEST_S <= ends[0] <= 0 <= ends[1] <= FARTHEST_S:
        allowed = f"two numbers of seconds, from -{FARTHEST_S:g} to 0 and from 0 to {FARTHEST_S:g}"
        row.complain(column, f'found "{text}"', allowed, 'write "start end" such as "-30 60"; "0 0" masks nothing')
        return None
    return ends[0], ends[1]


def onsets_of(edit: Edit) -> tuple[float, ...]:
    """Return the interventions [s] that an edit which was read says; () where it goes back to the file."""
    return read_onsets(_row_of(edit), "value") if edit.value else ()


def handling_of(edit: Edit) -> tuple[float, float] | None:
    """Return the span [s] that an edit which was read says; None where it goes back to the file."""
    return read_handling(_row_of(edit), "value") if edit.value else None


def _survey(path: Path) -> tuple[tuple[Edit, ...], list[Problem]]:
    problems: list[Problem] = []
    if not path.exists():
        remedy = "check the path, or leave it out where nothing was edited"
        return (), [Problem(str(path), "no such file", "a ledger of edits", remedy)]
    return tuple(_edit(row) for row in read_rows(path, path.name, COLUMNS, problems)), problems


def _edit(row: Row) -> Edit:
    """Return the edit of a row, adding to its problems whatever is wrong with it."""
    at, session, field = (row.required_text(column) for column in ("at", "session", "field"))
    if at and not _is_moment(at):
        row.complain("at", f'found "{at}"', "a time in UTC, as in ISO 8601", "for example 2026-03-14T09:26:53Z")
    if field and field not in FIELDS:
        row.complain("field", f'found "{field}"', f"one of {', '.join(FIELDS)}", "name what is changed")
    row.required_text("reason")
    for column in ("value", "reason"):
        _complain_of_text(row, column)
    if row.text("value") and field == "intervention_s":
        read_onsets(row, "value")
    elif row.text("value") and field == "handling_s":
        read_handling(row, "value")
    return Edit(at, session, cast(Field, field), row.text("value"), row.text("reason"))


def _complain_of_text(row: Row, column: str) -> None:
    text = row.text(column)
    if len(text) > LONGEST:
        row.complain(column, f"found {len(text)} characters", f"{LONGEST} at most", "say it in fewer words")
    if any(unicodedata.category(character) in _UNSEEN for character in text):
        row.complain(column, "found a line's end or a control character", "text on one line", "write it anew")


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return bool(_MOMENT.fullmatch(text))


def _row_of(edit: Edit) -> Row:
    return Row("", 0, asdict(edit), [])


def _header(standing: bytes) -> list[str]:
    first = next(csv.reader(io.StringIO(standing.decode("utf-8-sig"), newline="")))
    return [cell.strip() for cell in first]


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode("utf-8")
