"""Classes of one's own: pictures that a person brought, made small, as a data set in the Glasshouse home."""

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
import torch
from PIL import Image, ImageOps
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save_file
from torch import Tensor

from lib.datasets.balance import burst_sizes, cut
from lib.datasets.owned import NotYours, check_act, check_owner
from lib.home import data_folder, write_whole
from lib.pictures.doubles import nearly_equal, without_doubles
from lib.pictures.layout import crop_to_ink, fit_into, ink_box, lay_on
from lib.pictures.names import clean_name, told_apart, twins_in
from lib.pictures.paper import ink_of
from lib.telling import told

Kind = Literal["photo", "drawing"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SHAPES: Final[dict[Kind, tuple[int, int, int]]] = {"photo": (3, 32, 32), "drawing": (1, 28, 28)}
FEWEST_CLASSES, MOST_CLASSES = 2, 10
FEWEST, MOST = 5, 500  # pictures of a class
PREFIX = "own-"
_TITLE = "My classes"
_TESTED = 0.2  # of each class, for testing
INK_BOX = 22  # pixels of a drawing's longer side
_one_at_a_time = threading.Lock()


class OwnSet(NamedTuple):
    """What is known of one set without reading its pictures."""

    name: str  # "own-" and a checksum of its pictures: it never changes
    title: str
    classes: tuple[str, ...]
    kind: Kind
    train_count: int
    test_count: int
    deleted: bool  # its pictures are gone; runs that were trained on it still know its classes
    train_counts: tuple[int, ...]  # of each class
    bursts: tuple[tuple[int, ...], ...]  # of each class, the sizes of groups of nearly equal training pictures
    still: tuple[int, ...]  # classes whose pictures are all nearly the same, so that testing them says little
    damaged: bool = False  # its file is missing or cannot be read, and nobody deleted it
    owner: str = ""  # whose browser made it; "" is everybody: a program, or a version that did not ask
    shared: bool = False  # whether others may see its pictures and train on them
    origin: str = ""  # what the set was called where it was made, if it came as a file
    absent: bool = False  # it was made elsewhere, and only a recording tells of it

    def is_open_to(self, who: str) -> bool:
        """True if `who` may see its pictures and train on them."""
        return self.shared or self.owner in ("", who)


def shrink(image: Image.Image, kind: Kind) -> Tensor | None:
    """Make a picture small, uint8 `(C, H, W)`: a photo's middle in colour, a drawing's ink as light on black.

    None for a drawing without any ink.
    """
    channels, height, width = SHAPES[kind]
    if kind == "photo":
        small = ImageOps.fit(image.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    else:
        ink = ink_of(image.convert("L")).image
        if ink_box(ink) is None:
            return None
        small = lay_on(fit_into(crop_to_ink(ink), INK_BOX), (width, height), "box")
    return torch.from_numpy(np.array(small)).view(height, width, channels).permute(2, 0, 1).contiguous()


def save_own(
    title: str, kind: Kind, classes: Mapping[str, Sequence[Tensor]], owner: str = "", *, shared: bool = False
) -> OwnSet:
    """Keep a data set: of each class a fifth for testing, the others for training.

    classes: by name, uint8 `(C, H, W)` as `shrink` gives them. The same picture is kept once; pictures that are nearly
    the same are on one side, as far as a class has others. ValueError, in plain words, for too few or too many.
    The same pictures in the same classes of the same owner are the same set, under whatever title.
    """
    check_act("own_classes", owner)
    names = [clean_name(name) for name in classes]
    _check(names, [len(pictures) for pictures in classes.values()])
    different, _ = without_doubles(list(classes.values()))
    if few := [name for name, pictures in zip(names, different, strict=True) if len(pictures) < FEWEST]:
        raise ValueError(f"Every class needs at least {FEWEST} different pictures; “{few[0]}” has fewer.")
    images = torch.stack([picture for pictures in different for picture in pictures])
    labels = torch.tensor([label for label, pictures in enumerate(different) for _ in pictures])
    alike, still = nearly_equal(different, kind)
    test, train = (part.sort().values for part in cut(labels, _TESTED, torch.Generator().manual_seed(0), alike))
    tensors = {
        "train_images": images[train],
        "train_labels": labels[train],
        "test_images": images[test],
        "test_labels": labels[test],
        "train_alike": alike[train],
    }
    named = (name_of(names, kind, owner, tensors), clean_name(title) or _TITLE)
    return keep(*named, kind, names, tensors, {"owner": owner, "still": still, "shared": shared})


def name_of(classes: Sequence[str], kind: Kind, owner: str, tensors: Mapping[str, Tensor]) -> str:
    """What a set is called: the same pictures in the same classes of the same owner are the same set."""
    told: dict[str, object] = {"classes": list(classes), "kind": kind} | ({"owner": owner} if owner else {})
    digest = hashlib.sha256(json.dumps(told).encode() + b"".join(each.numpy().tobytes() for each in tensors.values()))
    return PREFIX + digest.hexdigest()[:12]


def keep(
    name: str, title: str, kind: Kind, classes: Sequence[str], tensors: dict[str, Tensor], more: Mapping[str, object]
) -> OwnSet:
    """Write a set that has been cut, and been found in order. `more` is what else is told of it. OSError."""
    labels, alike = tensors["train_labels"], tensors[ALIKE]
    told = {"title": title, "kind": kind, "classes": list(classes), "deleted": False} | dict(more)
    told |= {"train_counts": labels.bincount().tolist(), "bursts": burst_sizes(labels, alike)}
    _write(name, tensors, told | {"test_count": len(tensors["test_labels"])})
    found = find_own(name)
    assert found is not None
    return found


def _check(names: list[str], counts: list[int]) -> None:
    if not FEWEST_CLASSES <= len(names) <= MOST_CLASSES:
        raise ValueError(f"A data set has {FEWEST_CLASSES} to {MOST_CLASSES} classes.")
    if not all(names):
        raise ValueError("Every class needs a name with letters or digits.")
    if twins := twins_in(names):
        raise ValueError(f"Two classes have the same name: {twins[0]}.")
    if few := [name for name, count in zip(names, counts, strict=True) if count < FEWEST]:
        raise ValueError(f"Every class needs at least {FEWEST} pictures; “{few[0]}” has fewer.")
    if max(counts) > MOST:
        raise ValueError(f"A class may have up to {MOST} pictures.")


def own_sets() -> tuple[OwnSet, ...]:
    """List the sets of this home, the newest first.

    A set whose file is missing or damaged is told of as far as its note says: it is named, and it cannot be loaded.
    """
    dated: dict[str, tuple[int, OwnSet]] = {}
    for path in (*_folder().glob(f"{PREFIX}*.safetensors"), *_notes().glob(f"{PREFIX}*.json")):
        with suppress(OSError, SafetensorError, ValueError, KeyError, TypeError):
            changed = path.stat().st_mtime_ns
            if path.stem not in dated:
                dated[path.stem] = (changed, _header(path, changed))
    return tuple(found for _, found in sorted(dated.values(), key=lambda each: each[0], reverse=True))


def find_own(name: str) -> OwnSet | None:
    """The set called `name`, if there is one."""
    return next((each for each in own_sets() if each.name == name), None)


def read_own(name: str) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Training pictures and labels, test pictures and labels, and which of the first are nearly the same.

    ValueError if they are not there or damaged.
    """
    try:
        # Read, not mapped: should the file be cut short later on, touching what was mapped would end the process.
        found = load(_path(name).read_bytes())
        images, labels, test_images, test_labels = (found[part] for part in PARTS)
        alike = found.get(ALIKE, torch.arange(len(labels)))
    except (OSError, SafetensorError, KeyError) as error:
        known = find_own(name) is not None
        raise ValueError("its file is missing or damaged" if known else "its pictures are not here") from error
    if not len(labels):
        raise ValueError("its pictures were deleted")
    return images, labels, test_images, test_labels, alike


def is_open(name: str, who: str) -> bool:
    """False if the data set `name` is one that its maker, who is not `who`, keeps to themselves."""
    found = find_own(name) if name.startswith(PREFIX) else None
    return found is None or found.is_open_to(who)


def check_open(name: str, who: str) -> None:
    """Raise NotYours unless the data set `name` is open to `who`."""
    if not is_open(name, who):
        message = "The pictures of this data set are for whoever made it alone. Choose another data set."
        raise NotYours(message, told("refused.private_pictures"))


def delete_own(name: str, by: str) -> None:
    """Delete a set's pictures; its name and classes stay, for the runs that were trained on it. NotYours."""
    found = find_own(name)
    if found is None:
        return
    check_act("deleting", by)
    if found.owner:
        check_owner(f"“{found.title}”", found.owner, by)
    empty = torch.zeros(0, *SHAPES[found.kind], dtype=torch.uint8), torch.zeros(0, dtype=torch.int64)
    told = found._asdict() | {"deleted": True}
    _write(name, dict(zip(PARTS, empty * 2, strict=True)), {key: told[key] for key in told if key != "name"})


PARTS = ("train_images", "train_labels", "test_images", "test_labels")
ALIKE = "train_alike"


def _write(name: str, tensors: dict[str, Tensor], told: Mapping[str, object]) -> None:
    """Whole or not at all. OSError where nothing can be written."""
    path = _path(name)
    with _one_at_a_time:
        write_whole(path, lambda draft: save_file(tensors, draft, metadata={"own": json.dumps(told)}))
        write_whole(_notes() / f"{name}.json", json.dumps(told))  # what is known of it, should its file be damaged
        _header.cache_clear()


@lru_cache(maxsize=256)
def _header(path: Path, _changed: int) -> OwnSet:
    """What a set's file says of it, or else its note."""
    if path.suffix == ".json":
        told = json.loads(path.read_text(encoding="utf-8"))
        told |= {"damaged": not told["deleted"]}
    else:
        with safe_open(path, framework="pt") as file:
            told = json.loads(file.metadata()["own"])
            if "train_counts" not in told:  # made before each class had its share
                labels = file.get_tensor("train_labels")
                told["train_counts"] = torch.bincount(labels, minlength=len(told["classes"])).tolist()
        told |= {"damaged": False}
    told |= {"title": clean_name(str(told["title"])) or _TITLE, "classes": told_apart(told["classes"])}
    told |= {"train_counts": tuple(told["train_counts"])}
    told |= {"train_count": sum(told["train_counts"]), "bursts": tuple(map(tuple, told.get("bursts", ())))}
    told["still"] = tuple(told.get("still", ()))
    return OwnSet(name=path.stem, **told)


def _folder() -> Path:
    return data_folder("own")


def _notes() -> Path:
    return data_folder("own-notes")


def _path(name: str) -> Path:
    return _folder() / f"{name}.safetensors"
