"""A compound of compounds.csv takes the slot of one of the library, and nothing but what it says differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.protocol import Dose, OwnCompound, Protocol
from adenoscope.io.compounds import CompoundRow
from adenoscope.mechanism.cohort import draw_subjects, known_constants, mechanism, unverified_share, used_constants
from adenoscope.mechanism.compounds import dose_changes, find_compound
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.observables import observables, sample_times
from adenoscope.mechanism.own_compounds import given_compound, row_problems, without_others
from adenoscope.mechanism.validity import outside_validity, refusals

DCK = find_compound("deschloroketamine")
KNOWN = known_constants("mouse")
BRAKE, BLOCK = "deschloroketamine_ic50_mitochondria", "deschloroketamine_ki_nmdar"
TWIN = OwnCompound("Twin", "DCK", "ourselves")
FULL_TWIN = replace(
    TWIN, molar_mass=DCK.molar_mass, mitochondria_ic50_um=KNOWN[BRAKE].value, nmdar_ki_um=KNOWN[BLOCK].value
)
LIKE_KETAMINE = OwnCompound("K2", "ketamine", "ourselves", nmdar_ki_um=3.0)
LIKE_NORKETAMINE = OwnCompound("N2", "norketamine", "ourselves")


def giving(*names: str, own: tuple[OwnCompound, ...] = (TWIN,), species="mouse", **options) -> Protocol:
    doses = tuple(Dose(60.0, name, 5.0, "mg/kg", "ip") for name in names)
    return Protocol(species, 1200.0, give=doses, compounds=own, **options)


def trajectories(protocol: Protocol, more: Mapping[str, float] | None = None) -> np.ndarray:
    """Return what is looked at, shape (subject, time, observable)."""
    drawn = draw_subjects("mouse", 8, 1)
    answer = mechanism("mouse").simulate(
        sample_times(protocol),
        parameters={**drawn.constants, **parameters(protocol), **(more or {})},
        events=changes(protocol),
        observables=[seen.source for seen in observables(protocol)],
    )
    assert not answer.status.any()
    return answer.values


def test_an_empty_row_gives_the_trajectories_of_the_compound_it_is_like_bit_for_bit() -> None:
    np.testing.assert_array_equal(trajectories(giving("twin")), trajectories(giving("deschloroketamine")))


def test_a_row_that_repeats_a_compounds_constants_gives_its_trajectories_bit_for_bit() -> None:
    fixed = {name: KNOWN[name].value for name in (BRAKE, BLOCK)}
    own = trajectories(giving("Twin", own=(FULL_TWIN,)))
    np.testing.assert_array_equal(own, trajectories(giving("DCK"), fixed))
    assert not np.array_equal(own, trajectories(giving("DCK")))  # where subjects differ in these constants


def test_its_potencies_are_the_same_in_every_subject_and_touch_no_other_constant() -> None:
    assert parameters(giving("twin")) == {}
    assert parameters(giving("twin", own=(replace(TWIN, nmdar_ki_um=0.7),))) == {BLOCK: 0.7}
    assert parameters(giving("ketamine", own=(replace(TWIN, nmdar_ki_um=0.7),))) == {}
    blocker = OwnCompound("Y", "psb36", "me", a1_ki_um=0.1, a2a_ki_um=2.0)
    assert parameters(giving("Y", own=(blocker,))) == {"psb36_ki_a1": 0.1, "psb36_ki_a2a": 2.0}


def test_every_constant_that_is_replaced_is_one_of_the_model() -> None:
    known = mechanism("mouse").system.inputs
    for name, own in (("K2", replace(LIKE_KETAMINE, mitochondria_ic50_um=1.0)), ("Twin", FULL_TWIN)):
        assert set(parameters(giving(name, own=(own,)))) <= set(known)


def test_a_dose_in_mass_is_converted_with_its_own_molar_mass() -> None:
    heavy = replace(TWIN, molar_mass=2 * DCK.molar_mass)
    (own,), (of_library,) = changes(giving("twin", own=(heavy,))), changes(giving("dck"))
    assert (own.target, own.value) == (of_library.target, pytest.approx(of_library.value / 2))
    same = dose_changes(given_compound("twin", (heavy,)), 5.0, "µmol/kg", "ip", "mouse", 0.0)
    assert same == dose_changes("dck", 5.0, "µmol/kg", "ip", "mouse", 0.0)


def test_an_infusion_goes_to_the_slot() -> None:
    dose = Dose(60.0, "K2", 0.5, "mg/kg", "iv", 600.0)
    start, _ = changes(Protocol("human", 1200.0, give=(dose,), compounds=(LIKE_KETAMINE,)))
    assert start.target == "ketamine_infusion"


def test_levels_carry_its_name_as_the_file_spells_it() -> None:
    levels = {seen.name: seen.source for seen in observables(giving("k-2", own=(LIKE_KETAMINE,)))}
    assert levels["plasma_K2_um"] == "plasma_ketamine_um"
    assert levels["brain_K2_um"] == "brain_ketamine_um"
    assert "plasma_norketamine_um" in levels
    assert "plasma_ketamine_um" not in levels


def test_an_answer_says_what_is_borrowed_and_what_is_fixed() -> None:
    (said,) = (reason for reason in outside_validity(giving("k2", own=(LIKE_KETAMINE, TWIN))) if "K2" in reason)
    for words in (
        "K2: its kinetics are those of ketamine, which nobody measured for it",
        "as in ketamine for want of a number: molar_mass, mitochondria_ic50_um",
        "nmdar_ki_um 3 from compounds.csv, the same in every subject",
        "the model makes norketamine and hydroxynorketamine of it as of ketamine",
    ):
        assert words in said
    assert not any("Twin" in reason for reason in outside_validity(giving("k2", own=(LIKE_KETAMINE, TWIN))))
    (said,) = (reason for reason in outside_validity(giving("twin", own=(FULL_TWIN,))) if "Twin" in reason)
    assert "the model makes" not in said
    assert "for want" not in said


def test_what_holds_of_ketamine_holds_of_what_is_like_it() -> None:
    strong = Dose(60.0, "K2", 60.0, "mg/kg", "ip")
    said = outside_validity(Protocol("mouse", 1200.0, give=(strong,), compounds=(LIKE_KETAMINE,)))
    assert any("K2, like ketamine, 60 mg/kg" in reason and "anaesthesia" in reason for reason in said)
    assert refusals(giving("k2", own=(LIKE_KETAMINE,))) == []


def test_borrowed_kinetics_and_own_numbers_count_as_unverified() -> None:
    hnk = OwnCompound("H2", "hydroxynorketamine", "somebody", nmdar_ki_um=100.0)
    own, of_library = used_constants(giving("H2", own=(hnk,))), used_constants(giving("hydroxynorketamine"))
    assert own.keys() == of_library.keys()
    assert unverified_share(own.values()) > unverified_share(of_library.values())
    replaced = own["hydroxynorketamine_ki_nmdar"]
    assert (replaced.value, replaced.source, replaced.verified) == (100.0, "somebody", False)


def faults(*names: str, own: tuple[OwnCompound, ...]) -> list[tuple[str | None, str, str]]:
    with pytest.raises(InputError) as error:
        changes(giving(*names, own=own))
    return [(problem.column, problem.found, problem.remedy) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("twin", "dck"), "`Twin`, in the place of deschloroketamine, and `deschloroketamine`"),
        (("dck", "twin"), "`Twin`, in the place of deschloroketamine, and `deschloroketamine`"),
        (("twin", "T2"), "`Twin`, in the place of deschloroketamine, and `T2`"),
        (
            ("ketamine", "N2"),
            "`N2`, in the place of norketamine, and `ketamine`, of which the body makes norketamine",
        ),
        (("K2", "N2"), "`N2`, in the place of norketamine, and `K2`, of which the body makes norketamine"),
    ],
)
def test_two_compounds_in_one_slot_are_refused_and_the_slot_named(names: tuple[str, ...], words: str) -> None:
    own = (TWIN, replace(TWIN, name="T2"), LIKE_KETAMINE, LIKE_NORKETAMINE)
    ((column, found, remedy),) = faults(*names, own=own)
    assert column == "compound"
    assert found == words
    assert "protocols of their own" in remedy


def test_what_shares_no_slot_may_be_given_together() -> None:
    own = (TWIN, LIKE_KETAMINE)
    assert len(changes(giving("twin", "k2", "norketamine", "twin", own=own))) == 4


def test_a_name_in_neither_is_compared_with_both() -> None:
    assert [remedy for _, _, remedy in faults("twinn", "ketamin", "soap", own=(TWIN,))] == [
        *('did you mean "Twin"?', 'did you mean "ketamine"?'),
        "use a name of the library, or describe it in compounds.csv beside the protocol",
    ]


def test_where_the_compound_it_is_like_cannot_be_given_neither_can_it() -> None:
    dose = Dose(60.0, "Twin", 5.0, "mg", "oral")
    with pytest.raises(InputError, match="Twin in a human"):
        changes(Protocol("human", 1200.0, give=(dose,), compounds=(TWIN,)))


def test_a_compound_like_none_of_the_library_cannot_be_given() -> None:
    ((column, found, remedy),) = faults("twin", own=(replace(TWIN, like="ketamin"),))
    assert (column, found, remedy) == ("like", "`ketamin`", 'did you mean "ketamine"?')


def test_only_what_is_given_goes_on() -> None:
    assert without_others(giving("twin", own=(LIKE_KETAMINE, TWIN))).compounds == (TWIN,)


@pytest.mark.parametrize(
    ("own", "column", "words"),
    [
        (replace(TWIN, name="Ketamine"), "compound", "which the library has"),
        (replace(TWIN, name="dizocilpine"), "compound", "which the library has"),
        (replace(TWIN, name="(+)"), "compound", "letter or a digit"),
        (replace(TWIN, like="ketamin"), "like", 'did you mean "ketamine"'),
        (replace(TWIN, like="Twin"), "like", "a compound of the library"),
        (replace(TWIN, like="adenosine"), "like", "a compound of the library"),
        (replace(TWIN, a1_ki_um=1.0), "a1_ki_um", "molar_mass, nmdar_ki_um, mitochondria_ic50_um"),
        (replace(TWIN, like="mk801", mitochondria_ic50_um=1.0), "mitochondria_ic50_um", "like mk801"),
        (replace(TWIN, like="dipyridamole", nmdar_ki_um=1.0), "nmdar_ki_um", "allowed: molar_mass\n"),
    ],
)
def test_a_row_that_the_library_contradicts_is_said(own: OwnCompound, column: str, words: str) -> None:
    (problem,) = row_problems([CompoundRow(2, own)])
    assert (problem.file, problem.row, problem.column) == ("compounds.csv", 2, column)
    assert words in str(problem)


def test_a_compound_that_stands_twice_is_said_at_the_second() -> None:
    (problem,) = row_problems([CompoundRow(2, TWIN), CompoundRow(5, replace(TWIN, name="t-win"))])
    assert (problem.row, problem.column, problem.found) == (5, "compound", "`t-win` stands in row 2 too")
