"""Nets that people bring as files, ONNX of anybody's or weights as safetensors: kept like ready ones, for them alone.

A net knows no pictures. Which it is for says the set-up in a file of ours; else whoever brings it chooses among those
data sets whose pictures and number of classes fit.
"""

import hashlib
import json
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor

from lib.config import DataConfig, ModelConfig, RunConfig
from lib.datasets.catalogue import DatasetInfo, list_datasets
from lib.datasets.catalogue import info as info_of
from lib.datasets.own import is_open
from lib.home import failures_at, home, write_whole
from lib.layers.kind import ShapeError
from lib.models import build_model
from lib.nets.ready import ReadyNet, read_net
from lib.nets.stranger.file import MAX_BYTES, NotThisNet, read_graph
from lib.nets.stranger.translation import translate
from lib.pictures.names import clean_name

ID = "brought-"  # an id in addresses is this and what the file's content is known by
_KEPT = re.compile(rf"{ID}[0-9a-f]{{24}}")
_MOST_KEPT, _MOST_EACH = 100, 8
_MOST_HEAD = 1_000_000  # bytes


class Arrived(NamedTuple):
    """A net that was read and is not kept yet."""

    name: str
    shape: tuple[int, int, int]
    classes: int
    model: ModelConfig
    weights: dict[str, Tensor]
    config: RunConfig | None = None  # as its file says it
    steps: int = 0  # 0 where nobody knows how long it was trained
    scale_pixels: bool = True  # it wants pixels of 0..1, as far as anybody knows

    def fitting(self, who: str) -> list[DatasetInfo]:
        """The data sets that it can be asked about, the one of its own set-up first."""
        sets = [
            each for each in list_datasets(who) if (each.input_shape, len(each.classes)) == (self.shape, self.classes)
        ]
        own = None if self.config is None else self.config.data.name
        return sorted(sets, key=lambda each: (each.name != own, not each.available))


def read_arrived(name: str, content: bytes, set_up: RunConfig) -> Arrived:
    """Read the content of a file called `name`. NotThisNet says what does not fit.

    set_up: the layers and pictures that weights without a set-up of their own are for
    """
    stem = clean_name(Path(name).stem) or "net"
    if name.lower().endswith(".safetensors"):
        return _weights(stem, content, set_up)
    found = translate(read_graph(content))
    return Arrived(stem, found.shape, found.classes, found.model, found.weights)


def keep_net(arrived: Arrived, data: str, who: str, *, scale_pixels: bool = True) -> ReadyNet:
    """Keep a net for `who`, to be asked about the pictures of the data set `data`; HomeFailure if the disk refuses."""
    before = arrived.config or RunConfig()
    cut = before.data if before.data.name == data else DataConfig(name=data)
    cut = cut.model_copy(update={"scale_pixels": scale_pixels})
    config = before.model_copy(update={"data": cut, "model": arrived.model})
    head = {"config": config.model_dump_json(), "steps": str(arrived.steps), "owner": who, "name": arrived.name}
    content = save({name: each.contiguous() for name, each in arrived.weights.items()}, metadata=head)
    net_id = ID + hashlib.sha256(content).hexdigest()[:24]
    write_whole(_place(net_id), content)
    _forget_oldest(who, net_id)
    found = find_brought(net_id, who)
    assert found is not None
    return found


def find_brought(net_id: str, who: str) -> ReadyNet | None:
    """The net with this id, if `who` brought it and may still see the pictures that it is for."""
    if not _KEPT.fullmatch(net_id) or not (path := _place(net_id)).is_file():
        return None
    net = _read(path)
    return net if net and net.said.get("owner") == who and is_open(net.config.data.name, who) else None


def brought_by(who: str) -> list[ReadyNet]:
    """What somebody brought, the newest first."""
    paths = sorted(_folder().glob("*.safetensors"), key=lambda each: each.stat().st_mtime, reverse=True)
    return [net for path in paths if _owner(path) == who and (net := find_brought(ID + path.stem, who))]


def delete_brought(net_id: str, who: str) -> None:
    """Delete the file of a net that `who` brought; nothing for anybody else's. HomeFailure if the disk refuses."""
    if _KEPT.fullmatch(net_id) and _owner(path := _place(net_id)) == who:
        with failures_at(path):
            path.unlink(missing_ok=True)


def _weights(stem: str, content: bytes, set_up: RunConfig) -> Arrived:
    """Weights as safetensors, by the names that Glasshouse and its PyTorch programs give them."""
    if len(content) > MAX_BYTES:
        raise NotThisNet("too_large", most=MAX_BYTES // 1_000_000)
    try:
        weights = load(content)
        size = int.from_bytes(content[:8], "little")
        head = json.loads(content[8 : 8 + min(size, _MOST_HEAD)]).get("__metadata__") or {}
        config = RunConfig.model_validate_json(head["config"]) if "config" in head else None
        steps = max(int(head.get("steps", 0)), 0)
    except (SafetensorError, ValueError, TypeError, RecursionError, AttributeError, KeyError):
        raise NotThisNet("not_weights") from None
    of = config or set_up
    try:
        info = info_of(of.data.name)
        net = build_model(of.model, info.input_shape, len(info.classes), device="meta")
    except ShapeError as problem:
        raise NotThisNet("bounds", node="set-up", what=problem.reason) from None
    except ValueError:
        raise NotThisNet("unknown_pictures", data=of.data.name[:40]) from None
    wanted = {name: value.shape for name, value in net.state_dict().items()}
    for name in [*wanted, *weights]:
        if name not in weights or name not in wanted or weights[name].shape != wanted[name]:
            raise NotThisNet("other_weights" if config is None else "weights", node=name[:80])
        if weights[name].is_floating_point() and not bool(weights[name].isfinite().all()):
            raise NotThisNet("no_number", node=name[:80])
    weights = {name: each.float() if each.is_floating_point() else each for name, each in weights.items()}
    return Arrived(stem, info.input_shape, len(info.classes), of.model, weights, of, steps, of.data.scale_pixels)


def _folder() -> Path:
    return home().absolute() / "nets"


def _place(net_id: str) -> Path:
    return _folder() / f"{net_id.removeprefix(ID)}.safetensors"


@lru_cache(maxsize=8)
def _read(path: Path) -> ReadyNet | None:
    try:
        net = read_net(path, ID + path.stem, "")
    except (OSError, KeyError, ValueError, SafetensorError):
        return None
    named = clean_name(net.said.get("name", "")) or "net"
    return ReadyNet(net.id, named, net.config, net.steps, net.weights, net.said)


def _owner(path: Path) -> str | None:
    with suppress(OSError, SafetensorError), safe_open(path, framework="pt") as file:
        return (file.metadata() or {}).get("owner")
    return None


def _forget_oldest(who: str, but: str) -> None:
    """So many of one person's and of all are kept, the newest."""
    paths = sorted(_folder().glob("*.safetensors"), key=lambda each: each.stat().st_mtime)
    others = [path for path in paths if path != _place(but)]
    own = [path for path in others if _owner(path) == who]
    for path in {*others[: -_MOST_KEPT + 1], *own[: -_MOST_EACH + 1]}:
        path.unlink(missing_ok=True)
