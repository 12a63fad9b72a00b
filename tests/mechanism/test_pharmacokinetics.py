"""What reaches plasma and brain: published levels, conservation, linearity, and what may be given to whom."""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from adenoscope.core.errors import InputError
from adenoscope.mechanism.compounds import affinities, dose_changes, find_compound, library
from adenoscope.mechanism.pieces import Species, compose, constants, piece_text
from adenoscope.simulation import Change, Model, Trajectories, model_from_text

PIECE = "pharmacokinetics"
HOUR = 3600.0
KINETIC = [name for name in library() if name != "adenosine"]  # adenosine's fate belongs to the purines
ALL_ROUTES = [
    pytest.param(species, name, route, id=f"{species}-{name}-{route}")
    for name in KINETIC
    for species in ("mouse", "human")
    for route in library()[name].routes[species]
]


FAMILY = ("ketamine", "norketamine", "hydroxynorketamine")
LOST = (
    "ketamine_absorbed - ketamine_passed + ketamine_cleared - norketamine_formed",
    "norketamine_lost - hydroxynorketamine_formed",
    "hydroxynorketamine_absorbed - hydroxynorketamine_passed + hydroxynorketamine_cleared",
)


@cache
def model(species: Species) -> Model:
    return model_from_text(compose(species, (PIECE,)))


@cache
def audited(species: Species) -> Model:
    """The same, with what ketamine and its metabolites have lost, and each compound's exposure, integrated beside."""
    sums = {"lost": " + ".join(LOST)} | {f"exposure_{name}": f"plasma_{name}_um" for name in KINETIC}
    lines = [f"  {name} = 0; {name}' = {rate};" for name, rate in sums.items()]
    return model_from_text("\n".join([compose(species, (PIECE,)).removesuffix("end\n"), *lines, "end\n"]))


def times(hours: float, every_s: float = 10.0) -> npt.NDArray[np.float64]:
    return np.arange(0.0, hours * HOUR + 1, every_s)


def give(
    species: Species, compound: str, dose: float, unit: str, route: str, hours: float, duration_s: float | None = None
) -> tuple[npt.NDArray[np.float64], Trajectories]:
    t = times(hours)
    events = dose_changes(compound, dose, unit, route, species, 0.0, duration_s)
    asked = ["plasma_{}_um", "brain_{}_um"]
    return t, model(species).simulate(t, events=events, observables=[name.format(compound) for name in asked])


def mg_per_l(trajectories: Trajectories, compound: str) -> npt.NDArray[np.float64]:
    return trajectories[f"plasma_{compound}_um"][0] * library()[compound].molar_mass / 1000


def value(species: Species, name: str) -> float:
    return constants(PIECE, species)[name].value


@pytest.mark.parametrize("duration_s", [None, 60.0, 120.0])
def test_gate_c3_ketamine_10_mg_iv(duration_s: float | None) -> None:
    t, found = give("human", "ketamine", 10, "mg", "iv", 10, duration_s)
    ng_per_ml = 1000 * mg_per_l(found, "ketamine")
    assert ng_per_ml.max() == pytest.approx(296, rel=0.25)  # the gate's band; PMC9118341 table 6
    assert np.trapezoid(ng_per_ml, t) / HOUR == pytest.approx(113, rel=0.15)


def test_gate_c3_caffeine_200_mg_oral_after_an_hour() -> None:
    t, found = give("human", "caffeine", 200, "mg", "oral", 2)
    assert 3.9 <= np.interp(HOUR, t, mg_per_l(found, "caffeine")) <= 5.7


PEAKS = [
    # species, compound, dose, unit, route, duration, plasma µM, brain µM, brain peak min; from each value's source
    ("mouse", "ketamine", 10, "mg/kg", "ip", None, (3, 8), (2.5, 3.2), (5, 10)),
    ("mouse", "hydroxynorketamine", 10, "mg/kg", "ip", None, (12, 30), (6, 9), (8, 25)),
    ("mouse", "mk801", 0.1, "mg/kg", "ip", None, (0.0110, 0.0134), (0.002, 0.012), (15, 35)),  # 2.7 ± 0.2 ng/mL
    ("mouse", "caffeine", 20, "mg/kg", "ip", None, (80, 130), (60, 110), (8, 30)),
    ("mouse", "dipyridamole", 1, "µg", "icv", None, (0, 0), (0.05, 0.5), (8, 40)),
    ("human", "ketamine", 0.5, "mg/kg", "iv", 2400.0, (0.78, 1.06), (0.3, 0.8), (38, 45)),
    ("human", "theophylline", 7.4, "mg/kg", "iv", 1200.0, (82, 118), (25, 80), (20, 120)),  # 18 ± 3.3 mg/L
    ("human", "istradefylline", 40, "mg", "oral", None, (0.1, 0.65), (0.001, 0.01), (180, 300)),
    ("human", "caffeine", 350, "mg", "oral", None, (36, 56), (20, 45), (30, 70)),  # 10.0 ± 1.0 mg/L after 5 mg/kg
]


