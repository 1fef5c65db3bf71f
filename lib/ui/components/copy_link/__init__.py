"""A button in the header that copies the address of what is on the screen; see `copy_link`."""

from collections.abc import Sequence

from lib.ui.components import register
from lib.ui.words import for_browser


def copy_link(*, controls: Sequence[str]) -> None:
    """Put **Copy link** into Streamlit's top bar.

    controls: those that a link may leave out of this page (`?hide=`), to be ticked in the dialog; none: no such list

    Call it once per script run. Below 1000 pixels it is an icon.
    """
    register("copy_link")(key="copy_link", data={"controls": list(controls), **for_browser("share")})
