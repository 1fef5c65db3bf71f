"""Measure how many drawings made by hand the ready nets read: on the canvas, by other hands, and as photos of paper.

The same drawings also go to the same net with the whole sheet merely shrunk to 28 x 28, and, shrunk, to a net "as in
tutorials": the same layers, trained for as long, without augmentation, on pictures as they come (doodles on our pen's,
digits on MNIST's). "Turned away" are those that the net calls "none of these", however it reads them.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import torch
from PIL import Image
from torch import nn

from bench.kept import keep
from lib.config import RunConfig
from lib.datasets import Dataset, load_dataset, prepare
from lib.explain.familiar import Familiar
from lib.models import build_model
from lib.nets.ready import ready_net
from lib.nets.strange import acquaint_with
from lib.training import fit, predict
from tests.drawings import further_digits, further_doodles
from tests.drawings.photo import LIGHTS, PAPERS, photos_of
from tests.drawings.sheet import Drawing, digit_drawings, doodle_drawings, drawings, rasterize

DRAWINGS = {"doodles": doodle_drawings, "digits": digit_drawings}
FURTHER = {"doodles": further_doodles.DOODLES, "digits": further_digits.DIGITS}
SHRUNK = ("grey", "final")  # the only steps that nobody can do without
_TUTORIALS = {"doodles": "doodles", "digits": "mnist-5k"}
_EACH = 14  # photos on every paper, in every light, in pen and in pencil
_ROUNDS = 5  # of four drawings, of each usual shape
_SURE = 0.9
_FIRST = 777_000  # the seed of the first photo: others than the tests take

Picture = tuple[str, Image.Image]  # what is drawn, and the picture of it


@dataclass(frozen=True)
class Read:
    """How much of some pictures a net reads, and what it takes the others for."""

    share: float
    pictures: int
    missed: list[str]  # "house: cup 98 %"
    sure: int = 0  # of those, answers that the net was more than 90 % sure of
    away: int | None = None  # pictures of which it says "none of these", where it was asked that too


def read(
    net: nn.Module,
    data: Dataset,
    pictures: Sequence[Picture],
    steps: tuple[str, ...] | None = None,
    known: Familiar | None = None,
) -> Read:
    """Ask the net about pictures, prepared with all steps or with `steps`."""
    x = torch.cat([prepare(picture, data, steps).tensor for _, picture in pictures])
    missed, sure = [], 0
    for (kind, _), said in zip(pictures, predict(net, x), strict=True):
        answer = data.classes[int(said.argmax())]
        if answer != kind:
            missed.append(f"{kind}: {answer} {100 * float(said.max()):.0f} %")
            sure += float(said.max()) > _SURE
    away = None if known is None else int((~known.knows(x)).sum())
    return Read(1 - len(missed) / len(pictures), len(pictures), missed, sure, away)


def measure(name: str) -> dict[str, Read]:
    """Ask the ready net for `name` about every kind of picture, and the others about the plain drawings."""
    ready = ready_net(name)
    data, (_, net) = ready.dataset, ready.model()
    known = acquaint_with(net, data)
    plain = _painted(DRAWINGS[name]())
    found = {
        "200 drawings on the canvas": read(net, data, plain, known=known),
        "the same, the sheet merely shrunk": read(net, data, plain, SHRUNK),
        "the same, as in tutorials": read(_trained_plainly(name, ready.config), data, plain, SHRUNK),
        "240 drawings by other hands": read(net, data, _painted(drawings(FURTHER[name])), known=known),
    }
    photos = photos_of(FURTHER[name], _EACH, _FIRST)
    for paper in PAPERS:
        for light in LIGHTS:
            lit = "even light" if light == "even" else f"{light} shadow"
            found[f"photos: {paper} paper, {lit}"] = read(net, data, list(islice(photos, 2 * _EACH)), known=known)
    return found


def least_read(name: str) -> tuple[str, float]:
    """Of the usual shapes by other hands, 20 drawings each, the one that the ready net for `name` reads least.

    A shape is one way to draw a kind, as a 1 with flag and foot; gives its kind with its place there, and the share.
    """
    ready = ready_net(name)
    data, (_, net) = ready.dataset, ready.model()
    shares = {}
    for kind, ways in FURTHER[name].items():
        drawn = _painted(drawings({kind: ways}, _ROUNDS))
        each = len(drawn) // len(ways)
        for way in range(len(ways)):
            shares[f"{kind} {way + 1}"] = read(net, data, drawn[way * each :][:each]).share
    least = min(shares, key=lambda shape: shares[shape])
    return least, shares[least]


def _painted(drawn: Iterable[Drawing]) -> list[Picture]:
    return [(drawing.kind, rasterize(drawing.strokes, drawing.pen)) for drawing in drawn]


def _trained_plainly(name: str, config: RunConfig) -> nn.Module:
    data = load_dataset(_TUTORIALS[name])
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    plain = config.train.model_copy(update={"augment": False})
    for event in fit(net, data.train, data.valid, plain, seed=config.seed):
        if event.kind == "run_ended" and event.reason == "diverged":
            raise RuntimeError(event.message)
    return net


def report(found: dict[str, dict[str, Read]]) -> str:
    """Write what was measured in Markdown, and below it what the ready nets took for something else."""
    lines = [f"| read | {' | '.join(found)} |", "|---" * (len(found) + 1) + "|"]
    ways = list(next(iter(found.values())))
    for way in ways:
        lines.append(f"| {way} | " + " | ".join(_share(reads[way]) for reads in found.values()) + " |")
    photos = {name: [each for way, each in reads.items() if way.startswith("photos")] for name, reads in found.items()}
    lines.append("| all photos | " + " | ".join(_share(_together(each)) for each in photos.values()) + " |")
    wrong = [_together(each) for each in photos.values()]
    missed, sure = sum(len(each.missed) for each in wrong), sum(each.sure for each in wrong)
    lines.append(
        f"\nWrong answers to photos that the net was more than 90 % sure of: {sure} of {missed} (bar: one in five)"
    )
    for name, reads in found.items():
        for way, each in reads.items():
            if each.missed and not way.startswith("the same"):
                lines.append(f"\nMissed of {name}, {way}: {'; '.join(each.missed)}")
    return "\n".join(lines)


def _together(reads: Sequence[Read]) -> Read:
    pictures, missed = sum(each.pictures for each in reads), [said for each in reads for said in each.missed]
    sure, away = sum(each.sure for each in reads), sum(each.away or 0 for each in reads)
    return Read(1 - len(missed) / pictures, pictures, missed, sure, away)


def _share(found: Read) -> str:
    away = "" if found.away is None else f", {found.away} turned away"
    return f"{found.share * 100:.1f} % of {found.pictures}{away}"


def main() -> int:
    """Measure, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.strokes", description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/strokes.json")
    options = parser.parse_args()
    found = {name: measure(name) for name in DRAWINGS}
    plain = {name: {way: asdict(each) for way, each in reads.items()} for name, reads in found.items()}
    keep(plain, options.results)
    print(report(found))
    for name in DRAWINGS:
        shape, share = least_read(name)
        print(f"\nThe usual shape of {name} that is read least: {shape}, {100 * share:.0f} % (bar: 90 %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
