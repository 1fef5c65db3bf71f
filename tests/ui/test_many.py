"""Classify, "Many pictures": what goes in, what is refused, what the table says (browsers are in tests/e2e)."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from lib import build_model, load_dataset, load_image, predict, prepare
from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.nets.ready import ready_net
from lib.pictures import archive
from lib.runs import Run, get_registry
from lib.ui.classify import many
from lib.ui.frame.page import PAGES
from tests.datasets.zips import HOSTILE_SAYS, hostile, picture, zipped
from tests.drawings.sheet import rasterize

TINY = RunConfig.model_validate(
    {
        "data": {"name": "digits"},
        "model": ModelConfig(layers=(Flatten(), Dense(8))).model_dump(),
        "train": {"epochs": 200, "learning_rate": 0.003},
    }
)
Files = list[tuple[str, bytes, str]]


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    """AppTest has no cookies to tell browsers apart, and cannot run again once a choice has another text."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    monkeypatch.setattr("lib.ui.frame.page._name", lambda run, _titles: run.name if run else "the ready net")


@pytest.fixture
def run() -> Iterator[Run]:
    started = get_registry().start(TINY, "this-session")
    assert started.wait(120, "running")
    yield started
    started.stop(started.owner)
    assert started.wait(120)


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "classify.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.session_state["classify-view"] = "many"
    return at.run()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    sent: Files = [(name, data, "application/octet-stream") for name, data in files]
    at.file_uploader[0].set_value(sent).run()
    assert not at.exception
    return at


def button(at: AppTest, label: str) -> Any:
    return next((each for each in at.button if each.label == label), None)


