"""Ready nets that ship with Glasshouse: weights that its own command line made, small enough to read at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from lib.config import RunConfig
from lib.datasets import Dataset, DatasetUnavailable, load_dataset
from lib.datasets.catalogue import info
from lib.datasets.conventions import known_of, told, without_pictures
from lib.home import write_whole
from lib.models import build_model

FOLDER = Path(__file__).parents[2] / "recorded"


@dataclass(frozen=True)
class ReadyNet:
    """A trained net in a file, to be looked at like a run that has ended."""

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

    def model(self) -> tuple[int, nn.Sequential]:
        """`(step, net)`: the net in evaluation mode."""
        net = build_model(self.config.model, self.dataset.input_shape, len(self.dataset.classes))
        net.load_state_dict(self.weights)
        return self.steps, net.eval()


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
