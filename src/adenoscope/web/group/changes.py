"""Whether results are still of the files that they were computed from, and of the edits made since."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from adenoscope.core.edit import Edit
from adenoscope.core.result import StudyResult
from adenoscope.io.edits import read_edits
from adenoscope.studies.edited import edited_study
from adenoscope.web.folder import StudyPlace, open_study
from adenoscope.web.overview.freshness import changed_inputs
from adenoscope.web.site import Site


@dataclass(frozen=True)
class Changes:
    """Files that are new, gone or not as they were; edits that came since; whether earlier ones were withdrawn."""

    files: tuple[str, ...]
    edits: tuple[Edit, ...]
    withdrawn: bool

    def as_json(self) -> dict[str, Any]:
        """Return the form that the page's script reads, with whether anything at all is different."""
        found = asdict(self)
        return {**found, "stale": any(found.values())}


def changes_since(result: StudyResult, place: StudyPlace, site: Site) -> Changes:
    """Return what is different in a study since ``result`` was computed from it.

    Raises:
        InputError: the study is wrong now, or its ledger of edits.
        HTTPException: 403, a table of it lies outside the folder.
    """
    study = open_study(place)
    edits = read_edits(place.edits) if place.edits.exists() else ()
    before = result.study.edits
    # As edited then: a session that was excluded since has no other file for that.
    differing = changed_inputs(place, edited_study(study, before), site.folder) or []
    return Changes(
        files=tuple(name for name in differing if name != place.edits.name),
        edits=tuple(edit for edit in edits if edit not in before),
        withdrawn=any(edit not in edits for edit in before),
    )
