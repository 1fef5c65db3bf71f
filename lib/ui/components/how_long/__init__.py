"""One quiet sentence about how long something will take, which may come after the page; see `how_long`."""

from lib.ui.components import register
from lib.ui.words import say


def how_long(*, key: str, text: str | None, help_text: str | None, ask: str) -> None:
    """Say `text`, with `help_text` behind a question mark; while there is none, ask the address `ask` for both.

    The answer is JSON of `text` and `help`, or of nothing yet (`{}`). No Streamlit rerun is needed for it.
    """
    mount = register("how_long")
    mount(key=key, data={"text": text, "help": help_text, "ask": ask, "meanwhile": say("setup.measuring")})
