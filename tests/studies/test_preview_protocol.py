"""A protocol previewed: the same numbers as the command gives, bands of enough subjects, differences within them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adenoscope.core.errors import InputError, Refused
from adenoscope.io.protocol import protocol_text
from adenoscope.studies.preview_protocol import compare_protocols, preview_protocol, protocol_of
from adenoscope.studies.simulate_protocol import simulate_protocol
from adenoscope.studies.simulated import cohort_band

KETAMINE = {"at_s": 600, "compound": "ketamine", "dose": 10.0, "unit": "mg/kg", "route": "ip"}


def document(**changed: Any) -> dict[str, Any]:
    return {"species": "mouse", "duration_s": 3600, "every_s": 30, "subjects": 64, "give": [KETAMINE]} | changed


def test_a_preview_has_the_readings_that_the_command_writes(tmp_path: Path) -> None:
    protocol = protocol_of(document(), "the page")
    (tmp_path / "protocol.toml").write_text(protocol_text(protocol), encoding="utf-8")
    simulate_protocol(tmp_path / "protocol.toml", tmp_path / "out")
    written = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    said = preview_protocol(protocol).simulation
    assert said is not None
    for name, numbers in written["observables"].items():
        own = {key: None if one is None else one.as_json() for key, one in said.readings[name].items()}
        assert own == {key: value for key, value in numbers.items() if key != "unit"}
    assert said.unverified_share == written["unverified_share"]


def test_a_band_is_of_at_least_64_subjects_and_holds_the_median() -> None:
    preview = preview_protocol(protocol_of(document(subjects=8), "the page"))
    assert preview.finished == preview.protocol.subjects == 64
    for band in preview.bands.values():
        assert band.shape == (3, preview.time_s.size)
        assert (band[1] <= band[0]).all()
        assert (band[0] <= band[2]).all()


def test_a_band_is_what_numpy_calls_percentiles() -> None:
    curves = np.random.default_rng(1).normal(size=(77, 4, 3))
    # Two orders of the same sums.
    np.testing.assert_allclose(cohort_band(curves), np.percentile(curves, (50, 2.5, 97.5), axis=0), rtol=1e-12)


def test_a_protocol_that_people_are_not_given_is_refused_and_not_simulated() -> None:
    breathe = [{"at_s": 600, "fio2": 0.09, "duration_s": 300, "repeat": 5, "rest_s": 300}]
    preview = preview_protocol(protocol_of(document(species="human", give=[], breathe=breathe), "the page"))
    assert preview.simulation is None
    assert not preview.bands
    assert any("at most 90 s" in reason for reason in preview.refusals)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as error:
        protocol_of(document(region="here", give=[KETAMINE | {"route": "icv"}]), "the page")
    assert len(error.value.problems) == 2


def test_differences_are_those_of_the_same_subjects() -> None:
    wild, without = (protocol_of(document(genotype=name), "the page") for name in ("WT", "Adora1-KO"))
    found = {(row.observable, row.reading): row for row in compare_protocols(wild, without)}
    occupancy = found["a1_occupancy", "peak"]
    assert occupancy.second is not None
    assert occupancy.second.estimate == 0
    assert occupancy.share_above == 0
    same = found["plasma_ketamine_um", "peak"].difference
    assert same is not None
    assert (same.estimate, same.low, same.high) == (0, 0, 0)
    assert all(row.difference.estimate == 0 for row in compare_protocols(wild, wild) if row.difference is not None)


def test_protocols_of_other_subjects_are_not_compared() -> None:
    mouse = protocol_of(document(), "the page")
    human = protocol_of(document(species="human", give=[]), "the page")
    with pytest.raises(Refused, match="different virtual subjects"):
        compare_protocols(mouse, human)