@pytest.mark.parametrize("row", PEAKS, ids=lambda row: f"{row[0]}-{row[1]}-{row[4]}")
def test_peaks_are_where_the_sources_put_them(row: tuple[object, ...]) -> None:
    species, compound, dose, unit, route, duration_s, plasma_um, brain_um, brain_min = row
    t, found = give(species, compound, dose, unit, route, 8, duration_s)
    plasma, brain = found[f"plasma_{compound}_um"][0], found[f"brain_{compound}_um"][0]
    assert plasma_um[0] <= plasma.max() <= plasma_um[1]
    assert brain_um[0] <= brain.max() <= brain_um[1]
    assert brain_min[0] <= t[brain.argmax()] / 60 <= brain_min[1]


def test_ketamine_leaves_the_mouse_brain_as_fast_as_published() -> None:
    t, found = give("mouse", "ketamine", 10, "mg/kg", "ip", 4)
    brain = found["brain_ketamine_um"][0]
    half_life_min = 40 * math.log(2) / math.log(np.interp(20 * 60, t, brain) / np.interp(HOUR, t, brain))
    assert 13 <= half_life_min <= 30
    assert np.interp(3 * HOUR, t, brain) < 0.02 * brain.max()  # not detected in hippocampus, PMC5989646


def test_mk801_in_plasma_has_the_published_area() -> None:
    t, found = give("mouse", "mk801", 0.1, "mg/kg", "ip", 4)
    late = t >= 15 * 60
    ng_min_per_ml = np.trapezoid(1000 * mg_per_l(found, "mk801")[late], t[late]) / 60
    assert ng_min_per_ml == pytest.approx(208, rel=0.15)  # ± 9 s.e.m. and 7 % in the peak; PMC6806415 table 2


def test_metabolites_of_ketamine_follow_in_order_and_size() -> None:
    names = ["brain_ketamine_um", "brain_norketamine_um", "brain_hydroxynorketamine_um"]
    events = dose_changes("ketamine", 10, "mg/kg", "ip", "mouse", 0.0)
    t = times(6)
    brain = model("mouse").simulate(t, events=events, observables=names).values[0]
    peaks = brain.max(axis=0)
    assert (np.diff(t[brain.argmax(axis=0)]) > 0).all()
    assert 0.4 <= peaks[1] <= 2.2  # 1 to 6 µmol/kg in all, over 2.76 mL/g
    assert 0.4 <= peaks[2] <= 2.5  # 1 to 6 µmol/kg in all, over unbound 0.38 of plasma and 0.9 in all


@pytest.mark.parametrize(("route", "ratio"), [("iv", (0.4, 1.4)), ("oral", (4.0, 17.0))])
def test_norketamine_outlasts_ketamine_in_people_most_of_all_by_mouth(route: str, ratio: tuple[float, float]) -> None:
    t = times(24, 30.0)
    events = dose_changes("ketamine", 35, "mg", route, "human", 0.0)
    names = ["plasma_ketamine_um", "plasma_norketamine_um"]
    areas = np.trapezoid(model("human").simulate(t, events=events, observables=names).values[0], t, axis=0)
    assert ratio[0] <= areas[1] / areas[0] <= ratio[1]  # 4 intranasal (mostly swallowed) to 16.5 oral


@pytest.mark.parametrize("species", ["mouse", "human"])
@pytest.mark.parametrize("activity", [1.0, 0.3, 0.0])
def test_what_was_given_is_in_the_body_or_lost(species: Species, activity: float) -> None:
    held = [f"{name}_{part}" for name in FAMILY for part in ("depot", "central")]
    held += ["ketamine_peripheral1", "ketamine_peripheral2", "lost"]
    events = [Change(0.0, f"{name}_depot", 42.0, adds=True) for name in FAMILY]
    events += dose_changes("ketamine", 10, "µmol/kg", "iv", species, 600.0, 1800.0)
    inhibited = {"cyp3a4_activity": activity, "cyp2b6_activity": activity}
    found = audited(species).simulate(times(8), events=events, observables=held, parameters=inhibited)
    given_so_far = 126 + 10 * np.clip((times(8) - 600) / 1800, 0, 1)
    assert found.values[0].sum(axis=1) == pytest.approx(given_so_far, rel=1e-4)  # the solver's rtol, summed


