"""Is all there for a class? One look at data, time, memory, disk, address, https and processors; each good or not."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lib.classroom.invitation import Invitation
from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.runs import Registry
from lib.runs.limits import memory_estimate_mb
from lib.runs.machine_memory import memory_mb
from lib.runs.time_needed import Estimate
from lib.training.machine import training_device

STUDENTS = 30
_LONGEST_SECONDS = 180.0  # that a class waits for one run
_LEAST_DISK_MB = 1_000.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line: `code` names its words; values fill them. good None: good to know, and neither."""

    code: str
    good: bool | None
    values: dict[str, Any] = field(default_factory=dict)


def checks(
    config: RunConfig, about: DatasetInfo, expected: Estimate | None, registry: Registry, invitation: Invitation | None,
    folder: Path,
) -> list[Check]:  # fmt: skip
    """All of them for a class of thirty who train `config`; expected: one of its runs, None while it is measured."""
    memory = STUDENTS * memory_estimate_mb(config, about.input_shape, len(about.classes))
    most = min(registry.limits.all_memory_mb, memory_mb())
    free = _free_mb(folder)
    addresses = invitation.addresses if invitation else ()
    safe = invitation is not None and invitation.scheme == "https"
    device = training_device().type
    found = [Check("data", about.available, {"data": about.title})]
    if expected is None:
        found.append(Check("measuring", None))
    else:
        seconds = STUDENTS * expected.seconds
        found.append(Check("seconds", seconds <= _LONGEST_SECONDS, {"seconds": seconds, "students": STUDENTS}))
    return [
        *found,
        Check("memory", memory <= most, {"memory": memory, "most": most, "students": STUDENTS}),
        Check("disk", free >= _LEAST_DISK_MB, {"free": free}),
        Check("address", bool(addresses), {"address": invitation.base() if invitation else ""}),
        Check("https", safe),
        Check("camera", safe),
        Check("gpu", True if device != "cpu" else None, {"device": device.upper()}),
        Check("workers", None, {"workers": registry.workers}),
    ]


def _free_mb(folder: Path) -> float:
    """What the disk of the home has left; of the nearest folder above where there is none yet."""
    there = next((each for each in (folder, *folder.parents) if each.is_dir()), Path("/"))
    return shutil.disk_usage(there).free / 1e6
