"""Occupancy for real: caffeine in people against what PET says, groups, challenges, refusals, files."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.errors import InputError, Refused
from adenoscope.core.protocol import Dose, Protocol
from adenoscope.mechanism.cohort import BATCH, known_constants, mechanism
from adenoscope.mechanism.compounds import library
from adenoscope.mechanism.interventions import changes
from adenoscope.mechanism.occupancy import antagonists, pet_share
from adenoscope.studies.occupancy.answer import OccupancyAnswer, occupancy_over_time
from adenoscope.studies.occupancy.design import protocols, valid_design
from adenoscope.studies.occupancy.document import write_occupancy
from adenoscope.studies.occupancy.evidence import _all_evidence, constant_rows, evidence
from adenoscope.studies.occupancy.words import findings
from adenoscope.studies.progress import Progress

COFFEE = """\
species = "human"
duration_h = 36
body_mass_kg = 70
[[give]]
compound = "caffeine"
dose = 200
unit = "mg"
route = "oral"
"""
GROUPS = 'groups = ["reference", "smoker", "oral contraceptive", "pregnant", "CYP1A2 slow", "CYP1A2 fast"]\n'
KETAMINE = """\
[[challenge.give]]
at_h = 1
compound = "ketamine"
dose = {dose}
unit = "mg/kg"
route = "{route}"
"""
MOUSE = """\
species = "mouse"
duration_h = 4
subjects = 16
[[give]]
compound = "{compound}"
dose = 1
unit = "mg/kg"
route = "ip"
"""


PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "occupancy.md").read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    path = folder / "design.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def coffee(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, OccupancyAnswer]:
    """Return caffeine 200 mg in 200 people of every group, and at half-lives of 5 and 10 h."""
    path = written(tmp_path_factory.mktemp("coffee"), "half_life_h = [5, 10]\n" + GROUPS + COFFEE)
    return path, occupancy_over_time(path)


@pytest.mark.parametrize(("half_life", "least", "most"), [(5.0, 12.0, 15.0), (10.0, 24.0, 30.0)])
def test_a_typical_person_holds_what_pet_says_and_loses_it_in_time(
    half_life: float, least: float, most: float
) -> None:
    """Gate E3 in one person with the central constants: no draw, no band."""
    give = (Dose(0.0, "caffeine", 200.0, "mg", "oral"),)
    hours = np.linspace(0, 40, 801)
    volume = known_constants("human")["caffeine_volume"].value
    run = mechanism("human").simulate(
        hours * 3600,
        parameters={"caffeine_clearance": math.log(2) / (3600 * half_life) * volume},
        events=changes(Protocol("human", 40 * 3600, give=give)),
        observables=["plasma_caffeine_um"],
        n_subjects=BATCH,
    )
    plasma = run.values[0, :, 0] * library()["caffeine"].molar_mass / 1e3
    held = pet_share([(plasma / 13.0, 1.0)])
    assert 0.23 <= held[np.searchsorted(hours, 1.0)] <= 0.30
    assert least <= hours[held >= 0.05].max() <= most


@pytest.mark.parametrize(
    ("group", "least", "most"),
    [("half-life 5 h", 12.0, 15.0), ("half-life 10 h", 24.0, 30.0)],
)
def test_the_median_of_a_cohort_does_so_too(
    coffee: tuple[Path, OccupancyAnswer], group: str, least: float, most: float
) -> None:
    """Gate E3 in 200 people whose volume, absorption and PET constant differ."""
    own = next(each for each in coffee[1].groups if each.group == group)
    found = own.of("a1", "in vivo").readings
    assert found is not None
    assert found.at[0].after_h == 1.0
    assert 0.23 <= found.at[0].by_antagonist.estimate <= 0.30
    assert found.above[0].until_h.estimate is not None
    assert least <= found.above[0].until_h.estimate <= most
    # The half-life is the same in everybody: rounding alone.
    assert own.levels[0].half_life_h.low == pytest.approx(own.levels[0].half_life_h.high)


def test_both_constants_are_shown_and_the_text_says_which_side_is_exposed(
    coffee: tuple[Path, OccupancyAnswer],
) -> None:
    answer = coffee[1]
    said = " ".join(findings(answer))
    assert "A2A is the exposed side by in-vitro constants" in said
    assert "A2A is the exposed side by in-vivo (PET) constants" in said
    assert said.count("A1 is not abolished") == 2
    assert "caffeine's Ki is lower at A2A (2.4 against 12 µM)" in said
    reference = answer.groups[0]
    held = {
        (target, kind): reference.of(target, kind).readings.peak.estimate
        for target in ("a1", "a2a")
        for kind in ("in vitro", "in vivo")
    }
    assert held["a2a", "in vitro"] > held["a1", "in vitro"] > held["a1", "in vivo"]
    assert held["a2a", "in vivo"] > held["a1", "in vivo"]
    rows = {(row.target, row.constants): row.value for row in constant_rows("human", answer.compounds)}
    assert rows["a1", "in vitro: Ki, free"] == 12.0
    assert rows["a1", "in vivo: half held, total plasma"] == 13.0


def test_nothing_that_is_said_tells_anybody_what_to_do(coffee: tuple[Path, OccupancyAnswer]) -> None:
    said = " ".join(findings(coffee[1])).lower()
    assert not [word for word in ("should", "avoid", "stop", "recommend", "must", "abstain", "safe") if word in said]


def test_groups_are_in_the_order_that_their_sources_give(coffee: tuple[Path, OccupancyAnswer]) -> None:
    middle = {group.group: group.levels[0].half_life_h.estimate for group in coffee[1].groups}
    order = ["smoker", "CYP1A2 fast", "reference", "CYP1A2 slow", "oral contraceptive", "pregnant"]
    assert [middle[name] for name in order] == sorted(middle[name] for name in order)
    # Medians of 200 draws of a ratio with a spread of 0.1 to 0.3.
    assert middle["smoker"] / middle["reference"] == pytest.approx(1 / 1.65, rel=0.1)
    assert middle["oral contraceptive"] / middle["reference"] == pytest.approx(1 / 0.6, rel=0.1)
    assert middle["pregnant"] / middle["reference"] == pytest.approx(1 / 0.41, rel=0.15)


def test_files_hold_every_group_and_the_document_its_evidence(
    coffee: tuple[Path, OccupancyAnswer], tmp_path: Path
) -> None:
    path, answer = coffee
    write_occupancy(path, tmp_path, answer)
    document = json.loads((tmp_path / "occupancy.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert document["schema_version"] == 1
    assert [group["group"] for group in document["groups"]] == [group.group for group in answer.groups]
    assert document["inputs"][0]["path"] == path.name
    assert 0 < document["unverified_share"] < 1
    assert any("paraxanthine" in reason for reason in document["outside_validity"])
    claims = " ".join(row["claim"] for row in document["evidence"])
    assert "Caffeine is given in electroconvulsive therapy to lengthen seizures" in claims
    assert "A2A receptors alone act like antidepressants" in claims
    target = document["groups"][0]["targets"][0]
    assert {"peak_by_antagonist", "at", "above", "least_kept_by_adenosine"} <= target.keys()
    with (tmp_path / "occupancy.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert {(row["target"], row["constants"]) for row in rows} == {
        (target, kind) for target in ("a1", "a2a") for kind in ("in vitro", "in vivo")
    }
    for row in rows[:50]:
        assert float(row["by_antagonist_low"]) <= float(row["by_antagonist"]) <= float(row["by_antagonist_high"])
    with (tmp_path / "levels.csv").open(encoding="utf-8", newline="") as table:
        assert len(list(csv.DictReader(table))) == len(answer.groups) * answer.clock.hours.size


def test_without_a_pet_constant_the_reason_stands_in_its_place(tmp_path: Path) -> None:
    answer = occupancy_over_time(written(tmp_path, MOUSE.format(compound="DPCPX")))
    own = answer.groups[0].of("a1", "in vivo")
    assert own.readings is None
    assert own.reason == "no PET constant was found for DPCPX in mice"
    a1, a2a = (answer.groups[0].of(target, "in vitro").readings for target in ("a1", "a2a"))
    assert a1 is not None
    assert a2a is not None
    assert a1.peak.estimate > a2a.peak.estimate
    assert "A1 is the exposed side by in-vitro constants" in " ".join(findings(answer))
    assert "No such number was found in mice" not in " ".join(row.claim for row in evidence(answer.compounds))


def test_an_antagonist_takes_part_of_the_rise_and_dipyridamole_acts_through_adenosine(tmp_path: Path) -> None:
    raise_it = KETAMINE.format(dose=10, route="ip")
    blocked = occupancy_over_time(written(tmp_path, MOUSE.format(compound="psb36") + raise_it)).groups[0]
    a1, a2a = (blocked.of(target, "in vitro").readings for target in ("a1", "a2a"))
    assert a1 is not None
    assert a2a is not None
    assert a1.raised is not None
    assert a2a.raised is not None
    assert a1.raised.rise_kept is not None
    assert a2a.raised.rise_kept is not None
    assert a1.raised.rise_kept.estimate < 0.5 < a2a.raised.rise_kept.estimate <= 1.0
    icv = MOUSE.format(compound="dipyridamole").replace('"mg/kg"', '"µg"').replace('"ip"', '"icv"')
    carried = occupancy_over_time(written(tmp_path, icv + raise_it))
    one = carried.groups[0].of("ent1", "in vitro")
    assert one.bound == ("dipyridamole",)
    assert one.adenosine_with is None
    receptor = carried.groups[0].of("a1", "in vitro")
    assert receptor.bound == ()
    assert receptor.readings is not None
    assert receptor.readings.peak.estimate == 0
    assert receptor.readings.raised is not None
    assert receptor.readings.raised.rise_kept is not None
    assert receptor.readings.raised.rise_kept.estimate < 1
    assert "PET has been done of the receptors" in str(carried.groups[0].of("ent1", "in vivo").reason)


def test_hypoxia_outside_the_envelope_is_refused_in_people(tmp_path: Path) -> None:
    bouts = "[[challenge.breathe]]\nat_h = 1\nfio2 = 0.09\nduration_s = 300\nrepeat = 5\nrest_s = 300\n"
    with pytest.raises(Refused, match="at most 90 s"):
        occupancy_over_time(written(tmp_path, COFFEE + bouts))


def test_what_the_library_does_not_allow_is_an_error_that_teaches(tmp_path: Path) -> None:
    text = COFFEE.replace('"caffeine"', '"ketamine"') + KETAMINE.format(dose=0.5, route="iv").replace(
        '"ketamine"', '"caffeine"'
    )
    with pytest.raises(InputError) as raised:
        valid_design(written(tmp_path, text))
    said = "\n".join(str(problem) for problem in raised.value.problems)
    assert "`ketamine` blocks none of A1, A2A and the carriers" in said
    assert "put antagonists under [[give]]" in said
    with pytest.raises(InputError, match="psb36 in a human"):
        valid_design(written(tmp_path, COFFEE.replace("caffeine", "psb36")))
    with pytest.raises(InputError, match="body_mass_kg = 700"):
        valid_design(written(tmp_path, COFFEE.replace("= 70\n", "= 700\n")))


def test_a_dose_in_mg_is_spread_over_the_body_it_is_given_to(tmp_path: Path) -> None:
    light = protocols(valid_design(written(tmp_path, COFFEE.replace("= 70\n", "= 35\n"))))[0]
    assert light.give[0].dose == pytest.approx(400)
    per_kg = COFFEE.replace("= 70\n", "= 35\n").replace('"mg"', '"mg/kg"').replace("dose = 200", "dose = 3")
    assert protocols(valid_design(written(tmp_path, per_kg)))[0].give[0].dose == 3


def test_progress_ends_where_it_says_it_will(tmp_path: Path) -> None:
    seen: list[Progress] = []
    occupancy_over_time(written(tmp_path, MOUSE.format(compound="caffeine")), progress=seen.append)
    assert seen[0].stage == "drawing"
    assert (seen[-1].done, seen[-1].total) == (32, 32)


def test_evidence_has_a_source_a_status_and_compounds_that_exist() -> None:
    for row, compounds in _all_evidence():
        assert row.claim
        assert row.source
        assert row.says in {"for", "against", "neither", "open"}
        assert row.status in {"read", "from memory", "none found"}
        assert compounds <= set(antagonists())
    said = {row.says for row in evidence(["caffeine"])}
    assert {"for", "against"} <= said  # it conflicts, and both sides are printed


def test_the_examples_of_the_page_are_designs_that_run(tmp_path: Path) -> None:
    examples = [block.split("```")[0] for block in PAGE.split("```toml\n")[1:]]
    assert len(examples) == 2
    for example in examples:
        assert valid_design(written(tmp_path, example)).give
