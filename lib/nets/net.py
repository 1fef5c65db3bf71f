"""What can be looked into: a run that lives, a recording of one, a net that came trained in a file."""

from typing import Any, Protocol

from torch import nn

from lib.config import RunConfig
from lib.datasets import Dataset
from lib.nets.recording_file import Recording
from lib.runs.log import RunLog
from lib.runs.store import Checkpoint


class Net(Protocol):
    """Everybody who looks into a net asks it these questions, and none of what kind it is."""

    @property
    def id(self) -> str:
        """What it is called in addresses."""
        ...

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def owner(self) -> str:
        """Whose it is; "" for everybody's."""
        ...

    @property
    def config(self) -> RunConfig:
        """The set-up that made it."""
        ...

    @property
    def dataset(self) -> Dataset:
        """The pictures that it learned from; none of them, but their classes and size, where they are not here."""
        ...

    @property
    def state(self) -> str:
        """ "running" while it learns, "finished" for what lies in a file."""
        ...

    @property
    def has_ended(self) -> bool:
        """Whether it stays as it is."""
        ...

    @property
    def has_diverged(self) -> bool:
        """Whether it ended because its loss stopped being a number."""
        ...

    @property
    def has_weights(self) -> bool:
        """Whether it can be asked, and not only its curves be seen."""
        ...

    @property
    def came_trained(self) -> bool:
        """Whether it came without the curves of its training."""
        ...

    @property
    def recording(self) -> Recording | None:
        """What it was recorded as, where only that is here."""
        ...

    @property
    def log(self) -> RunLog:
        """What it published while it trained; nothing is known of what came trained."""
        ...

    @property
    def test_numbers(self) -> dict[str, float | None] | None:
        """`loss` and `accuracy` on the test pictures at its end, as far as they were kept."""
        ...

    @property
    def newest_step(self) -> int:
        """After how many updates the weights are that `model` gives."""
        ...

    def model(self) -> tuple[int, nn.Sequential]:
        """`(step, net)`: a copy to look into."""
        ...

    def checkpoint(self) -> Checkpoint | None:
        """What training would go on from; None where nothing is kept."""
        ...

    def snapshots(self) -> list[int]:
        """The steps of its past whose weights were kept, in order."""
        ...

    def snapshot_bytes(self) -> int:
        """What they take on disk."""
        ...

    def model_at(self, step: int) -> nn.Sequential | None:
        """The net as it was after `step` updates; None when that is not known."""
        ...

    def status(self) -> dict[str, Any]:
        """State, message and progress as plain data."""
        ...
