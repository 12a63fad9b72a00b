"""What the mechanism may depend on: facts of structure, whatever its constants are."""

import pytest

from adenoscope.mechanism.pieces import compose
from adenoscope.simulation import model_from_text


@pytest.fixture(scope="module")
def system():
    return model_from_text(compose("mouse")).system


def influences(system, name):
    """Return every state and constant that a quantity depends on, directly or through others."""
    found, waiting = set(), set(system.graph.symbols([system.quantities[name]]))
    while waiting:
        symbol = waiting.pop()
        if symbol in found:
            continue
        found.add(symbol)
        nodes = [table[symbol] for table in (system.rates, system.initial) if symbol in table]
        waiting |= set(system.graph.symbols(nodes)) - found
    return found


@pytest.mark.parametrize("name", ["adenosine", "dff", "atp", "amp"])
def test_receptors_blockers_and_caffeine_never_enter_the_surge(system, name):
    on = influences(system, name)
    receptors = {"a1_present", "a2a_present", "a1_kd", "a2a_kd", "a1_desensitised", "a2a_desensitised", "bdnf"}
    blockers = {f"{c}_brain" for c in ("caffeine", "theophylline", "psb36", "dpcpx", "zm241385", "istradefylline")}
    assert not on & (receptors | blockers)
    assert "ketamine_brain" in on


@pytest.mark.parametrize("blocker", ["mk801", "memantine", "cpp"])
def test_block_of_nmda_receptors_alone_gives_no_surge_and_moves_the_animal(system, blocker):
    assert f"{blocker}_brain" not in influences(system, "adenosine")
    assert f"{blocker}_brain" in influences(system, "locomotion")


def test_locomotion_is_an_arm_of_its_own(system):
    assert not influences(system, "locomotion") & {"adenosine", "a1_present", "a2a_present", "nt5e_present"}


def test_behaviour_needs_both_receptors(system):
    assert {"a1_present", "a2a_present", "adenosine"} <= influences(system, "fst_immobility_s")
