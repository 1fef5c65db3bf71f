"""A link or a set-up file for pictures that are not here asks for them, and applies as soon as they are."""

from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import Tensor

from lib.config import Conv2d, DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.datasets.own import OwnSet, own_sets, save_own
from lib.datasets.travel import own_file
from lib.export.setup_json import parse_setup, setup_file
from lib.home import HomeFailure
from lib.nets.recording import recorded_runs
from lib.nets.recording_file import to_bytes
from lib.ui.frame.page import PAGES
from lib.ui.setup.link import to_link

CLASSES = ("ä", "b")


def noise(count: int, seed: int) -> list[Tensor]:
    drawn = np.random.default_rng(seed).integers(0, 256, (count, 1, 28, 28), dtype=np.uint8)
    return list(torch.from_numpy(drawn))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[OwnSet, bytes, bytes]:
    """A set and its file, and the file of another one, from a home that nobody looks into again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSHOUSE_HOME", str(tmp_path_factory.mktemp("first")))
        own = save_own("Letters", "drawing", {name: noise(8, seed) for seed, name in enumerate(CLASSES)}, "ann")
        other = save_own("Others", "drawing", {name: noise(6, seed) for seed, name in enumerate("xy", 5)}, "ann")
        return own, own_file(own), own_file(other)


@pytest.fixture
def wanted(made: tuple[OwnSet, bytes, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    """What somebody made elsewhere; here is an empty home, and another person."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "ben")
    return RunConfig(
        data=DataConfig(name=made[0].name, valid_fraction=0.2, train_size=9),
        model=ModelConfig(layers=(Conv2d(3), Flatten(), Dense(7))),
        train=TrainConfig(learning_rate=0.03, batch_size=8, epochs=4, precision="fp32"),
    )


def opened(page: str, query: dict[str, str], **session: object) -> AppTest:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=120)
    for name, value in query.items():
        at.query_params[name] = value
    for name, value in session.items():
        at.session_state[name] = value
    return at.run()


def setup(at: AppTest) -> RunConfig:
    return RunConfig.model_validate_json(at.session_state["setup"])


def asks(at: AppTest, name: str) -> bool:
    return any(f"**{name}**, which are not here for you" in each.value for each in at.markdown)


def bring(at: AppTest, content: bytes, key: str = "lacking") -> None:
    (uploader,) = [each for each in at.file_uploader if str(each.key).startswith(f"{key}-")]
    uploader.set_value(("set.safetensors", content, "application/octet-stream")).run()


def is_complete(at: AppTest, wanted: RunConfig) -> bool:
    """True if the set-up is the one that was wanted, on the pictures that came."""
    (came,) = [each for each in own_sets() if each.title == "Letters"]
    there = wanted.model_copy(update={"data": wanted.data.model_copy(update={"name": came.name})})
    return bool(setup(at) == there and not at.exception and not asks(at, wanted.data.name))


def test_a_link_says_which_pictures_it_lacks_and_applies_when_they_come(
    wanted: RunConfig, made: tuple[OwnSet, bytes, bytes]
) -> None:
    at = opened("train", to_link(wanted))
    assert not at.exception
    assert asks(at, made[0].name)
    assert not at.warning  # once is enough
    elsewhere = opened("classify", to_link(wanted))
    assert any(
        made[0].name in each.value and "Train and Data take their file" in each.value for each in elsewhere.warning
    )
    assert setup(at).model == wanted.model  # what can be shown meanwhile is
    bring(at, made[2])
    assert any("“Others” is yours now" in each.value for each in at.warning)
    assert asks(at, made[0].name)
    bring(at, b"no set")
    assert asks(at, made[0].name)
    assert at.error
    at = opened("train", to_link(wanted))
    bring(at, made[1])
    assert is_complete(at, wanted)
    assert any("“Letters” is yours now: 16 pictures" in each.value for each in at.success)
    assert not at.warning
    again = opened("train", to_link(wanted))  # the same link, now that they are here
    assert is_complete(again, wanted)


