"""Everything a study says between animals: contrasts, verdicts, curves, doses and mediations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adenoscope.core.result import SessionResult, StudyResult
from adenoscope.statistics.curves.study_curves import curve_contrasts
from adenoscope.statistics.doses.study_doses import dose_comparisons, dose_responses
from adenoscope.statistics.effects.contrasts import group_contrasts
from adenoscope.statistics.effects.readings import readings_of_behaviour, readings_of_sessions
from adenoscope.statistics.study_mediation import mediations
from adenoscope.statistics.verdicts.verdicts import verdicts


def compare(result: StudyResult) -> StudyResult:
    """Return the result of a study's sessions with every comparison that the study holds or asks for."""
    study = result.study
    sessions = compared(result.sessions)
    readings = (*readings_of_sessions(sessions), *readings_of_behaviour(study.behaviour))
    contrasts = group_contrasts(readings, study.vehicle)
    judged = verdicts(readings, study.necessity, dict(study.equivalence_margin), study.vehicle)
    doses = dose_responses(readings, study.vehicle)
    return replace(
        result,
        contrasts=contrasts,
        verdicts=judged,
        curves=tuple(curve_contrasts(sessions, contrasts, judged, study.settings.seed)),
        doses=doses,
        dose_comparisons=tuple(dose_comparisons(doses)),
        mediations=tuple(mediations(readings, study.mediation, study.vehicle)),
    )


def compared(sessions: Sequence[SessionResult]) -> list[SessionResult]:
    """Return the sessions that groups consist of: a blank already is in the answer it helped to, as its zero."""
    blanks = {item.session.blank for item in sessions if not item.session.exclude}
    return [item for item in sessions if item.session.session not in blanks]
