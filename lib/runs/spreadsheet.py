"""Tables as separated values that a spreadsheet opens as they are meant, also one set to German."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from lib.pictures.names import one_line

# What stands between the values, and the decimal sign that goes with it.
DECIMAL: Final = {",": ".", ";": ","}
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # what a spreadsheet would compute; the last four are wide ones
_UNSEEN = "\u2060"  # joins words
_BOM = "\ufeff"  # without it Excel reads umlauts as two letters

Cell = str | int | float | None


def separated(rows: Iterable[Sequence[Cell]], sep: str = ",") -> str:
    """Write rows, one a line. Numbers have all their digits: reading them gives the very same ones.

    Text stands on one line; what a spreadsheet would take for a formula gets a ' in front. ValueError for another
    `sep` than , or ;.
    """
    if sep not in DECIMAL:
        raise ValueError(f"Values may be separated by {' or '.join(DECIMAL)}, not by {sep!r}.")
    text = StringIO()
    table = csv.writer(text, delimiter=sep, lineterminator="\n")
    table.writerows([_written(cell, sep) for cell in row] for row in rows)
    return text.getvalue()


def as_file(text: str) -> bytes:
    """The content of a file with this text, marked as UTF-8."""
    return f"{_BOM}{text}".encode()


def in_table(text: str) -> str:
    """A text for a table on the screen: st.dataframe writes a file of its own, with each cell as it is shown there.

    On one line; what a spreadsheet would take for a formula gets a sign in front that nobody sees.
    """
    line = one_line(text)
    return f"{_UNSEEN}{line}" if line.startswith(_FORMULA) else line


def _written(cell: Cell, sep: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell).replace(".", DECIMAL[sep])
    if isinstance(cell, str):
        cell = one_line(cell)
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return str(cell)
