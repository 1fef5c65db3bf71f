"""Drawings prepared in the page, by node, and in Python: the same bytes, and therefore the same answers."""

import random

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from lib.datasets import prepare
from lib.datasets.catalogue import info
from lib.datasets.measured_rules import Conventions, _empty, known_of
from lib.nets.ready import ready_net
from lib.runs.published import net_with
from lib.training import predict
from lib.ui.serve import nets
from tests.drawings.sheet import SIDE
from tests.ui.test_page_net import in_node

pytestmark = pytest.mark.node

PREPARE = """const { prepared } = await import("/page_net/prepare.js");
  const { readNet, ask } = await import("/page_net/net.js");
  const all = new Uint8Array(read("drawings"));
  const net = NET;
  return Array.from({ length: COUNT }, (_, i) => {
    const drawing = all.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
    const pixels = prepared({ width: SIDE, height: SIDE, pixels: drawing }, net);
    return pixels && { pixels: [...pixels], says: net.layers ? ask(net, pixels).probabilities : null };
  });"""


def scribbles(count, seed):
    """Random drawings: walks of every length, thick and thin, dots, lines to the rim, and an empty sheet."""
    chance = random.Random(seed)
    sheets = [np.zeros((SIDE, SIDE), dtype=np.uint8)]
    while len(sheets) < count:
        strokes = []
        for _ in range(chance.choice((1, 1, 2, 3, 5))):
            x, y, bend = chance.random(), chance.random(), chance.random() * 6
            points = [(x, y)]
            for _ in range(chance.choice((0, 1, 4, 15, 40))):
                bend += chance.gauss(0, 0.6)
                x, y = (min(1, max(0, at + 0.04 * turn(bend))) for at, turn in ((x, np.cos), (y, np.sin)))
                points.append((float(x), float(y)))
            strokes.append(points if len(points) > 1 else points * 2)
        sheets.append(np.asarray(_painted(strokes, chance.uniform(0.029, 0.157))))
    return sheets


def _painted(strokes, pen):
    """Lines with round ends and soft edges: `tests.drawings.sheet` paints as the canvas does, but not a thousand."""
    sheet = Image.new("L", (2 * SIDE, 2 * SIDE))
    draw, wide = ImageDraw.Draw(sheet), 2 * SIDE * pen
    for points in strokes:
        places = [(2 * SIDE * x, 2 * SIDE * y) for x, y in points]
        draw.line(places, 255, round(wide))
        for x, y in places:
            draw.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), 255)
    return sheet.resize((SIDE, SIDE), Image.Resampling.BOX)


def in_page(sheets, folder, net="readNet(read('net_file'))", **files):
    script = PREPARE.replace("COUNT", str(len(sheets))).replace("SIDE", str(SIDE)).replace("NET", net)
    return in_node(script, folder, drawings=np.stack(sheets).tobytes(), **files)


@pytest.mark.parametrize("name", ["doodles", "digits"])
def test_page_and_python_agree_on_random_drawings(name, tmp_path):
    net, sheets = ready_net(name), scribbles(500, seed=len(name))
    data = known_of(info(net.config.data.name), scale_pixels=True)  # at once there, unlike its pictures
    model = net_with(net.config, data, net.weights)
    found = in_page(sheets, tmp_path, net_file=nets.packed(net.config.model, data, net.steps, model))
    left = sum(one is None for one in found)
    assert left <= 0.02 * len(sheets)  # those whose ink covers the rim of the sheet stay with the server
    pairs = [(one, sheet) for one, sheet in zip(found, sheets, strict=True) if one]
    theirs = torch.cat([prepare(Image.fromarray(sheet), data).tensor for _, sheet in pairs])
    ours = torch.tensor([one["pixels"] for one, _ in pairs]).view(theirs.shape) / 255
    assert float((ours - theirs).abs().max()) <= 1.001 / 255
    says = torch.tensor([one["says"] for one, _ in pairs])
    torch.testing.assert_close(says, predict(model, theirs), rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("shape", "rules"),
    [
        ((1, 28, 28), Conventions(photo=False, light_ink=False, box=20, centring="mass")),
        ((1, 28, 28), Conventions(photo=False, light_ink=True, box=28, centring="box")),
        ((1, 24, 32), Conventions(photo=False, light_ink=True, box=20, centring="box")),
        ((1, 28, 28), Conventions(photo=False, light_ink=True, box=20, centring="mass", scanned=True)),
        ((3, 32, 32), Conventions(photo=True, light_ink=True, box=32, centring="box")),
        ((1, 28, 28), Conventions(photo=True, light_ink=True, box=28, centring="box")),
    ],
)
def test_every_convention_is_kept_in_the_page(shape, rules, tmp_path):
    sheets = scribbles(30, seed=shape[1])
    said = f"{{ shape: {list(shape)}, conventions: {{ photo: {str(rules.photo).lower()}, "
    said += f'light_ink: {str(rules.light_ink).lower()}, box: {rules.box}, centring: "{rules.centring}", '
    said += f"scanned: {str(rules.scanned).lower()} }} }}"
    data = _empty("x", ("a", "b"), shape, 1.0, rules)
    for one, sheet in zip(in_page(sheets, tmp_path, said), sheets, strict=True):
        if one:
            theirs = prepare(Image.fromarray(sheet), data).tensor
            assert int((torch.tensor(one["pixels"]).view(theirs.shape) - theirs).abs().max()) <= 1


def test_a_sheet_whose_rim_is_ink_is_left_to_the_server(tmp_path):
    sheet = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    rules = '{ photo: false, light_ink: true, box: 20, centring: "mass", scanned: false }'
    assert in_page([sheet], tmp_path, f"{{ shape: [1, 28, 28], conventions: {rules} }}") == [None]
