"""What runs hold in memory: what they train with while they train, and next to nothing afterwards."""

import gc
import subprocess
import sys
import weakref

import pytest
import torch

from lib.config import MAX_EPOCHS, DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.runs import Limits, Registry, holding, limits, room
from lib.runs.holding import NO_ROOM
from lib.runs.limits import TooMuch
from lib.runs.machine_memory import limits_of, memory_mb
from lib.runs.room import AtHand, Room
from tests.runs.whole_runs import finished

OWNER = "somebody"


@pytest.fixture(autouse=True)
def _quick_data(quick_digits):
    """Digits are read once for all tests."""


@pytest.fixture
def registry(tmp_path):
    opened = Registry(tmp_path / "home", Limits(slice_seconds=0.02))
    yield opened
    opened.close()


def config_of(units=8, epochs=200, seed=1, pictures=80, batch_size=20):
    return RunConfig(
        data=DataConfig(name="digits", train_size=pictures, test_size=40, valid_fraction=0.05),
        model=ModelConfig(layers=(Flatten(), Dense(units))),
        train=TrainConfig(precision="fp32", epochs=epochs, batch_size=batch_size),
        seed=seed,
    )


def endless(seed=1):
    """Not over before the test wants it to be, however busy the machine is."""
    return config_of(epochs=MAX_EPOCHS, seed=seed, pictures=1_000, batch_size=1)


@pytest.fixture
def no_net_is_small(monkeypatch):
    monkeypatch.setattr(room, "_SMALL_BYTES", 0)


def paused_after(run, step, until):
    """Pause once it has done so many updates, or a few more."""
    until(lambda: run.status()["step"] >= step or run.has_ended)
    run.pause(OWNER)
    assert run.wait(120, "paused")
    return run


def test_a_paused_run_holds_neither_net_nor_weights_nor_pictures(registry, no_net_is_small, until):
    run = registry.start(endless(), OWNER)
    until(lambda: run.status()["step"] >= 1)
    gone = [weakref.ref(run._open.training.model), weakref.ref(run._open), weakref.ref(run.dataset.train)]
    paused_after(run, 3, until)
    gc.collect()
    assert [each() for each in gone[:2]] == [None, None]
    assert run._published.weights is None
    assert run._dataset is None
    step, weights = run.weights()
    assert step == run.status()["step"]
    assert weights["dense1.weight"].shape == (8, 784)


def test_a_stopped_and_a_finished_run_hold_nothing_either(registry, until):
    done = finished(registry, config_of(epochs=1))
    stopped = registry.start(endless(), OWNER)
    until(lambda: stopped.status()["step"] >= 1)
    stopped.stop(OWNER)
    assert stopped.wait(120)
    for run in (done, stopped):
        assert (run._open, run._published.weights, run._dataset) == (None, None, None)
        assert run.model()[0] == run.status()["step"]


def test_a_run_that_let_go_of_everything_goes_on_bit_for_bit(registry, no_net_is_small, until):
    config = config_of(epochs=12)
    whole = finished(registry, config)
    broken = registry.start(config, OWNER)
    for step in (2, 9, 17, 30):
        paused_after(broken, step, until)
        broken.resume(OWNER)
    assert broken.wait(120, "finished")
    without_time = [
        [{name: value for name, value in epoch.items() if name != "seconds"} for epoch in run.log.epochs]
        for run in (whole, broken)
    ]
    assert without_time[0] == without_time[1]
    for mine, its in zip(broken.weights()[1].values(), whole.weights()[1].values(), strict=True):
        assert torch.equal(mine, its)


def test_a_small_net_stays_ready_for_single_steps(registry, until):
    run = registry.start(config_of(), OWNER, stepping=True)
    assert run.wait(120, "paused")
    opened = run._open
    run.step(OWNER)
    until(lambda: run.status()["step"] >= 2)
    assert run.wait(120, "paused")
    assert run._open is opened is not None


def test_weights_at_hand_stay_within_their_budget():
    at_hand, read = AtHand(most_bytes=1_000), []

    def weights(name, numbers=100):
        def load():
            read.append(name)
            return 1, {"w": torch.zeros(numbers)}

        return at_hand.get(name, load)

    for name in ("a", "b", "a", "c", "a", "b"):  # 400 bytes each: two of them fit
        assert weights(name)[0] == 1
    assert read == ["a", "b", "c", "b"]
    at_hand.forget("b")
    weights("b")
    assert weights("large", 1_000)[1]["w"].numel() == 1_000
    weights("b")
    assert read == ["a", "b", "c", "b", "b", "large"]  # what does not fit at all pushes nothing out
    assert at_hand.get("none", lambda: None) is None


