"""A net whose pictures are not here: every view of every page shows what it can, and says what is missing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from lib.config import Conv2d, DataConfig, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.datasets import DatasetUnavailable, list_datasets, load_dataset, loaded, own
from lib.datasets.catalogue import info
from lib.datasets.loaded import delete
from lib.datasets.measured_rules import conventions, known_of
from lib.datasets.own import SHAPES, Kind, save_own, shrink
from lib.export.catalogue import exports_of
from lib.home import data_folder, home
from lib.nets.ready import read_net
from lib.runs import Run, get_registry
from lib.runs.registry import _registry
from lib.ui.frame.page import PAGES
from lib.ui.words import say, text

VIEWS = [
    ("start", {}),
    ("train", {}),
    *(("look_inside", {"view": view}) for view in ("maps", "bench", "matters", "surgery", "backwards")),
    *(("classify", {"classify-view": view}) for view in ("picture", "many", "sureness", "shift")),
    *(("diagnose", {"diagnose-view": view}) for view in ("mistakes", "gap", "projection", "doctor")),
    *(("compare", {"compare-view": view}) for view in ("runs", "experiments", "finder", "sweep")),
    *(
        ("learn", {"section": view})
        for view in ("lessons", "neurons", "loss", "descent", "iteration", "cost", "clusters")
    ),
    *(("data", {"data-view": view}) for view in ("pictures", "labels", "split", "colour", "own")),
]
# Where the sentence is that says how to get the pictures.
TOLD = [view for view in VIEWS if view[0] in ("look_inside", "classify", "diagnose", "learn")]
FEW = [VIEWS[1], VIEWS[2], VIEWS[7], VIEWS[11], VIEWS[15]]  # a view of each page that shows a run


def named(view: tuple[str, dict[str, str]]) -> str:
    return "-".join([view[0], *view[1].values()])


def noise(kind: Kind, seed: int) -> list[torch.Tensor]:
    drawn = np.random.default_rng(seed).integers(0, 256, (8, *SHAPES[kind]), dtype=np.uint8)
    return list(torch.from_numpy(drawn))


def trained(data: str, *, test_size: int | None = None, train_size: int | None = None) -> Run:
    model = ModelConfig(layers=(Conv2d(2), MaxPool2d(4), Flatten(), Dense(4)))
    chosen = DataConfig(name=data, valid_fraction=0.2, train_size=train_size, test_size=test_size)
    train = TrainConfig(epochs=2, precision="fp32", batch_size=16)
    run = get_registry().start(RunConfig(data=chosen, model=model, train=train), "ann")
    assert run.wait(120, "finished")
    return run


def own_deleted(patch: pytest.MonkeyPatch) -> Run:
    run = trained(save_own("Mine", "drawing", {"हिन्दी": noise("drawing", 1), "b": noise("drawing", 2)}, "ann").name)
    delete(run.config.data.name, "ann")
    return run


def own_emptied(patch: pytest.MonkeyPatch) -> Run:
    run = trained(save_own("Mine", "photo", {"a": noise("photo", 1), "b": noise("photo", 2)}, "ann").name)
    shutil.rmtree(data_folder("own"))
    return run


def no_package(patch: pytest.MonkeyPatch) -> Run:
    run = trained("mnist-5k", train_size=100, test_size=50)
    patch.setattr("lib.datasets.sets.mnist_5k.find_spec", lambda _: None)
    return run


def no_download(patch: pytest.MonkeyPatch) -> Run:
    run = trained("fashion-mnist", train_size=100, test_size=50)
    patch.setattr("lib.datasets.local.SYSTEM", Path("/nowhere"))
    return run


# Every view once, and a view of each page for every other way in which pictures can be missing.
WALK = [(own_emptied, view) for view in VIEWS]
WALK += [(how, view) for how in (own_deleted, no_package, no_download) for view in FEW]
of_each_kind = pytest.mark.parametrize("gone", [own_deleted, no_package], indirect=True, ids=lambda each: each.__name__)


@pytest.fixture(scope="module")
def gone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """A run that has ended, in a home of its own, after its pictures went."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("GLASSHOUSE_HOME", str(home))
        take_away: Callable[[pytest.MonkeyPatch], Run] = request.param
        try:
            run = take_away(patch)
        except ValueError as problem:
            if "not on this machine" in str(problem):
                pytest.skip(str(problem))
            raise
        patch.setattr("lib.datasets.loaded._loaded", {})
        get_registry().close()
        _registry.cache_clear()
        yield run.id, home


@pytest.fixture
def run(gone: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(gone[1]))
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "ann")
    found = get_registry().find(gone[0])
    assert found is not None
    return found


def opened(page: str, run: Run, state: dict[str, str]) -> AppTest:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    at.query_params["run"] = run.id
    for key, value in state.items():
        at.session_state[key] = value
    return at.run()


def said(at: AppTest) -> str:
    kinds = (at.warning, at.info, at.caption, at.markdown, at.error)
    return " ".join(str(each.value) for kind in kinds for each in kind)


