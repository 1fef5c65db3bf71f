"""What a run holds in memory: all that training needs while it trains, and hardly anything while it does not."""

from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Any

from torch import Tensor

from lib.datasets import Dataset, DatasetUnavailable, load_dataset
from lib.datasets.catalogue import info
from lib.datasets.measured_rules import known_of
from lib.models import summarize
from lib.runs.limits import memory_estimate_mb
from lib.runs.room import Weights, at_hand, room
from lib.training.machine import is_large, release_memory

if TYPE_CHECKING:
    from lib.config import RunConfig
    from lib.runs.places import OpenRun
    from lib.runs.published import Published
    from lib.runs.store import Checkpoint

NO_ROOM = "Waiting until other runs leave enough memory."
LOOK_FOR_ROOM_SECONDS = 0.25  # between looks meanwhile


class Holding:
    """The part of a run that takes memory, and gives it back."""

    id: str
    config: "RunConfig"
    _published: "Published"
    _open: "OpenRun | None" = None  # while it is trained somewhere
    _dataset: Dataset | None = None
    came_trained = False  # see lib.nets.net
    recording: Any = None  # of one that lies in a file: lib.nets.recording_file.Recording

    def checkpoint(self) -> "Checkpoint | None":
        """What was saved last."""
        raise NotImplementedError

    @property
    def dataset(self) -> Dataset:
        """The pictures of this run to look at; none of them, but their classes and size, where they are not here."""
        try:
            return self.pictures
        except (DatasetUnavailable, ValueError):
            return known_of(info(self.config.data.name), scale_pixels=self.config.data.scale_pixels)

    @property
    def pictures(self) -> Dataset:
        """The pictures of this run to train and measure with, loaded on first use. Raises DatasetUnavailable."""
        if (found := self._dataset) is None:
            found = self._dataset = load_dataset(**self.config.data.model_dump())
        return found

    @cached_property
    def is_large(self) -> bool:
        """Whether each of its steps takes all cores, as far as that is known before its pictures are here."""
        try:
            about = info(self.config.data.name)
            for_one = summarize(self.config.model, about.input_shape, len(about.classes)).multiply_adds
        except ValueError:  # it will say so itself when its turn comes
            return False
        return is_large(for_one * self.config.train.batch_size)

    def weights(self) -> tuple[int, dict[str, Tensor]] | None:
        """`(step, weights)` as last published, half a second old at most; None before the first step, or if lost."""
        self._published.weights_asked_at = monotonic()
        return self._published.weights or at_hand.get(self.id, self._saved_weights)

    @property
    def newest_step(self) -> int:
        """After how many updates the weights are that can be looked into."""
        return (self.weights() or (0,))[0]

    def _saved_weights(self) -> Weights | None:
        kept = self.checkpoint()
        return kept.weights() if kept else None

    def _has_room(self) -> bool:
        """Take the room that training needs; False if others have it."""
        if self._open is not None:
            return True
        data = self.pictures
        return room.take(self.id, memory_estimate_mb(self.config, data.input_shape, len(data.classes)))

    def _rest(self) -> None:
        """Let go of what a pause does not need; a small net stays, so that single steps answer at once."""
        if self._open is not None and not self._open.stays_ready:
            self._let_go()

    def _let_go(self) -> None:
        """Forget all that training needs and the checkpoint has; whoever looks or goes on reads it there."""
        nothing: Any = None
        self._open = self._published.weights = self._dataset = nothing
        at_hand.forget(self.id)
        room.leave(self.id)
        release_memory()
