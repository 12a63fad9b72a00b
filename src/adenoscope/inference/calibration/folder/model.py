"""The model of the exported calibration: the mouse, what is done to it, what is seen of it; mitochondria beside it.

Conditions of PEtab, version 1, set constants; so everything that differs between conditions is one here: doses and
gas at the intervention, a pretreatment, switches, what mitochondria are given. Two animals go through a condition,
the second from rest again: constants ``NAME_at_start`` remember where every state began.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from adenoscope.inference.predict.experiments import AT_S, BOUT_S, SHORT_S
from adenoscope.inference.predict.noise import NOISE, PEAK_WITHIN_S, SALINE_PEAK
from adenoscope.mechanism.cohort import mechanism
from adenoscope.mechanism.pieces import compose, constants, piece_text
from adenoscope.simulation import Model, model_from_text

AGAIN_S = SHORT_S + 600.0  # when the second animal takes the first one's place
BOUT_GAS, MITOCHONDRIA_GIVEN = "bout_fio2", "drug_ketamine_um"
STEEPNESS = 90.0  # 1 per ΔF/F, of the floor's rise: closest to noisy_peak on curves of prior draws
NUMBERS = {
    "noise_floor": SALINE_PEAK,
    "noise_steepness": STEEPNESS,
    "noise_bend": float(np.log(2) / np.maximum(NOISE, 0.0).mean()),
    "recording_s": PEAK_WITHIN_S,
    "follow_rate": 10.0,  # 1/s: the highest value is followed a tenth of a second behind
    "follow_least": 1e-7,  # ΔF/F
    "edge_share": 1e-5,  # of the peak: how soft a level is
    "top_share": 1e-4,  # of the peak: what is called the top
}
KEPT = ("rise", "noisy_mean", "highest")  # of the first animal, as first_NAME
SWITCHED = ("dff_before", "recording", "following", "timing", "bout_over", "second")
TWINS = ("drug", "vehicle")  # of the mitochondria's equations
STARTED = ("fst_immobility_s", "spt_preference_percent")  # no states, but compared with where they began
STATE = re.compile(r"\b(\w+)'\s*=")
DEFINED = re.compile(r"\b(\w+)(?:'|\s*:)?\s*=")


@dataclass(frozen=True)
class Doses:
    """States that doses go into: ``now``, at the intervention; ``before``, as pretreatments of the second animal."""

    now: tuple[str, ...]
    before: tuple[str, ...]


def dose_name(target: str) -> str:
    """Return what a dose into a state at the intervention is called [µmol/kg]."""
    return f"{target}_dose"


def before_name(target: str) -> str:
    """Return what a dose half an hour before is called [µmol/kg]; the second animal is given it."""
    return f"{target}_before"


def odds_name(constant: str) -> str:
    """Return what the odds of a share are called."""
    return f"{constant}_odds"


def calibration_model(doses: Doses, shares: Iterable[str] = ()) -> Model:
    """Return the model; ``shares``: constants that are given by their odds."""
    return model_from_text(model_text(doses, shares), file="calibration")


def model_text(doses: Doses, shares: Iterable[str] = ()) -> str:
    """Return the model as one Antimony text."""
    readouts = (files(f"{__package__}") / "readouts.ant").read_text(encoding="utf-8")
    states = [*mechanism("mouse").system.rates, *STATE.findall(readouts)]
    lines = [
        *("// ---- readouts ----", readouts.rstrip()),
        *(f"// ---- mitochondria, {twin} ----\n{_twin(twin)}" for twin in TWINS),
        *(f"{name} = {value!r};" for name, value in _numbers(doses).items()),
        *(f"const {name}_at_start;  {name}_at_start = {name};" for name in (*states, *STARTED)),
        *(line for name in shares for line in _share(name)),
        *_events(doses, states),
    ]
    return "\n".join([compose("mouse").rstrip().removesuffix("end"), *lines, "end"]) + "\n"


def _numbers(doses: Doses) -> dict[str, float]:
    own = {name: value.value for name, value in constants("mitochondria", "mouse").items() if name != "ketamine_um"}
    given = dict.fromkeys([*map(dose_name, doses.now), *map(before_name, doses.before)], 0.0)
    zero = dict.fromkeys([*SWITCHED, *(f"first_{name}" for name in KEPT)], 0.0)
    twins = dict.fromkeys([f"{twin}_ketamine_um" for twin in TWINS], 0.0)
    return {**NUMBERS, **own, **zero, **twins, **given, BOUT_GAS: constants("oxygen", "mouse")["fio2"].value}


def _twin(prefix: str) -> str:
    """Return the mitochondria's equations with a prefix to every name that they define."""
    text = re.sub(r"//.*", "", piece_text("mitochondria"))
    own = "|".join(sorted({*DEFINED.findall(text), "ketamine_um"}, key=len, reverse=True))
    return re.sub(rf"\b({own})\b", rf"{prefix}_\1", text).strip()


def _share(name: str) -> tuple[str, str]:
    value = mechanism("mouse").system.inputs[name]
    odds = odds_name(name)
    return f"{odds} = {value / (1 - value)!r};", f"{name} = {odds}/(1 + {odds});"


def _events(doses: Doses, states: Sequence[str]) -> Iterator[str]:
    """Yield what is done, in both animals alike but for the pretreatment, and when recordings begin and end."""
    air = constants("oxygen", "mouse")["fio2"].value
    given = [f"{target} = {target} + {dose_name(target)}" for target in doses.now]
    for start in (0.0, AGAIN_S):
        at = start + AT_S
        begin = ["dff_before = dff", "recording = 1", "following = 1", "timing = second", f"fio2 = {BOUT_GAS}"]
        yield _event(at, [*begin, *given])
        yield _event(at + BOUT_S, [f"fio2 = {air!r}", "bout_over = 1"])
        yield _event(at + PEAK_WITHIN_S, ["recording = 0"])
        yield _event(start + SHORT_S, ["following = 0", "timing = 0"])
    before = {target: f" + {before_name(target)}" for target in doses.before}
    rest = [f"{state} = {state}_at_start{before.get(state, '')}" for state in states]
    kept = [f"first_{name} = {name}" for name in KEPT]
    yield _event(AGAIN_S, [*kept, "dff_before = 0", "bout_over = 0", "second = 1", *rest])


def _event(at_s: float, assignments: Sequence[str]) -> str:
    return f"at time >= {at_s!r}: {', '.join(assignments)};"
