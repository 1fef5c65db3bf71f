"""Measure whom "none of these" turns away, on hands, seeds and things that nothing was chosen by.

For each ready net: canvas drawings and photos of paper that it reads rightly and yet turns away, wrong answers that it
lets stand and how sure it is of those, and pictures of other things that it turns away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor, nn

from lib.datasets import Dataset, prepare
from lib.explain.familiar import Familiar
from lib.nets.ready import ready_net
from lib.nets.strange import acquaint_with
from lib.training import predict
from tests.drawings import fresh_digits, further_doodles
from tests.drawings.photo import photos_of
from tests.drawings.sheet import SIDE, drawings, rasterize

HANDS = {"digits": fresh_digits.DIGITS, "doodles": further_doodles.DOODLES}
MOST_AWAY = 0.05  # of the photos that are read rightly
MOST_SURE = 0.2  # of the wrong answers, that the net is more than 90 % sure of
_SURE = 0.9
_EACH = 7  # photos on every paper, in every light, in pen and in pencil
_FIRST = 888_000  # the seed of the first photo
_LETTERS = "AEFHKMNRWX&%#?@GPQTVYfhkmnrtwx"  # of a type; nobody would call them digits or doodles
_STRANGE = 120


@dataclass(frozen=True)
class Turned:
    """What became of pictures that belong to a class."""

    pictures: int
    right: int
    away: int  # of the right ones
    wrong_kept: int
    wrong_sure: int

    @property
    def wrong(self) -> int:
        """Answers that are wrong, turned away or not."""
        return self.pictures - self.right


def turned(net: nn.Module, known: Familiar, x: Tensor, truth: Tensor) -> Turned:
    """Ask the net about prepared pictures `x` `(N, C, H, W)` of the classes `truth` `(N,)`."""
    said, knows = predict(net, x), known.knows(x)
    right = said.argmax(dim=1) == truth
    sure = said.amax(dim=1) > _SURE
    return Turned(
        len(x), int(right.sum()), int((right & ~knows).sum()), int((~right & knows).sum()), int((~right & sure).sum())
    )


def strangers() -> dict[str, list[Image.Image]]:
    """Typed letters, random lines and noise."""
    chance = np.random.default_rng(_FIRST)
    lines = [
        rasterize([[(float(x), float(y)) for x, y in ends] for ends in chance.uniform(0.1, 0.9, (count, 2, 2))], pen)
        for count, pen in zip(chance.integers(3, 8, _STRANGE), chance.uniform(0.03, 0.1, _STRANGE), strict=True)
    ]
    noise = [
        Image.fromarray((255 * chance.random((side, side))).astype(np.uint8)).resize((SIDE, SIDE))
        for side in chance.choice([10, 20, 35, 70], _STRANGE)
    ]
    letters = [_typed(letter, size) for letter in _LETTERS for size in (60, 80, 100, 120)]
    return {"typed letters": letters, "random lines": lines, "noise": noise}


def _typed(letter: str, size: int) -> Image.Image:
    sheet = Image.new("L", (SIDE, SIDE))
    middle = (SIDE / 2, SIDE / 2)
    ImageDraw.Draw(sheet).text(middle, letter, fill=255, font=ImageFont.load_default(size), anchor="mm")
    return sheet


def measure(name: str) -> dict[str, Any]:
    """Ask the ready net for `name` about everything."""
    ready = ready_net(name)
    data, (_, net) = ready.dataset, ready.model()
    known = acquaint_with(net, data)
    assert known is not None
    drawn = [(each.kind, rasterize(each.strokes, each.pen)) for each in drawings(HANDS[name])]
    return {
        "canvas": turned(net, known, *_prepared(drawn, data)),
        "photos": turned(net, known, *_prepared(photos_of(HANDS[name], _EACH, _FIRST), data)),
        "strange": {
            kind: float((~known.knows(torch.cat([prepare(each, data).tensor for each in pictures]))).double().mean())
            for kind, pictures in strangers().items()
        },
    }


def _prepared(pictures: Iterable[tuple[str, Image.Image]], data: Dataset) -> tuple[Tensor, Tensor]:
    kinds, x = [], []
    for kind, picture in pictures:
        kinds.append(data.classes.index(kind))
        x.append(prepare(picture, data).tensor)
    return torch.cat(x), torch.tensor(kinds)


def report(found: dict[str, dict[str, Any]]) -> str:
    """Write what was measured in Markdown, with the two bars."""
    lines = ["| none of these | " + " | ".join(found) + " |", "|---" * (len(found) + 1) + "|"]
    for way in ("canvas", "photos"):
        cells = [f"{each[way].away} of {each[way].right}" for each in found.values()]
        lines.append(f"| read rightly and turned away: {way} | {' | '.join(cells)} |")
        cells = [f"{each[way].wrong_kept} of {each[way].wrong}" for each in found.values()]
        lines.append(f"| read wrongly and let stand: {way} | {' | '.join(cells)} |")
    for kind in next(iter(found.values()))["strange"]:
        cells = [f"{100 * each['strange'][kind]:.0f} %" for each in found.values()]
        lines.append(f"| turned away: {kind} | {' | '.join(cells)} |")
    for name, each in found.items():
        away, right = each["photos"].away, each["photos"].right
        lines.append(f"\n{name}: {100 * away / right:.1f} % of the photos read rightly are turned away (bar: 5 %)")
    wrong = sum(each[way].wrong for each in found.values() for way in ("canvas", "photos"))
    sure = sum(each[way].wrong_sure for each in found.values() for way in ("canvas", "photos"))
    lines.append(f"\nWrong answers that a net was more than 90 % sure of: {sure} of {wrong} (bar: one in five)")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report({name: measure(name) for name in HANDS}))
