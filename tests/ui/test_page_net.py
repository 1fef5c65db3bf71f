"""Nets that run in the page: what our JavaScript answers, run by node, is what torch answers."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from lib.activations import ACTIVATIONS
from lib.config import ModelConfig
from lib.datasets.measured_rules import Conventions, _empty
from lib.explain import record_activations
from lib.layers import LAYERS
from lib.models import build_model, preset
from lib.models.presets import list_presets
from lib.nets.ready import ready_net
from lib.ui import components
from lib.ui.serve import nets
from tests.layers import any_layer, layer_of
from tests.models.test_random_nets import SHAPES, mended

FOLDER = Path(components.__file__).parent
CLASSES = ("a", "b", "c")
needs_node = pytest.mark.node


def in_node(script, folder, **files):
    """What `script` gives: `read(name)` is a file's buffer, `import("/page_net/x.js")` finds our modules."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    text = script.replace('import("/', f'import("{FOLDER.as_uri()}/')
    program = f"""import {{ readFileSync }} from "node:fs";
    const read = (name) => {{ const file = readFileSync({json.dumps(str(folder))} + "/" + name);
      return file.buffer.slice(file.byteOffset, file.byteOffset + file.length); }};
    console.log(JSON.stringify(await (async () => {{{text}}})()));"""
    (folder / "program.mjs").write_text(program)
    done = subprocess.run([shutil.which("node"), folder / "program.mjs"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def data_of(shape):
    return _empty("x", CLASSES, shape, 1 / 255, Conventions(photo=False, light_ink=True, box=20, centring="mass"))


def lively(net, seed):
    """Give a net's biases and batch norms numbers as after training: at first they are all 0 or 1."""
    chance = torch.Generator().manual_seed(seed)
    for name, value in net.state_dict().items():
        if name.endswith(("bias", "running_mean")):
            value.normal_(0, 0.3, generator=chance)
        elif name.endswith("running_var") or (value.dim() == 1 and value.is_floating_point()):
            value.uniform_(0.5, 2, generator=chance)
    return net.eval()


ASK = """const { readNet, ask } = await import("/page_net/net.js");
  return Array.from({ length: COUNT }, (_, i) => {
    const net = readNet(read(`net${i}`));
    const { answers, probabilities } = ask(net, new Uint8Array(read(`picture${i}`)));
    const layers = Object.entries(answers).map(([name, { shape, values }]) => [name, shape, [...values]]);
    return { probabilities, answers: layers };
  });"""


def agree(cases, folder):
    """Ask page and torch the same pictures, and hold every layer's numbers against each other."""
    files, expected = {}, []
    for number, (model, shape) in enumerate(cases):
        net = lively(build_model(model, shape, len(CLASSES), seed=number), number)
        picture = torch.randint(0, 256, shape, generator=torch.Generator().manual_seed(number), dtype=torch.uint8)
        files |= {
            f"net{number}": nets.packed(model, data_of(shape), 7, net),
            f"picture{number}": picture.numpy().tobytes(),
        }
        expected.append(record_activations(net, picture.float() / 255))
    for said, theirs in zip(in_node(ASK.replace("COUNT", str(len(cases))), folder, **files), expected, strict=True):
        assert [name for name, _, _ in said["answers"]] == list(theirs)
        for name, shape, values in said["answers"]:
            assert tuple(shape) == tuple(theirs[name].shape)
            size = max(1.0, float(theirs[name].abs().max()))
            torch.testing.assert_close(torch.tensor(values).view(shape), theirs[name], rtol=0, atol=1e-4 * size)
        softmax = theirs[name].softmax(0)
        torch.testing.assert_close(torch.tensor(said["probabilities"]), softmax, rtol=0, atol=1e-4)


_nets = st.tuples(st.lists(any_layer(most=6), max_size=6).map(tuple), SHAPES)


@needs_node
@settings(max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(_nets, min_size=40, max_size=40))
def test_random_nets_answer_in_the_page_as_in_torch(tmp_path_factory, found):
    cases = [(mended(layers, shape, len(CLASSES)), shape) for layers, shape in found]
    agree(cases, tmp_path_factory.mktemp("nets"))


@needs_node
@settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_kind_of_layer_and_every_activation_runs_in_the_page(tmp_path_factory, data):
    cases = []
    for name in LAYERS:
        for activation in ACTIVATIONS:
            layer = data.draw(layer_of(name, most=5))
            bent = vars(layer) | ({"activation": activation} if layer.bend else {})
            layers = (type(layer)(**bent), *(() if layer.ends_maps else (LAYERS["batch_norm"](),)))
            cases.append((mended(layers, (3, 9, 14), len(CLASSES)), (3, 9, 14)))
    assert {layer.kind for model, _ in cases for layer in model.layers} == set(LAYERS)
    agree(cases, tmp_path_factory.mktemp("nets"))


@needs_node
def test_the_page_has_every_kind_that_there_is(tmp_path):
    script = """const { LAYERS } = await import("/page_net/layers.js");
      const { ACTIVATIONS } = await import("/page_net/activations.js");
      return [Object.keys(LAYERS), Object.keys(ACTIVATIONS)];"""
    layers, activations = in_node(script, tmp_path)
    assert (set(layers), set(activations)) == (set(LAYERS), set(ACTIVATIONS))


def ask(net_id, etag=""):
    scope = {"type": "http", "headers": [(b"if-none-match", etag.encode())], "path_params": {"net_id": net_id}}
    return asyncio.run(nets.serve_net(Request(scope)))


def test_a_ready_net_comes_once_and_nothing_comes_to_who_has_it():
    first = ask("ready-doodles")
    net = ready_net("doodles")
    assert first.status_code == 200
    weights = sum(value.numel() for value in net.weights.values() if value.is_floating_point())
    assert 4 * weights < len(first.body) < 4 * weights + 3_000
    again = ask("ready-doodles", first.headers["etag"])
    assert (again.status_code, again.body) == (304, b"")


@pytest.mark.parametrize(
    "name", ["ready-", "ready-../recorded/doodles", "ready-nothing", "nobody", "~", "ready-digits~x"]
)
def test_there_is_no_other_net(name):
    assert ask(name).status_code == 404


def test_all_presets_but_the_article_s_run_in_the_page():
    fits = {name for name in list_presets() if nets.fits_in_page(preset(name).model, (1, 28, 28), 10)}
    assert fits == {name for name in list_presets() if not name.startswith("article")}
    assert not nets.fits_in_page(ModelConfig(layers=(LAYERS["flatten"](), LAYERS["dense"](1024))), (1, 28, 28), 10)
