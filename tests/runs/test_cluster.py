"""Turns far away: a real scheduler and two workers on loopback, one of which is killed in the middle."""

import os
import signal
import time
from functools import partial

import pytest
import torch

from lib.runs import Limits, Registry
from lib.runs.places import Thread, thread
from lib.runs.places.cluster import Cluster
from lib.runs.places.connecting import on_this_machine
from tests.runs.whole_runs import changed, without_seconds

LONG = 120.0  # seconds, on a busy machine
OWNER = "somebody"


@pytest.fixture(scope="module")
def workers():
    """Two workers of this machine, for all tests here."""
    cluster = Cluster(partial(on_this_machine, 2))
    yield cluster
    cluster.close()


@pytest.fixture
def open_at(tmp_path, monkeypatch):
    """`open_at(place)`: a registry whose runs are trained there, with a point of the curve for every step."""
    monkeypatch.setattr(thread, "_PUBLISH_SECONDS", 0)
    monkeypatch.setattr(thread, "_POINT_PICTURES", 0)
    opened = []

    def open_one(place):
        registry = Registry(tmp_path / f"home-{len(opened)}", Limits(), place)
        monkeypatch.setattr(registry._place, "close", lambda: None)  # the next test needs it too
        opened.append(registry)
        return registry

    yield open_one
    for registry in opened:
        registry.close()


@pytest.fixture
def config(random_net):
    """A net with all that draws random numbers, for 60 steps."""
    return changed(random_net, epochs=20, schedule="cosine")


def seen_of(run):
    """All that a curve is made of, and the weights at its end."""
    assert run.wait(LONG), run.status()
    assert run.state == "finished", run.message
    log = run.log
    step, weights = run.weights()
    return (log.points, without_seconds(log.epochs), log.marks, run.snapshots(), run.test_numbers, step), weights


def assert_same(run, other):
    (seen, weights), (others, its) = seen_of(run), seen_of(other)
    for mine, its_own in zip(seen[:3], others[:3], strict=True):  # the first that differs, not all
        assert [each for each in mine if each not in its_own] == [each for each in its_own if each not in mine] == []
    assert seen == others
    assert all(torch.equal(weights[name], value) for name, value in its.items())


def reached(run, step):
    ends = time.monotonic() + LONG
    while run.status()["step"] < step:
        assert not run.has_ended, run.status()
        assert time.monotonic() < ends, run.status()
        time.sleep(0.005)


def process_of(cluster, worker):
    return cluster._client.run(os.getpid, workers=[worker])[worker]


def test_a_run_is_the_same_there_also_when_its_worker_is_killed(open_at, workers, config, until):
    """Killed with SIGKILL in the middle, single steps and a pause before: bit for bit the thread's curve."""
    here, there = open_at(Thread()), open_at(workers)
    expected = here.start(config, OWNER)
    plain = there.start(config, OWNER)
    assert_same(plain, expected)

    run = there.start(config, OWNER, stepping=True)
    assert run.wait(LONG, "paused")
    assert run.status()["step"] == 1
    run.step(OWNER)
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    run.resume(OWNER)
    reached(run, 8)
    killed = run._open._worker
    os.kill(process_of(workers, killed), signal.SIGKILL)
    assert_same(run, expected)
    assert run._store.load_checkpoint(run.id).counters["trained_on"]["machine"]["cpu"]


def test_pictures_that_were_sent_are_let_go_when_no_run_holds_them(open_at, workers, config, until):
    run = open_at(workers).start(config, OWNER, stepping=True)
    assert run.wait(LONG, "paused")
    held = [workers.send(run._open._publisher, run._open._data) for _ in range(2)]
    assert held[0] is held[1]  # once for all runs on them
    key = held[0].key
    assert workers._client.who_has()[key]
    held.clear()
    until(lambda: key not in workers._client.who_has())
    assert not workers._sent
    run.resume(OWNER)
    assert run.wait(LONG)
    assert run.state == "finished", run.message
