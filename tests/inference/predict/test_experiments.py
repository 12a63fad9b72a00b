"""Words of an observation become a protocol, or the reason why they do not."""

from __future__ import annotations

import pytest
from observed import observed

from adenoscope.core.protocol import Breath, Dose, Gene, Light, Shock
from adenoscope.inference.predict.experiments import (
    AT_S,
    DAY_S,
    NotDescribed,
    bout_end_s,
    moment_s,
    protocol_of,
)
from adenoscope.inference.predict.needs import why_not

HOUR = 3600.0


@pytest.mark.parametrize("word", ["", "saline", "Vehicle", "air", "sham", "none"])
def test_nothing_done_is_nothing(word: str) -> None:
    protocol = protocol_of(observed(intervention=word))
    assert (protocol.give, protocol.breathe, protocol.shock, protocol.light) == ((), (), (), ())


@pytest.mark.parametrize("word", ["hypoxia", "Acute hypoxia"])
def test_hypoxia_is_one_bout_of_five_minutes(word: str) -> None:
    o = observed(intervention=word, dose=12.0, dose_unit="percent O2")
    assert protocol_of(o).breathe == (Breath(AT_S, 0.12, 300.0),)
    assert bout_end_s(o) == 300.0


@pytest.mark.parametrize(
    ("dose", "unit", "fio2"), [(9.0, "% O2", 0.09), (0.1, "", 0.1), (0.0, "", 0.09), (5.0, "min", 0.09)]
)
def test_thin_air_is_told_in_percent_or_as_a_fraction_and_is_9_percent_where_it_is_not(
    dose: float, unit: str, fio2: float
) -> None:
    assert protocol_of(observed(intervention="hypoxia", dose=dose, dose_unit=unit)).breathe[0].fio2 == fio2


@pytest.mark.parametrize("word", ["aIH", "ih", "intermittent hypoxia", "acute intermittent hypoxia"])
def test_intermittent_hypoxia_is_five_bouts_on_three_days(word: str) -> None:
    found = protocol_of(observed(intervention=word, dose=9.0, dose_unit="percent O2")).breathe
    assert found == tuple(Breath(AT_S + day * DAY_S, 0.09, 300.0, 5, 300.0) for day in range(3))


@pytest.mark.parametrize(("dose", "unit"), [(1.0, "session"), (5.0, "days"), (2.0, "d")])
def test_intermittent_hypoxia_is_on_as_many_days_as_there_are_sessions(dose: float, unit: str) -> None:
    assert len(protocol_of(observed(intervention="aIH", dose=dose, dose_unit=unit)).breathe) == dose


@pytest.mark.parametrize("word", ["ECT", "ecs", "electroconvulsive therapy", "electroconvulsive shock"])
def test_convulsions_are_stimuli_of_20_mc(word: str) -> None:
    stimulus = Shock(AT_S, 40.0, 100.0, 0.5, 10.0)
    assert protocol_of(observed(intervention=word, dose=10.0, dose_unit="mg/kg")).shock == (stimulus,)
    several = protocol_of(observed(intervention=word, dose=3.0, dose_unit="sessions")).shock
    assert [shock.at_s for shock in several] == [AT_S, AT_S + DAY_S, AT_S + 2 * DAY_S]


@pytest.mark.parametrize("word", ["cOpn5", "opto", "optogenetics"])
def test_light_drives_astrocytes_for_ten_minutes(word: str) -> None:
    assert protocol_of(observed(intervention=word)).light == (Light(AT_S, 600.0),)


@pytest.mark.parametrize(
    ("unit", "route", "plain"),
    [
        *(("mg/kg", "ip", "mg/kg"), ("", "ip", "mg/kg"), ("mg/kg i.p.", "ip", "mg/kg")),
        *(("mg/kg, i.v.", "iv", "mg/kg"), ("mg/kg IV", "iv", "mg/kg")),
    ],
)
def test_a_compound_is_given_at_half_an_hour_by_the_route_that_its_unit_says(
    unit: str, route: str, plain: str
) -> None:
    assert protocol_of(observed(dose_unit=unit)).give == (Dose(AT_S, "ketamine", 10.0, plain, route),)


@pytest.mark.parametrize("words", ["dipyridamole 1 ug icv", "dipyridamole 1 µg i.c.v.", "dipyridamole 1 \u03bcg"])
def test_a_pretreatment_is_given_half_an_hour_before(words: str) -> None:
    before, given = protocol_of(observed(pretreatment=words)).give
    assert before == Dose(0.0, "dipyridamole", 1.0, "µg", "icv")
    assert given.at_s == AT_S
    assert protocol_of(observed(pretreatment=words), pretreated=False).give == (given,)
    assert protocol_of(observed(pretreatment=words), treated=False).give == (before,)


def test_an_inhibitor_of_enzymes_is_a_pretreatment_too() -> None:
    assert protocol_of(observed(pretreatment="ritonavir 50 mg/kg")).give[0].compound == "ritonavir"


@pytest.mark.parametrize("words", ["", "WT", "wild type", "Cas9", "mCherry", "control"])
def test_a_wild_type_has_all_its_genes(words: str) -> None:
    assert protocol_of(observed(genotype=words)).gene == ()


