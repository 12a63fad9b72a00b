"""How observations are predicted: noise floors, times, and what is compared with what."""

from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.inference.calibration.observations import read_observations
from adenoscope.inference.calibration.readouts import (
    AFTER,
    NOISE,
    SALINE_PEAK,
    Curves,
    needed_runs,
    noisy_peak,
    predict,
)
from adenoscope.inference.calibration.runs import EVERY_S, OBSERVED, TIMES_S
from adenoscope.studies.check_mechanism import shipped_observations


def curves_with(dff):
    """Return curves in which every run has the same ΔF/F from time 0 on, and behaviour does not move."""
    runs = needed_runs(shipped_observations())
    values = np.zeros((1, len(runs), TIMES_S.size, len(OBSERVED)))
    values[0, :, AFTER, OBSERVED.index("dff")] = dff[None]
    return Curves(runs, values)


def predicted(dff):
    rows = shipped_observations()
    return dict(zip([o.id for o in rows], predict(rows, curves_with(dff))[0], strict=True))


def rising_and_falling(peak, at_s, half_s):
    t = TIMES_S[AFTER]
    return peak * np.where(t < at_s, t / at_s, 0.5 ** ((t - at_s) / half_s))


def test_the_peak_of_nothing_is_the_noise_floor():
    assert noisy_peak(np.zeros((1, NOISE.shape[1])))[0] == pytest.approx(SALINE_PEAK)
    assert predicted(np.zeros(TIMES_S[AFTER].size))["C1-sal"] == pytest.approx(100 * SALINE_PEAK)


def test_a_large_peak_stands_hardly_above_itself():
    assert predicted(rising_and_falling(0.3, 500, 600))["C1-10"] == pytest.approx(33, abs=2)


def test_times_are_those_of_the_curve():
    found = predicted(rising_and_falling(0.3, 500, 600))
    assert found["C2-tpeak"] == pytest.approx(500, abs=EVERY_S / 2)
    # Between samples a line is drawn, so times are known to far better than the 10 s between them.
    assert found["C2-onset"] == pytest.approx(100, abs=1)
    assert found["C2-t50"] == pytest.approx(600, abs=1)
    assert found["C3-t50"] == pytest.approx(800, abs=EVERY_S)  # from the end of the bout at 300 s


def test_behaviour_that_does_not_move_is_no_change():
    found = predicted(np.zeros(TIMES_S[AFTER].size))
    assert {found[name] for name in ("C5-fst-wt", "C5-spt-wt", "C5-fst-a1", "C5-spt-a2a")} == {0}


def test_every_observation_that_ships_has_a_band_or_an_edge():
    for row in shipped_observations():
        assert row.low <= row.mean <= row.high
        assert np.isfinite(row.low) or np.isfinite(row.high)


def test_a_table_of_observations_with_mistakes_lists_them_all(tmp_path: Path):
    table = tmp_path / "facts.csv"
    table.write_text("id,readout,intervention,dose,mean,band_low,band_high\na,peak_dff,ketamine,ten,1,x,2\n")
    with pytest.raises(InputError) as error:
        read_observations(table)
    assert [problem.column for problem in error.value.problems] == ["band_low", "dose"]
    table.write_text("id,mean\na,1\n")
    with pytest.raises(InputError, match="no column"):
        read_observations(table)
