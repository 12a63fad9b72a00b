"""What a session's answer depends on, in one key; and the files that were read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from adenoscope.core.provenance import fingerprint, software, source_digest
from adenoscope.core.result import InputFile
from adenoscope.core.study import Session, Study
from adenoscope.io.study import TABLES, recording_path

UNREADABLE = ""


def read_inputs(study: Study) -> tuple[InputFile, ...]:
    """Return the digest of every file the results come from: tables, recordings by name, the ledger of edits."""
    tables = [study.folder / name for name in TABLES]
    included = {recording_path(study, session) for session in study.sessions if not session.exclude}
    present = [path for path in tables if path.exists()] + sorted(included)
    # The ledger lies beside the study, as a rule, and may lie anywhere: its name alone is the same on every machine.
    ledger = () if study.ledger is None else (_fingerprint(study.ledger, study.ledger.parent),)
    return (*(_fingerprint(path, study.folder) for path in present), *ledger)


def _fingerprint(path: Path, folder: Path) -> InputFile:
    try:
        return fingerprint(path, folder)
    except OSError:  # said, with everything else that is wrong, when the recordings are checked
        return InputFile(path.relative_to(folder).as_posix(), UNREADABLE, 0)


def piece_keys(study: Study, inputs: tuple[InputFile, ...]) -> dict[str, str]:
    """Return a key for each session that is not excluded: equal keys mean equal answers."""
    digests = {file.path: file.sha256 for file in inputs}
    by_name = {session.session: session for session in study.sessions}

    def digest(session: Session | None) -> str:
        if session is None:
            return ""
        return digests[recording_path(study, session).relative_to(study.folder).as_posix()]

    keys: dict[str, str] = {}
    for session in study.sessions:
        if not session.exclude:
            recordings = (digest(session), digest(by_name.get(session.blank)))
            keys[session.session] = _key(study, session, recordings)
    return keys


def _key(study: Study, session: Session, recordings: tuple[str, str]) -> str:
    ingredients = {
        "recordings": recordings,
        "session": {**asdict(session), "recording": session.recording.as_posix()},
        "settings": asdict(study.settings),
        "sensor": study.sensor,
        "software": asdict(software()),
        "source": source_digest(),
    }
    text = json.dumps(ingredients, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
