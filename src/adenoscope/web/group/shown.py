"""What the template of a finished study names."""

from __future__ import annotations

from typing import Any

from adenoscope.core.result import StudyResult
from adenoscope.report.dissociation import dissociation_matrix
from adenoscope.web.group.rows.contrasts import readouts_shown
from adenoscope.web.group.rows.doses import comparisons_shown, doses_shown
from adenoscope.web.group.rows.mediations import mediations_shown
from adenoscope.web.group.rows.sessions import sessions_shown
from adenoscope.web.group.rows.verdicts import share_of, verdicts_shown

STATES = ("estimated", "refused", "excluded")


def shown(result: StudyResult, place: str) -> dict[str, Any]:
    """Return what the template of a finished study names; ``place`` is the study's name in the folder."""
    sessions = tuple(sessions_shown(result, place))
    return {
        "counts": {state: sum(one.state == state for one in sessions) for state in STATES},
        "verdicts": tuple(verdicts_shown(result)),
        "matrix": dissociation_matrix(result.verdicts) if len(result.verdicts) > 1 else None,
        "share_of": share_of,
        "readouts": tuple(readouts_shown(result)),
        "doses": tuple(doses_shown(result)),
        "comparisons": tuple(comparisons_shown(result.dose_comparisons)),
        "mediations": tuple(mediations_shown(result)),
        "sessions": sessions,
    }
