"""A protocol knows when its bouts are, and when the first thing happens."""

from adenoscope.core.protocol import Breath, Dose, Gene, Light, Protocol, Shock

GIVEN = Dose(600.0, "ketamine", 10.0, "mg/kg", "ip")


def test_bouts_follow_one_another_with_rests_between() -> None:
    assert Breath(10.0, 0.09, 30.0, repeat=3, rest_s=20.0).bouts == ((10.0, 40.0), (60.0, 90.0), (110.0, 140.0))


def test_the_first_thing_is_the_earliest_of_any_kind() -> None:
    shock = Shock(50.0, 40.0, 100.0, 0.5, 10.0)
    assert Protocol("mouse", 900.0, give=(GIVEN,), shock=(shock,)).first_s == 50.0
    assert Protocol("mouse", 900.0, give=(GIVEN,)).first_s == 600.0
    assert Protocol("mouse", 900.0, give=(GIVEN,), light=(Light(30.0, 60.0),)).first_s == 30.0


def test_a_gene_is_had_from_birth_and_starts_no_clock() -> None:
    assert Protocol("mouse", 900.0, give=(GIVEN,), gene=(Gene("Adk", 0.5),)).first_s == 600.0


def test_where_nothing_is_done_times_count_from_the_start() -> None:
    assert Protocol("mouse", 900.0).first_s == 0.0