def test_room_is_given_as_long_as_there_is_some():
    shared = Room(lambda: 100)
    assert shared.take("a", 70)
    assert not shared.take("b", 40)
    assert shared.take("c", 30)
    shared.leave("a")
    assert shared.take("b", 40)
    shared.leave("b")
    shared.leave("c")
    assert shared.take("huge", 500)  # alone it may try
    assert not shared.take("a", 1)


def test_a_run_waits_in_words_until_others_leave_room(registry, monkeypatch, no_net_is_small, until):
    shared = Room(lambda: 1.0)  # less than two of them need
    monkeypatch.setattr(holding, "room", shared)
    first = registry.start(endless(), OWNER)
    assert first.wait(120, "running")
    second = registry.start(endless(seed=2), OWNER)
    until(lambda: second.message == NO_ROOM)
    assert (second.state, second.has_ended) == ("pending", False)
    assert second.status()["step"] == 0
    paused_after(first, 1, until)
    assert first.id not in shared._held
    assert second.wait(120, "running")
    until(lambda: second.message != NO_ROOM)
    second.stop(OWNER)
    assert second.wait(120)
    first.resume(OWNER)
    assert first.wait(120, "running")


def test_no_run_starts_that_needs_more_than_there_is_for_all(monkeypatch):
    limits.check(config_of(2_000), (1, 28, 28), 10, Limits())
    with pytest.raises(TooMuch, match="this machine allows 20 MB"):
        limits.check(config_of(2_000), (1, 28, 28), 10, Limits(max_total_mb=20))


def test_what_a_container_says_counts(tmp_path):
    own, mounted = tmp_path / "cgroup", tmp_path / "mounted"
    (mounted / "a" / "b").mkdir(parents=True)
    own.write_text("0::/a/b\n")
    (mounted / "a" / "b" / "memory.max").write_text("max\n")
    (mounted / "a" / "memory.max").write_text("512000000\n")
    assert limits_of(own, mounted) == [512e6]
    old = mounted / "memory" / "docker"
    old.mkdir(parents=True)
    (old / "memory.limit_in_bytes").write_text("64000000\n")
    own.write_text("5:cpu,cpuacct:/x\n4:memory:/docker\n")
    assert limits_of(own, mounted) == [64e6]
    assert limits_of(tmp_path / "none", mounted) == []
    assert 100 < memory_mb() < 100_000_000


_FOUR_PAUSED = """
import sys
from pathlib import Path
from lib.config import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.runs import Limits, Registry

def resident():
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1_000

registry = Registry(Path(sys.argv[1]), Limits(lease_seconds=0.0))
model = ModelConfig(layers=(Flatten(), Dense(4096), Dense(3800)))  # 18.8 million parameters
data, train = DataConfig(name="digits", train_size=200, test_size=50), TrainConfig(precision="fp32", epochs=5)
runs, grown = [], []
for seed in range(4):
    run = registry.start(RunConfig(data=data, model=model, train=train, seed=seed), "me", stepping=True)
    assert run.wait(300, "paused")
    runs.append(run)
    grown.append(resident())
for run in runs:
    run.stop("me")
    assert run.wait(300)
print(grown[-1] - grown[0], resident() - grown[0])
registry.close()
"""


@pytest.mark.soak
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_paused_nets_of_19_million_parameters_take_no_memory(tmp_path):
    """Each once held 436 MB, and after stopping four of them 2.4 GB stayed."""
    command = [sys.executable, "-c", _FOUR_PAUSED, str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1_200)
    three_more, after_stopping = map(float, done.stdout.split())
    assert three_more < 120
    assert after_stopping < 120


def test_weights_that_change_while_they_are_read_are_not_kept():
    """Somebody looks at a paused run, which goes on meanwhile: what was read is old by then."""
    at_hand, old, new = AtHand(), (1, {"w": torch.zeros(2)}), (2, {"w": torch.ones(2)})

    def read_slowly():
        at_hand.forget("a")
        return old

    assert at_hand.get("a", read_slowly) is old
    assert at_hand.get("a", lambda: new) is new
    assert at_hand.get("a", lambda: pytest.fail("it is at hand")) is new
    with pytest.raises(OSError, match="gone"):
        at_hand.get("b", lambda: (_ for _ in ()).throw(OSError("gone")))
    assert at_hand.get("b", lambda: None) is None
    assert at_hand._reading == {}
