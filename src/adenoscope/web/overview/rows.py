"""A row for each study of the folder: what it asks, its results, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.study import Study
from adenoscope.io.edits import read_edits
from adenoscope.io.results import REPORT, RESULTS
from adenoscope.io.study import survey_study
from adenoscope.studies.edited import edited_study
from adenoscope.web.folder import StudyPlace, find_studies, run_command
from adenoscope.web.jobs.tasks import refuse_tables_outside
from adenoscope.web.overview.freshness import changed_inputs
from adenoscope.web.security.inside import is_inside
from adenoscope.web.site import Site


def overview(site: Site) -> list[dict[str, Any]]:
    """Return a row for each study, as JSON."""
    return [study_row(site, place) for place in find_studies(site.folder)]


def study_row(site: Site, place: StudyPlace) -> dict[str, Any]:
    """Return what is known of a study: what it asks, how many sessions, whether its results are of its files."""
    study, problems = _surveyed(site, place)
    changed = None if problems else changed_inputs(place, study, site.folder)
    report = place.results / REPORT
    return {
        "name": place.name,
        "title": study.name,
        "synthetic": study.synthetic,
        "necessity": [asdict(question) for question in study.necessity],
        "mediation": [asdict(question) for question in study.mediation],
        "n_sessions": len(study.sessions),
        "n_excluded": sum(bool(session.exclude) for session in study.sessions),
        "n_edited": len({edit.session for edit in study.edits}),
        "n_animals": len({row.animal for row in (*study.sessions, *study.behaviour)}),
        "n_assays": len({row.assay for row in study.behaviour}),
        "has_results": (place.results / RESULTS).exists(),
        "changed": changed,
        "has_report": report.exists() and (place.results / RESULTS).exists() and is_inside(report, site.folder),
        "problems": [_problem(problem) for problem in problems],
        "command": run_command(place),
    }


def _surveyed(site: Site, place: StudyPlace) -> tuple[Study, tuple[Problem, ...]]:
    """Return a study as its ledger leaves it, as far as it can be read, and what is wrong with it."""
    study = Study(place.folder, "", "", "")
    try:
        refuse_tables_outside(site, place)
        survey = survey_study(place.folder)
        study = survey.study
        if survey.problems or not place.edits.exists():
            return study, survey.problems
        return edited_study(study, read_edits(place.edits)), ()
    except InputError as error:
        return study, error.problems
    except HTTPException as error:
        remedy = "put the file itself there, or serve the folder that holds it"
        return study, (Problem(place.name, str(error.detail), "files inside the folder", remedy),)


def _problem(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "found": problem.found, "allowed": problem.allowed, "remedy": problem.remedy}
