"""Measure how many of 200 drawings made by hand the ready nets read: as pages prepare them, and without that.

"As in tutorials" is a net of the same layers, trained for as long on the pictures as they come (`digits`: the scans,
merely enlarged) and without augmentation, and asked with the whole sheet shrunk to 28 x 28.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from lib.config import RunConfig
from lib.data import Dataset, Split, prepare
from lib.data.digits import TEST_COUNT
from lib.models import build_model
from lib.runs.ready import ready_net
from lib.training import fit, predict
from tests.drawings.sheet import Drawing, digit_drawings, doodle_drawings, rasterize

DRAWINGS = {"doodles": doodle_drawings, "digits": digit_drawings}
SHRUNK = ("grey", "final")  # the only steps that nobody can do without
_WAYS = ("ready net", "the same, the sheet merely shrunk", "as in tutorials")


def share_read(net: nn.Module, data: Dataset, drawings: list[Drawing], steps: tuple[str, ...] | None = None) -> float:
    """The share of drawings whose likeliest class is right, prepared with all steps or with `steps`."""
    pictures = [rasterize(drawing.strokes, drawing.pen) for drawing in drawings]
    x = torch.cat([prepare(picture, data, steps).tensor for picture in pictures])
    answers = predict(net, x).argmax(1).tolist()
    right: int = sum(data.classes[answer] == drawing.kind for answer, drawing in zip(answers, drawings, strict=True))
    return right / len(drawings)


def measure(name: str) -> dict[str, float]:
    """Ask the ready net for `name` with and without preparation, and a net that never knew any."""
    ready = ready_net(name)
    drawings, (_, net) = DRAWINGS[name](), ready.model()
    plain = _trained_plainly(ready.config, ready.dataset)
    shares = (
        share_read(net, ready.dataset, drawings),
        share_read(net, ready.dataset, drawings, SHRUNK),
        share_read(plain, ready.dataset, drawings, SHRUNK),
    )
    return dict(zip(_WAYS, shares, strict=True))


def _trained_plainly(config: RunConfig, data: Dataset) -> nn.Module:
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    train = _scans(data) if data.name == "digits" else data.train
    plain = config.train.model_copy(update={"augment": False})
    for event in fit(net, train, data.valid, plain, seed=config.seed):
        if event.kind == "run_ended" and event.reason == "diverged":
            raise RuntimeError(event.message)
    return net


def _scans(data: Dataset) -> Split:
    """As many of scikit-learn's digits as the data set trains on, enlarged from 8 x 8 as they are."""
    from sklearn.datasets import load_digits

    pixels, target = load_digits(return_X_y=True)
    images = []
    for scan in pixels[TEST_COUNT : TEST_COUNT + len(data.train)]:
        small = Image.fromarray((scan.reshape(8, 8) * (255 / 16)).round().astype(np.uint8))
        images.append(torch.from_numpy(np.array(small.resize((28, 28), Image.Resampling.BICUBIC))))
    labels = torch.from_numpy(target[TEST_COUNT : TEST_COUNT + len(data.train)]).long()
    return Split(torch.stack(images)[:, None], labels)


def report(found: dict[str, dict[str, float]]) -> str:
    """Write what was measured in Markdown."""
    lines = [f"| read of 200 drawings | {' | '.join(found)} |", "|---" * (len(found) + 1) + "|"]
    for way in _WAYS:
        lines.append(f"| {way} | " + " | ".join(f"{shares[way] * 100:.1f} %" for shares in found.values()) + " |")
    return "\n".join(lines)


def main() -> int:
    """Measure, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.strokes", description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/strokes.json")
    options = parser.parse_args()
    found = {name: measure(name) for name in DRAWINGS}
    options.results.parent.mkdir(exist_ok=True)
    options.results.write_text(json.dumps(found) + "\n")
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
