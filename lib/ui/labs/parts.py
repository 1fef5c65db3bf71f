"""Small things that several labs show or need."""

from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any, TypeVar

import streamlit as st
import torch

from lib.datasets import Dataset, Split
from lib.ui.words import percent

_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_MOST_KEPT = 100
T = TypeVar("T")


def once(key: tuple[Any, ...], compute: Callable[[], T]) -> T:
    """What `compute` gives, computed once for everybody; `key` tells it from all others."""
    if key not in _kept:
        _kept[key] = compute()
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    found: T = _kept[key]
    return found


def table(rows: Sequence[Sequence[str]], name: str) -> None:
    """A small table; the first row is its head, the first column says what a row is about."""
    head, *body = rows
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in rest) + "</tr>"
        for first, *rest in body
    )
    st.html(f'<table class="gh-lab-table" data-testid="{escape(name)}"><thead><tr>{top}</tr></thead>{lines}</table>')


def smaller(split: Split, pictures: int, seed: int = 0) -> Split:
    """At most so many pictures of a split, chosen at random."""
    if len(split) <= pictures:
        return split
    index = torch.randperm(len(split), generator=torch.Generator().manual_seed(seed))[:pictures]
    return Split(split.pixels(index), split.labels[index], split.scale, split.mirrors)


def pictures(tiles: Sequence[tuple[str, str, str, bool]], name: str) -> None:
    """Small pictures: each PNG in base64, a name, a note, and whether it is marked."""
    figures = "".join(
        f'<figure class="{"planted" if marked else ""}"><img alt="{escape(title)}" src="data:image/png;base64,{png}">'
        f"<figcaption>{escape(title)}<br><i>{escape(note)}</i></figcaption></figure>"
        for png, title, note, marked in tiles
    )
    st.html(f'<div class="gh-lab-pictures" data-testid="{escape(name)}">{figures}</div>')


def curves(lines: Mapping[str, Sequence[float]], axis: str, name: str, first: float = 1.0) -> None:
    """Accuracies 0..1 over epochs or the like, the first line in the accent, the second dashed, a third warm.

    axis: what goes along below; first: where the first value stands on it
    """
    looks = (("#3f9a66", ""), ("#4a7fc1", "7 5"), ("#e0703a", ""), ("#8d8d8d", "2 4"))
    longest = max(len(values) for values in lines.values())
    parts = [
        f'<path d="M44 {_up(y):.0f}H430" stroke="#8d8d8d" stroke-opacity=".35"/><text x="38" y="{_up(y) + 4:.0f}" '
        f'text-anchor="end">{percent(y, ".0f")}</text>'
        for y in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    for (label, values), (colour, dashes) in zip(lines.items(), looks, strict=False):
        places = " ".join(f"{50 + 375 * i / max(longest - 1, 1):.1f},{_up(y):.1f}" for i, y in enumerate(values))
        parts.append(
            f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2.5" '
            f'stroke-dasharray="{dashes}"/>'
        )
        row = 14 + 17 * list(lines).index(label)
        parts.append(
            f'<path d="M446 {row}h24" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dashes}"/>'
            f'<text x="476" y="{row + 4}">{escape(label)} {percent(values[-1])}</text>'
        )
    ends = f'<text x="50" y="196">{first:g}</text><text x="425" y="196" text-anchor="end">{escape(axis)}</text>'
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 200" font-family="sans-serif" font-size="12.5" '
        f'fill="#7d8a83">{"".join(parts)}{ends}</svg>'
    )
    said = "; ".join(f"{label}: {percent(values[0])} … {percent(values[-1])}" for label, values in lines.items())
    source = b64encode(drawn.encode()).decode()
    st.html(
        f'<img class="gh-lab-curves" data-testid="{escape(name)}" alt="{escape(said)}" '
        f'src="data:image/svg+xml;base64,{source}">'
    )


def _up(share: float) -> float:
    return 178 - 168 * share


def fewer(data: Dataset, pictures: int, tested: int = 1_000) -> Dataset:
    """The same data set with at most so many training and test pictures, always the same ones."""
    return replace(data, train=smaller(data.train, pictures), test=smaller(data.test, tested))
