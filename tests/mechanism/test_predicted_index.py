"""The mechanism predicts an index from potencies on mitochondria and NMDA receptors, or says that it cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.protocol import OwnCompound
from adenoscope.mechanism.predicted_index import DOSES, _half_doses, predict_index

SUBJECTS = 16
OWN = OwnCompound("X", "ketamine", "me", mitochondria_ic50_um=2.6, nmdar_ki_um=1.42)


def test_half_doses_of_known_curves_are_found() -> None:
    ed50 = np.array([0.3, 7.0, 400.0])
    peaks = DOSES[:, None] ** 2 / (DOSES[:, None] ** 2 + ed50**2)
    # Between doses a third of a decade apart the curve is taken for straight in log dose.
    np.testing.assert_allclose(_half_doses(peaks), ed50, rtol=0.04)


def test_a_curve_that_does_not_level_off_or_never_rises_has_none() -> None:
    rising, still = DOSES / 3e4, np.zeros(DOSES.size)
    assert np.isnan(_half_doses(np.column_stack([rising, still]))).all()


def test_a_weaker_block_of_receptors_with_the_same_mitochondria_separates_further() -> None:
    strong, weak = (predict_index("X", own, SUBJECTS, 1) for own in (OWN, replace(OWN, nmdar_ki_um=14.2)))
    assert strong.index is not None
    assert weak.index is not None
    assert weak.index.low > strong.index.high
    assert strong.index.ci_prob == 0.9


def test_a_weaker_brake_on_mitochondria_takes_more_for_the_effect() -> None:
    strong, weak = (predict_index("X", own, SUBJECTS, 1) for own in (OWN, replace(OWN, mitochondria_ic50_um=26.0)))
    assert strong.ed50_effect is not None
    assert weak.ed50_effect is not None
    assert weak.ed50_effect.low > strong.ed50_effect.high


def test_the_same_question_has_the_same_answer_and_says_what_it_borrows() -> None:
    one, other = (predict_index("X", OWN, SUBJECTS, 1) for _ in range(2))
    assert one.index == other.index
    assert any("its kinetics are those of ketamine" in sentence for sentence in one.outside_validity)
    assert any("whatever the assays" in sentence for sentence in one.outside_validity)
    assert 0 < sum(one.constants.values()) < len(one.constants)


def test_a_compound_of_the_library_is_predicted_by_its_own_constants() -> None:
    ketamine = predict_index("ketamine", None, SUBJECTS, 1)
    assert ketamine.like == "ketamine"
    assert ketamine.index is not None
    # A digest of the shipped posterior: hyperlocomotion comes at smaller doses than the full rise of adenosine.
    assert ketamine.index.high < 1


def test_what_the_doses_cannot_reach_is_not_told() -> None:
    found = predict_index("X", replace(OWN, mitochondria_ic50_um=1e5), SUBJECTS, 1)
    assert (found.index, found.ed50_effect) == (None, None)
    assert "virtual mice have no dose of half the rise of ΔF/F" in str(found.reason)
    assert pytest.approx(30000) == DOSES[-1]
