"""A finished session on disk: its arrays and, written last, the document that makes them count.

A piece holds the key of everything it was computed from and the digests of its files, so a piece that is
stale, damaged or cut short by a kill is told from a good one and computed again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from adenoscope.core.atomic import remove_partials, write_json
from adenoscope.core.provenance import sha256_of
from adenoscope.core.recording import Samples
from adenoscope.core.response import Curve, FittedParts
from adenoscope.core.result import SessionResult
from adenoscope.core.study import Session
from adenoscope.io.columns import read_columns, write_columns
from adenoscope.io.session_json import as_computed, decode, encode

TRACES, PARTS, PIECES = "traces", "parts", "pieces"
_CURVE = ("time_s", "dff", "dff_low", "dff_high")
_PARTS = (
    "time_s",
    "signal",
    "signal_fit",
    "signal_background",
    "control",
    "control_fit",
    "control_background",
)


def write_piece(out: Path, result: SessionResult, key: str) -> None:
    """Write a finished session into ``out`` under the ``key`` of what it was computed from."""
    name, response = result.session.session, result.response
    files: dict[str, str] = {}
    for folder, record, columns in ((TRACES, response.curve, _CURVE), (PARTS, response.parts, _PARTS)):
        if record is not None:
            path = _file(out, folder, name)
            write_columns(path, _arrays(record, columns))
            files[folder] = sha256_of(path)
    masked_s = [] if response.parts is None else [list(span) for span in response.parts.masked_s]
    document = {
        "schema_version": 1,
        "key": key,
        "files": files,
        "masked_s": masked_s,
        "session": encode(result),
    }
    write_json(_document(out, name), document)


def has_piece(out: Path, session: Session, key: str) -> bool:
    """Return whether ``out`` holds the session under this ``key``, undamaged."""
    return _read_document(out, session, key) is not None


def read_piece(out: Path, session: Session, key: str) -> SessionResult | None:
    """Return the session that was written under this ``key``; None when there is none or it is damaged."""
    document = _read_document(out, session, key)
    return None if document is None else _result(out, session, document)


def read_latest_piece(out: Path, session: Session) -> SessionResult | None:
    """Return the session as it was last computed, from whatever; None when it never was or is damaged.

    Its ``session`` has the interventions and the names of channels that it was computed with.
    """
    document = _read_document(out, session)
    if document is None:
        return None
    return _result(out, as_computed(document["session"], session), document)


def tidy(out: Path, names: Iterable[str]) -> None:
    """Remove from ``out`` what a killed run left half done, and pieces of sessions not in ``names``."""
    for folder in (out, *(out / part for part in (TRACES, PARTS, PIECES))):
        remove_partials(folder)
    kept = set(names)
    for document in (out / PIECES).glob("*.json"):
        if document.stem not in kept:
            _file(out, TRACES, document.stem).unlink(missing_ok=True)
            _file(out, PARTS, document.stem).unlink(missing_ok=True)
            document.unlink()


def _file(out: Path, folder: str, name: str) -> Path:
    return out / folder / f"{name}.parquet"


def _document(out: Path, name: str) -> Path:
    return out / PIECES / f"{name}.json"


def _result(out: Path, session: Session, document: Mapping[str, Any]) -> SessionResult:
    name, files = session.session, document["files"]
    curve = _curve(read_columns(_file(out, TRACES, name))) if TRACES in files else None
    parts = _parts(read_columns(_file(out, PARTS, name)), document["masked_s"]) if PARTS in files else None
    return decode(document["session"], session, curve=curve, parts=parts)


def _read_document(out: Path, session: Session, key: str | None = None) -> dict[str, Any] | None:
    """Return a piece's document if it has the key, where one is asked for, and its files are as they were written."""
    name = session.session
    try:
        document: dict[str, Any] = json.loads(_document(out, name).read_bytes())
        good = key in {None, document["key"]} and all(
            sha256_of(_file(out, folder, name)) == digest for folder, digest in document["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # whatever is wrong with it, the remedy is to compute it again
    return document if good else None


def _arrays(record: Curve | FittedParts, names: Iterable[str]) -> dict[str, Samples]:
    """Return the arrays of a record; a channel that is absent has no column."""
    arrays = {name: getattr(record, name) for name in names}
    return {name: values for name, values in arrays.items() if values is not None}


def _curve(arrays: Mapping[str, Samples]) -> Curve:
    return Curve(*(arrays[name] for name in _CURVE))


def _parts(arrays: Mapping[str, Samples], masked_s: Iterable[tuple[float, float]]) -> FittedParts:
    return FittedParts(
        time_s=arrays["time_s"],
        signal=arrays["signal"],
        signal_fit=arrays["signal_fit"],
        signal_background=arrays["signal_background"],
        control=arrays.get("control"),
        control_fit=arrays.get("control_fit"),
        control_background=arrays.get("control_background"),
        masked_s=tuple((start, end) for start, end in masked_s),
    )
