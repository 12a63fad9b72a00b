"""What a session does to receptors: nothing where nothing is done, less with caffeine, the same in any crowd."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.errors import Refused
from adenoscope.core.people import People, Population
from adenoscope.core.protocol import Breath, Protocol, Shock
from adenoscope.mechanism.cohort import draw_subjects, mechanism
from adenoscope.simulation import Change
from adenoscope.studies.trials.engagement import (
    caffeine_on_board,
    engage,
    person_constants,
    session_times,
)
from adenoscope.studies.trials.exposure import Reference, relative
from adenoscope.studies.trials.people import draw_people
from adenoscope.studies.trials.published import SESSIONS, infusion

NOTHING = Protocol("human", 0.0)
PEOPLE = draw_people(40, 5)
ARMS = {
    "ketamine": SESSIONS["ketamine"],
    "sham": NOTHING,
    "fixed": infusion("ketamine", 35.0, "mg"),
    "hypoxia": Protocol("human", 0.0, breathe=(Breath(0.0, 0.10, 60.0, 15, 90.0),)),
    "ect": Protocol("human", 0.0, shock=(Shock(0.0, 800.0, 70.0, 0.5, 9.0),)),
}
FOUND = engage(PEOPLE, ARMS, 5)


def with_caffeine(people: People, mg: float) -> People:
    return People({**people.covariates, "caffeine_mg": np.full(people.n, mg), "caffeine_h": np.full(people.n, 1.0)})


def test_nothing_rises_where_nothing_is_done() -> None:
    column = FOUND.arms.index("sham")
    for values in (FOUND.a1, FOUND.a2a, FOUND.block):
        assert (values[:, column] == 0).all()
    assert not FOUND.failed.any()


def test_ketamine_and_seizures_raise_both_receptors_and_only_ketamine_blocks() -> None:
    ketamine, ect = FOUND.arms.index("ketamine"), FOUND.arms.index("ect")
    assert (FOUND.a1[:, ketamine] > 0).all()
    assert np.median(FOUND.a2a[:, ect]) > 0
    assert FOUND.block[:, ketamine].min() > 1
    assert np.abs(FOUND.block[:, ect]).max() < 0.01


def test_hypoxia_lowers_saturation_as_in_people() -> None:
    column = FOUND.arms.index("hypoxia")
    # 82.1 % (SD 2.9) in 19 people with spinal injury under this protocol, doi:10.1089/neu.2023.0353; within 5 points.
    assert np.median(FOUND.spo2_low[:, column]) == pytest.approx(0.821, abs=0.05)
    assert np.isnan(FOUND.spo2_low[:, FOUND.arms.index("ketamine")]).all()


def test_a_dose_in_mg_is_more_for_who_is_light() -> None:
    ratio = FOUND.a1[:, FOUND.arms.index("fixed")] / FOUND.a1[:, FOUND.arms.index("ketamine")]
    assert np.corrcoef(ratio, 1 / PEOPLE["weight_kg"])[0, 1] > 0.95


def test_a_person_is_the_same_in_a_larger_crowd() -> None:
    few = engage(draw_people(10, 5), {"ketamine": ARMS["ketamine"]}, 5)
    np.testing.assert_allclose(few.a1[:, 0], FOUND.a1[:10, 0], rtol=2e-3)  # steps of a batch differ


def test_caffeine_takes_engagement_away_from_a2a_most() -> None:
    arm = {"ketamine": ARMS["ketamine"]}
    without, much = (engage(with_caffeine(PEOPLE, mg), arm, 5) for mg in (0.0, 400.0))
    assert (much.a1 < without.a1).all()
    assert (much.a2a < without.a2a).all()
    assert np.median(much.a2a / without.a2a) < np.median(much.a1 / without.a1)


def test_caffeine_on_board_is_what_the_model_itself_arrives_at() -> None:
    drawn = draw_subjects("human", PEOPLE.n, 5).constants
    own = {**drawn, **person_constants(PEOPLE, drawn)}
    people = People({**PEOPLE.covariates, "caffeine_mg": np.full(40, 200.0), "caffeine_h": np.full(40, 2.0)})
    level = caffeine_on_board(people, own)["caffeine_central"] / own["caffeine_volume"]
    dose = 1000 * 200.0 / (194.19 * people["weight_kg"])
    answer = mechanism("human").simulate(
        [0.0, 7200.0],
        parameters=own,
        events=[Change(0.0, "caffeine_depot", dose, adds=True)],
        observables=["plasma_caffeine_um"],
    )
    np.testing.assert_allclose(level, answer.values[:, -1, 0], rtol=1e-4)  # the solver's tolerance


def test_unsafe_hypoxia_is_refused() -> None:
    bout = Protocol("human", 0.0, breathe=(Breath(0.0, 0.09, 300.0, 5, 300.0),))
    with pytest.raises(Refused, match="deep"):
        engage(draw_people(8, 1, Population()), {"deep": bout}, 1)


def test_gas_is_looked_at_finely_while_it_changes() -> None:
    times = session_times(ARMS["hypoxia"])
    assert np.diff(times[times < 2000]).max() <= 10
    assert times[-1] == session_times(NOTHING)[-1]


def test_the_lesser_receptor_counts() -> None:
    exposure = relative(FOUND, Reference(a1=1.0, a2a=1.0, lesser=1.0, block=1.0))
    np.testing.assert_array_equal(exposure.adenosine, np.maximum(np.minimum(FOUND.a1, FOUND.a2a), 0))
