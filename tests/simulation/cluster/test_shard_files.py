"""A shard's files: bit for bit what was computed, or not there."""

from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from cohorts import DRAWN, PARTS, TIMES, assert_same_bits, listed, oscillator, shards_of

from adenoscope.core.errors import InputError
from adenoscope.simulation.cluster.columns import read_columns, write_columns
from adenoscope.simulation.cluster.files import (
    compute,
    read_shard,
    subjects_file,
    trajectories_file,
    write_shard,
)
from adenoscope.simulation.cluster.run import assemble, plan_shards
from adenoscope.simulation.cluster.shard import shard_key
from adenoscope.simulation.cohort.changes import Change


def compute_all(shards, folder):
    for shard in shards:
        compute(shard, folder, shard_key(shard))


def test_shards_in_any_order_make_what_one_run_makes(tmp_path):
    shards = shards_of(35)
    compute_all(shards[::-1], tmp_path)
    parameters, events = listed(35)
    assert_same_bits(assemble(shards, tmp_path), oscillator().simulate(TIMES, parameters=parameters, events=events))


def test_subjects_that_fail_come_back_with_their_reasons(tmp_path):
    shards = shards_of(35)
    compute_all(shards, tmp_path)
    parameters, events = listed(35)
    here = oscillator().simulate(TIMES, parameters=parameters, events=events)
    there = assemble(shards, tmp_path)
    assert [failure.subject for failure in here.failures] == [3, 13, 23, 33]
    assert there.failures == here.failures


def test_any_bits_come_back(tmp_path):
    values = np.array([0.0, -0.0, np.inf, np.nan, 5e-324, np.pi]).view(np.int64)
    values = np.append(values, 0x7FF8_0000_0000_BEEF).view(np.float64)  # not a number, with something to say
    write_columns(tmp_path / "a.parquet", [("A", values), ("A", -values), ("n.m", np.arange(7))], "key")
    read = read_columns(tmp_path / "a.parquet", "key")
    assert [(name, column.tobytes()) for name, column in read] == [
        ("A", values.tobytes()),
        ("A", (-values).tobytes()),
        ("n.m", np.arange(7).tobytes()),
    ]


def test_a_reader_finds_subjects_through_the_cohort_times_and_observables(tmp_path):
    shards = shards_of(30)
    compute_all(shards, tmp_path)
    parameters, _ = listed(30)
    table = pq.read_table(trajectories_file(tmp_path, shards[1])).to_pydict()
    assert list(table) == ["subject", "time", "x", "v", "drug", "grown"]
    assert table["subject"] == np.repeat(np.arange(10, 20), TIMES.size).tolist()
    assert table["time"] == np.tile(TIMES, 10).tolist()
    assert np.array_equal(table["v"], assemble(shards, tmp_path)["v"][10:20].ravel(), equal_nan=True)
    subjects = pq.read_table(subjects_file(tmp_path, shards[1])).to_pydict()
    assert list(subjects) == ["subject", "status", "reached", "steps", "rejected", "mu", "k", "grow"]
    assert subjects["mu"] == parameters["mu"][10:20].tolist()


def test_a_file_damaged_anywhere_is_never_taken_for_whole(tmp_path):
    (shard,) = shards_of(4)
    compute_all([shard], tmp_path)
    whole = read_shard(shard, tmp_path)
    rng = np.random.default_rng(3)
    for path in (trajectories_file(tmp_path, shard), subjects_file(tmp_path, shard)):
        content = path.read_bytes()
        for place in rng.integers(0, len(content), 150):
            path.write_bytes(
                content[:place] + bytes([content[place] ^ (1 << rng.integers(8))]) + content[place + 1 :]
            )
            read = read_shard(shard, tmp_path)
            if read is not None:  # what was hit says nothing of the numbers, such as a statistic
                assert_same_bits(read, whole)
        for length in rng.integers(0, len(content), 30):
            path.write_bytes(content[:length])
            assert read_shard(shard, tmp_path) is None
        path.write_bytes(content)


