"""Where something has to be chosen, a browser that reports nothing has said nothing."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from lib.ui.setup.controls import held

    def chosen() -> None:
        st.session_state["heard"] = st.session_state["way"]

    shown = held(
        st.segmented_control, "Way", ("fast", "slow"), key="way", first="fast", required=True, on_change=chosen
    )
    other = held(st.pills, "Guess", (1, 2), key="guess", first=None)
    held(st.selectbox, "Limit", (None, 10), key="limit", first=10)
    st.markdown(f"{shown} {other} {st.session_state['limit']} {st.session_state.get('heard')}")


@pytest.mark.parametrize("before", ["fast", "slow"])
def test_nothing_is_no_choice_where_something_has_to_be_chosen(before: str) -> None:
    at = AppTest.from_function(page, default_timeout=60).run()
    if before == "slow":
        at.segmented_control(key="way").set_value("slow").run()
    at.segmented_control(key="way").set_value(None).run()  # the page's own script never sends it
    assert at.markdown[0].value == f"{before} None 10 {'slow' if before == 'slow' else None}"
    at.segmented_control(key="way").set_value("slow").run()
    assert at.markdown[0].value.startswith("slow")


def test_nothing_is_a_choice_where_it_is_offered_or_may_be_taken_back() -> None:
    at = AppTest.from_function(page, default_timeout=60).run()
    at.pills(key="guess").set_value(2).run()
    at.pills(key="guess").set_value(None).run()
    at.selectbox(key="limit").select("None").run()
    assert at.markdown[0].value == "fast None None None"
