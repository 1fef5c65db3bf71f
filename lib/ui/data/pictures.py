"""Pictures: leaf through every class, click one, and see it as label, numbers and vector."""

from base64 import b64encode
from io import BytesIO
from math import ceil
from typing import Any

import streamlit as st
import torch
from PIL import Image
from torch import Tensor

from lib.config import RunConfig
from lib.datasets import Dataset, DatasetInfo, Split
from lib.datasets.loaded import whole
from lib.ui.components import Place, heard
from lib.ui.components.picture_numbers import picture_numbers
from lib.ui.components.sample_grid import Turn, sample_grid
from lib.ui.setup.controls import held
from lib.ui.setup.pictures import choose_data, dataset_of
from lib.ui.setup.withheld import is_withheld
from lib.ui.words import for_browser, say
from lib.ui.words.field import classes_of

_COLUMNS = 12
_LINES = 10  # of one class alone


def show(config: RunConfig, info: DatasetInfo) -> None:
    """A grid of samples beside the one that was clicked."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="top", gap="medium", key="data-controls"):
        choose_data(config)
        part = _choose_part(config)
        data = dataset_of(config, info)
        if data is not None:
            st.caption(_facts(data, info, part), width="stretch")
    if data is not None:
        st.fragment(_look)(data, part)


def _choose_part(config: RunConfig) -> str:
    parts = ["train", "valid", "test"] if config.data.valid_fraction else ["train", "test"]
    chosen = held(
        st.segmented_control,
        say("data.split_of"),
        parts,
        first="train",
        format_func=lambda name: say(f"data.{name}"),
        key=f"data-part-{len(parts)}",
        required=True,
    )
    return chosen or "train"


def _facts(data: Dataset, info: DatasetInfo, part: str) -> str:
    """What is known of the whole set, counted from its labels."""
    full = whole(data.name)
    counts = torch.bincount(full.train_labels, minlength=len(data.classes))
    least, most = int(counts.min()), int(counts.max())
    channels, height, width = data.input_shape
    told = say(
        "data.facts",
        train=len(full.train_labels),
        test=len(full.test_labels),
        height=height,
        width=width,
        channels=channels,
        classes=len(info.classes),
    )
    told += " " + say("data.facts_even" if least == most else "data.facts_uneven", each=least, least=least, most=most)
    if part == "train" and len(data.train) < len(full.train_labels):
        told += " " + say("data.kept_back", count=len(data.train))
    return told


def _look(data: Dataset, part: str) -> None:
    """A click or another page runs only this again."""
    split: Split = getattr(data, part)
    key = f"data-grid-{data.name}-{part}"
    turned: dict[str, Any] = st.session_state.setdefault(f"{key}-turned", {"page": 0, "label": None})
    rows, pages = _rows(data, split, turned)
    chosen = _chosen(key, split, rows)
    with st.container(key="stack-data"):
        left, right = st.columns([0.56, 0.44], gap="medium")
    words = for_browser("data")
    with left:
        sample_grid(
            key=key,
            words=words,
            rows=rows,
            sheet=_sheet(split, [place for row in rows for place in row["pictures"]]),
            chosen=chosen,
            filtered=turned["label"],
            page=turned["page"],
            pages=pages,
            on_turn_change=lambda: _turn(key),
        )
    with right:
        if chosen is not None:
            label = int(split.labels[chosen])
            picture_numbers(
                key="data-numbers",
                words=words,
                pixels=split.pixels(slice(chosen, chosen + 1))[0],
                scale=split.scale,
                caption=say("data.caption", part=say(f"data.{part}"), place=chosen),
                label={"index": label, "name": classes_of(data)[label], "classes": list(classes_of(data))},
                withheld=is_withheld("vector"),
            )


def _rows(data: Dataset, split: Split, turned: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """The lines of the page that is turned to, and how many pages there are."""
    label = turned["label"]
    if label is not None and label >= len(data.classes):
        turned["label"] = label = None
    shown = range(len(data.classes)) if label is None else [label]
    size = _COLUMNS if label is None else _COLUMNS * _LINES
    places = {each: (split.labels == each).nonzero().flatten() for each in shown}
    pages = max(1, ceil(max(len(those) for those in places.values()) / size))
    turned["page"] = page = min(turned["page"], pages - 1)
    rows = [
        {
            "label": each,
            "name": classes_of(data)[each],
            "count": len(those),
            "pictures": those[page * size : (page + 1) * size].tolist(),
        }
        for each, those in places.items()
    ]
    return rows, pages


def _chosen(key: str, split: Split, rows: list[dict[str, Any]]) -> int | None:
    """The picture that was clicked last, else the first one on the page."""
    picked = heard(key, "picked", Place)
    if picked and picked.place < len(split):
        return picked.place
    return next((row["pictures"][0] for row in rows if row["pictures"]), None)


def _turn(key: str) -> None:
    asked = heard(key, "turn", Turn)
    if asked and asked.page is not None:
        st.session_state[f"{key}-turned"]["page"] = asked.page
    elif asked:
        st.session_state[f"{key}-turned"] |= {"label": asked.label, "page": 0}


def _sheet(split: Split, places: list[int]) -> dict[str, Any]:
    """All pictures in one image, row after row, which travels and is drawn faster than many small ones."""
    images: Tensor = split.pixels(torch.tensor(places, dtype=torch.int64))
    _, channels, height, width = images.shape
    lines = max(1, ceil(len(images) / _COLUMNS))
    blank = torch.zeros(lines * _COLUMNS - len(images), channels, height, width, dtype=torch.uint8)
    tiles = torch.cat([images, blank]).view(lines, _COLUMNS, channels, height, width)
    sheet = tiles.permute(0, 3, 1, 4, 2).reshape(lines * height, _COLUMNS * width, channels).squeeze(-1)
    buffer = BytesIO()
    Image.fromarray(sheet.numpy()).save(buffer, "PNG")
    png = b64encode(buffer.getvalue()).decode()
    return {"png": png, "columns": _COLUMNS, "width": width, "height": height}
