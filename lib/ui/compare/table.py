"""Plain HTML tables of numbers. Every text is escaped."""

from collections.abc import Sequence
from html import escape


def table_html(title: str, note: str, heads: Sequence[str], rows: Sequence[Sequence[str]], best: str | None) -> str:
    """A table whose first column names the rows; the row called `best` stands out."""
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = []
    for name, *cells in rows:
        mark = ' class="best"' if name == best else ""
        body.append(
            f'<tr{mark} data-testid="result-row"><th scope="row">{escape(name)}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
        )
    caption = f"<caption>{escape(title)}<small>{escape(note)}</small></caption>"
    inner = f"{caption}<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody>"
    return f'<div class="gh-table"><table>{inner}</table></div>'
