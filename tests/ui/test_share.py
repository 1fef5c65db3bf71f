"""Links that say the same in every language: views by their own names, the language in every address."""

import ast

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.frame.page import PAGES
from lib.ui.words import LANGUAGES, words_of

# Where a page keeps its view in the address, and a view of it with what people saw of it.
VIEWS = {
    "look_inside": ("view", "matters", "What matters"),
    "classify": ("classify-view", "many", "Many pictures"),
    "diagnose": ("diagnose-view", "doctor", "The doctor"),
    "compare": ("compare-view", "sweep", "Sweep"),
}


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")


def opened(page: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize(("page", "key", "name", "title"), [(page, *rest) for page, rest in VIEWS.items()])
def test_a_view_is_in_the_address_by_its_own_name_and_old_links_open_it(
    page: str, key: str, name: str, title: str
) -> None:
    for written in (name, title):
        at = opened(page, **{key: written})
        assert at.segmented_control(key=key).value == name
        assert at.query_params[key] == name


@pytest.mark.parametrize("view", ["labels", "split", "colour", "own"])
def test_a_link_made_in_one_language_opens_the_same_view_in_another(view: str) -> None:
    for spoken in LANGUAGES:
        for other in LANGUAGES:
            at = opened("data", lang=other, data="digits", **{"data-view": words_of(spoken)[f"data.{view}"]})
            assert at.segmented_control(key="data-view").value == view
            assert at.query_params["data-view"] == view


@pytest.mark.parametrize("page", sorted(path.stem for path in PAGES.glob("*.py")))
def test_the_language_stays_in_the_address_of_every_page(page: str) -> None:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    at.session_state["language"] = "de"  # chosen on another page; going from page to page empties the address
    at.run()
    assert not at.exception
    assert at.query_params["lang"] == "de"


def test_learn_stands_second_in_the_bar() -> None:
    tree = ast.parse((PAGES.parent / "lib" / "ui" / "router.py").read_text(encoding="utf-8"))
    pages = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page"]
    assert [ast.unparse(page.args[0]).split("'")[1] for page in pages][:2] == ["start.py", "learn.py"]
