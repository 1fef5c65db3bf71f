"""Your own classes on the Data page: pictures go into classes, become a data set, and train."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from lib.config import Flatten, ModelConfig, RunConfig, TrainConfig
from lib.datasets.loaded import delete, whole
from lib.datasets.own import own_sets
from lib.datasets.owned import NotYours
from lib.datasets.travel import own_file
from lib.home.place import data_folder
from lib.runs import get_registry
from lib.ui.frame.page import PAGES
from tests.datasets.zips import zipped

RED, BLUE = (200, 40, 40), (40, 40, 200)


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    """AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")


def photo(colour: tuple[int, int, int], seed: int) -> bytes:
    pixels = np.clip(np.random.default_rng(seed).normal(colour, 30, (40, 50, 3)), 0, 255).astype(np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def uploader(at: AppTest, kind: str = "files") -> Any:
    """Where pictures are brought ("files"), or a whole set ("arrives")."""
    return next(each for each in at.file_uploader if str(each.key).startswith(f"own-{kind}-"))


def opened(page: str = "data", **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    for name, value in ({"data": "digits"} | query).items():
        at.query_params[name] = value
    at.session_state["data-view"] = "own"
    return at.run()


def named(at: AppTest, *names: str) -> AppTest:
    for place, name in enumerate(names):
        at.text_input(key=f"own-name-{at.session_state['own-draft']['round']}-{place}").set_value(name).run()
    return at


def bring(at: AppTest, class_id: int, colour: tuple[int, int, int], count: int) -> AppTest:
    at.session_state["own-draft"]["chosen"] = class_id
    sent = [(f"{place}.png", photo(colour, 100 * class_id + place), "image/png") for place in range(count)]
    uploader(at).set_value(sent).run()
    return at


def setup(at: AppTest) -> RunConfig:
    return RunConfig.model_validate_json(at.session_state["setup"])


def counts(at: AppTest) -> list[int]:
    return [len(each["pictures"]) for each in at.session_state["own-draft"]["classes"]]


def made() -> AppTest:
    at = bring(bring(named(opened(), "red", "blue"), 0, RED, 10), 1, BLUE, 10)
    at.button(key="own-keep").click().run()
    assert not at.exception
    return at


def test_S67_pictures_are_named_counted_kept_and_used() -> None:
    at = opened()
    assert not at.exception
    assert at.button(key="own-keep").disabled
    assert any("10 more pictures: every class needs at least 5" in each.value for each in at.caption)
    bring(at, 0, RED, 10)
    assert counts(at) == [10, 0]
    bring(at, 1, BLUE, 10)
    assert counts(at) == [10, 10]
    assert any("Give every class a name" in each.value for each in at.caption)
    named(at, "red", "blue")
    at.text_input(key="own-title-0").set_value("Two <b>colours</b>").run()
    at.button(key="own-keep").click().run()
    assert not at.exception
    (kept,) = own_sets()
    assert (kept.title, kept.classes) == ("Two b colours b", ("red", "blue"))
    full = whole(kept.name)
    assert ((full.train_images[:, 0].float().mean((1, 2)) > 120) == (full.train_labels == 0)).all()
    config = setup(at)
    assert config.data.name == kept.name
    assert (config.train.batch_size, config.train.epochs) == (8, 200)
    assert counts(at) == [0, 0]  # ready for the next one
    assert at.query_params["data"] == kept.name


def test_S67_a_net_learns_the_classes_that_were_brought() -> None:
    at = made()
    config = setup(at)
    config = config.model_copy(update={"train": config.train.model_copy(update={"epochs": 30})})
    run = get_registry().start(config, "this-session")
    assert run.wait(120)
    assert run.state == "finished"
    assert run.tested is not None
    assert run.tested.accuracy == 1.0


@pytest.mark.parametrize("page", ["train", "classify", "look_inside", "diagnose", "compare", "data"])
def test_S67_every_page_takes_such_a_set(page: str) -> None:
    at = made()
    again = opened(page, data=at.query_params["data"])
    assert not again.exception
    if page == "train":
        assert setup(again).data.name == at.query_params["data"]


def test_what_cannot_be_read_is_named_and_the_rest_goes_on() -> None:
    at = opened()
    files = [("good.png", photo(RED, 1), "image/png"), ("<bad>.png", b"no picture", "image/png")]
    uploader(at).set_value(files).run()
    assert counts(at) == [1, 0]
    said = " ".join(each.value for each in at.html)
    assert "&lt;bad&gt;.png" in said
    assert "This is not a picture that can be read here" in said


def test_classes_come_and_go_with_their_pictures() -> None:
    at = opened()
    at.button(key="own-add-class").click().run()
    bring(at, 2, RED, 2)
    assert counts(at) == [0, 0, 2]
    at.button(key="own-drop-2").click().run()
    assert not at.exception
    assert counts(at) == [0, 0]
    assert at.button(key="own-drop-0").disabled  # two are the fewest
    for _ in range(8):
        at.button(key="own-add-class").click().run()
    assert at.button(key="own-add-class").disabled
    assert len(counts(at)) == 10


@pytest.mark.parametrize(("name", "other"), [("C", "C#"), ("same", "Same "), ("\u00e4", "a\u0308")])
def test_two_names_that_become_alike_are_said_at_once_and_pictures_stay_apart(name: str, other: str) -> None:
    at = named(opened(), name, other)
    assert any("another class is called so already" in each.value for each in at.warning)
    at.segmented_control(key="own-chosen-0").set_value(1).run()
    bring(bring(at, 1, BLUE, 5), 0, RED, 6)
    assert counts(at) == [6, 5]
    assert at.button(key="own-keep").disabled
    named(at, name, "another")
    assert not at.warning
    at.button(key="own-keep").click().run()
    (kept,) = own_sets()
    assert kept.classes == (name, "another")


def zip_of(names: dict[str, tuple[int, int, int]]) -> list[tuple[str, bytes, str]]:
    files = {name: photo(colour, place) for place, (name, colour) in enumerate(names.items())}
    return [("things.zip", zipped(files), "application/zip")]


FOLDERS = {
    f"things/{colour}/{place}.png": value for colour, value in (("red", RED), ("हिन्दी", BLUE)) for place in range(6)
}


def test_folders_of_a_zip_are_offered_as_classes() -> None:
    at = opened()
    uploader(at).set_value(zip_of(FOLDERS)).run()
    assert counts(at) == [0, 0]  # nothing is read before it is known where to
    assert "2 folders in the zip: red (6), हिन्दी (6)" in at.info[0].value
    at.button(key="own-by-folder").click().run()
    assert not at.exception
    assert counts(at) == [6, 6]
    assert [each["name"] for each in at.session_state["own-draft"]["classes"]] == ["red", "हिन्दी"]
    assert [each.value for each in at.text_input if (each.key or "").startswith("own-name")] == ["red", "हिन्दी"]
    at.button(key="own-keep").click().run()
    assert own_sets()[0].classes == ("red", "हिन्दी")


def test_folders_of_a_zip_may_also_go_to_one_class_and_the_next_zip_is_asked_about_again() -> None:
    at = opened()
    uploader(at).set_value(zip_of(FOLDERS)).run()
    at.button(key="own-all-to").click().run()
    assert counts(at) == [12, 0]
    uploader(at).set_value(zip_of({"red/1.png": RED, "blue\\2.png": BLUE, "green/3.png": (9, 200, 9)})).run()
    assert "3 folders" in at.info[0].value
    at.button(key="own-by-folder").click().run()
    assert not at.exception
    names = [each["name"] for each in at.session_state["own-draft"]["classes"]]
    assert names == ["", "red", "blue", "green"]


def test_folders_that_cannot_be_classes_are_said() -> None:
    at = opened()
    uploader(at).set_value(zip_of({"C/1.png": RED, "C#/2.png": BLUE})).run()
    assert at.button(key="own-by-folder").disabled
    assert "“C#” becomes “C”" in at.warning[0].value
    at = opened()
    uploader(at).set_value(zip_of({f"class {n}/1.png": (20 * n, 0, 0) for n in range(11)})).run()
    assert at.button(key="own-by-folder").disabled
    assert "more than 10 classes" in at.warning[0].value


def test_the_same_picture_is_taken_once_and_said() -> None:
    at = named(opened(), "red", "blue")
    bring(bring(at, 0, RED, 5), 0, RED, 5)
    assert counts(at) == [5, 0]
    assert [why for _, why in at.session_state["own-draft"]["refused"]] == ["This picture is there already."] * 5
    at.session_state["own-draft"]["chosen"] = 1
    uploader(at).set_value([("0.png", photo(RED, 0), "image/png")]).run()
    assert counts(at) == [5, 0]
    assert "Another class has this very picture" in at.session_state["own-draft"]["refused"][0][1]


def test_a_class_of_one_scene_is_said_to_prove_little() -> None:
    one = [("0.png", photo(RED, 0), "image/png")]
    at = named(opened(), "still", "moving")
    for shade in range(5):
        pixels = np.asarray(Image.open(BytesIO(one[0][1]))).astype(int) + shade
        buffer = BytesIO()
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "PNG")
        uploader(at).set_value([(f"{shade}.png", buffer.getvalue(), "image/png")]).run()
    bring(at, 1, BLUE, 6)
    at.button(key="own-keep").click().run()
    assert any("All pictures of still are nearly the same" in each.value for each in at.caption)


def test_a_full_disk_is_said_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    at = bring(bring(named(opened(), "red", "blue"), 0, RED, 5), 1, BLUE, 5)
    monkeypatch.setattr("lib.datasets.own.save_file", full)
    at.button(key="own-keep").click().run()
    assert "look whether the disk is full" in at.error[0].value
    assert counts(at) == [5, 5]


def test_at_the_home_s_limit_a_set_is_refused_in_words_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    made()
    taken = own_file(own_sets()[0])
    monkeypatch.setattr(get_registry().space, "most_mb", 1)
    ballast = data_folder("other") / "large"
    ballast.parent.mkdir(parents=True)
    ballast.write_bytes(bytes(990_000))
    at = bring(bring(named(opened(), "one", "two"), 0, RED, 5), 1, BLUE, 5)
    at.button(key="own-keep").click().run()
    assert not at.exception
    (said,) = [each.value for each in at.error]
    assert "this would add 0.1 MB; this machine allows 1 MB" in said
    assert "delete data sets of your own, on Data" in said
    assert counts(at) == [5, 5]
    uploader(at, "arrives").set_value(("set.safetensors", taken, "application/octet-stream")).run()
    assert any("this machine allows 1 MB" in each.value for each in at.error)
    assert len(own_sets()) == 1
    ballast.unlink()
    at.button(key="own-keep").click().run()
    assert len(own_sets()) == 2


@pytest.mark.parametrize("view", ["pictures", "split", "labels"])
def test_a_deleted_set_is_said_wherever_it_is_still_chosen(view: str) -> None:
    at = made()
    name = at.query_params["data"]
    delete(name, "this-session")
    at.session_state["data-view"] = view
    at.run()
    assert not at.exception
    if view != "labels":
        assert any("are no longer there. Choose other ones." in each.value for each in at.caption)
    assert name not in opened("train").selectbox(key="setup.data.name").options


def test_deleting_takes_the_set_up_elsewhere() -> None:
    at = made()
    name = at.query_params["data"]
    at.button(key=f"own-delete-{name}").click().run()
    assert not at.exception
    assert setup(at).data.name == "doodles"
    assert [each.deleted for each in own_sets()] == [True]


def test_it_is_said_in_german_too() -> None:
    at = opened(lang="de")
    assert not at.exception
    assert any("Noch 10 Bilder" in each.value for each in at.caption)


def test_drawings_are_the_other_kind() -> None:
    at = opened()
    at.session_state["own-draft"]["kind"] = "drawing"
    at.run()
    blank, buffer = Image.new("RGB", (60, 60), "white"), BytesIO()
    blank.save(buffer, "PNG")
    uploader(at).set_value([("empty.png", buffer.getvalue(), "image/png")]).run()
    assert counts(at) == [0, 0]
    assert any("There is no ink on this picture." in each.value for each in at.html)
    assert at.button(key="own-take-drawing").label == "Add this drawing to class 1"


def others(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on another browser looks."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "somebody-else")


def test_only_me_is_the_default_and_nobody_else_sees_or_deletes_the_set(monkeypatch: pytest.MonkeyPatch) -> None:
    at = made()
    name = at.query_params["data"]
    run = get_registry().start(setup(at), "this-session", stepping=True)
    assert run.wait(120, "paused")
    others(monkeypatch)
    with pytest.raises(NotYours):
        get_registry().start(run.config, "somebody-else")
    assert run not in get_registry().newest(50, "somebody-else")
    assert run in get_registry().newest(50, "this-session")
    for page in ("train", "data", "compare", "classify"):
        link = opened(page, data=name)
        assert not link.exception
        assert any("which are not here for you" in each.value for each in (*link.warning, *link.markdown)), page
        assert setup(link).data.name != name
        assert not any(name in box.options or "My classes" in box.options for box in link.selectbox), page
        watched = opened(page, run=run.id, data="digits")
        assert not watched.exception
        assert any("There is no run with this address" in each.value for each in watched.warning), page
    assert not any(button.key == f"own-delete-{name}" for button in opened().button)
    assert not any("My classes" in each.value for each in opened().markdown)
    run.stop("this-session")


def test_everybody_here_may_train_on_a_shared_set_but_not_delete_it(monkeypatch: pytest.MonkeyPatch) -> None:
    at = bring(bring(named(opened(), "red", "blue"), 0, RED, 5), 1, BLUE, 5)
    at.session_state["own-draft"]["for"] = "all"
    at.run()
    at.button(key="own-keep").click().run()
    name = at.query_params["data"]
    assert f"own-delete-{name}" in {button.key for button in at.button}
    others(monkeypatch)
    theirs = opened()
    assert any("another browser’s" in each.value for each in theirs.markdown)
    assert f"own-use-{name}" in {button.key for button in theirs.button}
    assert f"own-delete-{name}" not in {button.key for button in theirs.button}
    run = get_registry().start(setup(at), "somebody-else", stepping=True)
    run.stop("somebody-else")


@pytest.mark.parametrize("damage", ["damaged", "missing", "beyond reading"])
def test_a_set_that_cannot_be_read_costs_only_itself(damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = made()
    (kept,) = own_sets()
    config = setup(at).model_copy(update={"model": ModelConfig(layers=(Flatten(),)), "train": TrainConfig(epochs=1)})
    run = get_registry().start(config, "this-session")
    assert run.wait(120, "finished")
    path = data_folder("own") / f"{kept.name}.safetensors"
    path.unlink() if damage == "missing" else path.write_bytes(b"\xff" * 99)
    if damage == "beyond reading":
        (data_folder("own-notes") / f"{kept.name}.json").unlink()
    monkeypatch.setattr("lib.datasets.loaded._loaded", {})
    for page in ("train", "look_inside", "classify", "diagnose", "compare", "data", "learn"):
        for query in ({"run": run.id}, {"data": kept.name}):
            at = opened(page, **query)
            assert not at.exception, (page, query)
    at = opened("data", run=run.id)
    said = " ".join(each.value for each in (*at.caption, *at.warning))
    assert "missing or damaged" in said
    assert kept.name in said


def test_S67_a_set_is_taken_away_and_another_browser_opens_it_as_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    at = made()
    (mine,) = own_sets()
    assert any(each.key == f"own-take-{mine.name}" for each in at.get("download_button"))
    sent = own_file(mine)
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "another-session")
    other = opened()
    assert any("None yet" in each.value for each in other.caption)
    uploader(other, "arrives").set_value(("x.safetensors", sent[:-1], "")).run()
    assert not other.exception
    assert [each.value for each in other.error] == ["x.safetensors is damaged or cut off; take the set away once more."]
    uploader(other, "arrives").set_value(("x.safetensors", sent, "")).run()
    assert not other.exception
    assert any("is yours now: 20 pictures of red, blue" in each.value for each in other.success)
    (came,) = (each for each in own_sets() if each.name != mine.name)
    assert (came.owner, came.shared, came.origin) == ("another-session", False, mine.name)
    assert setup(other).data.name == came.name
