"""A net from a file on Train, and the pages that look into it."""

import re
from pathlib import Path

import pytest
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from lib.config import Conv2d, DataConfig, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.home import HomeFailure
from lib.models import build_model
from lib.nets.brought import brought_by
from lib.nets.stranger import file as stranger_file
from lib.ui.frame.page import PAGES
from lib.ui.train import net_file
from lib.ui.words import LANGUAGES, say_in
from lib.ui.words.catalogues import CATALOGUES

CONFIG = RunConfig(
    data=DataConfig(name="digits"), model=ModelConfig(layers=(Conv2d(4), MaxPool2d(), Flatten(), Dense(8)))
)


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    monkeypatch.setattr("lib.ui.setup.expected.estimate", lambda *_, **__: None)


def content_of(config: RunConfig = CONFIG) -> bytes:
    net = build_model(config.model, (1, 28, 28), 10)
    weights = {name: value.contiguous() for name, value in net.state_dict().items()}
    content: bytes = save(weights, metadata={"config": config.model_dump_json(), "steps": "7"})
    return content


def opened(name: str, content: bytes, folder: Path) -> AppTest:
    (folder / name).write_bytes(content)

    def page(path: str) -> None:
        from pathlib import Path

        from lib.ui.train import net_file

        net_file.show(Path(path).name, Path(path).read_bytes())

    return AppTest.from_function(page, args=(str(folder / name),), default_timeout=60).run()


def test_it_is_described_opened_and_looked_into_on_every_page(tmp_path: Path) -> None:
    at = opened("Mine *1*.safetensors", content_of(), tmp_path)
    assert not at.exception
    assert "**Mine 1**: conv 4@3×3, max pool 2, flatten, dense 8" in at.markdown[0].value
    at.button[0].click().run()
    assert not at.exception
    assert "Mine 1 is open" in at.success[0].value
    (net,) = brought_by("this-session")
    assert (net.steps, net.config.data.name) == (7, "digits")
    for page in ("look_inside", "classify", "diagnose", "labs", "start"):
        shown = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=120)
        shown.session_state["ready-net"] = net.id
        shown.run()
        assert not shown.exception, page
        if page != "start":
            assert shown.selectbox(key="net-choice").value == net.id
            assert "Mine 1 · digits (brought)" in shown.selectbox(key="net-choice").options


def test_it_is_deleted_after_a_question_where_it_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened("Mine.safetensors", content_of(), tmp_path).button[0].click().run()
    (net,) = brought_by("this-session")
    shown = AppTest.from_file(str(PAGES / "look_inside.py"), default_timeout=120)
    assert not [each for each in shown.run().button if each.key == f"yes-{net.id}"]  # the ready net stays
    shown.session_state["ready-net"] = net.id
    shown.run()
    assert any("Delete “Mine” from here for good?" in each.value for each in shown.markdown)
    with monkeypatch.context() as refusing:
        refusing.setattr("lib.ui.frame.brought.delete_brought", _refuse)
        shown.button(key=f"yes-{net.id}").click().run()
    assert any("“Mine” could not be deleted." in each.value for each in shown.error)
    assert shown.selectbox(key="net-choice").value == net.id
    shown.button(key=f"yes-{net.id}").click().run()
    assert not shown.exception
    assert any("“Mine” is deleted." in each.value for each in shown.success)
    assert (shown.selectbox(key="net-choice").value, brought_by("this-session")) == ("ready", [])
    assert not shown.run().success  # said once


def _refuse(_net: str, _who: str) -> None:
    raise HomeFailure("read_only", Path("/there"))


def test_what_does_not_fit_is_one_sentence(tmp_path: Path) -> None:
    at = opened("x.onnx", b"nothing", tmp_path)
    assert not at.exception
    assert [each.value for each in at.error] == ["This is no ONNX net, or it is cut off."]
    assert not at.button


def test_a_net_that_no_pictures_fit_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.nets.brought.list_datasets", lambda _: ())
    at = opened("x.safetensors", content_of(), tmp_path)
    assert not at.exception
    assert "No data set here has pictures of 28×28×1 and 10 classes" in at.warning[0].value


def test_every_reason_has_its_sentence_in_every_language() -> None:

    folder = Path(stranger_file.__file__).parent
    sources = [*folder.glob("*.py"), folder.parent / "brought.py", Path(net_file.__file__)]
    codes = {code for path in sources for code in re.findall(r'NotThisNet\(\s*"(\w+)"', path.read_text("utf-8"))}
    codes.add("other_weights")
    assert len(codes) > 15
    given = dict.fromkeys(("node", "kind", "what", "domain", "data", "shape"), "x")
    given |= dict.fromkeys(("most", "parameters", "inputs", "outputs"), 2)
    assert set(LANGUAGES) <= set(CATALOGUES)
    for spoken in LANGUAGES:
        for code in codes:
            assert say_in(spoken, f"stranger.{code}", **given)
