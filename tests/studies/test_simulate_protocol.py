"""Protocols simulated for real: signs and orders of magnitude, what is written, and what is owned up to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from adenoscope.core.errors import InputError, Refused
from adenoscope.core.provenance import sha256_of
from adenoscope.mechanism import cohort
from adenoscope.simulation import read_model
from adenoscope.studies import simulate_protocol as study
from adenoscope.studies import simulated
from adenoscope.studies.progress import Progress
from adenoscope.studies.show_mechanism import export_mechanism, show_mechanism
from adenoscope.studies.simulate_protocol import simulate_protocol
from adenoscope.studies.simulated import cohort_interval

N = 16
KETAMINE = f"""\
species = "mouse"
duration_s = 5400
subjects = {N}
seed = 1
[[give]]
at_s = 600
compound = "ketamine"
dose = 10.0
unit = "mg/kg"
route = "ip"
"""
HYPOXIA = f"""\
species = "mouse"
duration_s = 4000
subjects = {N}
[[breathe]]
at_s = 600
fio2 = 0.09
duration_s = 300
repeat = 5
rest_s = 300
"""
CAFFEINE = f"""\
species = "human"
duration_s = 14400
every_s = 60
subjects = {N}
[[give]]
at_s = 600
compound = "caffeine"
dose = 200
unit = "mg"
route = "oral"
"""
SHOCK = f"""\
species = "mouse"
duration_s = 900
every_s = 2
subjects = {N}
[[shock]]
at_s = 300
current_ma = 40
frequency_hz = 100
pulse_ms = 0.5
duration_s = 10
"""
LIGHT = f"""\
species = "mouse"
duration_s = 3600
subjects = {N}
[[light]]
at_s = 600
duration_s = 600
"""
Simulate = Callable[..., dict[str, Any]]


@pytest.fixture
def simulate(tmp_path: Path) -> Simulate:
    """Return a function that simulates a text and gives the summary as it stands on disk."""

    def run(text: str, out: str = "out", **options: Any) -> dict[str, Any]:
        path = tmp_path / "p.toml"
        path.write_text(text, encoding="utf-8")
        simulate_protocol(path, tmp_path / out, **options)
        return json.loads((tmp_path / out / "summary.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)

    return run


def estimate(summary: dict[str, Any], observable: str, reading: str) -> float:
    return summary["observables"][observable][reading]["estimate"]


def test_ketamine_raises_adenosine_and_blocks_receptors(simulate: Simulate, tmp_path: Path) -> None:
    summary = simulate(KETAMINE)
    assert set(summary["observables"]["dff"]) >= {"unit", *simulated.READINGS}
    assert 0.02 < estimate(summary, "dff", "peak") < 1.0
    assert estimate(summary, "adenosine_um", "peak") > estimate(summary, "adenosine_um", "at_rest")
    assert 0 < estimate(summary, "dff", "onset_s") < estimate(summary, "dff", "time_to_peak_s") < 4800
    assert 0.2 < estimate(summary, "nmdar_block", "peak") < 1.0
    assert estimate(summary, "locomotion", "peak") > 1.2
    assert 1 < estimate(summary, "plasma_ketamine_um", "peak") < 30
    assert estimate(summary, "atp_adp_ratio", "peak") < estimate(summary, "atp_adp_ratio", "at_rest")
    assert summary["observables"]["spo2"]["onset_s"] is None
    assert summary["inputs"][0]["sha256"] == sha256_of(tmp_path / "p.toml")
    assert summary["seed"] == 1
    assert 0 < summary["unverified_share"] < 1
    assert summary["subjects"]["asked"] == N


def test_trajectories_have_a_row_for_each_subject_and_time(simulate: Simulate, tmp_path: Path) -> None:
    summary = simulate(KETAMINE)
    table = pq.read_table(tmp_path / "out" / "trajectories.parquet")
    assert table.column_names == ["subject", "time_s", *summary["observables"]]
    assert table.num_rows == N * 541
    subject, time_s, dff = (table[name].to_numpy() for name in ("subject", "time_s", "dff"))
    assert np.unique(subject).tolist() == list(range(N))
    assert (time_s[:541] == np.arange(0, 5401, 10)).all()
    assert np.abs(dff[time_s < 600]).max() < 0.01
    assert not list((tmp_path / "out").glob(".*"))


def test_hypoxia_desaturates_and_leaves_receptors_alone(simulate: Simulate) -> None:
    summary = simulate(HYPOXIA)
    assert 0.2 < estimate(summary, "spo2", "peak") < 0.8 < estimate(summary, "spo2", "at_rest")
    assert 0 < estimate(summary, "pto2_mmhg", "peak") < 0.7 * estimate(summary, "pto2_mmhg", "at_rest")
    # No load is felt as 1e-9, and its power of about 1.2 is what is left of a block.
    assert 0 <= estimate(summary, "nmdar_block", "peak") < 1e-9
    assert summary["observables"]["nmdar_block"]["time_to_peak_s"] is None
    assert not any(name.startswith("plasma") for name in summary["observables"])


def test_caffeine_takes_receptors_from_adenosine_in_people(simulate: Simulate) -> None:
    summary = simulate(CAFFEINE)
    assert estimate(summary, "a2a_occupancy", "peak") < estimate(summary, "a2a_occupancy", "at_rest")
    assert 5 < estimate(summary, "plasma_caffeine_um", "peak") < 60
    assert "fst_immobility_s" not in summary["observables"]
    assert any("people" in reason for reason in summary["outside_validity"])


def test_a_seizure_releases_atp_and_adenosine(simulate: Simulate) -> None:
    summary = simulate(SHOCK)
    assert estimate(summary, "extracellular_atp_um", "peak") > 1.2 * estimate(
        summary, "extracellular_atp_um", "at_rest"
    )
    assert estimate(summary, "dff", "peak") > 0.05
    assert estimate(summary, "dff", "time_to_peak_s") < 120


def test_a_knock_out_has_no_receptor_to_occupy(simulate: Simulate) -> None:
    summary = simulate('genotype = "Adora1-KO"\ncondition = "CRS"\n' + KETAMINE)
    assert estimate(summary, "a1_occupancy", "peak") == 0
    assert estimate(summary, "a2a_occupancy", "peak") > 0
    assert estimate(summary, "fst_immobility_s", "at_rest") > 130  # stressed: 123 s without


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(simulate: Simulate, tmp_path: Path) -> None:
    for out, options in (("a", {}), ("b", {}), ("c", {"seed": 2})):
        simulate(KETAMINE, out, **options)
    for name in ("trajectories.parquet", "summary.json"):
        a, b, c = ((tmp_path / out / name).read_bytes() for out in "abc")
        assert a == b != c


def test_fewer_subjects_are_the_first_ones_of_more(simulate: Simulate, tmp_path: Path) -> None:
    simulate(KETAMINE, "more")
    simulate(KETAMINE, "fewer", subjects=9)
    more, fewer = (
        pq.read_table(tmp_path / out / "trajectories.parquet")["dff"].to_numpy() for out in ("more", "fewer")
    )
    np.testing.assert_array_equal(fewer, more[: fewer.size])


def test_progress_goes_from_nobody_to_everybody(simulate: Simulate) -> None:
    seen: list[Progress] = []
    simulate(KETAMINE, progress=seen.append)
    assert (seen[0].done, seen[-1].done) == (0, N)
    assert {progress.total for progress in seen} == {N}


def test_a_protocol_in_which_nothing_is_done_is_simulated(simulate: Simulate) -> None:
    summary = simulate('species = "mouse"\nduration_s = 600\nsubjects = 8\n')
    assert summary["first_s"] == 0.0
    assert summary["observables"]["dff"]["onset_s"] is None


def test_form_and_doses_are_complained_about_together(simulate: Simulate, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        simulate("genotyp = 1\n" + KETAMINE.replace('"ip"', '"icv"'))
    assert [problem.file for problem in error.value.problems] == ["p.toml", "p.toml, give at 600 s"]
    assert not (tmp_path / "out").exists()


def test_what_people_are_not_given_is_refused_and_nothing_is_written(simulate: Simulate, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="at most 90 s"):
        simulate(HYPOXIA.replace("mouse", "human"))
    assert not (tmp_path / "out").exists()


REFUSED = {
    "fio2 = 0.08": "no less than FiO2 0.09",
    "fio2 = 0.09": "at most 90 s",
    "fio2 = 0.12": "at most 300 s",
    "fio2 = 0.13": "at most 600 s",
}


@pytest.mark.parametrize("entry", REFUSED)
def test_bouts_that_people_never_had_are_refused_with_the_limit(simulate: Simulate, entry: str) -> None:
    text = (
        HYPOXIA.replace("mouse", "human")
        .replace("fio2 = 0.09", entry)
        .replace("duration_s = 300", "duration_s = 601")
    )
    with pytest.raises(Refused, match="nothing was simulated") as refused:
        simulate(text.replace("repeat = 5", "repeat = 1"))
    assert REFUSED[entry] in str(refused.value)


@pytest.mark.parametrize(
    ("entry", "instead", "word"),
    [("repeat = 5", "repeat = 16", "at most 15 bouts"), ("rest_s = 300", "rest_s = 30", "at least 60 s")],
)
def test_too_many_bouts_or_too_little_rest_between_them_are_refused_in_people(
    simulate: Simulate, entry: str, instead: str, word: str
) -> None:
    mild = HYPOXIA.replace("mouse", "human").replace("fio2 = 0.09", "fio2 = 0.12")
    with pytest.raises(Refused, match=word):
        simulate(mild.replace(entry, instead))


def test_a_channel_blocker_with_thin_air_is_refused_in_people(simulate: Simulate) -> None:
    mild = HYPOXIA.replace("mouse", "human").replace("fio2 = 0.09", "fio2 = 0.12")
    with pytest.raises(Refused, match="NMDA"):
        simulate(mild + KETAMINE[KETAMINE.index("[[give]]") :].replace('"ip"', '"iv"\nduration_s = 2400'))


def test_light_releases_atp_and_says_what_is_assumed(simulate: Simulate) -> None:
    summary = simulate(LIGHT)
    assert estimate(summary, "extracellular_atp_um", "peak") > 1.5 * estimate(
        summary, "extracellular_atp_um", "at_rest"
    )
    assert estimate(summary, "dff", "peak") > 0.02
    assert summary["first_s"] == 600.0
    assert summary["protocol"]["light"] == [{"at_s": 600.0, "duration_s": 600.0, "strength": 1.0}]
    assert any("Light on astrocytes" in reason for reason in summary["outside_validity"])


@pytest.mark.parametrize("name", ["Nt5e", "Slc29a2"])
def test_a_genotype_with_other_enzymes_is_at_rest_until_something_is_done(simulate: Simulate, name: str) -> None:
    summary = simulate(KETAMINE + f'[[gene]]\nname = "{name}"\nleft = 0\n')
    assert not any("Rest is not at rest" in reason for reason in summary["outside_validity"])
    assert summary["subjects"]["finished"] == N
    assert abs(estimate(summary, "dff", "at_rest")) < 0.001


def test_a_share_of_a_gene_is_said_to_be_taken_for_a_share_of_function(simulate: Simulate) -> None:
    summary = simulate(KETAMINE + '[[gene]]\nname = "Adk"\nleft = 0.5\n')
    assert any(reason.startswith("Adk at 0.5") for reason in summary["outside_validity"])
    wild = simulate(KETAMINE, "wild")
    assert estimate(summary, "adenosine_um", "at_rest") > 1.1 * estimate(wild, "adenosine_um", "at_rest")


def test_an_inhibitor_needs_no_compounds_csv_and_has_no_level(simulate: Simulate) -> None:
    given = KETAMINE[KETAMINE.index("[[give]]") :].replace("ketamine", "Ritonavir").replace("600", "0")
    summary = simulate(KETAMINE + given)
    assert not any("itonavir" in name for name in summary["observables"])
    assert any("Ritonavir: a fixed share" in reason for reason in summary["outside_validity"])
    plain = simulate(KETAMINE, "plain")
    late = "brain_ketamine_um", "auc"
    assert estimate(summary, *late) > 1.05 * estimate(plain, *late)


def test_people_are_given_no_inhibitor(simulate: Simulate) -> None:
    given = CAFFEINE.replace("caffeine", "ritonavir")
    with pytest.raises(InputError, match="in a human"):
        simulate(given)


def test_a_cohort_says_where_its_constants_are_from(simulate: Simulate, monkeypatch: pytest.MonkeyPatch) -> None:
    posterior = simulated.load_posterior()
    for worst, said in ((1.01, False), (1.3, True)):
        made = replace(posterior, provenance={**posterior.provenance, "r_hat": [worst]})
        monkeypatch.setattr(simulated, "load_posterior", lambda made=made: made)
        summary = simulate(KETAMINE, subjects=8)
        assert "drawn from the posterior" in summary["spread"]
        assert any("not converged (R-hat up to 1.30)" in reason for reason in summary["outside_validity"]) == said


def test_subjects_that_fail_are_reported_and_left_out_of_intervals(
    simulate: Simulate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_one_impossible(species, n_subjects, seed):
        subjects = cohort.draw_subjects(species, n_subjects, seed)
        broken = subjects.constants["adp_rest"].copy()
        broken[3] = 0.0  # rest divides by it
        return replace(subjects, constants={**subjects.constants, "adp_rest": broken})

    monkeypatch.setattr(study, "draw_subjects", with_one_impossible)
    summary = simulate(KETAMINE)
    failed = {item["subject"]: item for item in summary["subjects"]["failed"]}
    assert 3 in failed
    assert failed[3]["reason"]
    assert summary["subjects"]["finished"] == N - len(failed)
    table = pq.read_table(tmp_path / "out" / "trajectories.parquet")
    dff = table["dff"].to_numpy()[table["subject"].to_numpy() == 3]
    assert np.isnan(dff[-1])


def test_an_interval_needs_most_subjects() -> None:
    nan = np.nan
    assert cohort_interval(np.array([1.0, nan, nan])) is None
    assert cohort_interval(np.array([nan])) is None
    interval = cohort_interval(np.array([1.0, 2.0, 3.0, nan]))
    assert interval is not None
    assert (interval.estimate, interval.low < 1.2, interval.high > 2.8) == (2.0, True, True)


def test_the_exported_mechanism_is_read_back_and_runs(tmp_path: Path) -> None:
    export_mechanism("human", tmp_path / "human.xml")
    model = read_model(tmp_path / "human.xml")
    assert len(model.system.rates) == sum(show_mechanism("human").states.values())
    own = cohort.mechanism("human").simulate([0.0, 60.0], observables=["dff", "spo2"]).values
    np.testing.assert_array_equal(model.simulate([0.0, 60.0], observables=["dff", "spo2"]).values, own)


def test_the_mechanism_shows_flux_at_rest_in_balance() -> None:
    shown = show_mechanism("mouse")
    flux = {flux.name: flux.value for flux in shown.fluxes}
    assert flux["demand"] == pytest.approx(flux["synthesis"], rel=1e-6)
    # Released ATP becomes adenosine by CD73 or by other phosphatases, or its AMP escapes.
    ends = flux["cd73"] + flux["amp_other"] + flux["amp_escape"]
    assert ends == pytest.approx(flux["atp_release"], rel=1e-6)
    assert flux["cd73"] > flux["amp_other"] > 0
    assert sum(len(own) for own in shown.constants.values()) > 200
