"""Keep the focus in a dialog whose buttons fall asleep while they work; see `dialog_focus`."""

from lib.ui.components import register


def dialog_focus() -> None:
    """Give the focus back to a button of this dialog that was disabled for a while; call it inside the dialog.

    Streamlit disables a download button until its file is made. Browsers then take the focus from it, and with it the
    keys: Escape would no longer close the dialog, and a person at the keyboard would have lost his place.
    """
    register("dialog_focus")(key="dialog_focus")
