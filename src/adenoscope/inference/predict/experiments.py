"""An observation as an experiment: the protocol that a virtual animal goes through for it, and when it is looked at.

The intervention is half an hour after the start, so that a pretreatment can be given first. Words that observations
use for interventions, and what they stand for (Yue et al., 2025): ``hypoxia``, one bout of 5 min; ``aIH``, five such
bouts with 5 min of air between, on three days unless sessions are told; ``ECT``, 40 mA, 100 Hz, 0.5 ms, 10 s;
``cOpn5``, light on astrocytes for 10 min; else a compound of the library, or ``saline``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, get_args

from adenoscope.core.errors import InputError
from adenoscope.core.protocol import Breath, Dose, Gene, GeneName, Light, Protocol, Region, Route, Shock
from adenoscope.inference.predict.observations import Observation
from adenoscope.mechanism.interventions import changes

AT_S = 1800.0  # of the intervention; the recording starts at 0
DAY_S = 86400.0
SHORT_S = AT_S + 3600.0  # long enough for most
BOUT_S, BOUTS, LEAST_FIO2 = 300.0, 5, 0.09
NOTHING = ("", "saline", "vehicle", "air", "sham", "none")
BOUT, INTERMITTENT = ("hypoxia", "acute hypoxia"), ("aih", "ih", "intermittent hypoxia", "acute intermittent hypoxia")
CONVULSIVE, OPTOGENETIC = ("ect", "ecs", "electroconvulsive therapy", "electroconvulsive shock"), ("copn5", "opto")
SESSIONS = ("session", "sessions", "day", "days", "d")
ROUTES: Mapping[str, Route] = {"ip": "ip", "iv": "iv", "icv": "icv", "oral": "oral", "po": "oral"}
LEFT = {"ko": 0.0, "crispr": 0.0, "sgrna": 0.0, "-/-": 0.0, "het": 0.5, "+/-": 0.5}
REGIONS = {"": "mPFC", "PFC": "mPFC", "PrL": "mPFC", "IL": "mPFC", "PrL/IL": "mPFC", "Cg": "ACC", "dHPC": "HPC"}
STRESS = {"": "naive", "none": "naive", "naive": "naive", "CRS": "CRS"}


class NotDescribed(ValueError):
    """The mechanism has no words for what an observation did; the message says which."""


@cache
def protocol_of(o: Observation, *, treated: bool = True, pretreated: bool = True, wild: bool = False) -> Protocol:
    """Return what is done to the animal of an observation; or without some of it.

    Raises:
        NotDescribed: the mechanism does not know an intervention, genotype, region or stress.
    """
    done = _intervention(o)
    protocol = Protocol(
        species="mouse",
        duration_s=_duration(_last(done), o.time_after_h),
        region=_region(o.region),
        condition=_condition(o.stress),
        gene=() if wild else _genes(o.genotype),
        **(done if treated else {}),
    )
    before = _pretreatment(o.pretreatment) if pretreated else ()
    protocol = replace(protocol, give=(*before, *protocol.give))
    try:
        changes(protocol)
    except InputError as error:
        problem = error.problems[0]
        raise NotDescribed(f"{problem.found}: allowed is {problem.allowed}") from None
    return protocol


def moment_s(o: Observation) -> float:
    """Return when behaviour is looked at [s] from the protocol's start.

    Counted from the last dose, shock, light or bout; where bouts come in series, from the end of the last of them.
    """
    return _last(_intervention(o)) + 3600.0 * (1.0 if o.time_after_h is None else o.time_after_h)


def bout_end_s(o: Observation) -> float | None:
    """Return how long after the intervention's start a bout of thin air ends [s], or None."""
    breaths = _intervention(o).get("breathe", ())
    return breaths[0].duration_s if breaths else None


