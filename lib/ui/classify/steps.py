"""The steps of preparation as the page shows them, in words, also those that were left out."""

from typing import Any

from PIL import Image, ImageChops

from lib.datasets import Dataset, Prepared
from lib.datasets.measured_rules import conventions
from lib.datasets.preparation import choices_for, steps_for
from lib.ui.net.answers import small_picture
from lib.ui.words import Said, say

_TITLES = Said(
    {
        "picture": "classify.titles_picture",
        "grey": "classify.titles_grey",
        "polarity": "classify.titles_polarity",
        "crop": "classify.titles_crop",
        "scan": "classify.titles_scan",
        "resize": "classify.titles_resize",
        "centre": "classify.titles_centre",
        "final": "classify.titles_final",
    }
)
_LEFT_OUT = Said(
    {
        "polarity": "classify.left_out_polarity",
        "crop": "classify.left_out_crop",
        "scan": "classify.left_out_scan",
        "resize": "classify.left_out_resize",
    }
)
_LEFT_OUT_OF_PHOTOS = Said(
    {
        "crop": "classify.left_out_of_photos_crop",
        "resize": "classify.left_out_of_photos_resize",
    }
)


def shown_steps(prepared: Prepared, data: Dataset, off: list[str]) -> list[dict[str, Any]]:
    """Describe every step that pictures for `data` take, for `preparation`; those of `off` were left out."""
    done = {step.name: step for step in prepared.steps}
    switches = choices_for(data)
    said = _LEFT_OUT_OF_PHOTOS if conventions(data).photo else _LEFT_OUT
    shown = []
    last = prepared.steps[0]
    before: Image.Image | None = None
    for name in steps_for(data):
        idle = name not in done
        last = done.get(name, last)
        sentence = last.sentence
        if idle:
            sentence = said.get(name, say("classify.left_out_alone")) if name in off else say("classify.nothing_to_do")
        elif name in off:
            sentence = say("classify.left_out", sentence=sentence[0].lower() + sentence[1:])
        image = _in_grey(last.image)
        turned = before is not None and _is_same(ImageChops.invert(before), image)
        kept = turned or (before is not None and _is_same(before, image))
        shown.append(
            {
                "name": name,
                "title": say("classify.colour") if name == "grey" and name not in switches else _TITLES[name],
                "picture": None if kept else small_picture(image),
                "turned": turned,
                "sentence": sentence,
                "on": name not in off,
                "idle": idle,
                "fixed": name not in switches,
            }
        )
        before = image
    return shown


def _is_same(one: Image.Image, other: Image.Image) -> bool:
    return (one.mode, one.size) == (other.mode, other.size) and one.tobytes() == other.tobytes()


def _in_grey(image: Image.Image) -> Image.Image:
    """The same picture in a third of the bytes, if it has no colour."""
    grey = image.convert("L")
    return grey if image.tobytes() == grey.convert(image.mode).tobytes() else image
