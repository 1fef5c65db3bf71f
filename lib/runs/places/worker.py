"""What a worker of a cluster does: computes a turn, keeps its net alive for the next one, and sends the news ahead."""

import hashlib
import os
import platform
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import torch
from distributed import get_worker

from lib.config import RunConfig
from lib.datasets import Dataset, DatasetUnavailable, load_dataset
from lib.datasets.apart import keep_apart
from lib.datasets.loaded import whole
from lib.runs.turn import Asked, MovedOn, State, Turn, advance
from lib.training.machine import become_training_thread, keep_freed_memory, this_machine

_NETS = 64  # runs whose last net stays alive here, with what their pages look at

_alive: OrderedDict[str, State] = OrderedDict()  # by run, those used last at the end
_broke: dict[str, str] = {}  # by run, why its last turn broke off
_lock = threading.Lock()
_this_thread = threading.local()


class Stranger(RuntimeError):
    """This worker has other versions than whoever asks; the text names it and them."""


class PicturesNeeded(RuntimeError):
    """This worker has not got the pictures of a run, or others under the same name."""


@cache
def about_me() -> dict[str, Any]:
    """What has to be alike everywhere (`versions`), and what should be (`machine`)."""
    root, code = Path(__file__).parents[2], hashlib.blake2b(digest_size=6)
    for path in sorted(root.rglob("*.py")):
        if "ui" not in path.relative_to(root).parts:
            code.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    versions = {"Glasshouse": code.hexdigest(), "torch": str(torch.__version__), "Python": platform.python_version()}
    return {"versions": versions, "host": platform.node(), "trained_on": this_machine()}


def differences(mine: dict[str, str], its: dict[str, str]) -> str:
    """What is not alike, in words; nothing if all is."""
    return ", ".join(
        f"{name} {its.get(name, 'none')} and not {value}" for name, value in mine.items() if its.get(name) != value
    )


def take_turn(asked_for: dict[str, Any], before: "Turn | State | None", pictures: Dataset | None = None) -> Turn:
    """Compute one turn; its small news go ahead on their own, the rest stays here until somebody asks.

    asked_for: `topic` and `ticket` that the news go by, `versions`, `run`, `config`, `digest` of the data set,
    `apart` (see lib.datasets.apart), `until` and `asked`
    """
    worker = get_worker()
    if other := differences(asked_for["versions"], about_me()["versions"]):
        raise Stranger(f"{worker.name} on {platform.node()} has {other}")
    _set_up_thread()
    config = RunConfig.model_validate_json(asked_for["config"])
    state = before.state if isinstance(before, Turn) else before
    if state is not None and state.live is None:
        state = _warm(asked_for["run"], state)
    data = None if state and state.live else _pictures(config, asked_for["digest"], asked_for["apart"], pictures)
    turn = _advanced(asked_for, config, state, data)
    with _lock:
        _alive[asked_for["run"]] = turn.state
        _alive.move_to_end(asked_for["run"])
        while len(_alive) > _NETS:
            _alive.popitem(last=False)
    news = {
        "ticket": asked_for["ticket"],
        "step": turn.state.step,
        "seconds": _seconds(turn.state),
        "published": turn.published,
        "heavy": [kind for kind, _ in turn.heavy],
        "ended": asdict(turn.ended) if turn.ended else None,
        "warm": turn.was_warm,
        "check_seconds": turn.check_seconds,
        "worker": worker.address,
        "name": f"{worker.name} on {platform.node()}",
        "trained_on": about_me()["trained_on"],
    }
    worker.log_event(asked_for["topic"], news)
    return turn


def _advanced(asked_for: dict[str, Any], config: RunConfig, state: State | None, data: Dataset | None) -> Turn:
    """Compute it; a net that broke is gone, and whoever tries once more is told why."""
    try:
        return advance(config, state, asked_for["until"], Asked(**asked_for["asked"]), data)
    except MovedOn as why:
        if asked_for["run"] in _broke:
            raise RuntimeError(_broke.pop(asked_for["run"])) from why
        raise
    except Exception as error:
        _broke[asked_for["run"]] = str(error)
        raise


def _seconds(state: State) -> float:
    return state.live.training.seconds if state.live else 0.0


def _warm(run: str, state: State) -> State:
    """The state with its net alive, if that is here and stands there."""
    with _lock:
        found = _alive.get(run)
    return found if found is not None and found.live is not None and found.step == state.step else state


def _pictures(config: RunConfig, digest: str, apart: int | None, sent: Dataset | None) -> Dataset:
    """From this worker's own disk if they are the right ones, else those that were sent. PicturesNeeded."""
    if sent is not None:
        return sent
    keep_apart(apart)  # as whoever asks keeps them
    with suppress(DatasetUnavailable, ValueError):
        if whole(config.data.name).digest == digest:
            return load_dataset(**config.data.model_dump())
    raise PicturesNeeded(config.data.name)


def _set_up_thread() -> None:
    if not getattr(_this_thread, "is_set_up", False):
        keep_freed_memory()
        become_training_thread()
        _this_thread.is_set_up = True


def process() -> int:
    """The number of this process."""
    return os.getpid()
