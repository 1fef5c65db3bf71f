"""What every lab makes of a net that it cannot work with: one sentence, and never a failure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar

import pytest
import torch

from lib.config import Conv2d, Dense, Flatten, ModelConfig, RunConfig
from lib.datasets import Dataset, Split, load_dataset
from lib.datasets.catalogue import info
from lib.datasets.measured_rules import known_of
from lib.models import build_model, preset
from lib.nets.ready import ReadyNet
from lib.runs import get_registry
from lib.ui.labs.table import LABS
from tests.ui.test_labs import opened

_FILTERS = ModelConfig(layers=(Conv2d(2), Flatten()))


@dataclass(frozen=True)
class _Net(ReadyNet):
    """A net on given pictures, as if it lay in a file."""

    given: Dataset | None = None

    @property
    def dataset(self) -> Dataset:  # type: ignore[override]
        assert self.given is not None
        return self.given


@dataclass(frozen=True)
class _Learning(_Net):
    """A net that did not come trained: at its first step it is random."""

    came_trained: ClassVar[bool] = False


def net_of(name: str, data: Dataset, model: ModelConfig = _FILTERS, steps: int = 9) -> _Net:
    usual = preset("small-cnn", data.name)
    config = RunConfig(model=model, data=usual.data, train=usual.train)
    weights = build_model(model, data.input_shape, len(data.classes), seed=0).state_dict()
    kind = _Net if steps else _Learning
    return kind(f"bad-{name}", "a net", config, steps, weights, given=data)


@cache
def doodles() -> Dataset:
    return load_dataset("doodles", train_size=60, test_size=30)


def one_class() -> Dataset:
    data = load_dataset("digits", train_size=60, test_size=30)
    train, test = (
        Split(split.images[split.labels == 0], split.labels[split.labels == 0]) for split in (data.train, data.test)
    )
    return replace(data, train=train, valid=test, test=test, classes=data.classes[:1])


def other_size() -> Dataset:
    draw = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (60, 3, 10, 14), generator=draw, dtype=torch.uint8)
    split = Split(images, torch.arange(60) % 10)
    return replace(
        load_dataset("stickers", train_size=60), train=split, valid=split, test=split, input_shape=(3, 10, 14)
    )


# What is wrong, the net, and part of the sentence that names it.
BAD: dict[str, tuple[Callable[[], _Net], str]] = {
    "no convolution": (lambda: net_of("plain", doodles(), ModelConfig(layers=(Flatten(), Dense(4)))), "no convolution"),
    "random": (lambda: net_of("random", doodles(), steps=0), "still random"),
    "one class": (lambda: net_of("one", one_class()), "one class only"),
    "gone": (lambda: net_of("gone", known_of(info("doodles"), scale_pixels=True)), "pictures are not on this machine"),
    "other size": (lambda: net_of("size", other_size()), ""),
    "too large": (lambda: net_of("large", doodles(), ModelConfig(layers=(Flatten(), Dense(1_000)))), "the labs take"),
}
# Where it does not matter: the lab has nets or pictures of its own, or what is lacking is nothing that it needs.
_OWN = {"shift", "bench", "frozen"}
_WORKS = {
    "no convolution": set(LABS) - {"liking"},
    "random": _OWN | {"wrong_labels", "clue"},  # they train anew
    "one class": _OWN | {"liking"},
    "gone": set[str](),  # said on top of the page, once
    "other size": set(LABS),
    "too large": _OWN,
}


@pytest.mark.parametrize("wrong", BAD)
@pytest.mark.parametrize("lab", LABS)
def test_a_lab_says_in_one_sentence_what_a_net_lacks(lab: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    net, said = BAD[wrong][0](), BAD[wrong][1]
    monkeypatch.setattr("lib.ui.frame.page.ready", lambda _: net)
    if wrong == "too large":
        monkeypatch.setattr(get_registry(), "limits", replace(get_registry().limits, max_parameters=100_000))
    at = opened(lab)
    assert not at.exception
    assert not [each.value for each in at.error]
    notes = [each.value for each in at.info]
    expected = 0 if lab in _WORKS[wrong] else 1
    assert len([each for each in notes if said and said in each]) == expected, notes
