"""Presets: each has a source, and the SpO2 that was published where one was read."""

from __future__ import annotations

import pytest

from adenoscope.io.hypoxia_presets import presets


@pytest.mark.parametrize("name", list(presets()))
def test_a_presets_name_says_what_it_is(name: str) -> None:
    preset = presets()[name]
    schedule = preset.schedule
    gas = f"spo2_{100 * schedule.spo2_target:g}" if schedule.spo2_target else f"{100 * schedule.fio2:g}"
    assert name == f"{preset.species}_{schedule.bouts}x{schedule.bout_s:g}s_{gas}"
    assert preset.source


def test_published_saturations_are_those_that_were_read() -> None:
    published = {name: one.published_spo2.value for name, one in presets().items() if one.published_spo2}
    assert published == {
        **{"human_15x60s_10": 0.821, "human_15x60s_9": 0.85, "human_15x60s_12": 0.93, "human_5x180s_10": 0.825},
        **{"human_5x240s_spo2_90": 0.9, "human_7x300s_spo2_75": 0.75},
    }


def test_a_gas_that_is_assumed_makes_a_preset_unverified() -> None:
    assert not presets()["human_5x240s_spo2_90"].verified
    assert presets()["human_15x60s_10"].verified
