"""Runs on a cluster: the same bits as here, whoever computes them, however often, and whoever is killed."""

import logging
import os
import signal
import sys
import time
from concurrent.futures import CancelledError

import numpy as np
import pytest
from cohorts import DRAWN, TIMES, assert_same_bits, listed, oscillator
from distributed.scheduler import KilledWorker, NoWorkerError

from adenoscope.core.errors import InputError
from adenoscope.simulation.cluster import scheduler
from adenoscope.simulation.cluster.draws import draw_all
from adenoscope.simulation.cluster.run import assemble, plan_shards, run_shards

NOBODY = "tcp://127.0.0.1:9"  # where no scheduler answers


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    quiet = {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.CRITICAL}
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, **quiet, scheduler_kwargs={"dashboard": False}
    ) as started:
        yield started


def contents(folder):
    """Return when each file was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def shard_number(name):
    return int(name.split("-")[1])


def test_a_cluster_gives_the_bits_of_this_machine(cluster):
    parameters, events = listed(95)
    asked = {"parameters": parameters, "events": events, "observables": ["v", "grown"], "rtol": 1e-8}
    there = oscillator().simulate(TIMES, **asked, cluster=cluster.scheduler_address, shard=10)
    assert_same_bits(there, oscillator().simulate(TIMES, **asked))
    assert there.failures


def test_a_local_cluster_gives_the_bits_of_this_machine_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before, seen = dict(os.environ), []
    there = oscillator().simulate(
        TIMES, parameters=DRAWN, n_subjects=50, shard=20, watch=lambda *done: seen.append(done), cluster="local"
    )
    assert_same_bits(there, oscillator().simulate(TIMES, parameters=draw_all(DRAWN, 50, 20)))
    assert seen[0] == (0, 50)
    assert seen[-1] == (50, 50)
    assert dict(os.environ) == before
    assert not list(tmp_path.glob("adenoscope-*"))


def test_shards_that_are_there_are_not_computed_again(cluster, tmp_path):
    shards = plan_shards(oscillator(), TIMES, DRAWN, n_subjects=40, shard=10)
    files = run_shards(shards, tmp_path, cluster=cluster.scheduler_address)
    written, seen = contents(tmp_path), []
    assert run_shards(shards, tmp_path, cluster=NOBODY, watch=lambda *done: seen.append(done)) == files
    assert contents(tmp_path) == written
    assert seen == [(40, 40)]


def test_a_damaged_and_a_missing_shard_are_computed_again_and_no_other(cluster, tmp_path):
    shards = plan_shards(oscillator(), TIMES, DRAWN, n_subjects=50, shard=10)
    files = run_shards(shards, tmp_path, cluster=cluster.scheduler_address)
    whole, written = assemble(shards, tmp_path), contents(tmp_path)
    content = bytearray(files[1].read_bytes())
    content[len(content) // 2] ^= 1
    files[1].write_bytes(content)
    files[3].unlink()
    (tmp_path / ".shard-000004-0.parquet.1-1.partial").write_bytes(b"left by a worker that was killed")
    run_shards(shards, tmp_path, cluster=cluster.scheduler_address)
    again = contents(tmp_path)
    assert {shard_number(name) for name in again if again[name] != written[name]} == {1, 3}
    assert_same_bits(assemble(shards, tmp_path), whole)


def test_a_larger_cohort_keeps_the_shards_of_a_smaller_one(cluster, tmp_path):
    where = {"cluster": cluster.scheduler_address, "folder": tmp_path, "shard": 10}
    oscillator().simulate(TIMES, parameters=DRAWN, n_subjects=20, **where)
    written = contents(tmp_path)
    there = oscillator().simulate(TIMES, parameters=DRAWN, n_subjects=45, **where)
    assert written.items() < contents(tmp_path).items()
    assert_same_bits(there, oscillator().simulate(TIMES, parameters=draw_all(DRAWN, 45, 10)))


class Killer:
    """Kills a worker that has work whenever ``every`` more shards are finished; remembers how much it held."""

    def __init__(self, cluster, every):
        self.cluster, self.every, self.killed, self.held = cluster, every, [], []
        self._calls = 0

    def __call__(self, done, total):
        self._calls += 1
        if self._calls % self.every or done == total:
            return
        for nanny in self.cluster.workers.values():
            worker = self.cluster.scheduler.workers.get(nanny.worker_address)
            if worker is not None and worker.processing and nanny.pid not in {None, *self.killed}:
                self.held.append(len(worker.processing))
                self.killed.append(nanny.pid)
                os.kill(nanny.pid, signal.SIGKILL)
                return


def run_with_kills(cluster, folder, n_subjects, every):
    parameters, events = listed(n_subjects)
    asked = {"parameters": parameters, "events": events, "rtol": 1e-12, "atol": 1e-12}
    times = np.linspace(0.0, 150.0, 31)
    killer = Killer(cluster, every)
    where = {"cluster": cluster.scheduler_address, "folder": folder, "shard": 50}
    there = oscillator().simulate(times, **asked, **where, watch=killer)
    assert_same_bits(there, oscillator().simulate(times, **asked))
    assert all(held > 0 for held in killer.held)
    return killer


def test_a_worker_killed_in_mid_run_changes_no_number(cluster, tmp_path):
    killer = run_with_kills(cluster, tmp_path, 1000, every=8)
    assert killer.killed
    assert len(list(tmp_path.glob("shard-*.parquet"))) == 20


@pytest.mark.slow
def test_workers_killed_again_and_again_change_no_number(cluster, tmp_path):
    killer = run_with_kills(cluster, tmp_path, 12_000, every=25)
    assert len(killer.killed) > 3


def test_an_interrupt_takes_back_what_waits_and_keeps_what_is_finished(cluster, tmp_path):
    shards = plan_shards(oscillator(), TIMES, DRAWN, n_subjects=200, shard=1)

    def interrupt(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_shards(shards, tmp_path, cluster=cluster.scheduler_address, watch=interrupt)
    time.sleep(0.5)  # what a worker is in the middle of, it finishes
    assert 3 <= len(list(tmp_path.glob("shard-*.parquet"))) < 100


def test_what_is_wrong_with_a_question_is_said_before_a_worker_is_asked():
    model = oscillator()
    for wrong in ({"observables": ["y"]}, {"parameters": {"nu": 1.0}}, {"rtol": -1.0}, {"shard": 0}):
        with pytest.raises(InputError):
            model.simulate(TIMES, **wrong, cluster=NOBODY)
    with pytest.raises(InputError, match="give `n_subjects`"):
        model.simulate(TIMES, parameters=DRAWN, cluster=NOBODY)
    with pytest.raises(InputError, match="an array, and a cluster"):
        model.simulate(TIMES, out=np.empty((1, TIMES.size, 2)), cluster=NOBODY)
    with pytest.raises(InputError, match="a folder, and no cluster"):
        model.simulate(TIMES, folder="shards")


def test_an_address_where_nobody_answers_is_named(monkeypatch):
    monkeypatch.setattr(scheduler, "CONNECT_S", 0.3)
    with pytest.raises(InputError, match=f"no scheduler answers at {NOBODY}"):
        oscillator().simulate(TIMES, cluster=NOBODY)


def test_without_distributed_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install adenoscope\[cluster\]"):
        oscillator().simulate(TIMES, cluster="local")


class Failing:
    """A future whose task came to the end that ``error`` tells of."""

    def __init__(self, error):
        self.error = error

    def result(self):
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KilledWorker("task", None, 3), "shard 1: one worker after another died over subjects 10 to 19"),
        (NoWorkerError("task", 60.0), "shard 1: one worker after another died over subjects 10 to 19"),
        (CancelledError(), "cluster: the scheduler was lost"),
    ],
)
def test_the_end_of_a_cluster_is_told_with_how_to_go_on(error, said):
    shards = plan_shards(oscillator(), TIMES, DRAWN, n_subjects=20, shard=10)
    with pytest.raises(InputError, match=said) as caught:
        scheduler._look(Failing(error), shards[1])
    assert "running again goes on from it" in caught.value.problems[0].remedy


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 3.0])
def test_a_shard_that_kills_all_its_workers_ends_the_run(after_s, tmp_path, monkeypatch):
    """As one does that does not fit into their memory; without a delay they die while they start."""
    monkeypatch.setattr(scheduler, "GIVE_UP_S", 10)
    monkeypatch.setattr(scheduler, "compute", lambda *_: (time.sleep(after_s), os.kill(os.getpid(), signal.SIGKILL)))
    shards = plan_shards(oscillator(), TIMES, DRAWN, n_subjects=5, shard=5)
    with pytest.raises(InputError, match="shard 0: one worker after another died over subjects 0 to 4"):
        run_shards(shards, tmp_path)


def test_a_cohort_that_is_drawn_is_the_same_without_a_cluster(cluster):
    asked = {"parameters": DRAWN, "n_subjects": 25, "shard": 10}
    here = oscillator().simulate(TIMES, **asked)
    assert_same_bits(oscillator().simulate(TIMES, **asked, cluster=cluster.scheduler_address), here)
    with pytest.raises(InputError, match="how many subjects"):
        oscillator().simulate(TIMES, parameters=DRAWN)