@pytest.mark.parametrize(
    ("gone", "view"), WALK, indirect=["gone"], ids=lambda each: getattr(each, "__name__", None) or named(each)
)
def test_every_view_opens(view: tuple[str, dict[str, str]], run: Run) -> None:
    at = opened(view[0], run, view[1])
    assert not at.exception
    words = said(at)
    assert "This page could not be shown" not in words
    assert "This part of the page could not be shown" not in words
    assert "ready net" not in words or view[0] in ("start", "learn", "compare", "classify")
    if view in TOLD:
        assert "learned from" in words, words


@of_each_kind
def test_what_needs_no_pictures_can_still_be_had(run: Run, tmp_path: Path) -> None:
    with pytest.raises(DatasetUnavailable):
        _ = run.pictures
    data, about = run.dataset, info(run.config.data.name)
    assert (data.classes, data.input_shape) == (about.classes, about.input_shape)
    assert not any(len(split) for split in (data.train, data.valid, data.test))
    assert run.dataset is data
    made = {each.kind: each for group in exports_of(run).values() for each in group}
    assert not made["weights"].problem
    assert made["onnx"].problem is None or "pip install" in made["onnx"].problem
    (run_file := tmp_path / "net.safetensors").write_bytes(made["weights"].make())
    assert read_net(run_file, "net", "net").dataset.classes == about.classes
    assert about.title.split(" (")[0] in made["report"].make().decode()


@of_each_kind
def test_the_gap_is_told_from_what_was_kept(run: Run) -> None:
    at = opened("diagnose", run, {"diagnose-view": "gap"})
    last, tested = run.log.epochs[-1], run.test_numbers
    assert tested is not None
    assert f"**{text.percent(tested['accuracy'])}** of test pictures" in said(at)
    assert f"**{text.percent(last['train_accuracy'])}** of those it was trained on" in said(at)


@of_each_kind
def test_the_doctor_says_what_was_not_looked_at(run: Run) -> None:
    at = opened("diagnose", run, {"diagnose-view": "doctor"})
    assert say("missing.layers") in said(at)


@pytest.mark.parametrize("name", ["digits", "doodles", "drawn-digits", "mnist-5k", "fashion-mnist"])
def test_what_is_known_of_a_set_is_what_its_pictures_say(name: str, quick_digits: None) -> None:
    about = next(each for each in list_datasets() if each.name == name)
    if not about.available:
        pytest.skip(f"{name} is not here")
    there, empty = load_dataset(name), known_of(about, scale_pixels=True)
    assert conventions(empty) == conventions(there)
    assert (empty.test.scale, empty.classes, empty.input_shape) == (there.test.scale, there.classes, there.input_shape)


@pytest.mark.parametrize("kind", ["photo", "drawing"])
def test_the_same_of_one_s_own(kind: Kind) -> None:
    def bar(seed: int) -> torch.Tensor:
        draw = np.random.default_rng(seed)
        pixels = np.full((100, 100), 250, np.uint8)
        (x, y), wide, high = draw.integers(10, 40, 2), *draw.integers(5, 50, 2)
        pixels[y : y + high, x : x + wide] = 10
        small = shrink(Image.fromarray(pixels).convert("RGB"), kind)
        assert small is not None
        return small

    own = save_own("Bars", kind, {"a": list(map(bar, range(9))), "b": list(map(bar, range(9, 18)))})
    assert conventions(known_of(info(own.name), scale_pixels=True)) == conventions(load_dataset(own.name))


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run on pictures of one's own, which are still there."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "ann")
    return trained(save_own("Mine", "drawing", {"a": noise("drawing", 1), "b": noise("drawing", 2)}, "ann").name)


@pytest.mark.parametrize("view", FEW, ids=named)
def test_a_stranger_s_private_pictures_are_none_of_others_business(
    view: tuple[str, dict[str, str]], mine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "ben")
    at = opened(view[0], mine, view[1])
    assert not at.exception
    assert "There is no run with this address" in said(at)
    assert "could not be shown" not in said(at)


@pytest.mark.parametrize("view", FEW, ids=named)
def test_pictures_that_vanish_while_a_page_is_open(view: tuple[str, dict[str, str]], mine: Run) -> None:
    """Nothing at all is known any more: not even the classes."""
    at = opened(view[0], mine, view[1])
    assert not at.exception
    for folder in ("own", "own-notes"):
        shutil.rmtree(data_folder(folder))
    loaded._loaded.clear()
    own._header.cache_clear()
    mine._let_go()
    at = at.run()
    assert not at.exception
    assert "missing or damaged beyond reading" in said(at)
    assert "could not be shown" not in said(at)


@pytest.mark.parametrize("view", [each for each in VIEWS if each[0] == "diagnose"], ids=named)
def test_diagnose_says_that_weights_are_lost(view: tuple[str, dict[str, str]], mine: Run) -> None:
    for path in (home() / "runs" / mine.id).glob("*.safetensors"):
        path.write_bytes(b"damaged")
    mine._let_go()
    at = opened(view[0], mine, view[1])
    assert not at.exception
    words = said(at)
    assert "could not be shown" not in words
    assert "cannot be read" in words or "weights are not here" in words
