"""How much memory this process may use: the machine's, or less where a container says so."""

import os
from functools import cache
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")


@cache
def memory_mb() -> float:
    """Megabytes of main memory that there are for this process; infinite where the system does not tell."""
    return min([_physical(), *limits_of(Path("/proc/self/cgroup"), _CGROUPS)]) / 1e6


def limits_of(own: Path, mounted: Path) -> list[float]:
    """Every limit, in bytes, of the control groups that the file `own` names, and of those above them."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        number, kinds, path = line.split(":", 2)
        if number != "0" and "memory" not in kinds.split(","):
            continue
        top, name = (mounted, "memory.max") if number == "0" else (mounted / "memory", "memory.limit_in_bytes")
        place = top / path.lstrip("/")
        for folder in (place, *place.parents):
            if folder.is_relative_to(top):
                found += _limit(folder / name)
    return found


def _limit(file: Path) -> list[float]:
    try:
        return [float(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError):  # not there, or "max"
        return []


def _physical() -> float:
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return float("inf")
