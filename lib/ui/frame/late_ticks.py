"""Parts of a page that renew themselves: a wish that comes after one has gone meets a part that does nothing.

Streamlit forgets a part (`st.fragment`) at the end of the full run that no longer draws it, and notes every wish that
comes for it afterwards. Its clock ticks in the browser, though, until the browser has heard of that run: on a slow
machine there is always one more. So a part's name stays taken as long as its page is open.
"""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def outlive() -> None:
    """Keep the names of the parts that this full run has not drawn. Called last in it, by the router."""
    context = get_script_run_ctx()
    if context is None:
        return
    parts, drawn = context.fragment_storage, context.shared.new_fragment_ids
    for name in parts.ids_registered_after(0) - drawn.snapshot():
        parts.register(name, _nothing)
        drawn.check_and_add(name)


def _nothing() -> None:
    """Draw nothing: whatever the part had drawn is gone."""
