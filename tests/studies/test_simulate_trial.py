"""A trial from its file to its answers: the same bytes after a stop, nulls that stay null, examples that run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from adenoscope.core.errors import InputError, Refused
from adenoscope.io.trial_toml import read_trial
from adenoscope.mechanism.validity import refusals
from adenoscope.studies.progress import Progress
from adenoscope.studies.simulate_trial import plan_trial, simulate_trial
from adenoscope.studies.trials.answer import TrialAnswer, answer
from adenoscope.studies.trials.assembly import assemble
from adenoscope.studies.trials.courses import course_refusals, session_refusals
from adenoscope.studies.trials.replicates import name_of, replicate_tasks
from adenoscope.studies.trials.tasks import read_task

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "trials").glob("*.toml"))
SMALL = {"replicates": 120, "pool": 160}
FILES = ("trial.json", "replicates.parquet", "power.csv", "sizes.csv", "tornado.csv", "visits.csv", "consort.csv")


def example(name: str) -> Path:
    return next(path for path in EXAMPLES if path.stem == name)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrialAnswer, Path]:
    """Return the answer of a small run of an example with looks and enrichment, and where it is."""
    out = tmp_path_factory.mktemp("trial")
    return simulate_trial(example("ketamine-midazolam"), out, **SMALL), out


def test_every_file_is_written_and_says_whose_it_is(done: tuple[TrialAnswer, Path]) -> None:
    _, out = done
    assert all((out / name).exists() for name in FILES)
    document = json.loads((out / "trial.json").read_text(encoding="utf-8"))
    assert document["schema_version"] == 1
    assert document["software"]["name"] == "adenoscope"
    assert [entry["path"] for entry in document["inputs"]] == ["ketamine-midazolam.toml"]
    assert 0 < document["unverified_share"] < 1
    assert document["outside_validity"]
    assert {row["heading"] for row in document["credibility"]} >= {"Question of interest", "Model risk", "Validation"}


def test_a_stopped_run_goes_on_and_ends_with_the_same_bytes(
    done: tuple[TrialAnswer, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out = done

    class Stopped(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.stage == "randomising" and progress.done:
            raise Stopped

    with pytest.raises(Stopped):
        simulate_trial(example("ketamine-midazolam"), tmp_path, **SMALL, progress=stop)
    assert not (tmp_path / "trial.json").exists()
    monkeypatch.setattr("adenoscope.studies.trials.pool.engage", None)  # people are not simulated again
    simulate_trial(example("ketamine-midazolam"), tmp_path, **SMALL)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_without_a_difference_arms_seldom_win(done: tuple[TrialAnswer, Path]) -> None:
    found, _ = done
    for rate in found.rates:
        if rate.scenario == "null":
            # 120 trials: 2.5 % and 4 standard errors are 8 %.
            assert rate.wins.estimate < 0.08
    null = next(look for look in found.looks if look.scenario == "null")
    assert null.success.estimate < 0.08
    assert null.people < found.trial.people  # most stop for futility


def test_what_is_worked_out_agrees_with_what_is_simulated(done: tuple[TrialAnswer, Path]) -> None:
    found, _ = done
    (arm,) = found.arms
    simulated = found.rate("planned", found.trial.primary.name, arm.arm)
    assert simulated.found is not None
    # 120 estimates with an SD of 3: 4 standard errors of the middle are 1.4.
    assert simulated.found.estimate == pytest.approx(arm.total.estimate, abs=1.4)
    assert arm.curve is not None
    planned = min(range(arm.curve.people.size), key=lambda k: abs(arm.curve.people[k] - found.trial.people))
    # 4 standard errors of a chance near a third in 120 trials are 0.17.
    assert arm.curve.assurance[planned] == pytest.approx(simulated.wins.estimate, abs=0.17)
    assert (arm.total.estimate - arm.blinded.estimate) == pytest.approx(arm.unblinding.estimate, abs=0.5)  # medians


def test_replicates_without_an_answer_are_left_out_of_sizes_and_do_not_take_them_away(
    done: tuple[TrialAnswer, Path],
) -> None:
    _, out = done
    plan, _ = plan_trial(example("ketamine-midazolam"), read_trial(example("ketamine-midazolam"), **SMALL))
    whole = assemble(plan, (out / "parts").resolve())
    parts = [read_task(task, (out / "parts").resolve()) for task in replicate_tasks(plan, enriched=False)]
    columns = {name: np.concatenate([part[name] for part in parts if part]) for name in parts[0] or {}}
    error = name_of("error", "planned", 0, 0, 0)
    one_lost = columns | {error: np.where(np.arange(SMALL["replicates"]) == 7, np.nan, columns[error])}
    (arm,) = answer(whole, one_lost, enriched=False).arms
    assert arm.curve is not None
    assert not arm.reason
    (arm,) = answer(whole, columns | {error: np.full(SMALL["replicates"], np.nan)}, enriched=False).arms
    assert arm.curve is None
    assert "too few replicates" in arm.reason


def test_shares_of_variance_are_whole_and_the_mechanisms_is_one_of_them(done: tuple[TrialAnswer, Path]) -> None:
    found, _ = done
    source = found.arms[0].mechanism
    assert source is not None
    assert sum(part.share for part in source.components) == pytest.approx(1, abs=1e-9)
    assert {part.name for part in source.components} == {"link", "mechanism", "between", "chance"}
    # Ketamine is what engagement is relative to: without the mechanism the answer is nearly the same.
    assert source.with_it == pytest.approx(source.without_it, abs=0.3)


def test_every_replicate_is_a_row(done: tuple[TrialAnswer, Path]) -> None:
    found, out = done
    table = pq.read_table(out / "replicates.parquet").to_pydict()
    whole = [row for row in zip(table["stage"], table["scenario"], table["analysis"], strict=True) if row[0] == 0]
    assert len(whole) == SMALL["replicates"] * len({rate.scenario for rate in found.rates}) * len(
        found.trial.analyses
    )
    assert set(table["stage"]) == {0, 1, 2}


def test_tables_hold_what_the_answer_says(done: tuple[TrialAnswer, Path]) -> None:
    found, out = done
    with (out / "power.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(found.rates)
    assert float(rows[0]["wins"]) == pytest.approx(found.rates[0].wins.estimate, abs=1e-6)


def test_everything_that_names_nothing_is_said_at_once_and_before_any_work(tmp_path: Path) -> None:
    text = example("ketamine-midazolam").read_text(encoding="utf-8")
    text = text.replace("caffeine_mg_per_day <= 100", "cafeine <= 100").replace(
        '"midazolam"\ndrop', '"midazolan"\ndrop'
    )
    text = text.replace('["murrough_2013"]', '["murrough"]').replace('compound = "ketamine"', 'compound = "ketamin"')
    text += '\n[[assume]]\nparameter = "slop"\nvalue = 1\nlow = 0\nhigh = 2\nsource = "nobody"\n'
    path = tmp_path / "trial.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        simulate_trial(path, tmp_path / "out")
    said = "\n".join(map(str, caught.value.problems))
    for part in ("cafeine: no covariate", "guess_like: midazolan", "left_out: murrough", "ketamin", "assume: slop"):
        assert part in said
    assert not (tmp_path / "out").exists()


def test_a_table_of_real_people_is_refused(tmp_path: Path) -> None:
    text = example("hypoxia-pilot").read_text(encoding="utf-8")
    path = tmp_path / "trial.toml"
    path.write_text(text.replace("people = 30", 'people = 30\ncovariates = "people.csv"'), encoding="utf-8")
    (tmp_path / "people.csv").write_text("age,patient name\n41,Ada Lovelace\n", encoding="utf-8")
    with pytest.raises(InputError, match="looks like a name"):
        simulate_trial(path, tmp_path / "out")


def test_a_table_of_virtual_people_is_what_the_pool_is_drawn_from(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    text = example("hypoxia-pilot").read_text(encoding="utf-8")
    path.write_text(text.replace("people = 30", 'people = 30\ncovariates = "people.csv"'), encoding="utf-8")
    (tmp_path / "people.csv").write_text("age,madrs\n41,30\n52,26\n", encoding="utf-8")
    plan, read = plan_trial(path, read_trial(path))
    assert [file.name for file in read] == ["trial.toml", "people.csv"]
    assert plan.table["age"].tolist() == [41, 52]


def test_hypoxia_that_people_may_not_be_given_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    text = example("hypoxia-pilot").read_text(encoding="utf-8")
    path.write_text(text.replace("fio2 = 0.13\n", "fio2 = 0.09\n"), encoding="utf-8")
    with pytest.raises(Refused, match="at most 90 s"):
        simulate_trial(path, tmp_path / "out")


def test_hypoxia_that_a_low_responder_does_not_bear_is_refused_before_any_work(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    text = example("hypoxia-pilot").read_text(encoding="utf-8")
    bouts = "fio2 = 0.10\nduration_s = 90\nrepeat = 15\nrest_s = 60\n"
    path.write_text(
        text.replace("fio2 = 0.13\nduration_s = 600\nrepeat = 4\nrest_s = 300\n", bouts), encoding="utf-8"
    )
    with pytest.raises(Refused, match="hypoxia: LOW_RESPONDER_CHECK"):
        simulate_trial(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_course_of_more_sessions_than_people_were_given_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    text = example("hypoxia-pilot").read_text(encoding="utf-8")
    days = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    path.write_text(text.replace("[0, 1, 2, 3, 4, 7, 8, 9, 10, 11]", days, 1), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        simulate_trial(path, tmp_path / "out")
    assert "sessions a week" in str(caught.value)
    assert "before a review" in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_can_be_run_and_its_published_result_has_a_source(path: Path) -> None:
    plan, _ = plan_trial(path, read_trial(path))
    assert plan.trial.published is not None
    assert plan.trial.published.source
    assert plan.trial.purpose.question
    assert not [reason for session in plan.sessions.values() for reason in refusals(session)]
    assert course_refusals(plan.trial) == session_refusals(plan.trial) == []


def test_the_examples_are_the_five_that_were_promised() -> None:
    expected = {"karma-dep-2", "pcn-101", "transform-2", "ketamine-midazolam", "hypoxia-pilot"}
    assert {path.stem for path in EXAMPLES} == expected
