"""Settings of the training thread stay on the training thread."""

import gc
import math
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from lib import Conv2d, Flatten, ModelConfig, TrainConfig, build_model, fit
from lib.datasets import Split
from lib.training import machine
from lib.training.machine import become_training_thread, keep_freed_memory
from tests.training.plain_words import CONFIG, RANDOM, net_of, settings_of, told

TINY = 1e-40  # smaller than any normal float32


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="thread priorities are Linux's")
def test_a_training_thread_yields_and_flushes_alone():
    seen = {}

    def work():
        become_training_thread()
        seen["nice"] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        seen["flushed"] = float(torch.full((3,), TINY).mul(0.5).sum())

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen["nice"] == max(before, min(before + 10, 10))
    assert seen["flushed"] == 0.0
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
    assert float(torch.full((3,), TINY).mul(0.5).sum()) > 0.0


def test_asking_for_memory_to_be_kept_is_harmless():
    assert keep_freed_memory() is keep_freed_memory()


def on_a_training_thread(work):
    def set_up_and_work():
        become_training_thread()
        return work()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(set_up_and_work).result()


def tiny_numbers():
    """What a run says whose pictures are numbers near 1e-38: they count, or they are zero."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(1, 255, (64, 8, 28, 28), dtype=torch.uint8, generator=generator)
    labels = torch.arange(64) % 3
    pictures = Split(images, labels, scale=2e-41)
    net = build_model(ModelConfig(layers=(Conv2d(16, activation="linear"), Flatten())), (8, 28, 28), 3)
    with torch.no_grad():
        net.conv1.weight.mul_(1e38)  # so that the sums are of a usual size where tiny numbers count
    config = TrainConfig(batch_size=32, epochs=1, precision="fp32")
    return [told(event) for event in fit(net, pictures, pictures, config)]


@pytest.fixture
def two_cores(monkeypatch):
    """Torch as on a machine with two cores, whose helpers on this thread were made before any training."""
    before = torch.get_num_threads()
    monkeypatch.setattr(machine, "_CORES", 2)
    torch.set_num_threads(2)
    torch.ones(1500, 1500) @ torch.ones(1500, 1500)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("small_step", [300_000_000, 0])
def test_one_seed_gives_one_curve_on_whatever_thread(two_cores, monkeypatch, small_step):
    monkeypatch.setattr(machine, "SMALL_STEP", small_step)  # 0: on both cores
    here, there = tiny_numbers(), on_a_training_thread(lambda: tiny_numbers())
    assert here == there
    assert here[0][2] == pytest.approx(math.log(3), abs=1e-6)  # all zero: every class is as likely


def test_the_thread_that_asks_is_left_as_it_was(two_cores, tiny):
    smallest = 5e-324

    def thread_state():
        return torch.get_num_threads(), smallest * 1.0 > 0.0, torch.is_grad_enabled(), torch.is_autocast_enabled("cpu")

    before = thread_state()
    assert before[:2] == (2, True)
    events = fit(net_of(tiny), tiny.train, tiny.valid, settings_of(CONFIG, precision="bf16", epochs=1))
    for _ in events:
        assert thread_state() == before
    assert thread_state() == before


def test_threads_that_start_later_have_all_cores_again(two_cores, tiny):
    seen = []

    def look():
        seen.append(torch.get_num_threads())

    def train():
        for event in fit(net_of(tiny), tiny.train, tiny.valid, CONFIG):
            if event.kind == "step_end":
                seen.append(-torch.get_num_threads())
                page = threading.Thread(target=look)
                page.start()
                page.join()
                return

    on_a_training_thread(train)
    assert seen == [-1, 2]


def test_a_run_that_nobody_reads_on_leaves_no_thread_behind(tiny):
    events = fit(net_of(tiny), tiny.train, tiny.valid, CONFIG)
    next(events)
    assert any(thread.name.startswith("fit") for thread in threading.enumerate())
    del events
    gc.collect()
    assert not any(thread.name.startswith("fit") for thread in threading.enumerate())


def test_what_goes_wrong_in_training_is_raised_where_it_is_read(tiny):
    events = fit(net_of(tiny, RANDOM), Split(tiny.train.images[:, :, :2], tiny.train.labels), tiny.valid, CONFIG)
    with pytest.raises(RuntimeError):
        list(events)
