"""Virtual subjects: drawn from the posterior and from ranges, at rest, and the same whoever else is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.errors import Refused
from adenoscope.core.parameter import Parameter
from adenoscope.core.protocol import Dose, Protocol
from adenoscope.mechanism import cohort
from adenoscope.mechanism.cohort import (
    draw_subjects,
    fitted_constants,
    known_constants,
    mechanism,
    resting_quantities,
    spread,
    unverified_share,
    used_constants,
)
from adenoscope.mechanism.pieces import Species, constants
from adenoscope.mechanism.posterior import Posterior, load_posterior

SPECIES: tuple[Species, Species] = ("mouse", "human")
SCORES = np.array([-1.959964, 0.0, 1.959964])


def count(drawn) -> int:
    return max(values.size for values in drawn.values())


def constant(low: float, value: float, high: float, unit: str = "µM") -> Parameter:
    return Parameter("x", value, unit, low, high, "made up", verified=False)


@pytest.mark.parametrize(
    ("low", "value", "high", "unit"), [(1.0, 2.0, 8.0, "µM"), (0.1, 0.2, 0.95, "1"), (0.5, 0.9, 1.4, "1")]
)
def test_a_range_holds_95_percent_around_the_value(low: float, value: float, high: float, unit: str) -> None:
    np.testing.assert_allclose(spread(constant(low, value, high, unit), SCORES), [low, value, high], rtol=1e-9)


def test_a_share_stays_a_share_however_far_out_a_draw_is() -> None:
    drawn = spread(constant(0.5, 0.78, 0.95, "1"), np.linspace(-5, 5, 11))
    assert ((drawn > 0) & (drawn < 1)).all()
    assert (np.diff(drawn) > 0).all()


def test_what_may_be_zero_is_uniform() -> None:
    drawn = spread(constant(0.0, 0.05, 0.2, "1"), np.array([-9.0, 0.0, 9.0]))
    np.testing.assert_allclose(drawn, [0.0, 0.1, 0.2], atol=1e-12)


def test_a_value_at_the_edge_of_its_range_spreads_to_the_other_side_only() -> None:
    np.testing.assert_allclose(spread(constant(1.0, 1.0, 4.0), SCORES), [1.0, 1.0, 4.0], rtol=1e-9)


@pytest.mark.parametrize("species", SPECIES)
def test_a_subject_is_the_same_whoever_else_is_drawn(species: Species) -> None:
    few, many = draw_subjects(species, 9, seed=5), draw_subjects(species, 24, seed=5)
    assert few.constants.keys() == many.constants.keys()
    for name, values in few.constants.items():
        np.testing.assert_array_equal(values, many.constants[name][:9])
    assert few.redrawn <= many.redrawn


def test_another_seed_is_another_subject() -> None:
    first, second = draw_subjects("mouse", 8, seed=1), draw_subjects("mouse", 8, seed=2)
    assert (first.constants["ketamine_clearance"] != second.constants["ketamine_clearance"]).all()
    assert np.unique(first.constants["ketamine_clearance"]).size == 8


@pytest.mark.parametrize("species", SPECIES)
def test_every_subject_has_a_resting_state_and_draws_without_one_are_counted(species: Species) -> None:
    subjects = draw_subjects(species, 40, seed=1)
    names = resting_quantities(species)
    values = mechanism(species).simulate([0.0], parameters=subjects.constants, observables=names).values
    assert np.isfinite(values).all()
    assert (values > 0).all()
    assert {"adk_neuron_rest", "adk_astro_rest", "release_rest"} <= set(names)
    assert subjects.redrawn >= 0


def test_ranges_that_do_not_fit_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cohort, "has_rest", lambda _species, drawn: np.zeros(count(drawn), dtype=bool))
    with pytest.raises(Refused, match="had no resting state"):
        draw_subjects("mouse", 8, seed=1)


def test_a_draw_that_breaks_rest_is_replaced_by_the_subject_s_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def all_rest(_species, drawn):
        return np.ones(count(drawn), dtype=bool)

    def third_never_rests_at_first(_species, drawn):
        calls.append(count(drawn))
        return np.arange(count(drawn)) != (2 if len(calls) == 1 else -1)

    monkeypatch.setattr(cohort, "has_rest", all_rest)
    before = draw_subjects("mouse", 8, seed=1)
    monkeypatch.setattr(cohort, "has_rest", third_never_rests_at_first)
    after = draw_subjects("mouse", 8, seed=1)
    same = before.constants["ketamine_clearance"] == after.constants["ketamine_clearance"]
    assert np.flatnonzero(~same).tolist() == [2]
    assert (before.redrawn, after.redrawn) == (0, 1)


def test_a_subject_s_fitted_constants_are_one_draw_of_the_posterior() -> None:
    drawn, fitted = draw_subjects("mouse", 40, seed=1).constants, fitted_constants("mouse")
    table = np.stack(list(fitted.values()))
    own = np.stack([drawn[name] for name in fitted])
    places = [np.flatnonzero((table == own[:, [k]]).all(axis=0)) for k in range(40)]
    assert all(place.size for place in places)
    assert len({int(place[0]) for place in places}) > 20  # not always the same one


def test_the_posterior_s_constants_of_the_brain_are_in_mice() -> None:
    fitted = set(fitted_constants("mouse"))
    assert fitted == set(load_posterior().draws) & set(known_constants("mouse"))
    assert not fitted & set(cohort.INPUTS)


def test_people_have_the_mouse_s_brain_and_a_body_of_their_own() -> None:
    own, mouse = fitted_constants("human"), load_posterior().draws
    shared = {name for piece in ("energy", "purines", "receptors") for name in constants(piece, "human")}
    alike = {name for name in shared if known_constants("human").get(name) == known_constants("mouse").get(name)}
    assert set(mouse) & alike <= set(own)
    assert set(own) & set(constants("energy", "human"))
    assert set(own) & set(constants("purines", "human"))
    for piece in ("pharmacokinetics", "oxygen", "seizure", "compounds"):
        assert not set(own) & set(constants(piece, "human")), piece
    for name, values in own.items():
        np.testing.assert_array_equal(values, mouse[name])


def test_a_constant_that_differs_between_species_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    human, name = dict(known_constants("human")), "adk_km"
    other = {**human, name: replace(human[name], value=2 * human[name].value)}
    both = {"mouse": known_constants("mouse"), "human": other}
    made = Posterior({name: np.ones(3), "ent_km": np.ones(3), "ketamine_clearance": np.ones(3)}, {"r_hat": [1.0]})
    monkeypatch.setattr(cohort, "load_posterior", lambda: made)
    fresh = cohort.fitted_constants.__wrapped__
    assert set(fresh("human")) == {name, "ent_km"}
    assert set(fresh("mouse")) == set(made.draws)
    monkeypatch.setattr(cohort, "known_constants", lambda species: both[species])
    assert set(fresh("human")) == {"ent_km"}


def test_only_constants_with_a_range_are_drawn() -> None:
    drawn, known = draw_subjects("mouse", 8, seed=1).constants, known_constants("mouse")
    assert set(drawn) == {name for name, value in known.items() if value.low < value.high}
    assert not set(drawn) & set(cohort.INPUTS)


def test_an_answer_rests_on_what_is_about() -> None:
    ketamine = Protocol("mouse", 10.0, give=(Dose(0.0, "ketamine", 10.0, "mg/kg", "ip"),))
    nothing = Protocol("mouse", 10.0)
    more = set(used_constants(ketamine)) - set(used_constants(nothing))
    assert {"ketamine_clearance", "hydroxynorketamine_ki_nmdar"} <= more
    assert not any(name.startswith("caffeine_") for name in used_constants(ketamine))
    assert {"adenosine_rest", "adk_km"} <= set(used_constants(nothing))


def test_the_share_of_unverified_constants_is_a_share() -> None:
    one, other = constant(1, 2, 3), Parameter("y", 1.0, "s", 1.0, 1.0, "read", verified=True)
    assert unverified_share([one, other, other, other]) == 0.25
    assert 0 < unverified_share(known_constants("mouse").values()) < 1
