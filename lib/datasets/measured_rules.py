"""What the pictures of a data set have in common: which way round light is, how large the ink, how it is centred."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np
import torch
from PIL import Image

from lib.datasets.catalogue import DatasetInfo
from lib.datasets.own import INK_BOX
from lib.datasets.sets import SETS
from lib.datasets.splits import Dataset, Split
from lib.pictures.layout import Centring, centre_of, ink_box
from lib.pictures.names import one_line
from lib.pictures.rules import Conventions

_SAMPLE = 400  # training pictures that are measured
_BUSY = 0.4  # with more ink than this along the edge, pictures are photos, not things on empty paper


_OWN_DRAWINGS = Conventions(photo=False, light_ink=True, box=INK_BOX, centring="box")
_measured: WeakKeyDictionary[Dataset, Conventions] = WeakKeyDictionary()


def conventions(dataset: Dataset) -> Conventions:
    """Return what the training pictures of `dataset` have in common, measured once."""
    if dataset not in _measured:
        _measured[dataset] = _measure(dataset)
    return _measured[dataset]


def told(dataset: Dataset) -> dict[str, str]:
    """What somebody who has a net for `dataset`, but none of its pictures, must know: plain text, for a file's head."""
    rules = json.dumps(asdict(conventions(dataset)))
    shape, scale = json.dumps(dataset.input_shape), repr(dataset.test.scale)
    return {"classes": json.dumps(dataset.classes), "input_shape": shape, "scale": scale, "conventions": rules}


def without_pictures(name: str, said: Mapping[str, str]) -> Dataset:
    """Stand in for a data set that is not here, by what `told` says: no pictures, but others can be prepared for it.

    KeyError, ValueError or TypeError if that is not said.
    """
    channels, height, width = (int(side) for side in json.loads(said["input_shape"]))
    classes = tuple(one_line(str(each)) for each in json.loads(said["classes"]))
    rules = Conventions(**json.loads(said["conventions"]))
    return _empty(name, classes, (channels, height, width), float(said["scale"]), rules)


def known_of(about: DatasetInfo, *, scale_pixels: bool) -> Dataset:
    """Stand in for a data set that is not here, by what every Glasshouse knows of it; like `without_pictures`."""
    scale = 1 / 255 if scale_pixels else 1.0
    return _known(about.name, about.classes, about.input_shape, scale)


@lru_cache(maxsize=64)  # so that who asks twice is given the same one
def _known(name: str, classes: tuple[str, ...], shape: tuple[int, int, int], scale: float) -> Dataset:
    if name in SETS:
        return _empty(name, classes, shape, scale, SETS[name].layout)
    photo = Conventions(photo=True, light_ink=True, box=max(shape[1:]), centring="box")
    return _empty(name, classes, shape, scale, photo if shape[0] > 1 else _OWN_DRAWINGS)


def _empty(
    name: str, classes: tuple[str, ...], shape: tuple[int, int, int], scale: float, rules: Conventions
) -> Dataset:
    none = torch.zeros(0, *shape, dtype=torch.uint8), torch.zeros(0, dtype=torch.int64)
    train, valid, test = (Split(*none, scale) for _ in range(3))
    dataset = Dataset(name, train, valid, test, classes, shape)
    _measured[dataset] = rules
    return dataset


def _measure(dataset: Dataset) -> Conventions:
    images = dataset.train.pixels(slice(None, None, max(1, len(dataset.train) // _SAMPLE)))
    channels, height, width = dataset.input_shape
    frame = torch.ones(height, width, dtype=torch.bool)
    frame[1:-1, 1:-1] = False
    edge = images.float().mean(1)[:, frame]
    light_ink = bool(edge.median() < 128)
    busy = (edge if light_ink else 255 - edge).gt(64).float().mean().item() > _BUSY
    if channels != 1 or busy:
        return Conventions(photo=True, light_ink=True, box=max(height, width), centring="box")

    middle = np.array([width / 2, height / 2])
    longer, off_mass, off_box = [], [], []
    for pixels in images[:, 0].numpy():
        ink = Image.fromarray(pixels if light_ink else 255 - pixels)
        box = ink_box(ink)
        if box is not None:
            left, top, right, bottom = box
            longer.append(max(right - left, bottom - top))
            off_mass.append(np.abs(centre_of(ink, "mass") - middle).mean())
            off_box.append(np.abs(np.array([(left + right) / 2, (top + bottom) / 2]) - middle).mean())
    if not longer:  # nothing but empty sheets
        return Conventions(photo=False, light_ink=light_ink, box=max(height, width), centring="box")
    centring: Centring = "mass" if np.mean(off_mass) < np.mean(off_box) else "box"
    side = round(float(np.median(longer)))
    scanned = dataset.name in SETS and SETS[dataset.name].layout.scanned
    return Conventions(photo=False, light_ink=light_ink, box=side, centring=centring, scanned=scanned)
