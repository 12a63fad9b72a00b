"""How observations are predicted: noise floors, times, and what is compared with what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from observed import observed

from adenoscope.core.errors import InputError
from adenoscope.inference.predict.experiments import AT_S, protocol_of
from adenoscope.inference.predict.needs import (
    needed_moments,
    needed_quantities,
    needed_runs,
    predict,
    predictable,
    why_not,
)
from adenoscope.inference.predict.noise import NOISE, SALINE_PEAK, noisy_peak
from adenoscope.inference.predict.observations import Observation, read_observations
from adenoscope.inference.predict.readouts import QUANTITIES, readout_of
from adenoscope.inference.predict.runs import EVERY_S, SHORT_S, Curves, times_of
from adenoscope.studies.shipped import shipped_observations

AFTER = np.arange(0.0, SHORT_S - AT_S + 1, EVERY_S)
FLAT = np.zeros(AFTER.size)


def curves_with(rows: list[Observation], values: dict[Any, float], dff: Any = FLAT, share: Any = None) -> Curves:
    """Return curves in which every run has the same ΔF/F from the intervention on.

    ``values``: what a quantity, or a quantity in a protocol, is from the intervention on; else 1.
    ``share``: how much of that is there at each time; all of it, if not told.
    """
    told = predictable(rows)
    times, curves = {}, {}
    for run in needed_runs(told):
        times[run] = times_of(run, [moment for moment in needed_moments(told) if moment <= run.duration_s])
        after = times[run] - AT_S
        present = np.where(after >= 0, 1.0 if share is None else np.interp(after, AFTER, share), 0.0)
        names = needed_quantities(told)
        found = {name: 1 + present * (values.get((run, name), values.get(name, 1.0)) - 1) for name in names}
        found["dff"] = np.where(after >= 0, np.interp(after, AFTER, dff), 0.0)
        curves[run] = {name: value[None] for name, value in found.items()}
    return Curves(times, curves)


def shipped(dff: Any) -> dict[str, float]:
    rows = shipped_observations()
    return dict(zip([o.id for o in rows], predict(rows, curves_with(rows, {}, dff), 1)[0], strict=True))


def predicted(o: Observation, curves: Curves) -> float:
    return float(predict([o], curves, 1)[0, 0])


def rising_and_falling(peak: float, at_s: float, half_s: float) -> Any:
    t = AFTER
    return peak * np.where(t < at_s, t / at_s, 0.5 ** ((t - at_s) / half_s))


def test_the_peak_of_nothing_is_the_noise_floor() -> None:
    assert noisy_peak(np.zeros((1, NOISE.shape[1])))[0] == pytest.approx(SALINE_PEAK)
    assert shipped(FLAT)["C1-sal"] == pytest.approx(100 * SALINE_PEAK)


def test_a_rise_counts_from_the_noise_floor() -> None:
    assert shipped(FLAT)["C7-nac"] == pytest.approx(0.0, abs=1e-9)
    assert shipped(FLAT)["C4-alone"] == pytest.approx(0.0, abs=1.0)  # of fewer samples, whose maximum is lower
    surge, risen = rising_and_falling(0.3, 500, 600), observed(statistic="rise above the floor")
    both = [predicted(o, curves_with([o], {}, surge)) for o in (observed(), risen)]
    assert both[0] - both[1] == pytest.approx(100 * SALINE_PEAK)


def test_a_large_peak_stands_hardly_above_itself() -> None:
    assert shipped(rising_and_falling(0.3, 500, 600))["C1-10"] == pytest.approx(33, abs=2)


def test_times_are_those_of_the_curve() -> None:
    found = shipped(rising_and_falling(0.3, 500, 600))
    assert found["C2-tpeak"] == pytest.approx(500, abs=EVERY_S / 2)
    # Between samples a line is drawn, so times are known to far better than the 10 s between them.
    assert found["C2-onset"] == pytest.approx(100, abs=1)
    assert found["C2-t50"] == pytest.approx(600, abs=1)
    assert found["C3-t50"] == pytest.approx(800, abs=EVERY_S)  # from the end of the bout at 300 s


def test_a_response_lasts_until_it_falls_below_a_fifth_of_its_peak() -> None:
    o = observed(readout="duration_s")
    found = predicted(o, curves_with([o], {}, rising_and_falling(0.3, 500, 600)))
    assert found == pytest.approx(500 + 600 * np.log2(5), abs=2)
    whole = predicted(o, curves_with([o], {}, rising_and_falling(0.3, 500, 1e9)))
    assert whole == pytest.approx(AFTER[-1])  # it never falls: to the end of what is looked at


def test_behaviour_that_does_not_move_is_no_change() -> None:
    found = shipped(FLAT)
    assert {found[name] for name in ("C5-fst-wt", "C5-spt-wt", "C5-fst-a1", "C5-spt-a2a")} == {0}


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_change_is_less_saline_and_a_ratio_over_it(name: str) -> None:
    change = observed(readout=f"{name}_change", time_after_h=1.0)
    ratio = observed(readout=f"{name}_ratio", time_after_h=1.0)
    source = QUANTITIES[name]
    saline = protocol_of(change, treated=False)
    curves = curves_with([change, ratio], {source: 3.0, (saline, source): 1.5})
    # Of shares of a whole, differences are percentage points.
    points = 100 if name in ("spo2", "a1_occupancy", "a2a_occupancy", "nmdar_block") else 1
    assert predicted(change, curves) == pytest.approx(1.5 * points)
    assert predicted(ratio, curves) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("readout", "source"),
    [
        *(("fst_immobility_s_change", "fst_immobility_s"), ("fst_immobility_change", "fst_immobility_s")),
        *(("spt_preference_percent_change", "spt_preference_percent"), ("cmro2_ratio", "cmro2")),
    ],
)
def test_a_quantity_may_carry_its_unit(readout: str, source: str) -> None:
    assert source in needed_quantities([observed(readout=readout)])
    assert why_not(observed(readout=readout)) == ""


def test_without_a_time_a_level_is_its_largest_deviation_in_half_an_hour() -> None:
    o = observed(readout="adenosine_ratio")
    early, late = (np.where((at <= AFTER) & (at + 60 > AFTER), 1.0, 0.0) for at in (600, 2400))
    assert predicted(o, curves_with([o], {(protocol_of(o), "adenosine_um"): 4.0}, share=early)) == pytest.approx(4.0)
    assert predicted(o, curves_with([o], {(protocol_of(o), "adenosine_um"): 4.0}, share=late)) == pytest.approx(1.0)
    below = curves_with([o], {(protocol_of(o), "adenosine_um"): 0.25}, share=early)
    assert predicted(o, below) == pytest.approx(0.25)


def test_without_a_time_locomotion_is_its_mean_over_the_hour() -> None:
    o = observed(readout="locomotion_ratio")
    half = np.where(AFTER < 1800, 1.0, 0.0)
    curves = curves_with([o], {(protocol_of(o), "locomotion"): 3.0}, share=half)
    assert predicted(o, curves) == pytest.approx(2.0, abs=0.01)  # a sample at the edge


def test_without_a_time_behaviour_is_looked_at_after_an_hour() -> None:
    o = observed(readout="fst_immobility_change")
    last = np.append(np.zeros(AFTER.size - 1), 1.0)
    assert predicted(o, curves_with([o], {(protocol_of(o), "fst_immobility_s"): -39.0}, share=last)) == -40.0


def test_a_ratio_of_peaks_is_over_no_pretreatment_else_the_wild_type_else_saline() -> None:
    for words in ({"pretreatment": "caffeine 20 mg/kg", "genotype": "Adk het"}, {"genotype": "Adk het"}, {}):
        o = observed(readout="peak_ratio", **words)
        surge, own = rising_and_falling(0.3, 500, 600), protocol_of(o)
        curves = curves_with([o], {}, surge)
        curves.values[own]["dff"][:] *= 0.5
        expected = noisy_peak(0.5 * surge[None]) / noisy_peak(surge[None])
        assert predicted(o, curves) == pytest.approx(float(expected[0]))


def test_what_is_not_described_is_no_number_and_leaves_others_alone() -> None:
    rows = [observed(), observed(intervention="exercise"), observed(readout="peak_ratios")]
    surge = rising_and_falling(0.3, 500, 600)
    found = predict(rows, curves_with(rows, {}, surge), 1)[0]
    assert found[0] > 30
    assert np.isnan(found[1:]).all()
    assert readout_of(rows[2]) is None


def test_every_observation_that_ships_has_a_band_or_an_edge_and_can_be_predicted() -> None:
    for row in shipped_observations():
        assert row.low <= row.mean <= row.high
        assert np.isfinite(row.low) or np.isfinite(row.high)
        assert why_not(row) == ""


def test_every_fact_that_was_kept_for_tests_can_be_predicted() -> None:
    import adenoscope

    rows = read_observations(Path(adenoscope.__file__).with_name("values") / "tests.csv")
    assert rows
    assert {row.id: why_not(row) for row in rows} == {row.id: "" for row in rows}
    assert not {row.id for row in rows} & {row.id for row in shipped_observations()}


def test_a_table_of_observations_with_mistakes_lists_them_all(tmp_path: Path) -> None:
    table = tmp_path / "facts.csv"
    table.write_text("id,readout,intervention,dose,mean,band_low,band_high\na,peak_dff,ketamine,ten,1,x,2\n")
    with pytest.raises(InputError) as error:
        read_observations(table)
    assert [problem.column for problem in error.value.problems] == ["band_low", "dose"]
    table.write_text("id,mean\na,1\n")
    with pytest.raises(InputError, match="no column"):
        read_observations(table)
