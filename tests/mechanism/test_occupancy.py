"""Who holds a receptor: the shares, the two sets of constants, and that they agree where they must."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.protocol import Dose, Protocol
from adenoscope.mechanism.cohort import BATCH, known_constants, mechanism
from adenoscope.mechanism.compounds import library
from adenoscope.mechanism.interventions import changes
from adenoscope.mechanism.occupancy import (
    RECEPTORS,
    adenosine_share,
    antagonist_share,
    antagonists,
    draws,
    freed_ki,
    in_vitro,
    in_vivo,
    named,
    pet_share,
    raises_adenosine,
)

level = st.floats(1e-6, 1e4)


def one(value: float) -> np.ndarray:
    return np.array([value])


@given(adenosine=level, antagonist=level)
def test_what_is_held_and_what_is_free_make_one(adenosine: float, antagonist: float) -> None:
    held = adenosine_share(one(adenosine), one(antagonist)) + antagonist_share(one(adenosine), one(antagonist))
    # Both sides are sums of three numbers: rounding alone.
    assert held == pytest.approx((adenosine + antagonist) / (1 + adenosine + antagonist), rel=1e-12)


@given(half=level, plasma=level, free=st.floats(0.01, 1), rest=st.floats(0, 10))
def test_at_rest_and_in_balance_both_equations_say_the_same(
    half: float, plasma: float, free: float, rest: float
) -> None:
    ki = freed_ki(one(half), one(free), one(1.0), one(rest))
    in_brain = one(plasma * free)
    # The two are the same function written differently: rounding alone.
    assert antagonist_share(rest, in_brain / ki) == pytest.approx(pet_share([(one(plasma / half), 1.0)]), rel=1e-9)


def test_half_is_held_at_the_pet_constant_and_two_antagonists_share() -> None:
    assert pet_share([(one(1.0), 1.0)]) == pytest.approx(0.5)
    assert pet_share([(one(1.0), 1.0), (one(1.0), 1.0)]) == pytest.approx(2 / 3)
    assert pet_share([(one(1e9), 0.9)]) == pytest.approx(0.9)


def test_every_antagonist_has_a_constant_in_vitro_at_what_it_acts_on() -> None:
    assert set(antagonists()) == {
        *("caffeine", "theophylline", "istradefylline", "dipyridamole", "psb36", "dpcpx", "zm241385"),
    }
    for compound in antagonists():
        for species in ("mouse", "human"):
            for target in library()[compound].acts_on:
                assert in_vitro(compound, target, species) is not None, (compound, target, species)


def test_pet_constants_are_of_people_alone_and_caffeine_holds_a2a_at_the_lower_level() -> None:
    a1, a2a = (in_vivo("caffeine", target, "human") for target in RECEPTORS)
    assert a1 is not None
    assert a2a is not None
    assert (a1.value, a1.unit, a1.verified) == (13.0, "mg/L", True)
    assert a2a.value < a1.value
    # 54.2 % at 4.48 and 65.1 % at 8.92 mg/L over a baseline at 0.374: the value lies between the two that follow.
    follow = [((1 - held) * c - 0.374) / held for held, c in ((0.542, 4.48), (0.651, 8.92))]
    assert min(follow) < a2a.value < max(follow)
    assert in_vivo("theophylline", "a1", "human") is None
    assert all(in_vivo(one, target, "mouse") is None for one in antagonists() for target in RECEPTORS)


def test_caffeine_binds_a2a_better_than_a1_in_vitro_in_the_table_used() -> None:
    a1, a2a = (in_vitro("caffeine", target, "human") for target in RECEPTORS)
    assert a1 is not None
    assert a2a is not None
    assert (a1.value, a2a.value) == (12.0, 2.4)


def test_what_raises_adenosine_does_not_bind_its_receptors() -> None:
    assert raises_adenosine("ketamine")
    assert not raises_adenosine("CHA")
    assert not raises_adenosine("dipyridamole")


def test_the_shares_are_those_that_the_mechanism_computes_with_these_constants() -> None:
    """Receptors do not act back on adenosine or on levels, so shares may be taken from a run after it."""
    protocol = Protocol("human", 14400.0, give=(Dose(0.0, "caffeine", 200.0, "mg", "oral"),))
    ki = {"caffeine_ki_a1": 36.0, "caffeine_ki_a2a": 9.0}
    seen = ["adenosine_um", "brain_caffeine_um", "a1_occupancy", "a2a_occupancy"]
    times = np.linspace(0, 14400, 25)
    run = mechanism("human").simulate(
        times, parameters=ki, events=changes(protocol), observables=seen, n_subjects=BATCH
    )
    adenosine, brain, *occupancies = run.values[0].T
    for target, own in zip(RECEPTORS, occupancies, strict=True):
        a = adenosine / known_constants("human")[f"{target}_kd"].value
        # The solver's error of two runs of the same numbers, 1e-6 relative.
        assert adenosine_share(a, brain / ki[f"caffeine_ki_{target}"]) == pytest.approx(own, rel=1e-5)


def test_a_subjects_draw_depends_on_the_seed_its_number_and_the_name_alone() -> None:
    constant = in_vivo("caffeine", "a1", "human")
    other = in_vivo("caffeine", "a2a", "human")
    assert constant is not None
    assert other is not None
    many = draws({"other": other, "a1": constant}, 64, 3)
    few = draws({"a1": constant}, 8, 3)
    np.testing.assert_array_equal(many["a1"][:8], few["a1"])
    assert not np.array_equal(draws({"a1": constant}, 8, 4)["a1"], few["a1"])
    # A median of 64 log-normal draws with a spread of 0.19: three standard errors.
    assert np.median(many["a1"]) == pytest.approx(13.0, rel=0.09)


def test_compounds_are_written_as_people_do() -> None:
    assert named(["psb36"]) == "PSB36"
    assert named(["caffeine", "dpcpx"]) == "caffeine and DPCPX"
