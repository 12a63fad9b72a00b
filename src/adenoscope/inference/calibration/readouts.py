"""From simulated curves to the numbers that were observed, noise floors included.

A peak is the maximum of a noisy curve, so that saline has one (5.5 %). Noise is simulated, not subtracted: curves of
an autoregressive process, the same for every draw, of the size at which saline's mean peak is the one observed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from adenoscope.inference.calibration.observations import Observation
from adenoscope.inference.calibration.runs import BOUT_S, EVERY_S, OBSERVED, TIMES_S, Run, control_of, run_of
from adenoscope.simulation.solver.tables import Numbers, Whole

SALINE_PEAK = 0.055  # mean peak ΔF/F [1] after saline, Yue et al. (2025), n = 12
NOISE_TIME_S = 60.0  # correlation of a recording's own fluctuation; assumed
PEAK_WITHIN_S = 1800.0
N_NOISE = 64
BEFORE = slice(0, int(np.searchsorted(TIMES_S, -EVERY_S / 2)))
AFTER = slice(BEFORE.stop, None)


def noise_curves() -> Numbers:
    """Return noise [1], shape (curve, time from 0 to PEAK_WITHIN_S), scaled to saline's mean peak."""
    n_times = int(PEAK_WITHIN_S / EVERY_S) + 1
    white = np.random.default_rng(20251105).standard_normal((N_NOISE, n_times))
    keeps = np.exp(-EVERY_S / NOISE_TIME_S)
    curves = np.empty_like(white)
    curves[:, 0] = white[:, 0]
    for n in range(1, n_times):
        curves[:, n] = keeps * curves[:, n - 1] + np.sqrt(1 - keeps**2) * white[:, n]
    return curves * (SALINE_PEAK / curves.max(axis=1).mean())


NOISE = noise_curves()


def noisy_peak(curves: Numbers) -> Numbers:
    """Return the mean maximum [1] of each curve, shape (draw, time), with noise added."""
    window = curves[:, : NOISE.shape[1]]
    return (window[:, None, :] + NOISE[None, :, : window.shape[1]]).max(axis=2).mean(axis=1)


def noisy_area(curves: Numbers) -> Numbers:
    """Return the mean of the positive part [1] of each curve with noise added."""
    window = curves[:, : NOISE.shape[1]]
    return np.maximum(window[:, None, :] + NOISE[None, :, : window.shape[1]], 0.0).mean(axis=(1, 2))


class Curves:
    """Simulated quantities by run: ΔF/F relative to the moment of the intervention, behaviour as it is."""

    def __init__(self, runs: Sequence[Run], values: Numbers) -> None:
        self._place = {run: n for n, run in enumerate(runs)}
        self._values = values

    def quantity(self, run: Run, name: str) -> Numbers:
        return self._values[:, self._place[run], :, OBSERVED.index(name)]

    def dff(self, run: Run) -> Numbers:
        """Return ΔF/F [1] from time 0 on, shape (draw, time)."""
        whole = self.quantity(run, "dff")
        start = whole[:, AFTER.start : AFTER.start + 1]
        return (whole[:, AFTER] - start) / (1 + start)


def needed_runs(observations: Sequence[Observation]) -> list[Run]:
    """Return every run that the observations, and what they are compared with, are made in; once each."""
    runs: dict[Run, None] = {}
    for observation in observations:
        if observation.readout in READOUTS:
            run = run_of(observation)
            plain = Run(run.intervention, run.dose, False, run.genotype, run.stressed, run.region)
            runs |= dict.fromkeys((run, control_of(run), plain))
    return list(runs)


def predict(observations: Sequence[Observation], curves: Curves) -> Numbers:
    """Return predictions in the observations' units, shape (draw, observation); NaN for readouts of other models."""
    columns = [READOUTS[o.readout](o, curves) if o.readout in READOUTS else None for o in observations]
    n_draws = next(column.size for column in columns if column is not None)
    return np.stack([np.full(n_draws, np.nan) if column is None else column for column in columns], axis=1)