def test_it_applies_also_where_the_pictures_come_another_way(
    wanted: RunConfig, made: tuple[OwnSet, bytes, bytes]
) -> None:
    at = opened("data", to_link(wanted), **{"data-view": "own"})
    assert asks(at, made[0].name)
    bring(at, made[1], "own-arrives")
    assert is_complete(at, wanted)


def test_one_can_do_without_it(wanted: RunConfig, made: tuple[OwnSet, bytes, bytes]) -> None:
    at = opened("train", to_link(wanted))
    at.button(key="lacks-without").click().run()
    assert not asks(at, made[0].name)
    assert not at.warning
    assert setup(at).model == wanted.model


def test_a_set_up_file_waits_for_its_pictures(wanted: RunConfig, made: tuple[OwnSet, bytes, bytes]) -> None:
    content = setup_file("letters", wanted).encode()
    assert parse_setup("letters.json", content) == wanted
    at = opened("train", {"data": "digits", "v": "1"}, dialog="files")
    before = setup(at)
    at.file_uploader(key="open-file").set_value(("letters.json", content, "application/json")).run()
    assert not at.error
    assert asks(at, made[0].name)
    assert setup(at) == before
    bring(at, made[1])
    assert is_complete(at, wanted)


def reloaded(at: AppTest, page: str) -> AppTest:
    """A session that knows nothing but the address."""
    return opened(page, dict(at.query_params))


@pytest.mark.parametrize("page", ["train", "data"])
def test_a_reload_keeps_what_waits(wanted: RunConfig, made: tuple[OwnSet, bytes, bytes], page: str) -> None:
    at = opened("train", {"data": "digits", "v": "1", "epochs": "7"}, dialog="files")
    at.file_uploader(key="open-file").set_value(
        ("letters.json", setup_file("letters", wanted).encode(), "application/json")
    ).run()
    again = reloaded(at, page)
    assert asks(again, made[0].name)
    assert setup(again) == setup(at)
    assert setup(again).train.epochs == 7  # until they come, what was there before is what trains
    bring(again, made[1])
    assert is_complete(again, wanted)
    assert "waits" not in again.query_params
    at = reloaded(opened("train", to_link(wanted)), page)
    assert not asks(at, made[0].name)  # they are here by now


def test_what_one_did_without_does_not_come_back(wanted: RunConfig, made: tuple[OwnSet, bytes, bytes]) -> None:
    at = opened("train", to_link(wanted))
    at.button(key="lacks-without").click().run()
    assert "waits" not in at.query_params
    assert not asks(reloaded(at, "train"), made[0].name)


@pytest.mark.parametrize(
    "said",
    ["", "=", "data", "data=digits", "data=own-xyz", "%00", "net=" + "f" * 9_000, "&" * 5_000, "data=own-../../x"],
)
def test_an_address_that_waits_for_nothing_says_nothing(wanted: RunConfig, said: str) -> None:
    at = opened("train", {"data": "digits", "waits": said})
    assert not at.exception
    assert not any("which are not here for you" in each.value for each in at.markdown)


def test_who_may_not_see_pictures_is_asked_as_if_they_were_not_here(
    wanted: RunConfig, made: tuple[OwnSet, bytes, bytes]
) -> None:
    nowhere = opened("train", to_link(wanted))
    own = save_own("Letters", "drawing", {name: noise(8, seed) for seed, name in enumerate(CLASSES)}, "ann")
    assert own.name == made[0].name
    hidden = opened("train", to_link(wanted))
    assert [each.value for each in hidden.warning] == [each.value for each in nowhere.warning]
    assert asks(hidden, own.name)
    assert not any("Letters" in each.value for each in (*hidden.markdown, *hidden.caption))


def test_a_recording_that_cannot_be_kept_says_so_where_it_was_opened(
    wanted: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object) -> None:
        raise HomeFailure("full", path)

    monkeypatch.setattr("lib.nets.recording.write_whole", full)
    recording = next(iter(recorded_runs().values())).recording.model_copy(update={"name": "mine"})
    at = opened("train", {"data": "digits", "v": "1"}, dialog="files")
    at.file_uploader(key="open-file").set_value(("mine.json", to_bytes(recording), "application/json")).run()
    assert not at.exception
    assert any("mine.json cannot be kept here. The disk is full" in each.value for each in at.error)
