"""Set the process and the training thread up for speed; measured reasons stand at each setting."""

import ctypes
import gc
import os
import platform
import sys
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from lib.models.modes import evaluating

T = TypeVar("T")

_CORES = ALL_CORES = torch.get_num_threads()
SMALL_STEP = 300_000_000  # multiply-adds; below it one core is faster than two
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4  # glibc's malloc.h
_this_thread = threading.local()  # `.trains` on a training thread


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


def release_memory() -> None:
    """Give what is no longer used back to the system; takes up to a tenth of a second."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than glibc: it decides by itself
        ctypes.CDLL(None).malloc_trim(0)


def training_device() -> torch.device:
    """The fastest device here: CUDA, Apple's MPS or the CPU; `GLASSHOUSE_DEVICE` names another (`cpu`, `cuda:1`)."""
    if name := os.environ.get("GLASSHOUSE_DEVICE"):
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


@cache
def this_machine() -> dict[str, dict[str, str | int]]:
    """What a run should remember of where it was trained: `machine` and `versions`, as a recording tells them."""
    about: dict[str, str | int] = {
        "cpu": _cpu(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
    }
    return {"machine": about, "versions": {"python": platform.python_version(), "torch": str(torch.__version__)}}


def _cpu() -> str:
    """The processor's name as its maker writes it, where the system tells."""
    about = Path("/proc/cpuinfo")
    if about.is_file():
        for line in about.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def multiply_adds_of(model: nn.Module, x: Tensor) -> int:
    """Count the multiply-adds of one forward pass over the batch `x`, in convolutions and matrix products.

    One picture goes through the net: each of the others takes as many.
    """
    with torch.no_grad(), evaluating(model), FlopCounterMode(display=False) as counter:
        model(x[:1])
    return int(counter.get_total_flops()) // 2 * len(x)


def cores_for(multiply_adds: int, there: int | None = None) -> int:
    """How many of `there` cores (None: this machine's) compute a step of so many multiply-adds: one, or all of them.

    Below about 0.3 billion a step, handing work to a second core costs more than it brings (LeNet-5 with batches of
    64: 9,400 pictures a second on one core, 5,600 on two), and one core is not slowed down by what else is running.
    It is part of what makes a curve: sums over several cores are rounded differently.
    """
    return there or _CORES if is_large(multiply_adds) else 1


def is_large(multiply_adds: int) -> bool:
    """Whether a step of so many multiply-adds takes all cores: two such nets are never trained beside each other."""
    return multiply_adds >= SMALL_STEP


def use_cores(count: int) -> None:
    """Let torch use so many cores on this thread, if there are as many."""
    count = min(count, _CORES)
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)
        # A thread that starts later takes over the number that was set last, wherever that was: it is to be all cores.
        reset = threading.Thread(target=torch.set_num_threads, args=(_CORES,))
        reset.start()
        reset.join()


def become_training_thread() -> None:
    """Make the calling thread yield to the interface and treat vanishing numbers as zero. Call before any training."""
    if sys.platform.startswith("linux"):
        # Lower priority for this thread alone: a page's 30 ms of work then takes 30 ms while training, not 41.
        # Ten below the process, which somebody may have given another one: then that is what was wanted.
        process, me = os.getpriority(os.PRIO_PROCESS, 0), threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, me, max(process, min(process + 10, 10)))
    _flush_tiny_numbers()


def _flush_tiny_numbers() -> None:
    # Numbers near 1e-40 are 100 times slower to compute with and mean nothing here: 2.2-2.7x on saturated sigmoids.
    torch.set_flush_denormal(True)
    _this_thread.trains = True


def on_training_thread(work: Generator[T, None, None]) -> Iterator[T]:
    """Yield what `work` yields, computed on a training thread: on this one if it is one, else on one of its own.

    The cores that torch uses and what becomes of tiny numbers belong to a thread, and to the helpers that it has made
    before: only a thread that was set up first of all computes the same everywhere, and leaves its caller's alone.
    """
    if getattr(_this_thread, "trains", False):
        yield from work
        return
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="fit", initializer=_flush_tiny_numbers) as thread:
            while (each := thread.submit(next, work, None).result()) is not None:
                yield each
    finally:
        work.close()
