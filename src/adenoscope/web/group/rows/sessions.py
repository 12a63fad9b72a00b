"""Sessions with what became of each, and where its trace lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from adenoscope.core.edit import Edit
from adenoscope.core.result import SessionResult, StudyResult
from adenoscope.report.numbers import MEASURES
from adenoscope.report.words import setting, treatment
from adenoscope.web.group.rows.numbers import numbers


@dataclass(frozen=True)
class SessionShown:
    """One session as a row of a table; ``state`` is estimated, refused or excluded."""

    session: str
    path: str
    animal: str
    treatment: str
    group: str
    state: str
    reason: str
    mean: str
    told: bool
    control: str
    control_reason: str
    cautions: tuple[str, ...]
    edits: tuple[Edit, ...]


def sessions_shown(result: StudyResult, place: str) -> Iterator[SessionShown]:
    """Yield every session of the study that goes by the name ``place``."""
    for item in result.sessions:
        session, response = item.session, item.response
        mean = None if response.estimands is None else response.estimands.mean_dff
        yield SessionShown(
            session=session.session,
            path=session_path(place, session.session),
            animal=session.animal,
            treatment=treatment(session),
            group=setting(session),
            state=state_of(item),
            reason=session.exclude or response.reason or "",
            mean=numbers(mean, MEASURES["mean_dff"]),
            told=mean is not None and mean.excludes(0),
            control=response.control.verdict,
            control_reason=response.control.reason,
            cautions=response.cautions,
            edits=tuple(edit for edit in result.study.edits if edit.session == session.session),
        )


def state_of(item: SessionResult) -> str:
    """Return whether a session was estimated, refused, or excluded by the laboratory."""
    return "excluded" if item.session.exclude else item.response.status


def session_path(place: str, session: str) -> str:
    """Return the address of a session's trace."""
    return f"/studies/{quote(place, safe='')}/sessions/{quote(session, safe='')}"
