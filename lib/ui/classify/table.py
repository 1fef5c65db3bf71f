"""Answers to many pictures as a table: sortable, with a picture in each line, and as comma-separated values."""

import base64
from collections import Counter
from collections.abc import Callable, Sequence
from html import escape
from io import BytesIO
from statistics import median
from typing import Any

import streamlit as st
from PIL import Image

from lib.nets.classify import Answer, to_csv, verdict
from lib.runs.spreadsheet import as_file, in_table
from lib.ui.net import inside
from lib.ui.words import say, text
from lib.ui.words.field import classes_of

_SIDE = 64  # pixels of a thumbnail's longer side
_MOST_ROWS = 12  # that are to be seen without scrolling
_ROW = 46  # pixels
# What stands between the values, the button, and what it says beside the rest.
_TABLES = (
    (",", "classify.csv", "classify.csv_how"),
    (";", "classify.csv_commas", "classify.csv_commas_how"),
)


def thumbnail(image: Image.Image) -> str:
    """A picture as a small JPEG in a data address."""
    small = image.copy()
    small.thumbnail((_SIDE, _SIDE))
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def write_table(net: inside.Net, step: int, rows: Sequence[dict[str, Any]], *, on_clear: Callable[[], None]) -> None:
    """Show the answers, what was refused and why, and the buttons.

    rows: each {"name", "problem": a sentence or None, "probabilities": None with a problem, "strange": whether it is
    none of these, "thumbnail": data address}
    """
    classes = classes_of(net.dataset)
    answers = [_answer_in(row) for row in rows]
    refused = [each for each in answers if each.probabilities is None]
    said, buttons = st.columns([0.66, 0.34], vertical_alignment="center")
    with said:
        st.html(_summary_html(classes, answers, net, step))
    with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small", key="many-buttons"):
        for sep, label, how in _TABLES:
            st.download_button(
                say(label),
                as_file(to_csv(classes, answers, sep)),
                file_name=f"answers of {net.name}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                disabled=not rows,
                help=say("classify.all_files_their", how=say(how)),
            )
        st.button(say("classify.clear"), icon=":material/delete:", on_click=on_clear, help=say("classify.let_go_all"))
    if refused:
        st.html(_refused_html(refused))
    if len(refused) < len(rows):
        _table(classes, rows)


def _answer_in(row: dict[str, Any]) -> Answer:
    return Answer(*(row[name] for name in Answer._fields))


def _table(classes: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    answered = [(row, *verdict(classes, _answer_in(row))) for row in rows if row["probabilities"] is not None]
    st.dataframe(
        {
            "picture": [row["thumbnail"] for row, _, _ in answered],
            "file": [in_table(row["name"]) for row, _, _ in answered],
            "answer": [in_table(label) for _, label, _ in answered],
            "confidence": [None if share is None else 100 * share for _, _, share in answered],
            "second": [in_table(_next_best(classes, row)) for row, _, _ in answered],
        },
        column_config={
            "picture": st.column_config.ImageColumn("picture", width=70),
            "file": st.column_config.TextColumn("file"),
            "answer": st.column_config.TextColumn("answer", width=110),
            "confidence": st.column_config.ProgressColumn(
                "confidence", format="%.1f %%", min_value=0, max_value=100, width="medium"
            ),
            "second": st.column_config.TextColumn(say("classify.next_best"), width="small"),
        },
        hide_index=True,
        row_height=_ROW,
        height=_ROW * min(len(answered), _MOST_ROWS) + 37,
        key="many-table",
        alt=say("classify.pictures_net_s", answered=len(answered)),
    )


def _next_best(classes: Sequence[str], row: dict[str, Any]) -> str:
    """The class that comes after the answer; the likeliest one where the answer is none of them."""
    likeliest = sorted(((share, -index) for index, share in enumerate(row["probabilities"])), reverse=True)
    share, index = likeliest[0 if row["strange"] else 1]
    return f"{classes[-index]} {text.percent(share)}"


def _summary_html(classes: Sequence[str], answers: Sequence[Answer], net: inside.Net, step: int) -> str:
    best = [verdict(classes, each) for each in answers if each.probabilities is not None]
    said = [say("classify.answered", count=len(best))]
    if refused := len(answers) - len(best):
        said.append(say("classify.not_answered", count=refused))
    about = [say("classify.by_iteration", name=escape(net.name), step=step)]
    if best:
        most = Counter(label for label, _ in best).most_common(3)
        about.insert(0, ", ".join(f"{escape(label)} {count:,}" for label, count in most))
    if shares := [share for _, share in best if share is not None]:
        middle = text.percent(median(shares)).replace(" ", "\N{NO-BREAK SPACE}")
        about.insert(1, say("classify.median_confidence", middle=middle))
    return (
        f'<div class="gh-summary" data-testid="many-summary" data-answered="{len(best)}" data-refused="{refused}">'
        f"<b>{', '.join(said)}</b><br><i>{' · '.join(about)}</i></div>"
    )


def _refused_html(refused: Sequence[Answer]) -> str:
    lines = "".join(
        f'<li data-testid="refused"><b>{escape(each.name)}</b> {escape(each.problem or "")}</li>' for each in refused
    )
    return (
        f'<div class="gh-refused" role="group" aria-label="{say("classify.not_read_label")}" tabindex="0">'
        f"<b>{say('classify.not_read', count=len(refused))}</b><ul>{lines}</ul></div>"
    )
