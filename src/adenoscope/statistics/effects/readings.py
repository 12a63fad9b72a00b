"""Readings from what a study holds: a session's response, an animal's behaviour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scipy.special import ndtri

from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.core.result import SessionResult
from adenoscope.core.study import Behaviour, Session

RESPONSE_UNITS = {"mean_dff": "", "auc_dff_s": "s", "peak_dff": ""}


def readings_of_sessions(sessions: Sequence[SessionResult]) -> Iterator[Reading]:
    """Yield every readout of every session that was not excluded, the recording's own uncertainty with it."""
    for result in sessions:
        if not result.session.exclude:
            for readout, unit in RESPONSE_UNITS.items():
                interval: Interval | None = getattr(result.response.estimands, readout, None)
                yield _of_session(result.session, readout, unit, interval)


def readings_of_behaviour(rows: Sequence[Behaviour]) -> Iterator[Reading]:
    """Yield every row of behaviour as a reading of its assay."""
    for row in rows:
        yield Reading(
            readout=row.assay,
            unit=row.unit,
            animal=row.animal,
            value=row.value,
            given=Given(row.treatment, row.dose, row.dose_unit),
            setting=Setting(
                genotype=row.genotype, condition=row.condition, pretreatment=row.pretreatment, time_h=row.time_h
            ),
            cohort=row.cohort,
            sex=row.sex,
        )


def given_of(session: Session) -> Given:
    """Return what a session's animal got."""
    return Given(session.treatment, session.dose, session.dose_unit)


def setting_of(session: Session) -> Setting:
    """Return where and in whom a session was recorded."""
    return Setting(
        session.region,
        session.genotype,
        session.condition,
        session.pretreatment,
        session.pretreatment_dose,
        session.pretreatment_unit,
    )


def _of_session(session: Session, readout: str, unit: str, interval: Interval | None) -> Reading:
    return Reading(
        readout=readout,
        unit=unit,
        animal=session.animal,
        value=None if interval is None else interval.estimate,
        error_sd=0.0 if interval is None else _sd(interval),
        given=given_of(session),
        setting=setting_of(session),
        cohort=session.cohort,
        sex=session.sex,
    )


def _sd(interval: Interval) -> float:
    """Return the standard deviation of the normal distribution with the interval's width."""
    return interval.half_width / float(ndtri((1 + interval.ci_prob) / 2))
