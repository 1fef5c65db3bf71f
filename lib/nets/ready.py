"""Ready nets that ship with Glasshouse: weights that its own command line made, small enough to read at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from lib.config import RunConfig
from lib.datasets import Dataset, DatasetUnavailable, load_dataset
from lib.datasets.catalogue import info
from lib.datasets.measured_rules import known_of, told, without_pictures
from lib.home import write_whole
from lib.models import build_model
from lib.nets.shelf import Shelf
from lib.runs.log import RunLog

FOLDER = Path(__file__).parents[2] / "recorded"


@dataclass(frozen=True)
class ReadyNet:
    """A trained net in a file, to be looked at like a run that has ended; of its past nothing is known."""

    owner: ClassVar[str] = ""
    state: ClassVar[str] = "finished"
    has_diverged: ClassVar[bool] = False
    has_ended: ClassVar[bool] = True
    has_weights: ClassVar[bool] = True
    came_trained: ClassVar[bool] = True
    recording: ClassVar[None] = None
    test_numbers: ClassVar[None] = None

    id: str
    name: str
    config: RunConfig
    steps: int
    weights: dict[str, Tensor]
    said: Mapping[str, str] = field(default_factory=dict)  # the file's head: also what it says of the pictures

    @cached_property
    def dataset(self) -> Dataset:
        """The pictures it was trained on; where they are not here, what the file or else the catalogue says of them."""
        try:
            return load_dataset(**self.config.data.model_dump())
        except (DatasetUnavailable, ValueError):
            if "conventions" not in self.said:
                return known_of(info(self.config.data.name), scale_pixels=self.config.data.scale_pixels)
            return without_pictures(self.config.data.name, self.said)

    @cached_property
    def log(self) -> RunLog:
        """No curve is known of it."""
        return RunLog(self.id, Shelf({}))

    def model(self) -> tuple[int, nn.Sequential]:
        """`(step, net)`: the net in evaluation mode."""
        net = build_model(self.config.model, self.dataset.input_shape, len(self.dataset.classes))
        net.load_state_dict(self.weights)
        return self.steps, net.eval()

    @property
    def newest_step(self) -> int:
        """After how many updates it was kept."""
        return self.steps

    def checkpoint(self) -> None:
        """Nothing that training could go on from."""

    def snapshots(self) -> list[int]:
        """No moments of its past."""
        return []

    def snapshot_bytes(self) -> int:
        """What they take on disk."""
        return 0

    def model_at(self, _step: int) -> None:
        """No other net than the one that came."""

    def status(self) -> dict[str, Any]:
        """How far it has come, as a run says it."""
        return {"state": self.state, "message": None, "step": self.steps, "steps_per_epoch": None}


def save_ready_net(path: Path, config: RunConfig, steps: int, net: nn.Module) -> None:
    """Write a net and its set-up as one safetensors file."""
    weights = {name: value.contiguous() for name, value in net.state_dict().items()}
    head = {"config": config.model_dump_json(), "steps": str(steps)}
    head |= told(load_dataset(**config.data.model_dump()))
    write_whole(path, lambda draft: save_file(weights, draft, metadata=head))


@cache
def ready_net(name: str = "doodles") -> ReadyNet:
    """Read the ready net for a data set; FileNotFoundError if none ships."""
    return read_net(FOLDER / f"{name}.safetensors", f"ready-{name}", "the ready net")


def read_net(path: Path, net_id: str, name: str) -> ReadyNet:
    """Read what `save_ready_net` wrote. FileNotFoundError; KeyError or ValueError for a file of another kind."""
    with safe_open(path, framework="pt") as file:
        header: dict[str, Any] = file.metadata() or {}
        weights = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    config = RunConfig.model_validate_json(header["config"])
    return ReadyNet(net_id, name, config, int(header["steps"]), weights, header)
