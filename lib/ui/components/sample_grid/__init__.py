"""Pictures of a data set class by class, to be leafed through and clicked; see `sample_grid`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.ui.components import Index, Message, register


class Turn(Message):
    """A page to turn to, or the one class to show alone; neither is all classes."""

    page: Index | None = None
    label: Index | None = None


def sample_grid(
    *,
    key: str,
    words: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    sheet: Mapping[str, Any],
    chosen: int | None,
    filtered: int | None,
    page: int,
    pages: int,
    on_turn_change: Callable[[], None],
) -> Any:
    """Draw one line of pictures for each of `rows`; arrow keys walk over them, page keys turn the page.

    words: of the part "data", see `lib.ui.words.for_browser`
    rows: each {"label": class index, "name", "count": pictures of it, "pictures": places in the split}
    sheet: all pictures in one image, row after row: {"png": base64, "columns", "width", "height" of one}
    chosen: the place that is marked; filtered: the one class that is shown, None for all
    page, pages: which one is shown, from 0, and how many there are

    `heard(key, "picked", Place)` stays: the picture last clicked. `heard(key, "turn", Turn)` is asked for once.
    """
    data = {
        **words,
        "rows": [dict(row) for row in rows],
        "sheet": dict(sheet),
        "chosen": chosen,
        "filtered": filtered,
        "page": page,
        "pages": pages,
    }
    mount = register("sample_grid")
    return mount(key=key, data=data, default={"picked": None}, on_picked_change=_ignore, on_turn_change=on_turn_change)


def _ignore() -> None:
    """Stand in for a callback: Streamlit keeps a default only for a state that has one."""
