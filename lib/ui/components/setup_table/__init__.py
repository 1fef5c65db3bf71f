"""The set-ups of several runs beside each other, what differs standing out; see `setup_table`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.ui.components import register


def setup_table(
    *,
    key: str,
    runs: Sequence[Mapping[str, Any]],
    results: Sequence[tuple[str, Sequence[str]]],
    settings: Sequence[tuple[str, Sequence[str]]],
    on_removed: Callable[[], None],
) -> Any:
    """Draw one column for each of `runs`, first what they came to, then what differs, then what is equal.

    runs: each {"id", "name", "note": whose it is}; the place decides line and marker, as in `overlay_curves`
    results, settings: rows as `(label, one text for each run)`
    on_removed: called when a column's cross is pressed; `heard(key, "removed", str)` is the run's id
    """
    rows = [{"label": label, "texts": list(texts)} for label, texts in settings]
    data = {
        "runs": [dict(run) for run in runs],
        "results": [{"label": label, "texts": list(texts)} for label, texts in results],
        "differs": [row for row in rows if len(set(row["texts"])) > 1],
        "equal": [row for row in rows if len(set(row["texts"])) == 1],
    }
    mount = register("setup_table")
    return mount(key=key, data=data, on_removed_change=on_removed)
