"""Set the process and the training thread up for speed; measured reasons stand at each setting."""

import ctypes
import os
import sys
import threading
from functools import cache

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from lib.models.modes import evaluating

_CORES = torch.get_num_threads()
SMALL_STEP = 300_000_000  # multiply-adds; below it one core is faster than two
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4  # glibc's malloc.h


@cache
def keep_freed_memory() -> bool:
    """Let glibc reuse the large buffers of a training step instead of returning them: 1.2-1.3x, about +70 MB."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library: nothing to set, nothing lost
        return False
    settings = ((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, 2**31 - 1), (_M_TOP_PAD, 64 << 20))
    return all(bool(mallopt(name, value)) for name, value in settings)


def training_device() -> torch.device:
    """The fastest device here: CUDA, Apple's MPS or the CPU; `GLASSHOUSE_DEVICE` names another (`cpu`, `cuda:1`)."""
    if name := os.environ.get("GLASSHOUSE_DEVICE"):
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def multiply_adds_of(model: nn.Module, x: Tensor) -> int:
    """Count the multiply-adds of one forward pass over the batch `x`, in convolutions and matrix products."""
    with torch.no_grad(), evaluating(model), FlopCounterMode(display=False) as counter:
        model(x)
    return int(counter.get_total_flops()) // 2


def use_threads_for(multiply_adds: int) -> int:
    """Let torch use one core on this thread for steps of so few multiply-adds, all cores for more; returns how many.

    Below about 0.3 billion a step, handing work to a second core costs more than it brings (LeNet-5 with batches of
    64: 9,400 pictures a second on one core, 5,600 on two), and one core is not slowed down by what else is running.
    It is part of what makes a curve: sums over several cores are rounded differently.
    """
    threads = 1 if multiply_adds < SMALL_STEP else _CORES
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
    return threads


def become_training_thread() -> None:
    """Make the calling thread yield to the interface and treat vanishing numbers as zero. Call before any training."""
    if sys.platform.startswith("linux"):
        # Lower priority for this thread alone: a page's 30 ms of work then takes 30 ms while training, not 41.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    # Numbers near 1e-40 are 100 times slower to compute with and mean nothing here: 2.2-2.7x on saturated sigmoids.
    torch.set_flush_denormal(True)