def rows(at: AppTest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = at.session_state["many"]["rows"]
    return found


def html(at: AppTest) -> str:
    return " ".join(each.value for each in at.html)


def by_the_api(data: bytes) -> list[float]:
    net = ready_net()
    pictures = load_dataset(**net.config.data.model_dump())
    model = build_model(net.config.model, pictures.input_shape, len(pictures.classes))
    model.load_state_dict(net.weights)
    answered: list[float] = predict(model, prepare(load_image(data), pictures).tensor)[0].tolist()
    return answered


def test_before_there_is_a_picture_it_says_what_to_do_and_what_may_come() -> None:
    at = opened()
    assert not at.exception
    assert any("A table with an answer for each picture appears here" in each.value for each in at.markdown)
    said = " ".join(each.value for each in at.caption)
    for words in ("500 pictures", "5 MB", "25 megapixels", "100 MB together, unzipped", "nothing is written to disk"):
        assert words in said
    assert not at.dataframe


def test_answers_are_the_api_s_to_the_last_digit() -> None:
    files = {f"{kind}.png": picture(kind) for kind in ("circle", "square", "triangle")}
    at = upload(opened(), *files.items(), ("all.zip", zipped(files)))
    assert [row["name"] for row in rows(at)] == [*files, *(f"all.zip/{name}" for name in files)]
    expected = [by_the_api(data) for data in files.values()] * 2
    assert [[repr(share) for share in row["probabilities"]] for row in rows(at)] == [
        [repr(share) for share in shares] for shares in expected
    ]
    table = at.dataframe[0].value
    assert list(table["answer"]) == ["circle", "square", "triangle"] * 2
    assert list(table["confidence"]) == [100 * max(shares) for shares in expected]
    assert all(address.startswith("data:image/jpeg;base64,") for address in table["picture"])
    assert 'data-answered="6" data-refused="0"' in html(at)
    assert f"iteration {ready_net().steps:,}" in html(at)


def test_none_of_these_is_an_answer_too_and_the_likeliest_class_comes_next() -> None:
    chance = np.random.default_rng(5)
    file = BytesIO()
    rasterize([[(float(x), float(y)) for x, y in chance.uniform(0.2, 0.8, (24, 2))]], 0.06).save(file, "PNG")
    at = upload(opened(), ("circle.png", picture("circle")), ("nothing.png", file.getvalue()))
    table = at.dataframe[0].value
    assert list(table["answer"]) == ["circle", "none of these"]
    assert table["confidence"].isna().tolist() == [False, True]
    classes = load_dataset("doodles").classes
    likeliest = classes[max(range(10), key=by_the_api(file.getvalue()).__getitem__)]
    assert table["second"][1].startswith(likeliest)
    assert "none of these 1" in html(at)


def test_what_is_refused_is_named_with_a_sentence_and_the_rest_goes_on() -> None:
    at = upload(opened(), ("bad.zip", hostile()), ("<b>x.png", b"no picture"), ("circle.png", picture("circle")))
    table = at.dataframe[0].value
    assert list(table["file"]) == ["bad.zip/first square.png", "bad.zip/last circle.png", "circle.png"]
    refused = html(at)
    for name, said in HOSTILE_SAYS.items():
        assert f"<b>bad.zip/{name}</b> {said}" in refused, name
    assert "<b>&lt;b&gt;x.png</b> This is not a picture" in refused
    assert f'data-answered="3" data-refused="{len(HOSTILE_SAYS) + 1}"' in refused


def test_no_name_in_the_table_is_a_formula() -> None:
    """The table has a download of Streamlit's own, which guards nothing."""
    names = ('=HYPERLINK("http://x.example","y").png', "+1.png", "-1.png", "@x.png", '<b>"a,b"\n.png', "a.png")
    table = upload(opened(), *((name, picture()) for name in names)).dataframe[0].value
    for shown, name in zip(table["file"], names, strict=True):
        assert shown.replace("\u2060", "") == name.replace("\n", "\N{REPLACEMENT CHARACTER}")
        assert not shown.startswith(("=", "+", "-", "@"))


def test_only_refused_files_leave_no_empty_table() -> None:
    at = upload(opened(), ("a.png", b""))
    assert not at.dataframe
    assert "0 pictures answered, 1 not" in html(at)
    assert at.get("download_button")


def test_more_files_join_the_table_and_clear_lets_go_of_all() -> None:
    at = upload(opened(), ("one.png", picture()))
    upload(at, ("one.png", picture()), ("two.png", picture("circle")))
    assert [row["name"] for row in rows(at)] == ["one.png", "two.png"]
    upload(at, ("two.png", picture("circle")))  # the first is taken out again
    assert [row["name"] for row in rows(at)] == ["two.png"]
    button(at, "Clear").click().run()
    assert not at.exception
    assert not at.dataframe
    kept = at.session_state["many"]
    assert (kept["files"], kept["rows"], kept["read"]) == ({}, [], {})
    upload(at, ("three.png", picture()))
    assert [row["name"] for row in rows(at)] == ["three.png"]


def test_a_picture_is_decoded_once_however_often_it_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    import lib.ui.classify.many as many

    original = many.read_picture
    monkeypatch.setattr(many, "read_picture", lambda file, data: (read.append(file.name), original(file, data))[1])
    at = upload(opened(), ("one.png", picture()), ("same.png", picture()))
    upload(at, ("one.png", picture()), ("same.png", picture()), ("two.png", picture("circle")))
    assert read == ["one.png", "two.png"]
    assert [row["name"] for row in rows(at)] == ["one.png", "same.png", "two.png"]
    assert rows(at)[0]["probabilities"] == rows(at)[1]["probabilities"]


def test_of_two_empty_files_each_has_its_own_sentence() -> None:
    at = upload(opened(), ("a.zip", zipped({"../x.png": b"", "y.png": b""})), ("z.gif", b""))
    said = [row["problem"].split(";")[0] for row in rows(at)]
    assert said == ["Its name leads out of the folder"] + ["This is not a picture that can be read here"] * 2


def test_one_click_shows_it_with_test_pictures() -> None:
    at = opened()
    button(at, "Try it with 20 test pictures").click().run()
    assert not at.exception
    table = at.dataframe[0].value
    assert len(table) == 20
    right = sum(name.startswith(answer) for name, answer in zip(table["file"], table["answer"], strict=True))
    assert right >= 18


def test_another_net_answers_the_same_pictures(run: Run) -> None:
    at = upload(opened(run=run.id), ("one.png", picture()))
    moment = at.session_state["moment"]
    assert moment["net"] == run.id
    model = build_model(run.config.model, run.dataset.input_shape, 10)
    model.load_state_dict(moment["weights"])
    expected = predict(model, prepare(load_image(picture()), run.dataset).tensor)[0].tolist()
    assert rows(at)[0]["probabilities"] == expected
    at.selectbox(key="net-choice").set_value("ready").run()
    assert not at.exception
    assert rows(at)[0]["probabilities"] == by_the_api(picture()) != expected
    assert at.dataframe[0].value["answer"][0] == "square"


def test_a_net_that_learns_keeps_its_weights_until_newer_ones_are_asked_for(run: Run) -> None:
    at = upload(opened(run=run.id), ("one.png", picture()))
    step, first = at.session_state["moment"]["step"], rows(at)[0]["probabilities"]
    tries = 600
    while run.model()[0] <= step and tries:
        tries -= 1
        run.wait(0.05, "failed")
    at.run()
    assert rows(at)[0]["probabilities"] == first
    button(at, "Newest weights").click().run()
    assert not at.exception
    assert at.session_state["moment"]["step"] > step
    assert rows(at)[0]["probabilities"] != first
    assert f"iteration {at.session_state['moment']['step']:,}" in html(at)


def test_a_net_that_broke_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = ready_net().weights
    broken = weights | {"conv1.weight": torch.full_like(weights["conv1.weight"], torch.nan)}
    monkeypatch.setattr("lib.ui.frame.page.ready_net", lambda: replace(ready_net(), weights=broken))
    at = opened()
    assert not at.exception
    assert "no longer numbers" in at.warning[0].value


def test_a_pass_that_ends_late_takes_nothing_from_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit begins a new pass without waiting for the end of the one that a press has stopped."""
    at = upload(opened(), ("one.png", picture()), ("two.png", picture("circle")))
    kept, whole = at.session_state["many"], list(rows(at))
    row = many._row

    def overtaken(*args: Any) -> dict[str, Any]:
        kept["passes"] += 1  # the newer one has begun, and is over
        kept.update(rows=whole, done=["newer"])
        raise StopException

    kept["done"] = None
    monkeypatch.setattr(many, "_row", overtaken)
    at.run()
    assert kept["rows"] == whole
    assert kept["done"] == ["newer"]
    monkeypatch.setattr(many, "_row", row)
    at.run()
    assert rows(at) == whole


def test_what_was_cancelled_can_go_on() -> None:
    at = upload(opened(), ("one.png", picture()), ("two.png", picture("circle")))
    kept = at.session_state["many"]
    wanted = kept["done"]
    kept.update(done=None, stopped=wanted, rows=kept["rows"][:1])  # as after a press on Cancel
    at.run()
    assert any("Cancelled after 1 file." in each.value for each in at.caption)
    assert len(at.dataframe[0].value) == 1
    button(at, "Go on").click().run()
    assert len(at.dataframe[0].value) == 2
    assert button(at, "Go on") is None


def test_more_than_there_is_room_for_is_refused_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.classify.many.MAX_ZIP_MB", 1)
    at = upload(opened(), ("one.png", picture()), ("large.zip", bytes(1 << 20)), ("two.png", picture("circle")))
    assert [bool(data) for _, data, _ in at.session_state["many"]["files"].values()] == [True, False, True]
    assert rows(at)[1]["problem"] == "There is room for 1 MB of uploads; press Clear, then send it again."
    assert [row["problem"] for row in (rows(at)[0], rows(at)[2])] == [None, None]


def test_the_limits_on_screen_are_those_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_PICTURES", 2)
    at = upload(opened(), *((f"{n}.png", picture(side=8)) for n in range(3)))
    assert [row["problem"] is None for row in rows(at)] == [True, True, False]
    assert "are read at once" in rows(at)[2]["problem"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("insecure", "one came over plain http"),
        ("unsupported", "This browser lets no page use a camera"),
        ("missing", "No camera was found on this device"),
    ],
)
def test_where_there_is_no_camera_it_says_why_and_what_to_do(found: str, said: str) -> None:
    at = opened()
    at.session_state["many-camera"] = True
    at.session_state["many-camera-check"] = {"found": found}
    at.run()
    assert not at.exception
    assert not at.camera_input
    assert said in at.info[0].value
    assert "pload" in at.info[0].value


def test_until_the_browser_has_answered_there_is_neither_camera_nor_excuse() -> None:
    at = opened()
    at.toggle(key="many-camera").set_value(True).run()
    assert not at.exception
    assert not at.camera_input
    assert not at.info


def test_photos_join_the_table() -> None:
    at = opened()
    at.session_state["many-camera"] = True
    at.session_state["many-camera-check"] = {"found": "here"}
    at.run()
    for kind in ("square", "circle"):
        at.camera_input[0].set_value(("shot.jpg", picture(kind, file="JPEG"), "image/jpeg")).run()
        assert not at.exception
    assert [(row["name"], row["problem"]) for row in rows(at)] == [("photo 1.jpg", None), ("photo 2.jpg", None)]
    assert list(at.dataframe[0].value["answer"]) == ["square", "circle"]


def test_the_view_stays_as_it_was_while_another_one_is_looked_at() -> None:
    at = upload(opened(), ("one.png", picture()))
    for view in ("picture", "many"):
        at.segmented_control(key="classify-view").set_value(view).run()
        assert not at.exception
    assert [row["name"] for row in rows(at)] == ["one.png"]
    assert len(at.dataframe[0].value) == 1
    upload(at, ("two.png", picture()))  # the uploader came back empty: that takes nothing out
    assert [row["name"] for row in rows(at)] == ["one.png", "two.png"]
