"""Random models beside SciPy's Radau, and random subjects of a large model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from written_models import written

RTOL, ATOL = 1e-7, 1e-10
TIMES = np.array([0, 0.01, 0.1, 1, 3, 10])


@dataclass(frozen=True)
class Network:
    """Reactions by mass action: what goes in, what comes out [each species' count], and how fast."""

    reactants: np.ndarray
    products: np.ndarray
    rates: np.ndarray
    start: np.ndarray

    def text(self):
        """Return the network in Antimony."""
        names = [f"S{i}" for i in range(self.start.size)]
        lines = [f"species {', '.join(names)}"]
        for n, (left, right, rate) in enumerate(zip(self.reactants, self.products, self.rates, strict=True)):
            sides = [
                " + ".join(f"{int(c)} {s}" for c, s in zip(side, names, strict=True) if c) for side in (left, right)
            ]
            factors = [f"{s}^{int(c)}" for c, s in zip(left, names, strict=True) if c]
            lines.append(
                f"k{n} = {float(rate):.15g}; R{n}: {sides[0]} -> {sides[1]}; {' * '.join([f'k{n}', *factors])}"
            )
        lines += [f"{name} = {float(value):.15g}" for name, value in zip(names, self.start, strict=True)]
        return "\n".join(lines)

    def flow(self, _, x):
        return (self.products - self.reactants).T @ (self.rates * np.prod(x**self.reactants, axis=1))

    def solved(self):
        """Return the solution by another method, at a tighter tolerance, shape (time, species)."""
        found = solve_ivp(self.flow, (0, TIMES[-1]), self.start, "Radau", TIMES, rtol=1e-9, atol=1e-12)
        return found.y.T if found.status == 0 else None


@st.composite
def networks(draw):
    """Draw networks in which nothing grows by more than a reaction of one molecule makes it."""
    n, n_reactions = draw(st.integers(2, 6)), draw(st.integers(1, 8))
    species = st.integers(0, n - 1)
    reactants, products = np.zeros((n_reactions, n)), np.zeros((n_reactions, n))
    for row in range(n_reactions):
        left = draw(st.lists(species, min_size=0, max_size=2))
        # As many molecules come out as go in, or one appears from outside, so that no species blows up.
        right = draw(st.lists(species, min_size=0, max_size=max(1, len(left))))
        np.add.at(reactants[row], left, 1)
        np.add.at(products[row], right, 1)
    rates = 10.0 ** np.array(draw(st.lists(st.floats(-3, 4), min_size=n_reactions, max_size=n_reactions)))
    start = np.array(draw(st.lists(st.floats(0, 5), min_size=n, max_size=n))).round(3)
    kept = [row for row in range(n_reactions) if (reactants[row] != products[row]).any()]
    rates = np.where(reactants.sum(axis=1) == 0, np.minimum(rates, 10), rates)  # what comes from outside, slowly
    return Network(reactants[kept], products[kept], np.array([float(f"{rate:.15g}") for rate in rates[kept]]), start)


def agrees(network):
    if not network.rates.size:
        return
    expected = network.solved()
    names = [f"S{i}" for i in range(network.start.size)]
    found = written(network.text()).simulate(TIMES, observables=names, rtol=RTOL, atol=ATOL)
    assert found.failures == []
    # A step's error is relative to the larger of all molecules around; some hundred steps, mostly of one sign.
    scale = 1e-3 * np.abs(expected).max() + np.abs(expected) + ATOL / RTOL
    assert (np.abs(found.values[0] - expected) / scale).max() < 100 * RTOL


@settings(max_examples=12)
@given(networks())
def test_random_networks_agree_with_another_solver(network):
    agrees(network)


@pytest.mark.slow
@settings(max_examples=200)
@given(networks())
def test_many_random_networks_agree_with_another_solver(network):
    agrees(network)


# What does not vary between subjects: equilibria, fractions, totals (whose parts start at fixed values), and what
# the model's own events set.
FIXED = ("KeqAK", "KeqCK", "F", "Crt", "npool", "kadeg", "nH", "fio", "seiz")


def lognormal(model, n, sd, seed):
    """Return the parameters of ``n`` subjects, lognormal around the model's values."""
    rng = np.random.default_rng(seed)
    inputs = sorted(name for name in model.system.inputs if name not in {*FIXED, *model.system.rates})
    return {name: model.system.inputs[name] * np.exp(sd * rng.standard_normal(n)) for name in inputs}


def all_are_integrated(model, n, sd, rtol):
    times = np.linspace(0, 1440, 13)
    found = model.simulate(times, parameters=lognormal(model, n, sd, 7), rtol=rtol, atol=rtol / 1000)
    assert found.failures == []
    assert np.isfinite(found.values).all()
    assert found.rejected.sum() < 0.1 * found.steps.sum()


@pytest.mark.parametrize("sd", [0.2, 0.5])
def test_a_thousand_random_subjects_of_the_model_of_31_states_are_integrated(qsp, sd):
    all_are_integrated(qsp, 1000, sd, 1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("rtol", [1e-4, 1e-6])
def test_twenty_thousand_random_subjects_of_the_model_of_31_states_are_integrated(qsp, rtol):
    all_are_integrated(qsp, 20_000, 0.5, rtol)