def test_a_file_under_the_name_of_another_is_not_taken_for_it(tmp_path):
    shards = shards_of(20)
    compute_all(shards, tmp_path)
    for file in (trajectories_file, subjects_file):
        file(tmp_path, shards[0]).replace(file(tmp_path, shards[1]))
    assert read_shard(shards[1], tmp_path) is None


def other_questions():
    """Yield shards that differ from the first of ``shards_of`` in one thing each."""
    parameters, events = listed(30)
    model = oscillator()
    slower = replace(model, sbml=model.sbml.replace("0.7", "0.6"))
    nudged = dict(parameters, mu=np.nextafter(parameters["mu"], 9.0))
    yield "model", plan_shards(slower, TIMES, parameters, events, shard=10)
    yield "times", plan_shards(model, np.nextafter(TIMES, 99.0), parameters, events, shard=10)
    yield "parameters", plan_shards(model, TIMES, nudged, events, shard=10)
    yield "a name", plan_shards(model, TIMES, parameters | {"x": 2.0}, events, shard=10)
    yield "a time", plan_shards(model, TIMES, parameters, (events[0], Change(6.5, "drug", 0.0)), shard=10)
    yield "a value", plan_shards(model, TIMES, parameters, (events[0], Change(6.0, "drug", 0.1)), shard=10)
    yield "a target", plan_shards(model, TIMES, parameters, (events[0], Change(6.0, "x", 0.0)), shard=10)
    yield "adds", plan_shards(model, TIMES, parameters, (events[0], Change(6.0, "drug", 0.0, True)), shard=10)
    yield "order of events", plan_shards(model, TIMES, parameters, events[::-1], shard=10)
    yield "observables", plan_shards(model, TIMES, parameters, events, ["v", "x"], shard=10)
    yield "drawn", plan_shards(model, TIMES, DRAWN, n_subjects=30, shard=10)
    yield "seed", plan_shards(model, TIMES, replace(DRAWN, seed=12), n_subjects=30, shard=10)
    for option, value in (("rtol", 1e-7), ("atol", 1e-8), ("largest_step", 0.5), ("max_steps", 5000)):
        yield option, plan_shards(model, TIMES, parameters, events, shard=10, **{option: value})


def test_whatever_decides_a_number_is_in_the_key():
    keys = {shard_key(shard): str(shard.number) for shard in shards_of(30)}
    for what, shards in other_questions():
        keys |= {shard_key(shard): f"{what} {shard.number}" for shard in shards}
    assert len(keys) == 3 + 3 * sum(1 for _ in other_questions())


def test_what_changes_no_number_is_not_in_the_key():
    for options in ({"threads": 3}, {"lanes": 2}, {"chunk": 7}):
        assert [shard_key(shard) for shard in shards_of(30, **options)] == [
            shard_key(shard) for shard in shards_of(30)
        ]


def test_a_key_is_the_same_for_a_number_written_as_an_integer():
    one, other = (plan_shards(oscillator(), [0, 1], {"mu": mu}) for mu in (3, 3.0))
    assert shard_key(one[0]) == shard_key(other[0])


def test_a_worker_without_the_folder_says_so(tmp_path):
    (shard,) = shards_of(4)
    with pytest.raises(InputError, match="a worker does not see this folder"):
        compute(shard, tmp_path / "elsewhere", shard_key(shard))


def test_a_worker_with_other_software_refuses(tmp_path):
    (shard,) = shards_of(4)
    with pytest.raises(InputError, match="one environment on all machines"):
        compute(shard, tmp_path, "the key that the caller's software gives")
    assert not list(tmp_path.iterdir())


def test_a_shard_that_is_not_there_cannot_be_assembled(tmp_path):
    shards = shards_of(20)
    compute_all(shards[:1], tmp_path)
    with pytest.raises(InputError, match="a shard is not there"):
        assemble(shards, tmp_path)


def test_a_shard_written_twice_is_the_same_bytes(tmp_path):
    (shard,) = shards_of(4)
    compute_all([shard], tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    write_shard(shard, tmp_path, read_shard(shard, tmp_path))
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert set(PARTS) < set(vars(read_shard(shard, tmp_path)))