@pytest.mark.parametrize(("species", "compound", "route"), ALL_ROUTES)
def test_every_compound_can_be_given_and_its_area_is_what_clearance_says(
    species: Species, compound: str, route: str
) -> None:
    """CL ∫ plasma = F dose, for whatever reaches plasma."""
    unit, way = ("µg", None) if route == "icv" else ("µmol/kg", library()[compound].routes[species][route])
    days = 40.0 if species == "human" else 2.0
    clearance = value(species, f"{compound}_clearance")
    t = np.linspace(0, days * 24 * HOUR, 4000)
    found = audited(species).simulate(
        t,
        events=dose_changes(compound, 5.0, unit, route, species, 0.0),
        observables=[f"exposure_{compound}", f"brain_{compound}_um"],
    )
    assert not found.failures
    assert found[f"brain_{compound}_um"][0].max() > 0
    expected = 0.0 if way is None else 5.0 * way.bioavailability
    assert clearance * found[f"exposure_{compound}"][0, -1] == pytest.approx(
        expected, rel=2e-3
    )  # slowest compound: 13 half-lives


@pytest.mark.parametrize(
    ("species", "compound"),
    [("mouse", name) for name in KINETIC] + [("human", name) for name in ("ketamine", "caffeine", "theophylline")],
)
def test_an_infusion_settles_at_rate_over_clearance(species: Species, compound: str) -> None:
    hours = 24.0 if species == "mouse" else 240.0
    _, found = give(species, compound, 3600.0 * hours, "µmol/kg", "iv", hours, hours * HOUR)
    at_end = found[f"plasma_{compound}_um"][0, -2]
    assert at_end == pytest.approx(1.0 / value(species, f"{compound}_clearance"), rel=2e-3)
    share = value(species, f"{compound}_f_unbound") * value(species, f"{compound}_kpuu")
    assert found[f"brain_{compound}_um"][0, -2] == pytest.approx(share * at_end, rel=5e-3)


@settings(max_examples=20, deadline=None)
@given(compound=st.sampled_from(KINETIC), factor=st.floats(0.01, 100.0), dose=st.floats(0.1, 10.0))
def test_levels_are_proportional_to_the_dose(compound: str, factor: float, dose: float) -> None:
    _, once = give("mouse", compound, dose, "mg/kg", "ip", 2)
    _, more = give("mouse", compound, dose * factor, "mg/kg", "ip", 2)
    # to the solver's tolerance: steps are chosen anew for each dose
    assert more.values == pytest.approx(factor * once.values, rel=1e-3, abs=1e-6 * dose * factor)


def test_inhibited_enzymes_slow_ketamine_and_spare_it_on_first_pass() -> None:
    t = times(12)
    events = dose_changes("ketamine", 10, "mg/kg", "ip", "mouse", 0.0)
    names = ["plasma_ketamine_um", "plasma_norketamine_um"]
    activity = {"cyp3a4_activity": np.array([1.0, 0.1, 1.0, 0.0]), "cyp2b6_activity": np.array([1.0, 1.0, 0.1, 0.0])}
    found = model("mouse").simulate(t, events=events, observables=names, parameters=activity)
    areas = np.trapezoid(found.values, t, axis=1)
    assert areas[1, 0] > 1.3 * areas[0, 0]
    assert areas[2, 0] > 1.3 * areas[0, 0]
    assert areas[1, 1] < areas[0, 1]
    assert areas[3, 1] == 0.0
    left, first_pass = 1 / (1 + value("mouse", "ketamine_demethylation")), value("mouse", "ketamine_first_pass")
    raised = (1 + first_pass) / (1 + first_pass * left) / left
    assert areas[3, 0] / areas[0, 0] == pytest.approx(raised, rel=0.01)  # 12 h hold 99 % of the inhibited area


