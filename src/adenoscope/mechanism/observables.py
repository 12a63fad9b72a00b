"""What is looked at in a simulated subject, and a curve in a few numbers.

Change is the curve minus rest, its value when the first thing is done to the subject. The peak is the largest change
in absolute size, up or down, after that; the onset the last rise through 20 % of it before the peak; the half decay
the time from the peak to the first return to half of it; the area that of the change. A curve that does not move has
no times. Between the times looked at, curves are straight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from adenoscope.core.protocol import Protocol
from adenoscope.mechanism.own_compounds import given_compounds

Numbers = npt.NDArray[np.float64]
ONSET_SHARE, DECAY_SHARE = 0.2, 0.5
STILL = 1e-3  # of rest: a curve that changes by less does not move
FLOORS = {"µM": 1e-6}  # the same in the unit, 1e-3 in others: for curves that rest at 0
WITHOUT_KINETICS = ("adenosine",)
READINGS = ("at_rest", "at_end", "peak", "time_to_peak_s", "half_decay_s", "onset_s", "auc")


@dataclass(frozen=True)
class Observable:
    """What is looked at: its name in results, the model's name for it, and its unit."""

    name: str
    source: str
    unit: str

    @property
    def floor(self) -> float:
        """Return the change [unit] below which the curve counts as still, beside ``STILL``."""
        return FLOORS.get(self.unit, 1e-3)


BRAIN = (
    Observable("dff", "dff", "1"),
    Observable("adenosine_um", "adenosine_um", "µM"),
    Observable("intracellular_adenosine_um", "intracellular_adenosine_um", "µM"),
    Observable("extracellular_atp_um", "extracellular_atp_um", "µM"),
    Observable("atp_adp_ratio", "atp_adp_ratio", "1"),
    Observable("a1_occupancy", "a1_occupancy", "1"),
    Observable("a2a_occupancy", "a2a_occupancy", "1"),
    Observable("nmdar_block", "nmdar_block", "1"),
    Observable("bdnf", "bdnf", "relative to rest"),
)
BEHAVIOUR = (
    Observable("locomotion", "locomotion", "relative to rest"),
    Observable("fst_immobility_s", "fst_immobility_s", "s"),
    Observable("spt_preference_percent", "spt_preference_percent", "percent"),
)
OXYGEN = (
    Observable("pao2_mmhg", "pao2", "mmHg"),
    Observable("spo2", "spo2", "1"),
    Observable("pto2_mmhg", "pto2", "mmHg"),
    Observable("cmro2", "cmro2", "relative to rest"),
)


def observables(protocol: Protocol) -> tuple[Observable, ...]:
    """Return what is looked at under a protocol: behaviour in mice only, and every compound that is about."""
    behaviour = BEHAVIOUR if protocol.species == "mouse" else ()
    names = {given.slot: given.name for given in given_compounds(protocol)}
    levels = (
        Observable(f"{place}_{names.get(slot, slot)}_um", f"{place}_{slot}_um", "µM")
        for slot in present_compounds(protocol)
        if slot not in WITHOUT_KINETICS
        for place in ("plasma", "brain")
    )
    return (*BRAIN, *behaviour, *OXYGEN, *levels)


def present_compounds(protocol: Protocol) -> tuple[str, ...]:
    """Return the compounds that are given, and those that the body makes of them, by what the model calls them."""
    slots = (slot for given in given_compounds(protocol) for slot in (given.slot, *given.forms))
    return tuple(dict.fromkeys(slots))


def sample_times(protocol: Protocol) -> Numbers:
    """Return the times looked at [s], from 0 to the end, the end and the first intervention among them."""
    steps = np.arange(0.0, protocol.duration_s, protocol.every_s)
    return np.unique([*steps.tolist(), protocol.first_s, protocol.duration_s])


def readings(time_s: Numbers, curves: Numbers, first_s: float, floor: float = 1e-3) -> Mapping[str, Numbers]:
    """Return the numbers of each curve by name, each of shape (subject,); NaN where there is none.

    Args:
        time_s: Times looked at [s], shape (time,).
        curves: One observable, shape (subject, time).
        first_s: When the first thing was done [s]; times in the answer count from there.
        floor: Change below which a curve does not move, in its unit.

    Valid: the answer's times are no finer than the times looked at allow.
    Source: the definitions at the top.
    """
    start = int(np.searchsorted(time_s, first_s))
    after, rest = time_s[start:] - first_s, curves[:, start]
    change = curves[:, start:] - rest[:, None]
    place = np.argmax(np.abs(change), axis=1)
    row = np.arange(curves.shape[0])
    peak = change[row, place]
    moved = np.abs(peak) > STILL * np.abs(rest) + floor
    share = change / np.where(moved, peak, np.nan)[:, None]  # 1 at the peak, whichever way it goes
    column = np.arange(after.size)
    return {
        "at_rest": rest,
        "at_end": curves[:, -1],
        "peak": rest + peak,
        "time_to_peak_s": np.where(moved, after[place], np.nan),
        "half_decay_s": _first_fall(after, share, column >= place[:, None]) - after[place],
        "onset_s": _last_rise(after, share, column <= place[:, None]),
        "auc": np.asarray(np.trapezoid(change, after, axis=1), dtype=float),
    }


def _first_fall(time_s: Numbers, share: Numbers, allowed: npt.NDArray[np.bool_]) -> Numbers:
    """Return when each curve first falls to half of its peak where allowed."""
    below = (share <= DECAY_SHARE) & allowed
    place = np.argmax(below, axis=1)
    return np.where(below.any(axis=1), _crossing(time_s, share, place - 1, DECAY_SHARE), np.nan)


def _last_rise(time_s: Numbers, share: Numbers, allowed: npt.NDArray[np.bool_]) -> Numbers:
    """Return when each curve last rises through the onset's share of its peak where allowed."""
    below = (share < ONSET_SHARE) & allowed
    place = share.shape[1] - 1 - np.argmax(below[:, ::-1], axis=1)
    return np.where(below.any(axis=1), _crossing(time_s, share, place, ONSET_SHARE), np.nan)


def _crossing(time_s: Numbers, share: Numbers, place: npt.NDArray[np.intp], level: float) -> Numbers:
    """Return when each curve crosses ``level`` between the time at ``place`` and the next."""
    place = np.clip(place, 0, max(time_s.size - 2, 0))
    row = np.arange(share.shape[0])
    following = np.minimum(place + 1, time_s.size - 1)
    before, after = share[row, place], share[row, following]
    step = np.divide(level - before, after - before, out=np.zeros_like(before), where=after != before)
    return time_s[place] + step * (time_s[following] - time_s[place])
