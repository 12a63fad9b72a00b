"""A model whose subjects differ, fail and are given doses, and cohorts of it for the tests of this folder."""

import numpy as np

from adenoscope.simulation.cluster.draws import Lognormal
from adenoscope.simulation.cluster.run import plan_shards
from adenoscope.simulation.cohort.changes import Change
from adenoscope.simulation.model import model_from_text

# An oscillator that is stiff for a large mu, a drug that is given, and a blow-up at time 1 / (grow * 1).
TEXT = """
model oscillator()
  x' = v; v' = mu * (1 - x^2) * v - x + drug;
  drug' = -k * drug;
  grown' = grow * grown^2;
  x = 2; v = 0; drug = 0; grown = 1; mu = 3; k = 0.7; grow = -1;
end
"""
TIMES = np.linspace(0.0, 12.0, 25)
DRAWN = Lognormal({"mu": 4.0, "k": 0.7, "grow": -1.0}, {"mu": 0.6, "k": 0.2}, seed=11)
PARTS = ("values", "times", "status", "reached", "steps", "rejected")


def oscillator():
    return model_from_text(TEXT, file="oscillator.ant")


def listed(n, seed=5):
    """Return parameters of which every tenth lets its subject fail, and doses that differ."""
    rng = np.random.default_rng(seed)
    grow = np.where(np.arange(n) % 10 == 3, 0.25, -1.0)
    dose = Change(rng.uniform(1, 5, n), "drug", rng.normal(size=n), adds=True)
    wash = Change(6.0, "drug", 0.0)
    return {"mu": rng.lognormal(1, 0.7, n), "k": 0.9, "grow": grow}, (dose, wash)


def shards_of(n=30, size=10, **options):
    parameters, events = listed(n)
    return plan_shards(oscillator(), TIMES, parameters, events, shard=size, **options)


def assert_same_bits(one, other):
    for part in PARTS:
        mine, others = getattr(one, part), getattr(other, part)
        assert mine.dtype == others.dtype, part
        assert mine.shape == others.shape, part
        assert mine.tobytes() == others.tobytes(), part
    assert one.observables == other.observables
    assert {name: (value.shape, value.tobytes()) for name, value in one.parameters.items()} == {
        name: (value.shape, value.tobytes()) for name, value in other.parameters.items()
    }
