"""The whole-trace contrasts of a study: of each group with its vehicle, and of each verdict on a response."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from adenoscope.core.contrast import Contrast
from adenoscope.core.curve_contrast import CurveContrast
from adenoscope.core.recording import Samples
from adenoscope.core.response import Curve
from adenoscope.core.result import SessionResult
from adenoscope.core.verdict import Verdict
from adenoscope.statistics.curves.curve_contrasts import (
    CurveArms,
    animal_curves,
    effect_curve,
    interaction_curve,
    shared_times,
)
from adenoscope.statistics.effects.readings import given_of, setting_of

# One readout stands for the recording: its contrasts say which animals are compared.
READOUT = "mean_dff"
Sessions = Sequence[tuple[str, Curve]]


def curve_contrasts(
    sessions: Sequence[SessionResult], contrasts: Iterable[Contrast], verdicts: Iterable[Verdict], seed: int
) -> Iterator[CurveContrast]:
    """Yield the curve of every contrast of the mean response, then that of every interaction on it.

    Valid, Source: as ``functional.curve_band``.
    """
    for contrast in contrasts:
        if contrast.readout == READOUT:
            yield _effect(sessions, contrast, seed)
    for verdict in verdicts:
        if verdict.readout == READOUT and verdict.reference is not None and verdict.residual is not None:
            yield _interaction(sessions, verdict, verdict.reference, verdict.residual, seed)


def _effect(sessions: Sequence[SessionResult], contrast: Contrast, seed: int) -> CurveContrast:
    treated, vehicle = _arms(sessions, contrast)
    time_s = shared_times([curve for _, curve in (*treated, *vehicle)])
    found = effect_curve(time_s, _on(time_s, treated, vehicle, contrast), seed)
    return replace(found, given=contrast.given, setting=contrast.setting, versus=contrast.versus)


def _interaction(
    sessions: Sequence[SessionResult], verdict: Verdict, reference: Contrast, residual: Contrast, seed: int
) -> CurveContrast:
    sides = [_arms(sessions, contrast) for contrast in (reference, residual)]
    time_s = shared_times([curve for side in sides for arm in side for _, curve in arm])
    first, second = (
        _on(time_s, *side, contrast) for side, contrast in zip(sides, (reference, residual), strict=True)
    )
    crossed = bool({animal for animal, _ in reference.treated} & {animal for animal, _ in residual.treated})
    found = interaction_curve(time_s, first, second, seed, crossed=crossed)
    return replace(
        found,
        given=verdict.effect,
        setting=reference.setting,
        versus=reference.versus,
        manipulation=verdict.manipulation,
    )


def _arms(sessions: Sequence[SessionResult], contrast: Contrast) -> tuple[Sessions, Sessions]:
    """Return (animal, curve) of the sessions behind a contrast's treated and vehicle animals."""
    here = [item for item in sessions if setting_of(item.session) == contrast.setting and not item.session.exclude]
    treated = [item for item in here if given_of(item.session) == contrast.given]
    vehicle = [item for item in here if item.session.treatment == contrast.versus]
    return _of(treated, contrast.treated), _of(vehicle, contrast.vehicle)


def _of(sessions: Iterable[SessionResult], animals: tuple[tuple[str, float], ...]) -> Sessions:
    names = {animal for animal, _ in animals}
    return [
        (item.session.animal, item.response.curve)
        for item in sessions
        if item.response.curve is not None and item.session.animal in names
    ]


def _on(time_s: Samples, treated: Sessions, vehicle: Sessions, contrast: Contrast) -> CurveArms:
    return CurveArms(_table(treated, time_s), _table(vehicle, time_s), contrast.design == "paired")


def _table(sessions: Sessions, time_s: Samples) -> Samples:
    curves = list(animal_curves(sessions, time_s).values())
    return np.array(curves).reshape(len(curves), time_s.size)
