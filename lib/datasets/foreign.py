"""Pictures of something else: of another data set, prepared as if somebody had brought them."""

from collections.abc import Generator
from typing import NamedTuple

import torch
from PIL import Image
from torch import Tensor

from lib.datasets.catalogue import DatasetInfo, info, list_datasets
from lib.datasets.preparation import prepare
from lib.datasets.sets import SETS
from lib.datasets.splits import Dataset, load_dataset

_PART = 10  # pictures between two reports


class Foreign(NamedTuple):
    """Pictures that belong to none of a net's classes."""

    x: Tensor  # (N, C, H, W) as the net wants them
    names: list[str]  # what each one shows


def foreign_sets(data: Dataset, who: str | None = None) -> list[DatasetInfo]:
    """The data sets that are here, open to `who`, and know none of the classes of `data`."""
    own = set(data.classes)
    return [each for each in list_datasets(who) if each.available and not own & set(each.classes)]


def called(name: str) -> str:
    """What the foreign pictures of the data set `name` are, in a word or two."""
    return SETS[name].strangers.called if name in SETS else info(name).title


def foreign_pictures(name: str, data: Dataset, count: int) -> Generator[float, None, Foreign]:
    """Take `count` test pictures of the data set `name`, spread evenly over them, and prepare each for nets of `data`.

    Yields the share of the work that is done, 0..1; closing it is a clean stop.
    """
    theirs = load_dataset(name)
    wanted = (SETS[name].strangers.classes if name in SETS else ()) or theirs.classes
    labels = torch.tensor([theirs.classes.index(each) for each in wanted])
    there = torch.isin(theirs.test.labels, labels).nonzero().flatten()
    index = there[torch.linspace(0, len(there) - 1, min(count, len(there)), dtype=torch.float64).round().long()]
    x = []
    for number, pixels in enumerate(theirs.test.pixels(index)):
        image = Image.fromarray(pixels.permute(1, 2, 0).squeeze(-1).numpy())
        x.append(prepare(image, data).tensor)
        if number % _PART == 0:
            yield number / len(index)
    return Foreign(torch.cat(x), [theirs.classes[label] for label in theirs.test.labels[index].tolist()])
