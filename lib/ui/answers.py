"""Answers and pictures as plain HTML: bars, thumbnails, verdicts. Every text is escaped."""

import base64
from html import escape
from io import BytesIO

import torch
from PIL import Image
from torch import Tensor

from lib.data import Dataset, Prepared
from lib.models import describe
from lib.ui import text


def verdict_html(classes: tuple[str, ...], probabilities: Tensor, truth: int | None) -> str:
    """The answer in one large line; for a test picture also whether it is right."""
    best = int(probabilities.argmax())
    name, share = escape(classes[best]), text.percent(float(probabilities[best]))
    if truth is None:
        judged = ""
    elif best == truth:
        judged = '<small class="right">✓ right</small>'
    else:
        judged = f'<small class="wrong">✗ it is: {escape(classes[truth])}</small>'
    return f'<div class="gh-verdict" data-testid="verdict" data-class="{name}"><b>{name}</b> {share} {judged}</div>'


def seen_html(x: Tensor, caption: str, data: Dataset) -> str:
    """The very numbers that go in, as a picture drawn large."""
    png = png_base64(x[0] / data.test.scale)
    said = f"{describe(data.input_shape)} numbers, {escape(caption)}"
    image = f'<img alt="{said}" src="data:image/png;base64,{png}">'
    return f'<figure class="gh-seen">{image}<figcaption>{said}</figcaption></figure>'


def waiting_html(classes: tuple[str, ...]) -> str:
    """What the answer will look like, before there is a picture."""
    rows = "".join(f'<div class="gh-bar"><span>{escape(name)}</span><i></i><em>–</em></div>' for name in classes)
    return f'<div class="gh-verdict quiet">The answer appears here as you draw.</div><div class="gh-bars">{rows}</div>'


def bars_html(classes: tuple[str, ...], probabilities: Tensor, truth: int | None = None) -> str:
    """Probabilities as bars, the winner marked; a sentence says the same to screen readers."""
    best = int(probabilities.argmax())
    rows = []
    for index, (name, share) in enumerate(zip(classes, probabilities.tolist(), strict=True)):
        mark = " best" if index == best else ""
        hint = ' class="truth" title="the true class"' if index == truth else ""
        rows.append(
            f'<div class="gh-bar{mark}" data-testid="bar" data-class="{escape(name)}" data-share="{share:.6f}">'
            f"<span{hint}>{escape(name)}</span><i><b style='width:{share * 100:.2f}%'></b></i>"
            f"<em>{text.percent(share)}</em></div>"
        )
    said = f"Most likely {escape(classes[best])}, {text.percent(float(probabilities[best]))}"
    return f'<div class="gh-bars" role="img" aria-label="{said}">{"".join(rows)}</div>'


def steps_html(prepared: Prepared) -> str:
    """The way from the picture to the tensor, as a row of thumbnails with a sentence each."""
    figures = []
    for number, step in enumerate(prepared.steps, 1):
        png = png_of(step.image)
        figures.append(
            f'<figure data-testid="step" data-step="{escape(step.name)}"><img alt="{escape(step.name)}" '
            f'src="data:image/png;base64,{png}"><figcaption><b>{number}. {escape(step.name)}</b><br>'
            f"{escape(step.sentence)}</figcaption></figure>"
        )
    return f'<div class="gh-steps">{"".join(figures)}</div>'


def png_of(image: Image.Image) -> str:
    """A PIL image as a PNG in base64, at most 160 pixels wide."""
    small = image.copy()
    small.thumbnail((160, 160))
    buffer = BytesIO()
    small.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def png_base64(picture: Tensor) -> str:
    """A picture `(C, H, W)` with values 0..255 as a PNG in base64."""
    pixels = picture.round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).squeeze(-1).numpy()
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
