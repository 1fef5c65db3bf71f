"""What this machine is, what it can do at most, and whether it is ours alone."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter

NOT_JUDGED = 3  # exit status of a bench that was not alone
BUSY_CORES = 0.1  # what all other processes together may use while the bench judges
_FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
_LOOK_SECONDS = 2.0
_TICKS = os.sysconf("SC_CLK_TCK")


def describe() -> dict[str, object]:
    """Name the machine: processor, cores, and the instructions that matter here."""
    info = Path("/proc/cpuinfo").read_text()
    model, flags = (re.search(rf"^{name}\s*: (.*)$", info, re.M) for name in ("model name", "flags"))
    there = flags[1].split() if flags else []
    return {
        "processor": model[1] if model else "unknown",
        "cores": len(os.sched_getaffinity(0)),
        "flags": [flag for flag in _FLAGS if flag in there],
    }


def peaks() -> dict[str, float]:
    """Measure the fastest that torch computes here in fp32 and bf16, GFLOP/s, in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.machine"], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measure_peaks() -> dict[str, float]:
    import torch  # here, so that whoever only looks at the machine does not load it

    size, maps, side = 2048, 256, 28
    found = {}
    for name, kind in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        a, b = (torch.randn(size, size).to(kind) for _ in range(2))
        x, w = torch.randn(32, maps, side, side).to(kind), torch.randn(maps, maps, 3, 3).to(kind)
        x, w = (each.to(memory_format=torch.channels_last) for each in (x, w))
        # Two libraries do the work, and which of them is at home on this processor is not known beforehand.
        product = _best(lambda a=a, b=b: a @ b, 2 * size**3)
        convolution = _best(lambda x=x, w=w: torch.conv2d(x, w, padding=1), 2 * 32 * side**2 * maps**2 * 9)
        found[name] = round(max(product, convolution), 1)
    return found


def _best(work: Callable[[], object], flops: int, rounds: int = 8) -> float:
    work()
    times = []
    for _ in range(rounds):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return flops / min(times) / 1e9


@dataclass(frozen=True)
class Usage:
    """CPU seconds of every process so far, and who is whose child."""

    at: float
    seconds: dict[int, float]
    parents: dict[int, int]
    names: dict[int, str]
    stolen: float  # by the machine that this machine runs on

    @classmethod
    def now(cls) -> "Usage":
        """Read /proc."""
        seconds, parents, names = {}, {}, {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = stat.read_text().partition("(")[2].rpartition(") ")
            except OSError:  # ended while we looked
                continue
            fields, pid = rest.split(), int(stat.parent.name)
            names[pid], parents[pid] = name, int(fields[1])
            seconds[pid] = (int(fields[11]) + int(fields[12])) / _TICKS
        stolen = int(Path("/proc/stat").read_text().split()[8]) / _TICKS
        return cls(monotonic(), seconds, parents, names, stolen)

    def others_since(self, before: "Usage", ours: int) -> tuple[float, str]:
        """Cores that everything but process `ours` and its children used since `before`, and who used most."""
        used = {
            f"{self.names[pid]} ({pid})": seconds - before.seconds.get(pid, 0.0)
            for pid, seconds in self.seconds.items()
            if not self._descends(pid, ours) and not before._descends(pid, ours)
        }
        used["the host of this virtual machine"] = self.stolen - before.stolen
        return sum(used.values()) / (self.at - before.at), max(used, key=lambda name: used[name])

    def _descends(self, pid: int, ancestor: int) -> bool:
        while pid and pid != ancestor:
            pid = self.parents.get(pid, 0)
        return pid == ancestor


def is_ours() -> bool:
    """Look for a moment whether anything else uses this machine; if so, say what."""
    before = Usage.now()
    time.sleep(_LOOK_SECONDS)
    cores, busiest = Usage.now().others_since(before, os.getpid())
    if cores > BUSY_CORES:
        print(f"Other processes use {cores:.2f} cores, most of them {busiest}: not judged. --force measures anyway.")
    return cores <= BUSY_CORES


if __name__ == "__main__":
    print(json.dumps(_measure_peaks()))
