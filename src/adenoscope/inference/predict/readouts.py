"""From simulated curves to the numbers that were observed.

Of ΔF/F: ``peak_dff`` (with the noise floor; above it where the statistic says ``rise``), ``auc_dff``, ``onset_s``,
``time_to_peak_s``, ``half_decay_s``, ``duration_s`` (from the intervention to the fall below a fifth of the peak);
``peak_ratio`` and ``auc_ratio`` (over the same without pretreatment, or in wild type, or after saline).

Of anything else: ``NAME_change`` (less saline, at ``time_after_h``), ``NAME_ratio`` (over saline). Without a time:
the mean over the hour for locomotion, the largest deviation in half an hour for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from adenoscope.core.protocol import Protocol
from adenoscope.inference.predict.experiments import AT_S, bout_end_s, moment_s, protocol_of
from adenoscope.inference.predict.noise import PEAK_WITHIN_S, SALINE_PEAK, noisy_area, noisy_peak
from adenoscope.inference.predict.observations import Observation
from adenoscope.inference.predict.runs import EVERY_S, Curves
from adenoscope.simulation.solver.tables import Numbers, Whole

QUANTITIES = {  # as observations name them, and the model
    "fst_immobility": "fst_immobility_s",
    "spt_preference": "spt_preference_percent",
    "locomotion": "locomotion",
    "bdnf": "bdnf",
    "adenosine": "adenosine_um",
    "extracellular_atp": "extracellular_atp_um",
    "atp_adp": "atp_adp_ratio",
    "astro_atp_adp": "astro_atp_adp_ratio",
    "cmro2": "cmro2",
    "spo2": "spo2",
    "pto2": "pto2",
    "a1_occupancy": "a1_occupancy",
    "a2a_occupancy": "a2a_occupancy",
    "nmdar_block": "nmdar_block",
    "norketamine": "brain_norketamine_um",
    "hydroxynorketamine": "brain_hydroxynorketamine_um",
    "ketamine": "brain_ketamine_um",
}
PERCENT = {"spo2": 100.0, "a1_occupancy": 100.0, "a2a_occupancy": 100.0, "nmdar_block": 100.0}
Readout = Callable[[Observation, Curves], Numbers]


def readout_of(o: Observation) -> Readout | None:
    """Return how an observation is read off curves, or None."""
    if o.readout in CURVE:
        return CURVE[o.readout]
    name, _, kind = o.readout.rpartition("_")
    name = name.removesuffix("_s").removesuffix("_percent") if name not in QUANTITIES else name
    if name not in QUANTITIES or kind not in ("change", "ratio"):
        return None
    return _compared(name, kind == "ratio")


def quantity_of(o: Observation) -> str:
    """Return the quantity of which a readout is a change or a ratio, as observations name it."""
    name = o.readout.rpartition("_")[0]
    return name if name in QUANTITIES else name.removesuffix("_s").removesuffix("_percent")


def reference_of(o: Observation) -> Protocol:
    """Return what a ratio is over: no pretreatment; else the wild type; else no intervention."""
    if o.pretreatment:
        return protocol_of(o, pretreated=False)
    if protocol_of(o).gene:
        return protocol_of(o, wild=True)
    return protocol_of(o, treated=False)


def _peak(o: Observation, curves: Curves) -> Numbers:
    run = protocol_of(o)
    floor = SALINE_PEAK if o.statistic.startswith("rise") else 0.0
    if o.pretreatment and run == protocol_of(o, treated=False):  # what the pretreatment does by itself
        return 100 * (noisy_peak(curves.before(run)) - floor)
    return 100 * (noisy_peak(curves.dff(run)) - floor)


def _area(o: Observation, curves: Curves) -> Numbers:
    curve = curves.dff(protocol_of(o))[:, : round(PEAK_WITHIN_S / EVERY_S) + 1]
    return np.asarray(np.trapezoid(100 * curve, dx=EVERY_S, axis=1), float)


def _clean_peak(curve: Numbers) -> tuple[Whole, Numbers]:
    place = np.nan_to_num(curve, nan=-1.0).argmax(axis=1)
    return place, curve[np.arange(len(curve)), place]


def _time_to_peak(o: Observation, curves: Curves) -> Numbers:
    """The top of the parabola through the highest sample and its neighbours, so that it moves smoothly."""
    curve = curves.dff(protocol_of(o))
    place = _clean_peak(curve)[0].clip(1, curve.shape[1] - 2)
    before, at, after = (np.take_along_axis(curve, place[:, None] + step, axis=1)[:, 0] for step in (-1, 0, 1))
    bend = before - 2 * at + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, -1.0), 0.0)
    return (place + np.clip(shift, -0.5, 0.5)) * EVERY_S


def _onset(o: Observation, curves: Curves) -> Numbers:
    curve = curves.dff(protocol_of(o))
    _, peak = _clean_peak(curve)
    return _crossing(curve, 0.2 * peak, np.zeros(len(curve), int), rising=True)


def _half_decay(o: Observation, curves: Curves) -> Numbers:
    """After a bout of thin air, from its end; else from the peak."""
    curve = curves.dff(protocol_of(o))
    place, peak = _clean_peak(curve)
    bout = bout_end_s(o)
    start = place if bout is None else np.full(len(curve), round(bout / EVERY_S))
    return _crossing(curve, 0.5 * peak, start, rising=False)


def _lasting(o: Observation, curves: Curves) -> Numbers:
    curve = curves.dff(protocol_of(o))
    place, peak = _clean_peak(curve)
    return place * EVERY_S + _crossing(curve, 0.2 * peak, place, rising=False)


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


def _ratio(measure: Callable[[Numbers], Numbers]) -> Readout:
    def readout(o: Observation, curves: Curves) -> Numbers:
        return measure(curves.dff(protocol_of(o))) / measure(curves.dff(reference_of(o)))

    return readout


def _compared(name: str, ratio: bool) -> Readout:
    """Return how a quantity differs from what it is after saline, or over it."""

    def readout(o: Observation, curves: Curves) -> Numbers:
        run, control = protocol_of(o), protocol_of(o, treated=False)
        own, other = (_looked_at(name, o, each, curves) for each in (run, control))
        return own / other if ratio else PERCENT.get(name, 1.0) * (own - other)

    return readout


def _looked_at(name: str, o: Observation, run: Protocol, curves: Curves) -> Numbers:
    source = QUANTITIES[name]
    if o.time_after_h is not None or name in ("fst_immobility", "spt_preference"):
        return curves.at(run, source, moment_s(o))
    times, values = curves.times[run] - AT_S, curves.quantity(run, source)
    if name == "locomotion":
        return np.asarray(values[:, (times >= 0) & (times <= 3600)].mean(axis=1), float)
    window = values[:, (times >= 0) & (times <= PEAK_WITHIN_S)]
    place = np.abs(window - window[:, :1]).argmax(axis=1)
    return window[np.arange(len(window)), place]


CURVE: Mapping[str, Readout] = {
    "peak_dff": _peak,
    "auc_dff": _area,
    "onset_s": _onset,
    "time_to_peak_s": _time_to_peak,
    "half_decay_s": _half_decay,
    "duration_s": _lasting,
    "peak_ratio": _ratio(noisy_peak),
    "auc_ratio": _ratio(noisy_area),
}
