"""One contest: everyone trains the same net on the same pictures, in interleaved rounds."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bench.dashboard import ROOT, Dashboard, empty_home
from bench.machine import BUSY_CORES, Usage
from bench.verdict import BARE, BARE_FP32, ENGINE, KERAS, KERAS_BF16, TUTORIAL, flops_per_picture
from lib import RunConfig, load_dataset, preset, summarize
from lib.config import MAX_EPOCHS
from lib.datasets import Dataset

_WARM_UP = 1.0  # seconds that everyone trains before the first round
_WATCHED = 500  # pictures for the dashboard's curve of validation
_ATTEMPTS = 3  # for every round that has to count


class Contestant(Protocol):
    """Whoever takes part: says what it is, trains when told."""

    about: dict[str, Any]

    def train(self, seconds: float) -> tuple[int, float]:
        """Train for about so long; gives `(pictures, seconds)`."""

    def close(self) -> None:
        """Leave."""


class Worker:
    """A contestant in a process of its own, see `bench/contestants`."""

    def __init__(self, python: str, module: str, task: dict[str, Any]) -> None:
        command = [python, "-m", f"bench.contestants.{module}", json.dumps(task)]
        self._home = ExitStack()
        environment = self._home.enter_context(empty_home()) | {"TF_CPP_MIN_LOG_LEVEL": "2"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdin=pipe, stdout=pipe)
        self.about = self._answer()

    def train(self, seconds: float) -> tuple[int, float]:
        """Have it train for about so long; gives `(pictures, seconds)`."""
        assert self._process.stdin
        print(seconds, file=self._process.stdin, flush=True)
        answer = self._answer()
        return answer["pictures"], answer["seconds"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)
        self._home.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a contestant ended: {self._process.args}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def contest(name: str, batch_size: int, *, keras: str, rounds: int, seconds: float, force: bool) -> dict[str, Any]:
    """Hold a contest; gives `flops` a picture, `rates` and `about` of every contestant.

    `keras` is the interpreter that has Keras. Rounds in which somebody else used the machine do not count, unless
    `force`; with fewer than `rounds` that count in the end, `rates` is shorter.
    """
    config = _config(name, batch_size)
    data = load_dataset(**config.data.model_dump())
    summary = summarize(config.model, data.input_shape, len(data.classes))
    rates: dict[str, list[float]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        everyone: dict[str, Contestant] = {}
        for who, start in _entries(config, data, _write(data, folder), keras).items():
            everyone[who] = stack.enter_context(closing(start()))
            assert everyone[who].about["parameters"] == summary.parameters, f"{who} built another net"
            everyone[who].train(_WARM_UP)
        for _ in range(_ATTEMPTS * rounds):
            before = Usage.now()
            turns = {who: contestant.train(seconds) for who, contestant in everyone.items()}
            cores, busiest = Usage.now().others_since(before, os.getpid())
            counts = force or cores <= BUSY_CORES
            said = ", ".join(f"{pictures / taken:,.0f}" for pictures, taken in turns.values())
            print(
                f"  {said}" + ("" if counts else f"; does not count, {busiest} was busy"), file=sys.stderr, flush=True
            )
            for who, (pictures, taken) in turns.items() if counts else ():
                rates.setdefault(who, []).append(round(pictures / taken, 1))
            if len(rates.get(KERAS, ())) == rounds:
                break
        about = {who: contestant.about for who, contestant in everyone.items()}
    return {"flops": flops_per_picture(summary), "rates": rates, "about": about}


def _config(name: str, batch_size: int) -> RunConfig:
    """The preset, long enough that no run ends during the bench, and watching few pictures: nobody else validates."""
    config = preset(name)
    data = config.data.model_copy(update={"test_size": _WATCHED})
    train = config.train.model_copy(update={"batch_size": batch_size, "epochs": MAX_EPOCHS})
    return config.model_copy(update={"data": data, "train": train})


def _write(data: Dataset, folder: Path) -> Path:
    """Write the training pictures as tutorials prepare them: float32 from 0 to 1."""
    x, y = data.train.batch(slice(None))
    np.savez(folder / "pictures.npz", x=x.squeeze(1).numpy(), y=y.numpy())
    return folder / "pictures.npz"


def _entries(config: RunConfig, data: Dataset, pictures: Path, keras: str) -> dict[str, Callable[[], Contestant]]:
    """Who takes part, and how each is started."""
    plain = config.model_dump(mode="json")
    in_fp32 = plain | {"train": plain["train"] | {"precision": "fp32"}}
    task = {"layers": plain["model"]["layers"], "pictures": str(pictures)}
    task |= {name: plain["train"][name] for name in ("batch_size", "learning_rate")}
    entries: dict[str, Callable[[], Contestant]] = {
        KERAS: lambda: Worker(keras, "keras_fit", task | {"precision": "fp32"}),
        KERAS_BF16: lambda: Worker(keras, "keras_fit", task | {"precision": "bf16"}),
        TUTORIAL: lambda: Worker(sys.executable, "tutorial", task),
        ENGINE: lambda: Dashboard(config, data.input_shape, len(data.classes), len(data.train)),
        BARE: lambda: Worker(sys.executable, "bare_fit", {"config": plain}),
    }
    if any(layer["kind"] == "conv2d" for layer in task["layers"]):
        entries[BARE_FP32] = lambda: Worker(sys.executable, "bare_fit", {"config": in_fp32})
    return entries
