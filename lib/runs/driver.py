"""Drive `fit` event by event and tell what it does: what every turn consists of, wherever it is computed."""

from collections.abc import Generator

import torch
from torch import Tensor

from lib.config import RunConfig
from lib.datasets import Dataset
from lib.runs.news import News
from lib.runs.snapshots import is_due
from lib.training.batches import steps_per_epoch
from lib.training.evaluation import best_answers, evaluate, evaluate_in_parts
from lib.training.events import Event, RunEnded, StepEnd, mean_of
from lib.training.loop import fit
from lib.training.machine import training_device, use_cores
from lib.training.precision import Arithmetic, Precision
from lib.training.state import TrainState

_CHECK_PICTURES = 500  # validation pictures looked at between epochs, so that the dashed curve lives too
_ROUND_EPOCHS = (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200)  # so that an axis in epochs seldom changes
_STRIP = 8  # test pictures with live answers


def strip_of(data: Dataset) -> Tensor:
    """Indices of the test pictures whose answers are shown live: one of each class, as far as there is room."""
    labels = data.test.labels
    firsts = [int((labels == label).nonzero()[0]) for label in range(len(data.classes)) if label in labels]
    return torch.tensor(firsts[:_STRIP])


class Driver:
    """The training of one run, event by event. When points, looks and saves are due is for those who inherit it."""

    def __init__(self, config: RunConfig, data: Dataset, training: TrainState, news: News) -> None:
        self._config, self._data, self._training, self._news = config, data, training, news
        self._steps = steps_per_epoch(len(data.train), config.train.batch_size)
        self._strip = data.test.batch(strip_of(data))[0].to(training_device())
        self._recent: list[StepEnd] = []
        self._amid_step = False
        self._events = self._life()

    @property
    def training(self) -> TrainState:
        """Where it stands."""
        return self._training

    @property
    def position(self) -> float:
        """Epochs since the start."""
        return self._training.epoch - 1 + self._training.batch / self._steps

    def start_turn(self) -> None:
        """Set the thread up for this net: other runs, of other sizes, had their turns in between."""
        if cores := self._arithmetic.cores:  # else `fit` is about to choose
            use_cores(cores)

    def next(self, learning_rate: float | None = None) -> Event:
        """Do one piece of work, tell what is due, and return what happened."""
        if learning_rate is not None:
            self._training.learning_rate = learning_rate
        event = next(self._events)
        self._amid_step = event.kind == "working" and event.amid_step
        match event.kind:
            case "working":
                pass
            case "run_started":
                if event.step == 0:
                    self._news.start(event.valid_loss, event.valid_accuracy)
                    self._keep()  # whatever was chosen before the first step stays chosen
                    self._tell_moment()
                self.tell_net()
            case "step_end":
                self._recent.append(event)
                if is_due(event.step):
                    self._tell_moment()
                self._after_step()
            case "learning_rate_changed":
                self.tell_points()
                self._news.mark(self.position, event.learning_rate)
                self._keep()  # a run that is taken up again goes on with the rate that its last mark says
            case "evaluating":
                self._tell_progress()
            case "epoch_end":
                self._news.epoch(event)
                self._tell_moment()
                self._after_epoch()
            case "run_ended":
                self.tell_all()
            case _:
                raise TypeError(f"unknown event {event!r}")
        return event

    def tell_all(self) -> None:
        """Tell everything up to this moment; a step under way is done first."""
        while self._amid_step:
            self.next()
        self.tell_points()
        self.tell_net()
        self._keep()

    def tell_points(self) -> None:
        """Tell the steps since the last point as one point."""
        if self._recent:
            steps, self._recent = self._recent, []
            self._news.point(self.position, *mean_of(steps))
        self._tell_progress()

    def tell_net(self) -> None:
        """Tell a copy of the weights, and the net's answers to the strip."""
        net, step = self._training.model, self._training.step
        copies = {name: value.detach().to("cpu", copy=True) for name, value in net.state_dict().items()}
        self._news.weights(step, copies)
        self.tell_answers()

    def tell_answers(self) -> None:
        """Tell what the net says to the strip."""
        net, step = self._training.model, self._training.step
        self._news.glimpse(step, best_answers(net, self._strip))

    def tell_check(self) -> None:
        """Measure on some validation pictures, and tell it."""
        found = evaluate(
            self._training.model, self._data.valid, self._config.train.loss, _CHECK_PICTURES, self._precision
        )
        self._news.check(self.position, found.loss, found.accuracy)

    def _after_step(self) -> None:
        """See what is due after a step."""
        raise NotImplementedError

    def _after_epoch(self) -> None:
        """See what is due after an epoch."""
        raise NotImplementedError

    def _keep(self) -> None:
        """Keep where it stands, if it is this one's to keep."""
        raise NotImplementedError

    def _tell_moment(self) -> None:
        self._news.moment(self._training.step, self._training.model.state_dict())

    def _tell_progress(self) -> None:
        training = self._training
        counters = {
            "step": training.step,
            "steps_per_epoch": self._steps,
            "epoch": max(training.epoch - (training.batch == 0), 1),  # the one under way, or just done
            "epochs": self._expected_epochs,
            "progress": round(self._progress, 4),
            "seconds": round(training.seconds, 2),
            "learning_rate": float(f"{training.effective_rate:.6g}"),
            "precision": self._precision,
            "speedup": self._arithmetic.speedup,
        }
        self._news.progress(counters, self._progress)

    def _life(self) -> Generator[Event, None, None]:
        """All of `fit`, then the measure that counts: test pictures, never used in training."""
        data, config, training = self._data, self._config.train, self._training
        for event in fit(training.model, data.train, data.valid, config, state=training, in_parts=True):
            if event.kind != "run_ended" or event.reason == "diverged":
                yield event
                continue
            checked = yield from evaluate_in_parts(training.model, data.test, config.loss, precision=self._precision)
            self._news.tested(checked)
            verdict = f"Test accuracy {checked.accuracy * 100:.1f} %, loss {checked.loss:.3f}"
            verdict += f", on {len(data.test):,} pictures never used in training."
            yield RunEnded(event.reason, event.step, event.seconds, verdict)

    @property
    def _precision(self) -> Precision:
        return self._arithmetic.precision

    @property
    def _arithmetic(self) -> Arithmetic:
        return self._training.arithmetic or Arithmetic()

    @property
    def _expected_epochs(self) -> int:
        """How many epochs there will be: as set, or about as many as the time limit lets through."""
        most, position, progress = self._config.train.epochs, self.position, self._progress
        if self._config.train.time_budget is None or progress <= 0.0:
            return most
        return next((n for n in _ROUND_EPOCHS if n >= position / progress - 0.01), most)

    @property
    def _progress(self) -> float:
        share = self.position / self._config.train.epochs
        if budget := self._config.train.time_budget:
            share = max(share, self._training.seconds / budget)
        return min(share, 1.0)
