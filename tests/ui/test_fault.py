"""The last net: what escapes a page, a press or a part is a sentence with a number that stands in the log."""

import logging
import re
from collections.abc import Callable
from functools import partial

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from lib.ui.frame import fault
from lib.ui.frame.fault import number_of
from lib.ui.frame.page import PAGES

HEAD = "import streamlit as st\nfrom lib.ui.frame import fault\nfault.tell()\nst.text('above')\n"
PAGE = HEAD + "raise {error}\n"
PART = (
    HEAD
    + "@st.fragment\ndef part():\n    st.button('Draw')\n    if st.session_state.get('bad'): raise {error}\npart()\n"
)
PRESS = HEAD + "def press(): raise {error}\nst.button('Do', on_click=press)\nst.text('below')\n"
DIALOG = HEAD + "@st.dialog('Files')\ndef files(): raise {error}\nfiles()\n"
ERRORS = ("ValueError('x')", "RecursionError()", "MemoryError()", "KeyError('\\ud800')", "AssertionError()")


@pytest.fixture(autouse=True)
def _caught_as_by_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest runs pages without app.py, which is where the net is hung."""
    begin = ScriptRunner.__init__
    monkeypatch.setattr(
        ScriptRunner, "__init__", lambda self, *a, **k: begin(self, *a, on_script_error=fault.catch, **k)
    )


def opened(script: str, **held: object) -> AppTest:
    at = AppTest.from_string(script, default_timeout=30)
    for name, value in held.items():
        at.session_state[name] = value
    return at.run()


def said(at: AppTest) -> str:
    assert not at.exception
    return " ".join(each.value for each in (*at.markdown, *at.caption))


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("script", [PAGE, DIALOG, PART.replace("if st.session_state.get('bad'): ", "")])
def test_a_page_that_fails_ends_with_a_sentence(script: str, error: str) -> None:
    at = opened(script.format(error=error))
    assert "This page could not be shown to its end." in said(at)
    assert at.text[0].value == "above"
    assert [button.label for button in at.button][-2:] == ["Try again", "Go to Start"]
    at.button[-2].click().run()  # it fails again, and says so again
    assert "This page could not be shown to its end." in said(at)


@pytest.mark.parametrize("error", ERRORS)
def test_a_press_that_fails_leaves_the_page_and_is_told_until_closed(error: str) -> None:
    at = opened(PRESS.format(error=error))
    at.button[0].click().run()
    assert "What you asked for last could not be done." in said(at)
    assert [text.value for text in at.text] == ["above", "below"]
    at.run()
    assert "What you asked for last could not be done." in said(at)
    next(button for button in at.button if button.label == "Close").click().run()
    assert "could not be done" not in said(at)


@pytest.mark.parametrize("page", sorted(path.stem for path in PAGES.glob("*.py")))
def test_every_page_has_the_net_under_it(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.setup.session.read_address", partial(_fail, "the address"))
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60).run()
    assert "This page could not be shown to its end." in said(at)


def test_the_number_stands_in_the_log_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    fault.number_the_log()
    log = logging.getLogger("streamlit.error_util")
    log.addHandler(caplog.handler)
    at = opened(PAGE.format(error="ValueError('the log')"))
    number = re.search(r"number (\w{4})", said(at))
    assert number
    at.button[-2].click().run()
    log.removeHandler(caplog.handler)
    lines = [record.getMessage() for record in caplog.records if f"Fault {number[1]}" in record.getMessage()]
    assert len(lines) == 1
    assert caplog.records[-1].exc_info


def test_the_same_fault_has_the_same_number_and_another_one_another() -> None:
    numbers = [number_of(_raised(partial(_fail, what))) for what in ("a", "a", "b")]
    assert numbers[0] == numbers[1] != numbers[2]
    assert all(re.fullmatch(r"[A-Z2-9]{4}", number) for number in numbers)


def test_a_net_that_tears_still_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault, "say", partial(_fail, "the words"))
    assert "Reload the page" in said(opened(PAGE.format(error="ValueError('x')")))


def test_a_part_that_is_contained_fails_alone() -> None:
    script = HEAD + "with fault.contained('lesson'):\n    raise ValueError('x')\nst.text('below')\n"
    at = opened(script)
    assert "The lesson could not be shown." in said(at)
    assert [text.value for text in at.text] == ["above", "below"]


@pytest.mark.parametrize(
    ("way", "shown"), [("st.stop()", ["above"]), ("st.session_state.seen or st.rerun()", ["above", "below"])]
)
def test_what_streamlit_throws_itself_passes_through(way: str, shown: list[str]) -> None:
    counted = "st.session_state.seen = 'seen' in st.session_state\n"
    at = opened(HEAD + counted + f"with fault.contained('lesson'):\n    {way}\nst.text('below')\n")
    assert "could not be shown" not in said(at)
    assert [text.value for text in at.text] == shown


def _raised(act: Callable[[], object]) -> Exception:
    try:
        act()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def _fail(what: str, *_: object, **__: object) -> None:
    raise RuntimeError(what)
