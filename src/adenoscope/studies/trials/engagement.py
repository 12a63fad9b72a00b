"""What a session does to each person's receptors, by the mechanism.

Engagement is an area [occupancy min]: how much more of the receptors adenosine holds than in the same person, with
the same caffeine on board, to whom nothing is done. Constants are those of virtual subjects, with a person's own
body, caffeine clearance, haemoglobin and lung in the place of drawn ones:

    clearance, flow [1/kg] ~ (mass / reference)^(b - 1),   blood flows, stores and uptake ~ (mass / reference)^b

with b the allometric exponent. A dose in mg is the same for everybody. The charge of an electroconvulsive stimulus is
titrated: everybody is given the same multiple of their own threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from adenoscope.core.errors import Refused
from adenoscope.core.parameter import load_values
from adenoscope.core.people import Numbers, People
from adenoscope.core.protocol import Protocol
from adenoscope.mechanism.cohort import BATCH, draw_subjects, has_rest, mechanism
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.pieces import constants
from adenoscope.mechanism.validity import refusals
from adenoscope.simulation import Change
from adenoscope.studies.progress import Progress, ignore

WINDOW_S = 12 * 3600.0  # adds 17 % to the area of 6 h after ketamine; 24 h would add 7 % more
FINE_S, COARSE_S, BOUT_S, FINE_UNTIL_S = 60.0, 600.0, 10.0, 5400.0
CHUNK = 4000
OBSERVED = ("a1_occupancy", "a2a_occupancy", "nmdar_block", "spo2")
RTOL, ATOL = 1e-4, 1e-7  # areas agree with those at 1e-6 to three digits
DRUG_FLOWS = (
    *("ketamine_clearance", "ketamine_flow1", "ketamine_flow2"),
    *("norketamine_clearance", "hydroxynorketamine_clearance"),
)
OF_SIZE = (
    *("body_vo2", "cardiac_output_rest", "co2_store"),
    *("arterial_store", "tissue_blood_store", "venous_store"),
)


@dataclass(frozen=True)
class Engagement:
    """What one session of each arm does to each person; arrays of shape (person, arm).

    ``a1``, ``a2a``: rise of occupancy by adenosine; ``block``: of block of NMDA receptors; each an area
    [occupancy min]. ``spo2_low``: least oxygen saturation [1], NaN where none is lowered. ``failed``, shape
    (person,): who has no resting state, or could not be followed; their numbers are NaN.
    """

    arms: tuple[str, ...]
    a1: Numbers
    a2a: Numbers
    block: Numbers
    spo2_low: Numbers
    failed: npt.NDArray[np.bool_]


def engage(
    people: People,
    sessions: Mapping[str, Protocol],
    seed: int,
    *,
    progress: Callable[[Progress], None] = ignore,
) -> Engagement:
    """Return the engagement of every person under every arm, after one session.

    Args:
        people: Whoever is treated; person k has the constants of virtual subject k of ``seed``.
        sessions: One session of each arm by name; where nothing is done (sham, saline, midazolam) nothing rises.
        seed: Of the constants that no covariate replaces.
        progress: Told how many people have been through.

    Raises:
        Refused: a session leaves what people may be given, or the ranges of the constants do not fit together.

    Valid: the mechanism's brain is the mouse's; one draw holds both how people differ and what nobody knows.
    Source: see the top of this file.
    """
    reasons = [f"{name}: {reason}" for name, session in sessions.items() for reason in refusals(session)]
    if reasons:
        raise Refused("\n".join(["No session was simulated.", *reasons]))
    progress(Progress("engaging", 0, people.n, "people"))
    drawn = draw_subjects("human", people.n, seed).constants
    areas = np.full((people.n, len(sessions), 3), np.nan)
    least = np.full((people.n, len(sessions)), np.nan)
    for place in _chunks(people.n):
        own = {name: values[place] for name, values in drawn.items()}
        areas[place], least[place] = _engage_some(people.take(np.arange(people.n)[place]), own, sessions)
        progress(Progress("engaging", min(place.stop, people.n), people.n, "people"))
    failed = np.asarray(~np.isfinite(areas).all(axis=(1, 2)), dtype=bool)
    return Engagement(tuple(sessions), areas[..., 0], areas[..., 1], areas[..., 2], least, failed)


def _chunks(n: int) -> Iterator[slice]:
    yield from (slice(start, min(start + CHUNK, n)) for start in range(0, n, CHUNK))


def _engage_some(
    people: People, drawn: Mapping[str, Numbers], sessions: Mapping[str, Protocol]
) -> tuple[Numbers, Numbers]:
    """Return areas, shape (person, arm, observable), and least saturations, shape (person, arm)."""
    own = {**drawn, **person_constants(people, drawn)}
    shown = _filled({**own, **caffeine_on_board(people, own)})
    rests = has_rest("human", _filled(own))[: people.n]
    areas, least = np.zeros((people.n, len(sessions), 3)), np.full((people.n, len(sessions)), np.nan)
    left_alone, _ = _areas(shown, people, Protocol("human", WINDOW_S))
    for column, session in enumerate(sessions.values()):
        if _does_nothing(session):
            continue
        found, lowest = _areas(shown, people, session)
        areas[:, column] = found - left_alone
        if session.breathe:
            least[:, column] = lowest
    areas[~rests], least[~rests] = np.nan, np.nan
    return areas, least


def _does_nothing(session: Protocol) -> bool:
    return not (session.give or session.breathe or session.shock)


def _filled(values: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return values of at least a batch: the engine compiles anew for less."""
    return {name: np.resize(each, max(each.size, BATCH)) for name, each in values.items()}