@pytest.mark.parametrize("name", ["Adora1", "Adora2a", "Nt5e", "Adk", "Slc29a1", "Slc29a2"])
@pytest.mark.parametrize(
    ("word", "left"),
    [("-KO", 0.0), ("-/-", 0.0), (" CRISPR", 0.0), (" sgRNA", 0.0), (" het", 0.5), ("+/-", 0.5)],
)
def test_a_genotype_leaves_a_share_of_a_gene(name: str, word: str, left: float) -> None:
    o = observed(genotype=name + word)
    assert protocol_of(o).gene == (Gene(name, left),)
    assert protocol_of(o, wild=True).gene == ()


@pytest.mark.parametrize(
    ("words", "region"),
    [("", "mPFC"), ("PrL", "mPFC"), ("PFC", "mPFC"), ("Cg", "ACC"), ("dHPC", "HPC"), ("NAc", "NAc"), ("ACC", "ACC")],
)
def test_a_region_is_one_that_the_mechanism_knows(words: str, region: str) -> None:
    assert protocol_of(observed(region=words)).region == region


@pytest.mark.parametrize(("words", "condition"), [("", "naive"), ("none", "naive"), ("CRS", "CRS")])
def test_stress_is_chronic_restraint_or_none(words: str, condition: str) -> None:
    assert protocol_of(observed(stress=words)).condition == condition


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"intervention": "exercise"}, "`exercise`: allowed is ketamine,"),
        ({"dose_unit": "mg/m2"}, "`mg/m2` for ketamine ip: allowed is mg/kg"),
        ({"dose_unit": "mg/kg s.c."}, "the route `s.c.`: known are ip, iv"),
        ({"dose_unit": "mg/kg oral"}, "`oral` for ketamine in a mouse: allowed is ip"),
        ({"dose": -1.0}, "allowed is 0 or above"),
        ({"intervention": "hypoxia", "dose": 12.0, "dose_unit": ""}, "thin air of 12 ``: written as a fraction"),
        ({"pretreatment": "some caffeine"}, "the pretreatment `some caffeine`: written as `dipyridamole 1 ug icv`"),
        ({"pretreatment": "exercise 1 h"}, "`exercise`: allowed is"),
        ({"pretreatment": "caffeine 20 mg/kg s.c."}, "the route `s.c.`"),
        ({"genotype": "Bdnf-KO"}, "the genotype `Bdnf-KO`: known are Adora1, Adora2a, Nt5e, Adk"),
        ({"genotype": "Adora1"}, "with KO or het"),
        ({"genotype": "Adora1-KO Adora2a-KO"}, "the genotype `Adora1-KO Adora2a-KO`"),
        ({"region": "VTA"}, "the region `VTA`: known are mPFC, ACC, HPC, NAc"),
        ({"stress": "LPS"}, "the stress `LPS`: only chronic restraint (CRS) is described"),
    ],
)
def test_what_has_no_words_here_is_said(words: dict[str, object], reason: str) -> None:
    o = observed(**words)
    with pytest.raises(NotDescribed) as error:
        protocol_of(o)
    assert reason in str(error.value)
    assert why_not(o) == str(error.value)


def test_an_unknown_readout_is_said_with_the_known_ones() -> None:
    reason = why_not(observed(readout="bdnf_fold"))
    assert "the readout `bdnf_fold`: known are peak_dff" in reason
    assert "bdnf_change" in reason
    assert "fumarate_enrichment" in reason


def test_metabolites_of_isolated_mitochondria_need_no_animal() -> None:
    assert why_not(observed(readout="fumarate_enrichment", region="mitochondria", dose_unit="uM")) == ""


@pytest.mark.parametrize(
    ("words", "last_s"),
    [
        ({}, AT_S),
        ({"intervention": "saline"}, AT_S),
        ({"intervention": "ECT", "dose": 3.0, "dose_unit": "sessions"}, AT_S + 2 * DAY_S),
        # The fifth bout starts 40 min after the first, and lasts five.
        ({"intervention": "aIH", "dose": 1.0, "dose_unit": "session"}, AT_S + 45 * 60),
        ({"intervention": "aIH", "dose": 3.0, "dose_unit": "days"}, AT_S + 2 * DAY_S + 45 * 60),
    ],
)
def test_times_count_from_the_last_session(words: dict[str, object], last_s: float) -> None:
    assert moment_s(observed(**words)) == last_s + HOUR  # an hour where no time is told
    assert moment_s(observed(**words, time_after_h=24.0)) == last_s + DAY_S


@pytest.mark.parametrize(
    ("words", "duration_s"),
    [
        ({}, AT_S + HOUR),
        ({"time_after_h": 0.5}, AT_S + HOUR),
        ({"time_after_h": 1.5}, DAY_S / 4),
        ({"time_after_h": 24.0}, DAY_S * 5 / 4),
        ({"intervention": "aIH", "dose_unit": "bouts", "time_after_h": 24.0}, DAY_S * 13 / 4),
    ],
)
def test_a_protocol_is_long_enough_to_be_looked_at(words: dict[str, object], duration_s: float) -> None:
    o = observed(**words)
    assert protocol_of(o).duration_s == duration_s
    assert moment_s(o) <= duration_s or o.time_after_h is None
