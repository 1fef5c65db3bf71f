"""What it takes to repeat a run elsewhere: what was chosen when it started or while it went, and what cannot be had."""

from dataclasses import dataclass

from lib.config import BatchNorm
from lib.datasets import DatasetInfo
from lib.datasets.catalogue import info
from lib.models.shapes import Planned, plan
from lib.runs import Run
from lib.training.batches import steps_per_epoch
from lib.training.machine import cores_for
from lib.training.precision import Arithmetic


@dataclass(frozen=True)
class Repeat:
    """Everything beside the set-up that makes a run's curve."""

    data: DatasetInfo
    planned: list[Planned]
    pictures: int  # that train
    batch_size: int
    steps_per_epoch: int
    epochs: int  # to go through, the last of them perhaps not to its end
    steps: int | None  # where the clock ended the run; None: at the end of an epoch
    arithmetic: Arithmetic
    cores: int  # that a step was computed on
    rates: dict[int, float]  # step -> learning rate from there on, as it was changed by hand
    caveats: tuple[str, ...]  # why the curve may differ, for people; empty: the same to the last digit

    @property
    def lone_pictures(self) -> bool:
        """Whether batches of one picture reach a batch norm."""
        normed = any(isinstance(step.layer, BatchNorm) for step in self.planned)
        return normed and (self.pictures - 1) % self.batch_size == 0


def called(run: Run) -> str:
    """What a run is called in its files: a recorded one by the name it was recorded under."""
    return run.recording.name if run.recording else run.name


def repeat(run: Run) -> Repeat:
    """Find out what is needed to repeat `run`, which has ended. Raises DatasetUnavailable."""
    config, data = run.config, info(run.config.data.name)
    pictures = _training_pictures(run, data)
    planned = plan(config.model, data.input_shape, len(data.classes))
    each = steps_per_epoch(pictures, config.train.batch_size)
    done = int(run.status()["step"])
    by_clock = run.state == "finished" and done < each * config.train.epochs
    sums = sum(step.multiply_adds for step in planned if step.layer.sums)
    arithmetic = _arithmetic(run)
    there = run.recording.machine.cores if run.recording else None
    return Repeat(
        data=data,
        planned=planned,
        pictures=pictures,
        batch_size=config.train.batch_size,
        steps_per_epoch=each,
        epochs=-(-done // each) if by_clock else config.train.epochs,
        steps=done if by_clock and done % each else None,
        arithmetic=arithmetic,
        cores=arithmetic.cores or cores_for(sums * min(config.train.batch_size, pictures), there),
        rates={round(mark["at"] * each): mark["learning_rate"] for mark in run.log.marks},
        caveats=tuple(_caveats(run, arithmetic)),
    )


def exactness(how: Repeat) -> tuple[str, ...]:
    """How closely the PyTorch program repeats the run, as sentences for people."""
    if how.caveats:
        return ("The program follows the run closely, not to the last digit.", *how.caveats)
    return (
        "On the machine that trained the net, the program gives the same curve to the last digit: the same pictures, "
        "the same first weights, the same order.",
        "Elsewhere the last digits are rounded differently, and the curves part slowly.",
    )


def _training_pictures(run: Run, data: DatasetInfo) -> int:
    """How many pictures train; they are only loaded where the labels decide. Raises DatasetUnavailable."""
    config = run.config.data
    if config.keep:
        return len(run.pictures.train)
    return config.train_size or data.training_count(config.valid_fraction)


def _arithmetic(run: Run) -> Arithmetic:
    if run.recording:
        return Arithmetic(run.recording.precision, run.recording.channels_last)
    kept = run.checkpoint()
    chosen = kept.counters.get("arithmetic") if kept else None
    return Arithmetic(**chosen) if chosen else Arithmetic()


def _caveats(run: Run, arithmetic: Arithmetic) -> list[str]:
    found = []
    train = run.config.train
    if run.state == "stopped":
        found.append("The run was stopped by hand; the program trains on to the end.")
    if run.has_diverged:
        found.append("The run broke off when its loss was no longer a number; so will the program.")
    elif run.state == "failed":
        found.append("The run broke off before its end; the program trains on to the end.")
    if train.time_budget and train.schedule != "constant":
        found.append("The learning rate followed the clock; the program lets it follow the iterations.")
    if arithmetic.precision == "bf16":
        found.append("The run computed in bfloat16, which processors round differently.")
    if arithmetic.device != "cpu":
        found.append("The run was trained on a GPU, which adds in no fixed order.")
    return found
