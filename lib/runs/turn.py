"""What a turn does: a pure function from where a run stands to where it stands some steps later, and what it tells.

It ends at a step number, so a turn that is lost with its worker can be computed again anywhere, bit for bit.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from safetensors.torch import load, save
from torch import Tensor

from lib.config import RunConfig
from lib.datasets import Dataset, load_dataset
from lib.models import build_model
from lib.runs.driver import Driver
from lib.runs.news import Notes
from lib.training.events import RunEnded
from lib.training.machine import training_device
from lib.training.state import TrainState


class MovedOn(RuntimeError):
    """The live net of a state was trained further, so nobody can have that state any more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of a turn beside training."""

    rates: tuple[tuple[int, float], ...] = ()  # (after so many updates, the learning rate from there on)
    point_steps: int = 1  # that one point of the curve is the mean of
    check: bool = False  # a look at validation pictures, at the end
    answers: bool = False  # what the net says to the strip of test pictures, at the end
    weights: bool = False  # a copy of them, at the end
    known_until: int | None = None  # what happens up to this step was told before


class State:
    """Where a run stands: the live net, as long as it has not moved on, or a copy of everything.

    Whoever goes on beside the live net copies nothing; whoever takes the state elsewhere takes a copy.
    """

    def __init__(self, step: int, *, live: "Counted | None" = None, kept: tuple[bytes, dict[str, Any]] | None = None):
        self.step, self._live, self._kept = step, live, kept

    @classmethod
    def of(cls, tensors: dict[str, Tensor], counters: dict[str, Any]) -> "State":
        """What `TrainState.to_tensors` gives, or a checkpoint has."""
        return cls(counters["step"], kept=(save(tensors), counters))

    @property
    def live(self) -> "Counted | None":
        """The net that stands exactly here, if it is in this process."""
        return self._live if self._live is not None and self._live.training.step == self.step else None

    def parts(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and counters, as `TrainState.restore` takes them. MovedOn."""
        if self._kept is not None:
            return load(self._kept[0]), self._kept[1]
        live = self._live
        if live is None or not live.busy.acquire(blocking=False):  # to copy adds up what a turn may be adding to
            raise MovedOn(f"step {self.step} is over")
        try:
            if live.training.step != self.step:
                raise MovedOn(f"step {self.step} is over")
            return live.training.to_tensors()
        finally:
            live.busy.release()

    def __reduce__(self) -> Any:
        kept = self._kept
        if kept is None:
            with suppress(MovedOn):  # what came with a state that is over may be wanted still
                tensors, counters = self.parts()
                kept = save(tensors), counters
        return _with_copies, (self.step, kept)

    def __sizeof__(self) -> int:
        """About what it takes to bring it elsewhere."""
        if self._kept is not None:
            return len(self._kept[0])
        if self._live is None:
            return 0
        weights: dict[str, Tensor] = self._live.training.model.state_dict()
        return 3 * sum(value.nbytes for value in weights.values())


def _with_copies(step: int, kept: tuple[bytes, dict[str, Any]] | None) -> State:
    return State(step, kept=kept)


@dataclass(slots=True)
class Turn:
    """What came of a turn."""

    state: State
    published: list[list[Any]]  # see `lib.runs.news.Notes`: small and plain ...
    heavy: list[tuple[str, tuple[Any, ...]]] = field(repr=False)  # ... and tensors
    ended: RunEnded | None
    was_warm: bool  # the net was alive here
    check_seconds: float = 0.0  # that the look at validation pictures took, if there was one

    def __sizeof__(self) -> int:
        """About what it takes to bring it elsewhere."""
        return self.state.__sizeof__()


class Counted(Driver):
    """A run whose points are due by the number of their steps: the same ones, whoever computes them and how fast."""

    def __init__(self, config: RunConfig, data: Dataset, training: TrainState) -> None:
        self.notes, self.asked = Notes(), Asked()
        self.busy = threading.Lock()  # held by a turn, or by whoever copies its state
        super().__init__(config, data, training, self.notes)

    def begin(self, asked: Asked) -> None:
        """Take up what is wanted of the next turn, with nothing noted."""
        self.asked = asked
        self.notes = self._news = Notes()
        self._see_what_is_known()

    def go_on(self, until_step: int, asked: Asked) -> RunEnded | None:
        """Train until so many updates are done, and tell it; the last event if that comes before."""
        self.begin(asked)
        self.start_turn()
        rates = dict(asked.rates)
        while self._training.step < until_step:
            event = self.next(rates.get(self._training.step))
            if event.kind == "run_ended":
                return event
        self.tell_points()
        self.tell_net()
        return None

    def tell_net(self) -> None:
        """Tell what is wanted of the net."""
        if self.asked.weights:
            super().tell_net()
        elif self.asked.answers:
            self.tell_answers()

    def _after_step(self) -> None:
        if len(self._recent) >= self.asked.point_steps or self._training.step == self.asked.known_until:
            self.tell_points()
        self._see_what_is_known()

    def _see_what_is_known(self) -> None:
        known = self.asked.known_until
        self.notes.are_known = known is not None and self._training.step < known

    def _after_epoch(self) -> None:
        """Nothing: who asked for the turn fetches the state."""

    def _keep(self) -> None:
        """Nothing: who asked for the turn fetches the state."""


def advance(
    config: RunConfig, state: State | None, until_step: int, asked: Asked = Asked(), data: Dataset | None = None
) -> Turn:
    """Train from `state` (None: from the beginning) until so many updates are done, or to the end.

    data: the pictures of the set-up, if they are at hand
    """
    run = state.live if state else None
    was_warm = run is not None
    if run is None:
        run = _taken_up(config, state, data or load_dataset(**config.data.model_dump()))
    with run.busy:
        ended = run.go_on(until_step, asked)
        began = perf_counter()
        if ended is None and asked.check:
            run.tell_check()
    state = State(run.training.step, live=run)
    return Turn(state, run.notes.plain, run.notes.heavy, ended, was_warm, perf_counter() - began)


def _taken_up(config: RunConfig, state: State | None, data: Dataset) -> Counted:
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed).to(training_device())
    training = TrainState(net, config.train, config.seed)
    if state is not None:
        training.restore(*state.parts())
    return Counted(config, data, training)