def _areas(own: Mapping[str, Numbers], people: People, session: Protocol) -> tuple[Numbers, Numbers]:
    """Return areas under the curves [min], shape (person, 3), and least saturation, shape (person,)."""
    times = session_times(session)
    answer = mechanism("human").simulate(
        times,
        parameters={**own, **parameters(session)},
        events=_filled_events(person_changes(session, people, own)),
        observables=OBSERVED,
        rtol=RTOL,
        atol=ATOL,
    )
    values = answer.values[: people.n]
    areas = np.asarray(np.trapezoid(values[..., :3], times / 60, axis=1), dtype=float)
    areas[answer.status[: people.n] != 0] = np.nan
    return areas, values[..., 3].min(axis=1)


def _filled_events(events: Sequence[Change]) -> list[Change]:
    return [
        replace(event, value=np.resize(event.value, max(np.size(event.value), BATCH)))
        if np.ndim(event.value)
        else event
        for event in events
    ]


def session_times(session: Protocol) -> Numbers:
    """Return when a session is looked at [s]: every 10 s while gas changes, then less and less often."""
    bouts = [bout for breath in session.breathe for bout in breath.bouts]
    parts = [np.arange(0.0, FINE_UNTIL_S, FINE_S), np.arange(FINE_UNTIL_S, WINDOW_S + 1, COARSE_S)]
    if bouts:
        end = max(stop for _, stop in bouts) + 300.0
        parts.append(np.arange(min(start for start, _ in bouts), end, BOUT_S))
    if session.shock:
        parts.append(np.arange(0.0, 900.0, BOUT_S))
    return np.unique(np.concatenate(parts))


def person_constants(people: People, drawn: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return the model's constants that a person's covariates replace or scale, each of shape (person,).

    Valid: adults; fat and lean mass count alike.
    Source: see the top of this file; ``values/people.toml``.
    """
    known = load_values("people")
    size = people["weight_kg"] / constants("compounds", "human")["body_mass"].value
    power = known["body"]["allometric_exponent"].value
    flows, volumes = size ** (power - 1), size**power
    typical = constants("pharmacokinetics", "human")["caffeine_clearance"].value
    return {
        **{name: drawn[name] * flows for name in DRUG_FLOWS},
        **{name: drawn[name] * volumes for name in OF_SIZE},
        "caffeine_clearance": typical * people["cyp1a2"] * flows,
        "lung_volume": drawn["lung_volume"] * people["height_m"] / known["body"]["reference_height"].value,
        "haemoglobin_capacity": known["oxygen"]["oxygen_per_haemoglobin"].value * people["haemoglobin_g_per_l"],
        "alveolar_arterial_difference": people["aa_difference_mmhg"],
    }


def person_changes(session: Protocol, people: People, own: Mapping[str, Numbers]) -> list[Change]:
    """Return what a session does to the model: doses in mg by each person's mass, charges by their threshold."""
    lighter = constants("compounds", "human")["body_mass"].value / people["weight_kg"]
    typical = constants("seizure", "human")["threshold_charge_mc"].value
    multiple = own["threshold_charge_mc"] / typical
    events: list[Change] = []
    for dose in session.give:
        given = changes(replace(session, give=(dose,), breathe=(), shock=(), light=()))
        events += [_scaled(change, lighter) for change in given] if dose.unit == "mg" else given
    rest = changes(replace(session, give=()))
    return [*events, *(_scaled(change, multiple) if change.target == "charge_mc" else change for change in rest)]


def _scaled(change: Change, by: Numbers) -> Change:
    return replace(change, value=np.asarray(change.value) * by)


def caffeine_on_board(people: People, own: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return the amounts and the brain's level of caffeine at the start, by the model's names, shape (person,).

        central = D ka / (ka - ke) (exp(-ke t) - exp(-ka t)),   ke = clearance / volume

    Valid: one compartment; the brain is in balance with plasma, as it is within minutes.
    Source: Bateman (1910), the equation of absorption and loss at constant rates.
    """
    molar_mass = constants("compounds", "human")["caffeine_molar_mass"].value
    dose = 1000 * people["caffeine_mg"] / (molar_mass * people["weight_kg"])  # µmol/kg
    ka, ke = own["caffeine_absorption"], own["caffeine_clearance"] / own["caffeine_volume"]
    passed = dose / (1 + own["caffeine_first_pass"])
    t = 3600 * people["caffeine_h"]
    central = passed * ka / (ka - ke) * (np.exp(-ke * t) - np.exp(-ka * t))
    free = own["caffeine_f_unbound"] * own["caffeine_kpuu"] * central / own["caffeine_volume"]
    return {"caffeine_depot": dose * np.exp(-ka * t), "caffeine_central": central, "caffeine_brain": free}