def _peak(o: Observation, curves: Curves) -> Numbers:
    run = run_of(o)
    if run.pretreated and run.intervention == "saline":  # what the pretreatment does by itself, above the floor
        before = curves.quantity(run, "dff")[:, BEFORE]
        return 100 * (noisy_peak(before) - SALINE_PEAK)
    if run.region == "NAc":  # above saline
        return 100 * (noisy_peak(curves.dff(run)) - SALINE_PEAK)
    return 100 * noisy_peak(curves.dff(run))


def _clean_peak(curve: Numbers) -> tuple[Whole, Numbers]:
    place = np.nan_to_num(curve, nan=-1.0).argmax(axis=1)
    return place, curve[np.arange(len(curve)), place]


def _time_to_peak(o: Observation, curves: Curves) -> Numbers:
    """The top of the parabola through the highest sample and its neighbours, so that it moves smoothly."""
    curve = curves.dff(run_of(o))
    place = _clean_peak(curve)[0].clip(1, curve.shape[1] - 2)
    before, at, after = (np.take_along_axis(curve, place[:, None] + step, axis=1)[:, 0] for step in (-1, 0, 1))
    bend = before - 2 * at + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, -1.0), 0.0)
    return (place + np.clip(shift, -0.5, 0.5)) * EVERY_S


def _onset(o: Observation, curves: Curves) -> Numbers:
    curve = curves.dff(run_of(o))
    _, peak = _clean_peak(curve)
    return _crossing(curve, 0.2 * peak, np.zeros(len(curve), int), rising=True)


def _half_decay(o: Observation, curves: Curves) -> Numbers:
    """After a bout of thin air, from its end; else from the peak."""
    curve = curves.dff(run_of(o))
    place, peak = _clean_peak(curve)
    start = np.full(len(curve), int(BOUT_S / EVERY_S)) if o.intervention == "hypoxia" else place
    return _crossing(curve, 0.5 * peak, start, rising=False)


def _crossing(curve: Numbers, level: Numbers, start: Whole, *, rising: bool) -> Numbers:
    """Return the time [s] from ``start`` to the first crossing of ``level``; the end where there is none."""
    found = np.full(len(curve), np.nan)
    for n, (row, value, first) in enumerate(zip(curve, level, start, strict=True)):
        beyond = row[first:] >= value if rising else row[first:] <= value
        k = int(beyond.argmax()) if beyond.any() else len(beyond) - 1
        left, right = (row[first + k - 1], row[first + k]) if k else (row[first], row[first])
        share = 0.0 if right == left else (value - left) / (right - left)
        found[n] = (k - 1 + share if k and beyond.any() else k) * EVERY_S
    return found


def _peak_ratio(o: Observation, curves: Curves) -> Numbers:
    run = run_of(o)
    plain = Run(run.intervention, run.dose, False, run.genotype, run.stressed, run.region)
    return noisy_peak(curves.dff(run)) / noisy_peak(curves.dff(plain))


def _area_ratio(o: Observation, curves: Curves) -> Numbers:
    run = run_of(o)
    plain = Run(run.intervention, run.dose, False, run.genotype, run.stressed, run.region)
    return noisy_area(curves.dff(run)) / noisy_area(curves.dff(plain))


def _change(name: str) -> Callable[[Observation, Curves], Numbers]:
    def readout(o: Observation, curves: Curves) -> Numbers:
        moment = int(np.searchsorted(TIMES_S, 3600 * (o.time_after_h or 1.0)))
        run = run_of(o)
        return curves.quantity(run, name)[:, moment] - curves.quantity(control_of(run), name)[:, moment]

    return readout


READOUTS: Mapping[str, Callable[[Observation, Curves], Numbers]] = {
    "peak_dff": _peak,
    "onset_s": _onset,
    "time_to_peak_s": _time_to_peak,
    "half_decay_s": _half_decay,
    "peak_ratio": _peak_ratio,
    "auc_ratio": _area_ratio,
    "fst_immobility_change": _change("fst_immobility_s"),
    "spt_preference_change": _change("spt_preference_percent"),
}
