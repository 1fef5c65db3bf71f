"""A run whose turns are computed elsewhere: ask for them, publish what comes back, keep a checkpoint now and then."""

from contextlib import suppress
from math import ceil
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from lib.datasets import Dataset
from lib.runs.news import tell_heavy, tell_plain
from lib.runs.places import thread
from lib.runs.places.asking import Asking, Lost
from lib.runs.places.place import Wishes
from lib.runs.publisher import Publisher
from lib.runs.store import Checkpoint
from lib.runs.taking_up import take_up
from lib.runs.turn import Asked, State
from lib.training.batches import steps_per_epoch
from lib.training.events import RunEnded

if TYPE_CHECKING:
    from distributed import Future

    from lib.runs.places.cluster import Cluster

_CHECKPOINT_SECONDS = 5.0  # between states that are fetched, or longer where that costs much
_WATCHED_SECONDS = 2.0  # so long weights are brought along after somebody has asked for them
_WAIT_SECONDS = 0.25  # between looks while nobody is there
_MOST_LOST = 8  # turns in a row; then it is not the workers
_GROWTH = 8  # a turn has at most so many times the steps of the one before: the first ones are slow


class Away:
    """The side of this process of a run that is trained elsewhere."""

    stays_ready = True  # nothing of it is here

    def __init__(self, cluster: "Cluster", publisher: Publisher, data: Dataset) -> None:
        self._cluster, self._publisher, self._data = cluster, publisher, data
        self._config = publisher.row.config
        self._pictures: Future | None = None
        self._lost = 0  # turns in a row
        self._worker: str | None = None
        self._trained_on: dict[str, Any] | None = None
        self._processors = set[str]()
        self._here: thread.DrivenHere | None = None  # while nobody else is there
        self._begin()

    def _begin(self) -> None:
        """Stand where the newest checkpoint is."""
        publisher = self._publisher
        training, self.note = take_up(
            publisher.row, self._data, publisher.store, publisher.log, publisher.published.counters
        )
        self._per_epoch = steps_per_epoch(len(self._data.train), self._config.train.batch_size)
        publisher.begin_at(training.step, training.epoch - 1 + training.batch / self._per_epoch)
        self._before: Future | State | None = State.of(*training.to_tensors()) if training.arithmetic else None
        self._step = self._saved_step = training.step
        self._known = 0  # up to here everything was told
        self._rates: list[tuple[int, float]] = []  # since the last checkpoint
        self._asking: Asking | None = None  # the last turn that was computed
        self._seconds = self._checked_at = self._saved_at = training.seconds
        self._per_second, self._last_steps = 0.0, 1
        self._last_save, self._save_pause, self._check_pause = monotonic(), 0.0, thread._CHECK_SECONDS
        self._last_answers = self._last_weights = 0.0
        self._ended: RunEnded | None = None
        self._end_is_known = False
        self._with_heavy: list[Asking] = []  # turns of which tensors are still there

    def turn(self, seconds: float, wishes: Wishes) -> RunEnded | None:
        """Have one turn computed, and publish it."""
        if not self._cluster.workers:
            return self._turn_here(seconds, wishes)
        if self._here is not None:  # others are there again
            self._here.finish_turn()
            self._here = None
            self._begin()
        try:
            return self._turn_there(seconds, wishes)
        except Lost as why:
            self._go_back(why)
            return None

    def finish_turn(self) -> None:
        """Save everything up to this moment, as before a pause."""
        if self._here is not None:
            self._here.finish_turn()
            return
        while self._step > self._saved_step or self._step < self._known:
            try:
                if self._step < self._known:
                    self._compute(self._known, Asked(rates=tuple(self._rates), known_until=self._known))
                self._fetch()
                self._save()
                return
            except Lost as why:
                self._go_back(why)
                if not self._cluster.workers:  # the checkpoint before stands, and the rest is computed again
                    return

    def _turn_here(self, seconds: float, wishes: Wishes) -> RunEnded | None:
        """The thread takes over, if it may; else wait for somebody."""
        if self._here is None:
            if not self._cluster.is_taken_over:
                sleep(_WAIT_SECONDS)
                return None
            self._here = thread.DrivenHere(self._publisher, self._data)
            self.note = "No worker is there, so this computer goes on by itself."
        return self._here.turn(seconds, wishes)

    def _turn_there(self, seconds: float, wishes: Wishes) -> RunEnded | None:
        if not wishes.goes_on:
            return None
        rate = wishes.new_learning_rate()
        if rate is not None:
            self._rates.append((max(self._step, self._known), rate))
        came_from = max(self._step, self._known)
        steps = self._steps_for(seconds, wishes)
        self._compute(came_from + steps, self._asked())
        wishes.count_steps(self._step - came_from)
        if self._ended or rate is not None or self._is_late:
            began = monotonic()
            self._fetch()
            self._save()
            self._save_pause = 2 * (monotonic() - began) / thread._SHARE  # it goes back again with the next turn
        return self._ended

    def _compute(self, until: int, asked: Asked) -> None:
        """Ask for a turn, wait for its news, and publish them. Lost."""
        asking = self._cluster.ask(self._publisher, self._before, until, asked, self._pictures)
        try:
            self._bring_heavy()  # meanwhile
            news = asking.wait(self._patience(until))
        finally:
            self._cluster.forget(asking)
        self._note_where(news)
        worked = news["seconds"] - self._seconds
        if worked > 0 and news["step"] > self._step:
            self._last_steps = news["step"] - self._step
            self._per_second = self._last_steps / worked
        self._check_pause = max(self._check_pause, news["check_seconds"] / thread._SHARE)
        if news["heavy"]:
            self._with_heavy.append(asking)
        tell_plain(news["published"], self._publisher)
        self._asking, self._before = asking, asking.future
        self._step, self._seconds, self._lost = news["step"], news["seconds"], 0
        self._known = max(self._known, self._step)
        self._ended = RunEnded(**news["ended"]) if news["ended"] else None

    def _patience(self, until: int) -> float:
        """How long to wait for news: long for what takes long, and for whoever gets ready."""
        return 60.0 + 10.0 * (until - self._step) / (self._per_second or 1.0)

    def _steps_for(self, seconds: float, wishes: Wishes) -> int:
        if wishes.steps_wanted:
            return wishes.steps_wanted
        return max(1, min(int(self._per_second * seconds), _GROWTH * self._last_steps))

    def _asked(self) -> Asked:
        now, pictures = monotonic(), thread._POINT_PICTURES / self._config.train.batch_size
        points = max(thread._PUBLISH_SECONDS, self._seconds / thread._MOST_POINTS) * self._per_second
        longest = max(thread._POINT_SECONDS * self._per_second, points)
        check = self._seconds - self._checked_at > self._check_pause
        if check:
            self._checked_at = self._seconds
        answers = now - self._last_answers > thread._NET_SECONDS
        if answers:
            self._last_answers = now
        weights = now - self._publisher.published.weights_asked_at < _WATCHED_SECONDS
        weights = weights and now - self._last_weights > max(thread._NET_SECONDS, self._save_pause / 2)
        if weights:
            self._last_weights = now
        known = self._known + self._end_is_known if self._step < self._known else None
        return Asked(
            rates=tuple(self._rates), point_steps=max(1, ceil(min(max(points, pictures), longest))),
            check=check, answers=answers, weights=weights, known_until=known,
        )  # fmt: skip

    # ---- what is kept ----

    @property
    def _is_late(self) -> bool:
        """Whether a checkpoint is due: by the clock, and as far as it can wait by what it costs of the run's time."""
        unsaved, worked = monotonic() - self._last_save, self._seconds - self._saved_at
        due = unsaved > _CHECKPOINT_SECONDS and worked > self._save_pause
        return self._saved_step == 0 or due or unsaved > thread._CHECKPOINT_LATEST

    def _fetch(self) -> None:
        """Bring the state here, and what came with it; the next turn starts from it. Lost."""
        if self._asking is None:
            return
        self._with_heavy = [asking for asking in self._with_heavy if asking is not self._asking]
        turn = self._asking.fetch()
        tell_heavy(turn.heavy, self._publisher)
        self._before = turn.state
        self._bring_heavy()
        self._asking = None

    def _bring_heavy(self) -> None:
        """Bring the tensors that came with turns, a copy each; the states after them may be over."""
        asked_for, self._with_heavy = self._with_heavy, []
        for asking in asked_for:
            with suppress(Lost):  # then a moment of the time machine is missing
                tell_heavy(asking.fetch().heavy, self._publisher)

    def _save(self) -> None:
        """Keep the state that was fetched last."""
        if isinstance(self._before, State):
            tensors, counters = self._before.parts()
            self._publisher.save(tensors, counters, self._trained_on)
            if self._publisher.published.weights is None:
                self._publisher.weights(*Checkpoint(tensors, counters).weights())
            self._saved_step, self._last_save, self._saved_at = self._step, monotonic(), self._seconds
            self._rates = [(step, rate) for step, rate in self._rates if step >= self._step]

    def _go_back(self, why: Lost) -> None:
        """Begin again from the last checkpoint; what was told since stays told."""
        self._lost += 1
        self._end_is_known = self._end_is_known or self._ended is not None
        if self._lost > _MOST_LOST:
            raise RuntimeError(f"no worker could do its next turn: {why}")
        if why.lacks_pictures:
            self._pictures = self._cluster.send(self._publisher, self._data)
            return
        kept = self._publisher.store.load_checkpoint(self._publisher.row.id)
        self._before = State.of(kept.tensors, kept.counters) if kept else None
        self._asking = None
        self._step = kept.counters["step"] if kept else 0
        self._seconds = kept.counters["seconds"] if kept else 0.0
        sleep(_WAIT_SECONDS)

    def _note_where(self, news: dict[str, Any]) -> None:
        """Say when it has moved away from a worker that is gone, and when its processor is of another kind."""
        before, self._worker = self._worker, news["worker"]
        if before not in (None, self._worker) and not self._cluster.is_there(str(before)):
            self.note = f"The worker that trained it went away; it goes on with {news['name']}."
        self._trained_on = news["trained_on"]
        self._processors.add(str(self._trained_on["machine"]["cpu"]))
        if len(self._processors) > 1 and before != self._worker:
            kinds = " and ".join(sorted(self._processors))
            self.note = f"Its curve was made on several kinds of processors ({kinds}), whose last digits differ."
