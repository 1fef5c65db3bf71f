"""A recording of a run on somebody's own classes replays where neither the run nor its pictures are."""

import json
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import Tensor

from lib.config import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.datasets import list_datasets
from lib.datasets.catalogue import info
from lib.datasets.own import OwnSet, find_own, own_sets, save_own
from lib.datasets.travel import open_own, own_file
from lib.export.catalogue import exports_of
from lib.nets.recording import RecordedRun, find_recorded, keep_recording, record
from lib.nets.recording_file import NotARecording, parse_recording, to_bytes
from lib.runs import get_registry
from lib.ui.frame.page import PAGES
from lib.ui.train import take_away

NAMES = ("हिन्दी", "a\u0308rger")  # the second one with its dots apart


def noise(count: int, seed: int) -> list[Tensor]:
    drawn = np.random.default_rng(seed).integers(0, 256, (count, 1, 28, 28), dtype=np.uint8)
    return list(torch.from_numpy(drawn))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[OwnSet, bytes, bytes]:
    """The set, its file and a recording, from a home that nobody looks into again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSHOUSE_HOME", str(tmp_path_factory.mktemp("first")))
        own = save_own("ไทย", "drawing", {name: noise(8, seed) for seed, name in enumerate(NAMES)}, "ann")
        data = DataConfig(name=own.name, valid_fraction=0.2)
        config = RunConfig(
            data=data, model=ModelConfig(layers=(Flatten(), Dense(4))), train=TrainConfig(epochs=2, precision="fp32")
        )
        run = get_registry().start(config, "ann")
        assert run.wait(120, "finished")
        return own, own_file(own), to_bytes(record("letters", run))


@pytest.fixture
def elsewhere(made: tuple[OwnSet, bytes, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedRun:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setattr("lib.datasets.absent._told", OrderedDict())
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "ben")
    return keep_recording(parse_recording("letters.json", made[2]))


def test_it_tells_of_classes_that_are_known_nowhere_else(
    made: tuple[OwnSet, bytes, bytes], elsewhere: RecordedRun
) -> None:
    own = made[0]
    assert find_own(own.name) is None
    about = info(own.name)
    assert about.classes == own.classes == ("हिन्दी", "\u00e4rger")
    assert (about.title, about.train_counts, about.available) == ("ไทย (not here)", own.train_counts, False)
    assert about not in list_datasets("ben")  # nobody can choose it
    assert find_recorded(elsewhere.id) is not None


@pytest.mark.parametrize("page", ["train", "classify", "look_inside", "diagnose", "compare", "data"])
def test_every_page_takes_it(elsewhere: RecordedRun, page: str) -> None:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    at.query_params["run"] = elsewhere.id
    at.run()
    assert not at.exception
    assert not [each.value for each in at.warning if "no run" in each.value or "missing" in each.value]
    if page in ("train", "data"):
        wanted = "the pictures of “ไทย” (हिन्दी, \u00e4rger), which are not here: open the set's file on Data"
        assert any(wanted in each.value for each in at.caption)


def test_its_files_can_be_had_as_far_as_they_need_no_pictures(elsewhere: RecordedRun) -> None:
    made = {each.kind: each.make() for group in exports_of(elsewhere).values() for each in group if not each.problem}
    assert {"torch", "notebook", "keras", "report", "recording", "setup", "csv"} <= set(made)
    compile(made["torch"], "program", "exec")
    assert "हिन्दी" in made["report"].decode()
    assert parse_recording("again", made["recording"]) == elsewhere.recording


def test_where_its_pictures_came_as_a_file_it_shows_them(
    made: tuple[OwnSet, bytes, bytes], elsewhere: RecordedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = open_own("set", made[1], "ben")
    assert came.name != made[0].name
    shown = take_away._with_pictures("letters.json", elsewhere.recording)
    assert shown.config.data.name == came.name
    run = keep_recording(shown)
    assert run.dataset.classes == own_sets()[0].classes
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "cas")
    with pytest.raises(NotARecording, match="keeps to themselves"):
        take_away._with_pictures("letters.json", shown)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"classes": ["a", "<b>"]}, "no name that can be given"),
        ({"classes": ["a", "A"]}, "two classes have the same name"),
        ({"classes": ["a", "b", "c"]}, "does not count the pictures"),
        ({"classes": ["a", "b", "c"], "train_counts": [5, 5, 5], "bursts": []}, "has 3 classes"),
        ({"train_counts": [10**9, 1]}, "train_counts"),
        ({"bursts": [[500], []]}, "more pictures are alike"),
        ({"kind": "film"}, "kind"),
        ({"title": "![](x)"}, "no name that can be given"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_pictures_that_make_no_sense_are_refused(
    made: tuple[OwnSet, bytes, bytes], elsewhere: RecordedRun, change: dict[str, object], said: str
) -> None:
    values = json.loads(made[2])
    values["pictures"] |= change
    with pytest.raises(NotARecording, match=said):
        parse_recording("x.json", json.dumps(values).encode())


def test_a_set_that_is_here_is_not_told_otherwise(made: tuple[OwnSet, bytes, bytes], elsewhere: RecordedRun) -> None:
    other = save_own("Here", "drawing", {"a": noise(6, 1), "b": noise(6, 2)}, "ben")
    values = json.loads(made[2])
    values["config"]["data"]["name"] = other.name
    with pytest.raises(NotARecording, match="has other ones"):
        parse_recording("x.json", json.dumps(values).encode())
    values["config"]["data"]["name"] = "digits"
    with pytest.raises(NotARecording, match="is a data set that ships"):
        parse_recording("x.json", json.dumps(values).encode())
