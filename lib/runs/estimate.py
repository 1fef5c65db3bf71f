"""How long a run will take on this machine: time a few real steps on pictures of the right size."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import cast

import torch

from lib.config import RunConfig, TrainConfig
from lib.data import Split
from lib.models import build_model, summarize
from lib.models.shapes import Shape
from lib.runs.limits import Limits, check, memory_estimate_mb
from lib.training.batches import steps_per_epoch
from lib.training.evaluation import glance
from lib.training.fit import fit
from lib.training.machine import become_training_thread, training_device
from lib.training.precision import Precision, computing_in

_PROBE_SECONDS = 0.35
_WARM_UP = 2  # steps; the first ones pay for memory and kernels
_LEAST_STEPS = 8  # after those, however long they take
_PROBE = {"epochs": 200, "time_budget": None, "learning_rate": 0.00001}  # long enough, and it cannot explode


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds of one training step, and of answering one picture."""

    step: float
    answer: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will cost, before it starts."""

    seconds: float
    seconds_per_epoch: float
    steps_per_epoch: int
    memory_mb: float
    parameters: int
    multiply_adds: int  # forward, one picture


def measure_speed(config: RunConfig, input_shape: Shape, classes: int) -> Speed:
    """Time the real loop for a third of a second, or a few steps, on random pictures."""
    batch = config.train.batch_size
    count = batch * 64
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (min(count, 4096), *input_shape), dtype=torch.uint8, generator=generator)
    labels = torch.randint(0, classes, (len(images),), generator=generator)
    pictures = Split(images, labels)
    net = build_model(config.model, input_shape, classes).to(training_device())
    training = TrainConfig.model_validate(config.train.model_dump() | _PROBE)
    few = Split(images[:1], labels[:1])
    times: list[float] = []
    precision: Precision = "fp32"
    started = before = perf_counter()
    for event in fit(net, pictures, few, training):
        if event.kind == "run_started":
            precision = cast(Precision, event.precision)
        if event.kind == "step_end":
            now = perf_counter()
            times.append(now - before)
            before = now
            if now - started > _PROBE_SECONDS and len(times) >= _WARM_UP + _LEAST_STEPS:
                break
        before = perf_counter()
    x, _ = pictures.batch(torch.arange(min(len(images), 128)))
    before = perf_counter()
    with computing_in(precision):
        glance(net, x.to(training_device()))
    # The median: a moment in which something else had the core says nothing about this net.
    return Speed(median(times[_WARM_UP:]), answer=(perf_counter() - before) / len(x))


class Estimator:
    """Measures each kind of net once, in the background, one at a time."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="estimate", initializer=become_training_thread)
        self._speeds: dict[str, Future[Speed]] = {}
        self._lock = threading.Lock()

    def estimate(
        self, config: RunConfig, input_shape: Shape, classes: int, *, pictures: int, valid: int, wait: float = 0.0
    ) -> Estimate | None:
        """Estimate a run on so many training and validation pictures; None while it is being measured.

        Raises ShapeError when the net cannot work, TooMuch when it would not be started (and is not measured).
        """
        check(config, input_shape, classes, Limits.from_environment())
        summary = summarize(config.model, input_shape, classes)
        train = config.train
        matters = train.model_dump(include={"optimizer", "loss", "batch_size", "augment", "precision"})
        key = repr((config.model, input_shape, matters))
        with self._lock:
            if key not in self._speeds:
                self._speeds[key] = self._pool.submit(measure_speed, config, input_shape, classes)
        try:
            speed = self._speeds[key].result(wait)
        except TimeoutError:
            return None
        steps = steps_per_epoch(pictures, train.batch_size)
        epoch = steps * speed.step + valid * speed.answer
        whole = min(epoch * train.epochs, train.time_budget or float("inf"))
        memory = memory_estimate_mb(config, input_shape, classes)
        return Estimate(whole, epoch, steps, memory, summary.parameters, summary.multiply_adds)


_estimator = Estimator()


def estimate(
    config: RunConfig, input_shape: Shape, classes: int, *, pictures: int, valid: int, wait: float = 0.0
) -> Estimate | None:
    """`Estimator.estimate` of this process."""
    return _estimator.estimate(config, input_shape, classes, pictures=pictures, valid=valid, wait=wait)
