"""A data set of one's own travels as a file, and nothing gets in that could not have been made here."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load, save
from torch import Tensor

from lib.datasets import load_dataset
from lib.datasets.loaded import delete, whole
from lib.datasets.own import ALIKE, OwnSet, own_sets, save_own
from lib.datasets.travel import FORMAT, MAX_BYTES, NotASet, open_own, own_file, own_set_for

pytestmark = pytest.mark.usefixtures("home")  # an empty one


def noise(count: int, seed: int) -> list[Tensor]:
    drawn = np.random.default_rng(seed).integers(0, 256, (count, 1, 28, 28), dtype=np.uint8)
    return list(torch.from_numpy(drawn))


def made(owner: str = "ann", title: str = "हाथ से") -> OwnSet:
    burst = [noise(1, 1)[0].clamp(0, 250) + step for step in range(4)]
    return save_own(title, "drawing", {"हिन्दी": burst + noise(9, 2), "ไทย": noise(7, 3)}, owner)


def told(content: bytes) -> dict[str, Any]:
    length = int.from_bytes(content[:8], "little")
    found: dict[str, Any] = json.loads(json.loads(content[8 : 8 + length])["__metadata__"][FORMAT])
    return found


def test_it_arrives_with_pictures_classes_and_cut_as_its_openers_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = made()
    sent, before = own_file(mine), whole(mine.name)
    assert b"ann" not in sent  # a browser's name is its key
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "elsewhere"))
    came = open_own("set.safetensors", sent, "ben")
    assert own_sets() == (came,)
    assert (came.owner, came.shared, came.origin) == ("ben", False, mine.name)
    assert not came.is_open_to("cas")
    same = ("title", "classes", "kind", "train_counts", "test_count", "bursts", "still")
    assert all(getattr(came, part) == getattr(mine, part) for part in same)
    assert whole(came.name).digest == before.digest
    assert load_dataset(came.name, valid_fraction=0.2).classes == ("हिन्दी", "ไทย")


def test_opened_twice_it_is_one_set_and_its_makers_own_stays_as_it_is() -> None:
    mine = save_own("Shared", "drawing", {"a": noise(6, 1), "b": noise(6, 2)}, "ann", shared=True)
    sent = own_file(mine)
    assert open_own("set", sent, "ann") == mine
    theirs = open_own("set", sent, "ben")
    assert open_own("set", own_file(theirs), "ben") == theirs
    assert len(own_sets()) == 2
    assert open_own("set", own_file(theirs), "cas").origin == mine.name  # where it was made, however far it went
    delete(mine.name, "ann")
    assert not open_own("set", sent, "ann").deleted


def test_what_speaks_of_it_finds_it_again_under_its_new_name() -> None:
    mine = made()
    came = open_own("set", own_file(mine), "ben")
    assert own_set_for(mine.name, "ann") == mine
    assert own_set_for(mine.name, "ben") == came
    assert own_set_for(mine.name, "cas") is None
    assert own_set_for("own-000000000000", "ben") is None


def changed(content: bytes, **parts: Tensor) -> bytes:
    return save(load(content) | parts, {FORMAT: json.dumps(told(content))})


def says(content: bytes, **more: object) -> bytes:
    return save(load(content), {FORMAT: json.dumps(told(content) | more)})


REFUSED: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda _: b"", "is no data set that was taken away"),
    (lambda content: content[:-1], "is damaged or cut off"),
    (lambda content: b"\xff" * 8 + content[8:], "is no data set"),
    (lambda content: (2**62).to_bytes(8, "little") + content[8:], "is no data set"),
    (lambda content: content + bytes(MAX_BYTES), "is larger than 15 MB"),
    (lambda _: (19_000).to_bytes(8, "little") + b"[" * 19_000, "is no data set"),
    (lambda content: save(load(content)), "is no data set"),
    (lambda content: save(load(content), {"config": "{}"}), "is no data set"),
    (lambda content: save(load(content), {FORMAT: "[" * 9_000}), "is no data set"),
    (lambda content: says(content, version=2), "has version 2"),
    (lambda content: says(content, owner="me"), "makes no sense"),
    (lambda content: says(content, origin="../../x"), "makes no sense"),
    (lambda content: says(content, classes=["a", "<b>"]), "makes no sense"),
    (lambda content: says(content, classes=["a", "A"]), "makes no sense"),
    (lambda content: says(content, classes=["a"]), "makes no sense"),
    (lambda content: says(content, title="x" * 31), "makes no sense"),
    (lambda content: says(content, still=[2]), "makes no sense"),
    (lambda content: says(content, classes=["a", "b", "c"]), "every class has 5 to 500"),
    (lambda content: says(content, kind="photo"), "do not have the size"),
    (lambda content: changed(content, more=torch.zeros(1)), "its parts are not"),
    (lambda content: changed(content, train_images=torch.zeros(17, 1, 28, 28)), "do not have the size"),
    (lambda content: changed(content, test_labels=torch.tensor([0, 1, 2, 0])), "do not have the size|in none of"),
    (lambda content: changed(content, train_labels=torch.full((16,), -1)), "do not have the size|in none of"),
    (lambda content: changed(content, train_alike=torch.full((16,), 2**40)), "which pictures are alike"),
    (lambda content: changed(content, train_alike=torch.zeros(3, dtype=torch.int64)), "which pictures are alike"),
    (lambda content: changed(content, train_alike=torch.zeros_like(load(content)[ALIKE])), "two classes cannot"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_what_could_not_have_been_made_here_is_refused_in_words(change: Callable[[bytes], bytes], said: str) -> None:
    sent = own_file(made())
    with pytest.raises(NotASet, match=said):
        open_own("x.safetensors", change(sent), "ben")
    assert len(own_sets()) == 1


def test_a_thousand_wounds_are_refused_or_heal() -> None:
    """Bytes of the header and of the tensors are overwritten, taken out and doubled; what is kept can be loaded."""
    sent, draw = own_file(made()), random.Random(0)
    refused = 0
    for _ in range(1_000):
        wounded = bytearray(sent)
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(1_200 if draw.random() < 0.8 else len(wounded))
            match draw.randrange(3):
                case 0:
                    wounded[place] = draw.randrange(256)
                case 1:
                    del wounded[place : place + draw.randint(1, 40)]
                case _:
                    wounded[place:place] = wounded[place : place + draw.randint(1, 40)]
        try:
            came = open_own("x", bytes(wounded), "ben")
        except NotASet:
            refused += 1
        else:
            assert len(load_dataset(came.name, valid_fraction=0.2).train) > 0
            delete(came.name, "ben")
    assert 500 < refused < 1_000
