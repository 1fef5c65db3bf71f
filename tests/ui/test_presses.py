"""A press is done, whatever else a browser says in the same moment."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from lib.ui.serve.presses import hear_out

NEWER = RerunData(widget_states=WidgetStates())  # something has changed on the page; nothing was pressed


@pytest.fixture(autouse=True)
def _heard_out(monkeypatch):
    patched = ((SafeSessionState, "__init__"), (SafeSessionState, "on_script_will_rerun"),
               (ScriptRequests, "on_scriptrunner_yield"))  # fmt: skip
    for kind, name in patched:
        monkeypatch.setattr(kind, name, getattr(kind, name))  # put back at the end
    hear_out()


def page():
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    def pressed(by):
        if by == "in the middle":
            get_script_run_ctx().script_requests.request_rerun(RerunData(widget_states=None))
        st.session_state["presses"] = [*st.session_state.get("presses", []), by]

    for by in ("before", "in the middle"):
        st.button(by, on_click=pressed, args=(by,))
    st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1


def test_a_newer_message_that_comes_before_the_press_is_heard_does_not_take_its_place(monkeypatch):
    app = AppTest.from_function(page).run()
    run, overtaken = LocalScriptRunner.run, []

    def run_and_be_overtaken(self, *said, **more):
        def overtake(_sender, event, **_more):
            if event is ScriptRunnerEvent.SCRIPT_STARTED and not overtaken:
                overtaken.append(self.request_rerun(NEWER))

        self.on_event.connect(overtake, weak=False)
        return run(self, *said, **more)

    monkeypatch.setattr(LocalScriptRunner, "run", run_and_be_overtaken)
    app.button[0].click().run()
    assert overtaken == [True]
    assert app.session_state["presses"] == ["before"]
    assert app.session_state["drawn"] == 2, "the newer message is answered too, once"


def test_a_newer_message_that_comes_while_the_press_is_answered_waits_for_it():
    app = AppTest.from_function(page).run()
    app.button[1].click().run()
    assert app.session_state["presses"] == ["in the middle"]
    assert app.session_state["drawn"] == 2


def test_whoever_asks_for_the_page_anew_in_the_answer_to_a_press_gets_it():
    def asking():
        import streamlit as st

        def pressed():
            st.session_state["asked"] = True
            st.rerun()

        st.button("again", on_click=pressed)
        st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1

    app = AppTest.from_function(asking).run()
    app.button[0].click().run()
    assert app.session_state["asked"]
    assert not app.exception
    assert app.session_state["drawn"] == 2


def test_an_older_message_that_is_taken_up_after_a_newer_one_takes_nothing_back_and_its_press_counts(monkeypatch):
    def desk():
        import streamlit as st

        def pressed():
            st.session_state["presses"] = st.session_state.get("presses", 0) + 1

        st.radio("tool", ["wall", "send", "ask"], key="tool")
        st.button("press", on_click=pressed)

    app = AppTest.from_function(desk).run()
    run, overtaken = LocalScriptRunner.run, []

    def run_and_be_overtaken(self, *said, **more):
        def overtake(_sender, event, **_more):
            if event is ScriptRunnerEvent.SCRIPT_STARTED and not overtaken:
                overtaken.append(True)  # the newer message's own thread has come first
                newer = SafeSessionState(self.session_state._state, lambda: None)
                newer.on_script_will_rerun(WidgetStates(widgets=[chosen]))

        self.on_event.connect(overtake, weak=False)
        return run(self, *said, **more)

    app.radio[0].set_value("ask")
    (chosen,) = [each for each in app._tree.get_widget_states().widgets if each.id == app.radio[0].id]
    app.radio[0].set_value("send")
    monkeypatch.setattr(LocalScriptRunner, "run", run_and_be_overtaken)
    app.button[0].click().run()
    assert overtaken
    assert app.session_state["tool"] == "ask"
    assert app.session_state["presses"] == 1
