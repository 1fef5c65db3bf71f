"""What a live camera's picture becomes in the page: read as the server reads the same photo, colours kept."""

from itertools import islice

import numpy as np
import pytest
import torch
from PIL import Image

from lib.datasets import prepare
from lib.datasets.catalogue import info
from lib.datasets.measured_rules import Conventions, _empty, known_of
from lib.nets.ready import ready_net
from lib.runs.published import net_with
from lib.training import predict
from lib.ui.serve import nets
from tests.drawings import further_digits, further_doodles
from tests.drawings.photo import photos_of
from tests.ui.test_page_net import in_node

pytestmark = pytest.mark.node

SEEN = """const { photographed } = await import("/page_net/photo.js");
  const { readNet, ask } = await import("/page_net/net.js");
  const all = new Uint8ClampedArray(read("photos"));
  const net = NET;
  return Array.from({ length: COUNT }, (_, i) => {
    const data = all.subarray(4 * i * WIDTH * HEIGHT, 4 * (i + 1) * WIDTH * HEIGHT);
    const pixels = photographed({ width: WIDTH, height: HEIGHT, data }, net);
    return { pixels: pixels && [...pixels], says: pixels && net.layers ? ask(net, pixels).probabilities : null };
  });"""
SIDE = 160  # of photo.js
EACH, ALIKE, READ = 5, 0.9, 0.9  # photos in each light, in pen and in pencil; shares of all of them


def in_page(photos, folder, net, **files):
    width, height = photos[0].size
    script = SEEN.replace("COUNT", str(len(photos))).replace("WIDTH", str(width)).replace("HEIGHT", str(height))
    content = b"".join(photo.convert("RGBA").tobytes() for photo in photos)
    return in_node(script.replace("NET", net), folder, photos=content, **files)


@pytest.mark.parametrize(("name", "shapes"), [("doodles", further_doodles.DOODLES), ("digits", further_digits.DIGITS)])
def test_drawings_on_blank_paper_are_read_as_the_server_reads_them(name, shapes, tmp_path):
    net = ready_net(name)
    data = known_of(info(net.config.data.name), scale_pixels=True)  # at once there, unlike its pictures
    model = net_with(net.config, data, net.weights)
    taken = list(islice(photos_of(shapes, EACH, 31_000), 6 * EACH))  # blank paper: even light, soft and hard shadows
    small = [photo.resize((SIDE, SIDE), Image.Resampling.BOX) for _, photo in taken]
    content = nets.packed(net.config.model, data, net.steps, model)
    found = in_page(small, tmp_path, "readNet(read('net_file'))", net_file=content)
    ours = np.array([np.argmax(each["says"]) for each in found])
    theirs = predict(model, torch.cat([prepare(photo, data).tensor for _, photo in taken])).argmax(1).numpy()
    truth = np.array([data.classes.index(kind) for kind, _ in taken])
    assert (ours == theirs).mean() >= ALIKE
    assert (ours == truth).mean() >= READ


def test_an_empty_sheet_in_a_lamps_light_has_no_ink(tmp_path):
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    light = 200 - 80 * x - 40 * y + np.random.default_rng(0).normal(0, 3, (SIDE, SIDE))
    photo = Image.fromarray(light.clip(0, 255).astype(np.uint8))
    rules = '{ photo: false, light_ink: true, box: 20, centring: "mass", scanned: false }'
    (found,) = in_page([photo], tmp_path, f"{{ shape: [1, 28, 28], conventions: {rules} }}")
    assert found["pixels"] is None


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 28, 28), (3, 24, 36)])
def test_things_in_colour_keep_it_and_grey_ones_are_as_light_as_pillow_says(shape, tmp_path):
    side = (8 * shape[2], 8 * shape[1])
    photo = Image.fromarray(np.random.default_rng(1).integers(0, 256, (12, 12, 3), dtype=np.uint8)).resize(side)
    rules = Conventions(photo=True, light_ink=True, box=28, centring="box")
    said = '{ photo: true, light_ink: true, box: 28, centring: "box", scanned: false }'
    (found,) = in_page([photo], tmp_path, f"{{ shape: {list(shape)}, conventions: {said} }}")
    theirs = prepare(photo, _empty("x", ("a", "b"), shape, 1.0, rules)).tensor
    assert int((torch.tensor(found["pixels"]).view(theirs.shape) - theirs).abs().max()) <= 1
