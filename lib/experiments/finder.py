"""Learning-rate range tests in the background: one at a time, each a couple of seconds, watched by whoever asked."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import Literal

from lib.config import RunConfig
from lib.datasets import load_dataset
from lib.experiments.records import Planned
from lib.experiments.under_way import check_member
from lib.models import build_model
from lib.runs import Limits, get_registry
from lib.runs.doors import Doors
from lib.training import guessing_loss
from lib.training.lr_finder import STEPS, Suggestion, Tried, suggest, try_rates
from lib.training.machine import become_training_thread, training_device

logger = logging.getLogger(__name__)


@dataclass
class Search:
    """One test. Only its thread writes, but for `cancelled`."""

    config: RunConfig
    guess: float = 0.0  # the loss of guessing
    state: Literal["waiting", "running", "done", "failed", "cancelled"] = "waiting"
    tried: list[Tried] = field(default_factory=list)
    suggestion: Suggestion | None = None
    message: str | None = None
    began: float = 0.0  # the first step, by the clock of `monotonic`
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def has_ended(self) -> bool:
        """True when nothing more will come."""
        if self.state == "waiting":  # its turn has not come; then it will end at once
            return self.cancelled.is_set()
        return self.state in ("done", "failed", "cancelled")

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all rates are tried, at the pace so far; None while that is unknown."""
        return (monotonic() - self.began) * (STEPS / len(self.tried) - 1) if self.tried else None

    @property
    def share(self) -> float:
        """How far it is, 0..1; it may end before 1, when the loss bursts."""
        return 1.0 if self.has_ended else min(len(self.tried) / STEPS, 1.0)

    def run(self) -> None:
        """Do the test. Never raises: what goes wrong is said."""
        try:
            self._run()
        except Exception as problem:
            logger.exception("a search for a learning rate broke off")
            self.message, self.state = f"It broke off: {problem}", "failed"

    def _run(self) -> None:
        if self.cancelled.is_set():  # before its turn came
            self.state = "cancelled"
            return
        config = self.config
        data = load_dataset(**config.data.model_dump())
        self.guess = guessing_loss(len(data.classes), config.train.loss)
        net = build_model(config.model, data.input_shape, len(data.classes), config.seed).to(training_device())
        self.state, self.began = "running", monotonic()
        for tried in try_rates(net, data.train, config.train, seed=config.seed):
            if self.cancelled.is_set():
                self.state = "cancelled"
                return
            self.tried.append(tried)
        self.suggestion = suggest(self.tried, self.guess)
        self.state = "done"


class Finder:
    """The searches of this process, the newest of each browser."""

    def __init__(self, doors: Callable[[], Doors] = Doors) -> None:
        """Ask those doors before each search."""
        self._doors = doors
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="rate-finder", initializer=become_training_thread)
        self._searches: dict[str, Search] = {}

    def start(self, config: RunConfig, owner: str) -> Search:
        """Begin a search in place of the owner's last one.

        Raises TooMuch, ShapeError or ValueError, in plain words, for a set-up that would not be trained.
        """
        check_member(Planned(panel="", label="", config=config), Limits.from_environment(), owner)
        self._doors().check_start(config, owner)
        self.cancel(owner)
        search = self._searches[owner] = Search(config)
        self._pool.submit(search.run)
        return search

    def find(self, owner: str) -> Search | None:
        """The owner's newest search."""
        return self._searches.get(owner)

    def cancel(self, owner: str) -> None:
        """End the owner's search after the step under way."""
        if search := self._searches.get(owner):
            search.cancelled.set()


@cache
def get_finder() -> Finder:
    """The finder of this process."""
    return Finder(lambda: get_registry().doors)
