"""What the browser computes by itself, run by node and held against torch, Pillow and the core."""

import base64
import json
import random
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from torch.nn import functional as F

from lib.config import DepthwiseConv2d, ModelConfig
from lib.models import summarize
from lib.ui import components
from lib.ui.words.text import percent
from tests.models.test_random_nets import LISTS, SHAPES, problem_of

FOLDER = Path(components.__file__).parent
pytestmark = pytest.mark.node


def in_browser(script, values):
    """Return what `script` makes of `given`, the values; `import("/base/x.js")` finds our modules."""
    text = script.replace('import("/', f'import("{FOLDER.as_uri()}/')
    program = (
        f"const given = JSON.parse(process.argv[1]);\nconsole.log(JSON.stringify(await (async () => {{{text}}})()));"
    )
    command = [shutil.which("node"), "--input-type=module", "--eval", program, json.dumps(values)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_kernel_slides_as_torch_s_convolution():
    chance, cases, expected = random.Random(1), [], []
    for _ in range(60):
        size, stride, padding = chance.choice([3, 5]), chance.choice([1, 2, 3]), chance.choice(["same", "valid"])
        height, width = chance.randint(size, 12), chance.randint(size, 12)
        picture = torch.rand(height, width, generator=torch.Generator().manual_seed(len(cases)))
        kernel = torch.rand(size, size, generator=torch.Generator().manual_seed(99 + len(cases))) - 0.5
        cases.append(
            {
                "width": width,
                "height": height,
                "values": picture.flatten().tolist(),
                "kernel": kernel.flatten().tolist(),
            }
            | {"size": size, "stride": stride, "padding": padding}
        )
        before = after = (0, 0)
        if padding == "same":  # as TensorFlow and our layers have it: what is odd goes after
            spare = [max((-(-n // stride) - 1) * stride + size - n, 0) for n in (height, width)]
            before, after = [s // 2 for s in spare], [s - s // 2 for s in spare]
        padded = F.pad(picture[None, None], (before[1], after[1], before[0], after[0]))
        expected.append(F.conv2d(padded, kernel[None, None], stride=stride)[0, 0])
    found = in_browser(
        """const { slide } = await import("/filter_bench/slide.js");
        return given.map((one) => { const { values, ...rest } = slide(one, one.kernel, one);
          return { ...rest, values: [...values] }; });""",
        cases,
    )
    for ours, theirs in zip(found, expected, strict=True):
        assert (ours["height"], ours["width"]) == tuple(theirs.shape)
        torch.testing.assert_close(torch.tensor(ours["values"]).view_as(theirs), theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("kind", "pool"), [("max", F.max_pool2d), ("average", F.avg_pool2d)])
def test_pooling_drops_the_incomplete_row_and_column_as_torch_does(kind, pool):
    pictures = [
        torch.rand(h, w, generator=torch.Generator().manual_seed(h)) for h, w in [(7, 7), (8, 5), (2, 9), (6, 6)]
    ]
    values = [{"width": p.shape[1], "height": p.shape[0], "values": p.flatten().tolist()} for p in pictures]
    found = in_browser(
        f"""const {{ pool }} = await import("/filter_bench/slide.js");
        return given.map((one) => [...pool(one, "{kind}", 2).values]);""",
        values,
    )
    for ours, picture in zip(found, pictures, strict=True):
        theirs = pool(picture[None, None], 2)[0, 0]
        torch.testing.assert_close(torch.tensor(ours).view_as(theirs), theirs, rtol=1e-5, atol=1e-6)


@settings(max_examples=4, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(LISTS, SHAPES), min_size=60, max_size=60))
def test_the_shapes_guessed_while_typing_are_those_of_the_core(nets):
    # A kind that the browser has no guess for waits for the server: see web/test/editor.test.js.
    nets = [(layers, shape) for layers, shape in nets if not any(isinstance(e, DepthwiseConv2d) for e in layers)]
    found = in_browser(
        """const { estimate } = await import("/net_editor/shapes.js");
        return given.map(({ layers, shape }) => estimate(layers, shape, 3));""",
        [{"layers": ModelConfig(layers=layers).model_dump()["layers"], "shape": shape} for layers, shape in nets],
    )
    for ours, (layers, shape) in zip(found, nets, strict=True):
        error = problem_of(layers, shape)
        if error:
            assert ours["brokenAt"] == error.layer_index
        else:
            summary = summarize(ModelConfig(layers=layers), shape, 3)
            assert ours["brokenAt"] == -1
            shapes = [(tuple(row["shape"]), row["parameters"]) for row in ours["rows"]]
            assert shapes == [(tuple(row.output_shape), row.parameters) for row in summary.rows]
            assert list(ours["totals"].values()) == [summary.parameters, summary.multiply_adds]


def test_the_canvas_writes_pngs_that_pillow_reads():
    pixels = np.random.default_rng(0).integers(0, 256, (31, 31), dtype=np.uint8)
    found = in_browser(
        """const { encodeGreyPng } = await import("/canvas/png.js");
        return encodeGreyPng(Uint8Array.from(given), 31);""",
        pixels.flatten().tolist(),
    )
    with Image.open(BytesIO(base64.b64decode(found))) as image:
        assert (image.mode, image.size) == ("L", (31, 31))
        assert (np.asarray(image) == pixels).all()


def test_a_stream_takes_overlaps_gaps_and_shorter_histories():
    found = in_browser(
        """Object.assign(globalThis, { document: { hidden: false, addEventListener() {} }, window: globalThis });
        globalThis.EventSource = class { addEventListener() {} close() {} };
        const { RunStream } = await import("/base/stream.js");
        const stream = new RunStream("a");
        const asked = [];
        stream.retry = () => asked.push(stream.length);
        return [asked, given.map((message) => { stream.addPoints(message); return [...stream.x]; })];""",
        [
            {"from": 0, "points": [[1, 9, 0], [2, 9, 0]]},
            {"from": 1, "points": [[2, 9, 0], [3, 9, 0]]},  # an overlap
            {"from": 5, "points": [[6, 9, 0]]},  # a gap: asked for again
            {"from": 3, "points": [[4, 9, 0]]},
            {"from": 0, "points": [[1, 9, 0]]},  # resumed from a checkpoint: shorter than ours
        ],
    )
    asked, seen = found
    assert seen == [[1, 2], [1, 2, 3], [1, 2, 3], [1, 2, 3, 4], [1]]
    assert asked == [3]


def test_numbers_read_as_people_write_them():
    values = [0, 0.5, 0.8694, 1, 12.34, 2.3026, 1234.5, 7e9, 0.00001, None]
    found = in_browser(
        """const n = await import("/base/numbers.js");
        return [given.map(n.percent), given.map(n.threeFigures), given.map(n.count), given.map(n.clock)];""",
        values,
    )
    percents, figures, counts, clocks = found
    assert percents[:4] == ["0.0\xa0%", "50.0\xa0%", "86.9\xa0%", "100.0\xa0%"]
    assert figures[2:] == ["0.869", "1.00", "12.3", "2.30", "1,235", "7.0e9", "1.0e-5", "–"]
    assert counts[6:8] == ["1,235", "7,000,000,000"]
    assert clocks[6] == "20:35"


def test_a_table_in_the_browser_and_a_sentence_from_python_round_alike():
    # Every share of 16, 80 and 81 pictures: 13 of 16 are 81.25 %, exactly between two.
    shares = [right / count for count in (16, 80, 81) for right in range(count + 1)]
    found = in_browser("""const n = await import("/base/numbers.js"); return given.map(n.percent);""", shares)
    assert found == [percent(share).replace(" ", "\xa0") for share in shares]
