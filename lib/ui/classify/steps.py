"""The steps of preparation as the page shows them, in words, also those that were left out."""

from typing import Any

from PIL import Image

from lib.datasets import Dataset, Prepared
from lib.datasets.conventions import conventions
from lib.datasets.prepare import choices_for, steps_for
from lib.ui.net.answers import png_of

_TITLES = {
    "picture": "Picture",
    "grey": "Grey",
    "polarity": "Polarity",
    "crop": "Crop",
    "scan": "Scan",
    "resize": "Resize",
    "centre": "Centre",
    "final": "Numbers",
}
_LEFT_OUT = {
    "polarity": "Left out: light and dark stay as they are.",
    "crop": "Left out: the empty rim stays.",
    "scan": "Left out: lines stay as fine as they are.",
    "resize": "Left out: in the end it is squeezed to size, whatever its shape.",
}
_LEFT_OUT_OF_PHOTOS = {
    "crop": "Left out: the whole picture is squeezed.",
    "resize": "Left out: in the end only every so many pixels are taken.",
}
_NOTHING_TO_DO = "Nothing to do here, without the step before."


def shown_steps(prepared: Prepared, data: Dataset, off: list[str]) -> list[dict[str, Any]]:
    """Describe every step that pictures for `data` take, for `preparation`; those of `off` were left out."""
    done = {step.name: step for step in prepared.steps}
    switches = choices_for(data)
    said = _LEFT_OUT_OF_PHOTOS if conventions(data).photo else _LEFT_OUT
    shown = []
    last, before = prepared.steps[0], ""
    for name in steps_for(data):
        idle = name not in done
        last = done.get(name, last)
        sentence = last.sentence
        if idle:
            sentence = said.get(name, "Left out.") if name in off else _NOTHING_TO_DO
        elif name in off:
            sentence = f"Left out: {sentence[0].lower()}{sentence[1:]}"
        png = png_of(_in_grey(last.image))
        shown.append(
            {
                "name": name,
                "title": "Colour" if name == "grey" and name not in switches else _TITLES[name],
                "png": None if png == before else png,
                "sentence": sentence,
                "on": name not in off,
                "idle": idle,
                "fixed": name not in switches,
            }
        )
        before = png
    return shown


def _in_grey(image: Image.Image) -> Image.Image:
    """The same picture in a third of the bytes, if it has no colour."""
    grey = image.convert("L")
    return grey if image.tobytes() == grey.convert(image.mode).tobytes() else image
