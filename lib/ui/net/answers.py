"""Answers and pictures as plain HTML: bars, thumbnails, verdicts. Every text is escaped."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from lib.datasets import Dataset
from lib.models import describe
from lib.ui.words import say, text

_MARKED = ' class="truth" title="{}"'
_SMALL = 160  # pixels of a picture's longer side
_SAME = 0.005  # a difference that is not marked


def verdict_html(
    classes: tuple[str, ...],
    probabilities: Tensor,
    truth: int | None,
    whole: Tensor | None = None,
    *,
    strange: bool = False,
) -> str:
    """The answer in one large line; for a test picture also whether it is right.

    whole: what the answer would be with all steps of preparation, if some were left out
    strange: nothing that the net has learned looks like the picture
    """
    best = int(probabilities.argmax())
    name, share = escape(classes[best]), text.percent(float(probabilities[best]))
    if whole is not None:
        was = int(whole.argmax())
        said = say("net.with_all_steps", name=escape(classes[was]), share=float(whole[was]))
        judged = f'<small data-testid="whole" class="{"" if was == best else "wrong"}">{said}</small>'
    elif truth is None:
        judged = ""
    elif best == truth:
        judged = f'<small class="right">✓ {say("net.right")}</small>'
    else:
        judged = f'<small class="wrong">✗ {say("net.it_is", name=escape(classes[truth]))}</small>'
    if strange:
        return (
            '<div class="gh-verdict" data-testid="verdict" data-class="none of these">'
            f"<b>{say('net.none_of_these')}</b>"
            f"<small>{say('net.nothing_like_it')}</small> {judged}</div>"
        )
    return f'<div class="gh-verdict" data-testid="verdict" data-class="{name}"><b>{name}</b> {share} {judged}</div>'


def seen_html(x: Tensor, caption: str, data: Dataset) -> str:
    """The very numbers that go in, as a picture drawn large."""
    png = png_base64(x[0] / data.test.scale)
    said = escape(seen_caption(caption, data))
    image = f'<img alt="{said}" src="data:image/png;base64,{png}">'
    return f'<figure class="gh-seen">{image}<figcaption>{said}</figcaption></figure>'


def seen_caption(caption: str, data: Dataset) -> str:
    """What stands below them."""
    return say("net.numbers_of", shape=describe(data.input_shape), caption=caption)


def waiting_html(classes: tuple[str, ...]) -> str:
    """What the answer will look like, before there is a picture."""
    rows = "".join(f'<div class="gh-bar"><span>{escape(name)}</span><i></i><em>–</em></div>' for name in classes)
    return f'<div class="gh-verdict quiet">{say("net.answer_appears")}</div><div class="gh-bars">{rows}</div>'


def bars_html(
    classes: tuple[str, ...], probabilities: Tensor, truth: int | None = None, whole: Tensor | None = None
) -> str:
    """Probabilities as bars, the winner marked; a sentence says the same to screen readers.

    whole: others to compare with, marked by a line in each bar
    """
    best = int(probabilities.argmax())
    marks = [None] * len(classes) if whole is None else whole.tolist()
    rows = []
    for index, (name, share, before) in enumerate(zip(classes, probabilities.tolist(), marks, strict=True)):
        mark = " best" if index == best else ""
        hint = _MARKED.format(escape(say("net.true_class"))) if index == truth else ""
        moved = before is not None and abs(share - before) > _SAME
        line = f"<u style='left:{before * 100:.2f}%'></u>" if moved else ""
        rows.append(
            f'<div class="gh-bar{mark}" data-testid="bar" data-class="{escape(name)}" data-share="{share:.6f}">'
            f"<span{hint}>{escape(name)}</span><i><b style='width:{share * 100:.2f}%'></b>{line}</i>"
            f"<em>{text.percent(share)}</em></div>"
        )
    said = say("net.most_likely", classes=escape(classes[best]), probabilities=text.percent(float(probabilities[best])))
    return f'<div class="gh-bars" role="img" aria-label="{said}">{"".join(rows)}</div>'


def nearest_html(title: str, sentence: str, tiles: Sequence[Mapping[str, Any]]) -> str:
    """Pictures with a name and a note each, the nearest first.

    tiles: each {"png": base64, "name": "house", "note": "0.53", "same": whether it is of the class that was answered}
    """
    figures = "".join(
        f'<figure data-testid="neighbour" data-class="{escape(tile["name"])}" class="{"same" if tile["same"] else ""}">'
        f'<img alt="{number}. {escape(tile["name"])}" src="data:image/png;base64,{tile["png"]}">'
        f"<figcaption><b>{escape(tile['name'])}</b> <span>{escape(tile['note'])}</span></figcaption></figure>"
        for number, tile in enumerate(tiles, 1)
    )
    return (
        f'<section class="gh-nearest" data-testid="nearest"><h2>{escape(title)}</h2><div>{figures}</div>'
        f"<p>{escape(sentence)}</p></section>"
    )


def small_picture(image: Image.Image) -> str:
    """A PIL image as a data address: pixel by pixel, or if it is larger than that, made 160 pixels small."""
    small = image.copy()
    small.thumbnail((_SMALL, _SMALL))
    kind = "png" if small.size == image.size else "webp"  # what is shrunk is no exact picture any more
    buffer = BytesIO()
    small.save(buffer, kind)
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def png_base64(picture: Tensor) -> str:
    """A picture `(C, H, W)` with values 0..255 as a PNG in base64."""
    pixels = picture.round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).squeeze(-1).numpy()
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