def _duration(last_s: float, time_after_h: float | None) -> float:
    needed = last_s + 3600.0 * (1.0 if time_after_h is None else time_after_h)
    return SHORT_S if needed <= SHORT_S else DAY_S / 4 * -(-needed // (DAY_S / 4))


def _last(done: dict[str, Any]) -> float:
    ends = [AT_S, *(dose.at_s for dose in done.get("give", ()))]
    ends += [shock.at_s for shock in done.get("shock", ())] + [light.at_s for light in done.get("light", ())]
    ends += [start for breath in done.get("breathe", ()) for start, _ in breath.bouts]
    bouts = [end for breath in done.get("breathe", ()) if breath.repeat > 1 for _, end in breath.bouts]
    return max([*ends, *bouts])


def _intervention(o: Observation) -> dict[str, Any]:
    word = o.intervention.strip().lower()
    if word in NOTHING:
        return {}
    plain = word.replace("_", " ").replace("-", " ")
    if plain in BOUT:
        return {"breathe": (Breath(AT_S, _fio2(o), BOUT_S),)}
    if plain in INTERMITTENT:
        days = range(_sessions(o, 3))
        return {"breathe": tuple(Breath(AT_S + n * DAY_S, _fio2(o), BOUT_S, BOUTS, BOUT_S) for n in days)}
    if plain in CONVULSIVE:
        days = range(_sessions(o, 1))
        return {"shock": tuple(Shock(AT_S + n * DAY_S, 40.0, 100.0, 0.5, 10.0) for n in days)}
    if plain.startswith(OPTOGENETIC):
        return {"light": (Light(AT_S, 600.0),)}
    return {"give": (_dose(AT_S, word, o.dose, o.dose_unit or "mg/kg"),)}


def _sessions(o: Observation, usual: int) -> int:
    return max(int(o.dose), 1) if o.dose_unit.lower() in SESSIONS else usual


def _fio2(o: Observation) -> float:
    if "percent" in o.dose_unit.lower() or "%" in o.dose_unit:
        return o.dose / 100
    if o.dose >= 1 and o.dose_unit.lower() in ("", "o2", "fio2"):
        raise NotDescribed(f"thin air of {o.dose:g} `{o.dose_unit}`: written as a fraction below 1, or in percent")
    return o.dose if 0 < o.dose < 1 else LEAST_FIO2


def _dose(at_s: float, compound: str, dose: float, words: str) -> Dose:
    """Return a dose; ``words``: its unit, and its route where that is not i.p. (i.c.v. where a dose is in µg)."""
    unit, *more = words.replace("ug", "µg").replace("\u03bc", "µ").replace(",", " ").split()
    named = [word.replace(".", "").lower() for word in more]
    ways: list[Route] = [ROUTES[word] for word in named if word in ROUTES]
    if more and not ways:
        raise NotDescribed(f"the route `{' '.join(more)}`: known are {', '.join(ROUTES)}")
    usual: Route = "icv" if unit == "µg" else "ip"
    return Dose(at_s, compound, dose, unit, ways[0] if ways else usual)


def _pretreatment(words: str) -> tuple[Dose, ...]:
    if words.strip().lower() in NOTHING:
        return ()
    match = re.fullmatch(r"(\S+)\s+(\d+(?:\.\d+)?)\s+(.+)", words.strip())
    if match is None:
        raise NotDescribed(f"the pretreatment `{words}`: written as `dipyridamole 1 ug icv`")
    return (_dose(0.0, match[1], float(match[2]), match[3]),)


def _genes(words: str) -> tuple[Gene, ...]:
    if words.strip().lower() in ("", "wt", "wild type", "cas9", "mcherry", "control"):
        return ()
    named = [name for name in get_args(GeneName) if re.search(rf"\b{name}\b", words, re.IGNORECASE)]
    left = [share for word, share in LEFT.items() if word in words.lower()]
    if len(named) != 1 or not left:
        raise NotDescribed(f"the genotype `{words}`: known are {', '.join(get_args(GeneName))}, with KO or het")
    return (Gene(named[0], left[0]),)


def _region(words: str) -> Region:
    found = REGIONS.get(words, words)
    if found not in get_args(Region):
        raise NotDescribed(f"the region `{words}`: known are {', '.join(get_args(Region))}")
    return found  # type: ignore[return-value]


def _condition(words: str) -> Any:
    if words not in STRESS:
        raise NotDescribed(f"the stress `{words}`: only chronic restraint (CRS) is described")
    return STRESS[words]
