"""What the mechanism says of a compound's index before anybody has measured it.

Each virtual mouse is given a dose, over five decades of doses; its effect is the largest change of ΔF/F, its side
effect that of locomotion. Both level off, so each mouse has a dose of half its own ceiling in each, and an index

    index = ED50(locomotion) / ED50(ΔF/F)

The spread over mice is that of the cohort and of what is not known about constants, together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from adenoscope.core.interval import Interval
from adenoscope.core.protocol import Dose, OwnCompound, Protocol
from adenoscope.mechanism.cohort import Subjects, draw_subjects, mechanism, used_constants
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.observables import sample_times
from adenoscope.mechanism.rest import own_rest
from adenoscope.mechanism.validity import outside_validity

Numbers = npt.NDArray[np.float64]
EFFECT, SIDE_EFFECT = "dff", "locomotion"
UNIT = "µmol/kg"
DOSES: Numbers = np.geomspace(0.03, 30000.0, 19)  # µmol/kg i.p., three a decade
AT_S, DURATION_S, EVERY_S = 60.0, 5460.0, 30.0  # 90 minutes after the dose, as recordings last
LEVELS_OFF = 0.05  # of the ceiling, that the last dose may add to the one before
LEAST_SHARE = 0.9  # of mice, that must have both doses
CI_PROB = 0.90
ALWAYS = (
    "The index is that of peak ΔF/F and peak locomotion in virtual mice, whatever the assays of the table measured.",
    "The doses go far beyond what was recorded: that both curves level off is the model's own.",
)


@dataclass(frozen=True)
class PredictedIndex:
    """Doses of half effect [µmol/kg] and their ratio [1], median and central 90 % of virtual mice.

    What could not be told is None, and ``reason`` says why. ``like`` is the compound whose kinetics it was given.
    ``constants`` are those that it rests on, each with whether its value was read in its source.
    """

    like: str
    ed50_effect: Interval | None
    ed50_side_effect: Interval | None
    index: Interval | None
    reason: str | None
    subjects: int
    outside_validity: tuple[str, ...]
    constants: Mapping[str, bool]


def predict_index(name: str, own: OwnCompound | None, n_subjects: int, seed: int) -> PredictedIndex:
    """Return the predicted index of a compound of the library, or of ``own`` by its constants.

    Valid: one dose i.p. in mice; see ``outside_validity`` of the answer.
    Source: the mechanism, and the equations at the top.
    """
    protocol = Protocol(
        "mouse",
        DURATION_S,
        every_s=EVERY_S,
        subjects=n_subjects,
        seed=seed,
        compounds=() if own is None else (own,),
    )
    given = name if own is None else own.name
    peaks = np.array([_peaks(_giving(protocol, given, float(dose))) for dose in DOSES])
    ed50s = {place: _half_doses(peaks[:, place]) for place in (0, 1)}
    known = np.isfinite(ed50s[0]) & np.isfinite(ed50s[1])
    effect, side = (_interval(ed50s[place][known]) for place in (0, 1))
    told = known.mean() >= LEAST_SHARE
    middle = float(np.nanmedian(ed50s[0])) if np.isfinite(ed50s[0]).any() else float(DOSES[0])
    shown = _giving(protocol, given, middle)
    return PredictedIndex(
        like=name if own is None else own.like,
        ed50_effect=effect if told else None,
        ed50_side_effect=side if told else None,
        index=_interval(ed50s[1][known] / ed50s[0][known]) if told else None,
        reason=None if told else _reason(ed50s[0], ed50s[1]),
        subjects=n_subjects,
        outside_validity=(*ALWAYS, *outside_validity(shown)),
        constants={name: constant.verified for name, constant in used_constants(shown).items()},
    )


def _giving(protocol: Protocol, name: str, dose: float) -> Protocol:
    return replace(protocol, give=(Dose(AT_S, name, dose, UNIT, "ip"),))


@cache
def _subjects(n_subjects: int, seed: int) -> Subjects:
    return draw_subjects("mouse", n_subjects, seed)


def _peaks(protocol: Protocol) -> Numbers:
    """Return the largest change of effect and side effect, shape (2, subject); NaN where a subject failed."""
    model, drawn = mechanism("mouse"), _subjects(protocol.subjects, protocol.seed).constants
    answer = model.simulate(
        sample_times(protocol),
        parameters={**drawn, **parameters(protocol), **own_rest(model, protocol, drawn)},
        events=changes(protocol),
        observables=[EFFECT, SIDE_EFFECT],
    )
    start = int(np.searchsorted(answer.times, AT_S))
    rises = answer.values[:, start:] - answer.values[:, start : start + 1]
    peaks = rises.max(axis=1).T
    return np.where(answer.status == 0, peaks, np.nan)


def _half_doses(peaks: Numbers) -> Numbers:
    """Return each subject's dose of half its ceiling, shape (subject,), from peaks of shape (dose, subject)."""
    ceiling = peaks.max(axis=0)
    levels_off = (peaks[-1] - peaks[-2] <= LEVELS_OFF * ceiling) & (peaks[0] < ceiling / 2)
    # The first dose that reaches half of the ceiling, and the one before it; between them peaks rise with log dose.
    above = np.clip(np.argmax(peaks >= ceiling / 2, axis=0), 1, len(DOSES) - 1)
    column = np.arange(peaks.shape[1])
    before, after = peaks[above - 1, column], peaks[above, column]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (ceiling / 2 - before) / (after - before)
    found = np.exp(np.log(DOSES[above - 1]) + share * np.log(DOSES[above] / DOSES[above - 1]))
    return np.where(levels_off & (ceiling > 0), found, np.nan)


def _interval(values: Numbers) -> Interval | None:
    if not values.size:
        return None
    tail = 50 * (1 - CI_PROB)
    low, middle, high = (float(bound) for bound in np.percentile(values, (tail, 50, 100 - tail)))
    return Interval(middle, low, high, CI_PROB)


def _reason(effect: Numbers, side: Numbers) -> str:
    counts = [
        f"{int(np.isnan(values).sum())} of {values.size} virtual mice have no dose of half {words}"
        for values, words in ((effect, "the rise of ΔF/F"), (side, "the rise of locomotion"))
        if np.isnan(values).any()
    ]
    return f"{'; '.join(counts)} between {DOSES[0]:g} and {DOSES[-1]:g} {UNIT}"
