"""A button in the header that copies the address of what is on the screen; see `copy_link`."""

from collections.abc import Callable, Sequence

from lib.ui.components import register
from lib.ui.words import for_browser


def copy_link(*, controls: Sequence[str], projector: bool, on_projector: Callable[[], None]) -> None:
    """Put **Copy link** into Streamlit's top bar, and beside it the switch for the projector.

    controls: those that a link may leave out of this page (`?hide=`), to be ticked in the dialog; none: no such list
    projector: whether the page is drawn for a whole room; `on_projector` runs when somebody switches that

    Call it once per script run. Below 1000 pixels it is an icon.
    """
    register("copy_link")(
        key="copy_link",
        data={"controls": list(controls), "projector": projector, **for_browser("share")},
        on_projector_change=on_projector,
    )
