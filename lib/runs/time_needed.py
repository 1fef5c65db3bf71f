"""How long a run will take on this machine: time a few real steps on pictures of the right size."""

import threading
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from time import monotonic, perf_counter, thread_time
from typing import Any, cast

import torch

from lib.config import RunConfig, TrainConfig
from lib.datasets import Split
from lib.models import build_model, summarize
from lib.models.shapes import Shape
from lib.runs.limits import Limits, check, memory_estimate_mb
from lib.training.batches import steps_per_epoch
from lib.training.evaluation import glance
from lib.training.loop import fit
from lib.training.machine import become_training_thread, training_device
from lib.training.precision import Precision, computing_in

_PROBE_SECONDS = 0.35
_WARM_UP = 2  # steps; the first ones pay for memory and kernels
_LEAST_STEPS = 8  # after those, however long they take
_QUIET = 0.8  # of the time, at least, that the measurement itself must have had its core
_AGAIN_SECONDS = 10.0  # after a measurement on a busy machine
_MOST_MEASURED, _MOST_WISHES = 2_000, 500  # the newest of each are remembered
_PROBE = {"epochs": 200, "time_budget": None, "learning_rate": 0.00001}  # long enough, and it cannot explode


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds of one training step, and of answering one picture."""

    step: float
    answer: float
    quiet: bool = True  # nothing else had the core for long while it was measured


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will cost, before it starts."""

    seconds: float
    seconds_per_epoch: float
    steps_per_epoch: int
    memory_mb: float
    parameters: int
    multiply_adds: int  # forward, one picture
    others: int = 0  # runs that take turns on the same threads, and are counted in the seconds

    def beside(self, others: int, share: float) -> "Estimate":
        """The same run with only a share, 0..1, of the training threads."""
        return replace(
            self, seconds=self.seconds / share, seconds_per_epoch=self.seconds_per_epoch / share, others=others
        )


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
    began, worked = perf_counter(), thread_time()
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
    now = perf_counter()
    quiet = thread_time() - worked > _QUIET * (now - began)
    return Speed(median(times[_WARM_UP:]), answer=(now - before) / len(x), quiet=quiet)


class Estimator:
    """Measures each kind of net once, in the background, one at a time; again if the machine was busy meanwhile."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="estimate", initializer=become_training_thread)
        self._measured: OrderedDict[str, tuple[Speed, float]] = OrderedDict()  # and when
        self._under_way: dict[str, Future[Speed]] = {}
        self._wishes: OrderedDict[str, str] = OrderedDict()  # what each browser wanted to know last
        self._lock = threading.Lock()

    def estimate(
        self,
        config: RunConfig,
        input_shape: Shape,
        classes: int,
        *,
        pictures: int,
        valid: int,
        wait: float = 0.0,
        by: str | None = None,
    ) -> Estimate | None:
        """Estimate a run on so many training and validation pictures; None while it is being measured.

        Of what one browser, `by`, asks for, only the newest wish is measured. Raises ShapeError when the net cannot
        work, TooMuch when it would not be started (and is not measured).
        """
        check(config, input_shape, classes, Limits.from_environment())
        summary = summarize(config.model, input_shape, classes)
        train = config.train
        matters = train.model_dump(include={"optimizer", "loss", "batch_size", "augment", "precision"})
        key = repr((config.model, input_shape, matters))
        with self._lock:
            if by is not None:
                self._forget_older(by, key)
            if self._is_wanted(key):
                measure = partial(self._measure, key, config, input_shape, classes)
                self._under_way[key] = self._pool.submit(measure)
            under_way = self._under_way.get(key)
            speed, _ = self._measured.get(key, (None, 0.0))
        if speed is None and under_way is not None:
            with suppress(TimeoutError, CancelledError):
                speed = under_way.result(wait)
        if speed is None:
            return None
        steps = steps_per_epoch(pictures, train.batch_size)
        epoch = steps * speed.step + valid * speed.answer
        whole = min(epoch * train.epochs, train.time_budget or float("inf"))
        memory = memory_estimate_mb(config, input_shape, classes)
        return Estimate(whole, epoch, steps, memory, summary.parameters, summary.multiply_adds)

    def _is_wanted(self, key: str) -> bool:
        """Whether a net has to be measured: for the first time, or because the machine was busy, some seconds ago."""
        if key in self._under_way:
            return False
        speed, at = self._measured.get(key, (None, 0.0))
        return speed is None or (not speed.quiet and monotonic() - at > _AGAIN_SECONDS)

    def _measure(self, key: str, config: RunConfig, input_shape: Shape, classes: int) -> Speed:
        try:
            speed = measure_speed(config, input_shape, classes)
            with self._lock:
                before, _ = self._measured.get(key, (speed, 0.0))
                if not speed.quiet and before.step < speed.step:
                    speed = before  # what else the machine does can only make it slower
                _remember(self._measured, key, (speed, monotonic()), _MOST_MEASURED)
            return speed
        finally:
            with self._lock:
                self._under_way.pop(key, None)

    def _forget_older(self, by: str, key: str) -> None:
        """Give up what `by` wanted before, unless somebody else wants it too or it has begun."""
        before = self._wishes.get(by, key)
        _remember(self._wishes, by, key, _MOST_WISHES)
        if before == key or before in self._wishes.values():
            return
        if before in self._under_way and self._under_way[before].cancel():
            del self._under_way[before]


def _remember(kept: OrderedDict[str, Any], name: str, value: object, most: int) -> None:
    """Keep `value` as the newest, and so many in all."""
    kept[name] = value
    kept.move_to_end(name)
    while len(kept) > most:
        kept.popitem(last=False)


_estimator = Estimator()


def estimate(
    config: RunConfig,
    input_shape: Shape,
    classes: int,
    *,
    pictures: int,
    valid: int,
    wait: float = 0.0,
    by: str | None = None,
) -> Estimate | None:
    """`Estimator.estimate` of this process."""
    return _estimator.estimate(config, input_shape, classes, pictures=pictures, valid=valid, wait=wait, by=by)
