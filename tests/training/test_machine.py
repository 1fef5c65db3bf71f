"""Settings of the training thread stay on the training thread."""

import os
import sys
import threading

import pytest
import torch

from lib.training.machine import become_training_thread, keep_freed_memory

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
    assert seen["nice"] == max(before, 10)
    assert seen["flushed"] == 0.0
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
    assert float(torch.full((3,), TINY).mul(0.5).sum()) > 0.0


def test_asking_for_memory_to_be_kept_is_harmless():
    assert keep_freed_memory() is keep_freed_memory()