@pytest.mark.parametrize("species", ["mouse", "human"])
@pytest.mark.parametrize("shape", ["log-normal", "uniform"])
def test_no_plausible_constants_give_a_negative_or_infinite_level(species: Species, shape: str) -> None:
    rng = np.random.default_rng(1)
    n = 200
    drawn = {}
    for name, constant in constants(PIECE, species).items():
        low, high = math.log(constant.low), math.log(constant.high)
        drawn[name] = (
            rng.lognormal((low + high) / 2, (high - low) / (2 * ndtri(0.975)), n)
            if shape == "log-normal"
            else rng.uniform(constant.low, constant.high, n)
        )
    routes = {name: library()[name].routes[species] for name in KINETIC}
    events = [
        change
        for name, ways in routes.items()
        for route in ways
        for change in dose_changes(name, 5.0, "µg" if route == "icv" else "mg/kg", route, species, 60.0)
    ]
    names = [f"{where}_{name}_um" for name in KINETIC for where in ("plasma", "brain")]
    found = model(species).simulate(
        np.linspace(0, 12 * HOUR, 100), parameters=drawn, events=events, observables=names
    )
    assert not found.failures
    assert np.isfinite(found.values).all()
    assert found.values.min() >= -1e-6  # of levels of up to hundreds of µM: the solver's tolerance


def test_the_text_has_no_numbers_and_uses_every_constant() -> None:
    text = re.sub(r"//.*", "", piece_text(PIECE))
    assert set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", text)) <= {"0", "1"}
    words = set(re.findall(r"\w+", text))
    for species in ("mouse", "human"):
        assert set(constants(PIECE, species)) <= words
    assert set(constants(PIECE, "mouse")) == set(constants(PIECE, "human"))


def test_every_compound_says_what_it_acts_on_in_both_species() -> None:
    for name, compound in library().items():
        for species in ("mouse", "human"):
            assert set(affinities(name, species)) == set(compound.acts_on)
            assert all(ki.unit == "µM" and ki.low > 0 for ki in affinities(name, species).values())
    assert library()["deschloroketamine"].mitochondrial_ic50 == "deschloroketamine_ic50_mitochondria"


@pytest.mark.parametrize("unit", ["mg/kg", "µmol/kg", "\u03bcmol/kg", "umol/kg", "mg"])
def test_units_say_the_same(unit: str) -> None:
    dose = {"mg/kg": 0.5, "mg": 35.0}.get(unit, 0.5 / 0.23773)
    (change,) = dose_changes("ketamine", dose, unit, "oral", "human", 60.0)
    assert (change.target, change.adds, change.time) == ("ketamine_depot", True, 60.0)
    assert change.value == pytest.approx(0.5 / 0.23773)


def test_names_are_found_as_people_write_them() -> None:
    written = ["DCK", "MK-801", "(2R,6R)-hydroxynorketamine", "ZM 241385", "Caffeine"]
    assert [find_compound(name).name for name in written] == [
        *("deschloroketamine", "mk801", "hydroxynorketamine", "zm241385", "caffeine")
    ]


def test_an_infusion_starts_and_ends() -> None:
    start, end = dose_changes("ketamine", 60, "µmol/kg", "iv", "human", 30.0, 60.0)
    assert (start.time, start.target, start.value) == (30.0, "ketamine_infusion", 1.0)
    assert (end.time, end.target, end.value) == (90.0, "ketamine_infusion", -1.0)


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("aspirin", 1, "mg/kg", "ip", "mouse"), "ketamine, norketamine"),
        (("ketamine", 1, "mg/kg", "im", "mouse"), "ip, iv"),
        (("ketamine", 1, "g", "ip", "mouse"), "mg/kg, mg, µmol/kg"),
        (("dipyridamole", 1, "mg/kg", "icv", "mouse"), "µg"),
        (("deschloroketamine", 1, "mg", "oral", "human"), "ketamine, caffeine"),
        (("ketamine", -1, "mg/kg", "ip", "mouse"), "0 or above"),
        (("ketamine", math.nan, "mg/kg", "ip", "mouse"), "0 or above"),
        (("ketamine", 1, "mg/kg", "ip", "mouse", 0.0, 60.0), "with iv"),
        (("ketamine", 1, "mg/kg", "iv", "mouse", 0.0, -60.0), "above 0"),
        (("ketamine", 1, "mg/kg", "iv", "rat"), "mouse, human"),
    ],
)
def test_what_is_not_allowed_is_answered_with_what_is(arguments: tuple[object, ...], allowed: str) -> None:
    padded = (*arguments, 0.0)[: max(6, len(arguments))]
    with pytest.raises(InputError) as raised:
        dose_changes(*padded)
    (problem,) = raised.value.problems
    assert allowed in problem.allowed
