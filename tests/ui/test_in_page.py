"""What Start says of a net: little where the page makes the maps itself, everything where it cannot."""

import numpy as np
import pytest
import torch

from lib.config import Conv2d, Dense, DepthwiseConv2d, Flatten, MaxPool2d, ModelConfig
from lib.explain import record_activations
from lib.models import build_model, preset
from lib.nets.ready import ReadyNet, ready_net
from lib.ui.components.feature_maps import encode_maps
from lib.ui.components.packing import packed
from lib.ui.net import in_page, inside
from lib.ui.net.layer_inputs import feeding
from lib.ui.serve import nets
from tests.ui.test_page_net import data_of, in_node, lively


@pytest.fixture
def drawing():
    net = ready_net()
    x = torch.randint(0, 256, (1, *net.dataset.input_shape), generator=torch.Generator().manual_seed(3)) / 255
    return inside.Chosen(x.float(), "your drawing", None, None, None, 5)


def test_a_small_net_is_named_and_its_answer_said(drawing):
    net = ready_net()
    ours, theirs = in_page.view(net, drawing), inside.view(net, drawing)
    assert len(packed(ours)) < 3_000 < len(packed(theirs)) / 4
    assert ours["net"] == {"address": "/api/nets/ready-doodles", "step": net.steps, "sheet": "drawing"}
    assert ours["picture"]["turn"] == 5
    assert (ours["picture"]["pixels"] == (drawing.x[0] * 255).round().flatten().numpy()).all()
    for here, there in zip(ours["layers"], theirs["layers"], strict=True):
        assert here == {name: there[name] for name in here}
    assert ours["answer"]["probabilities"] == pytest.approx(theirs["answer"]["probabilities"], abs=1e-5)


def test_a_large_net_is_asked_by_the_server_which_says_so(drawing):
    config = preset("article-cnn")
    data = ready_net().dataset
    weights = build_model(config.model, data.input_shape, len(data.classes)).state_dict()
    large = ReadyNet("large", "large", config.model_copy(update={"data": ready_net().config.data}), 1, weights)
    shown = in_page.view(large, drawing)
    assert shown["where"] == "computed by the server"
    assert "net" not in shown
    assert all("bytes" in layer for layer in shown["layers"])


@pytest.mark.node
@pytest.mark.parametrize("normalise", ["map", "layer"])
def test_brightness_and_lines_are_those_of_the_server(tmp_path, normalise):
    model = ModelConfig(layers=(Conv2d(4), DepthwiseConv2d(3), MaxPool2d(), Flatten(), Dense(6, "tanh")))
    shape = (1, 12, 14)
    net = lively(build_model(model, shape, 3, seed=2), 2)
    picture = torch.randint(0, 256, shape, generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    answers = record_activations(net, picture.float() / 255)
    names = list(answers)
    script = f"""const {{ readNet, ask }} = await import("/page_net/net.js");
      const {{ asBrightness }} = await import("/page_net/maps.js");
      const {{ feeding }} = await import("/page_net/feeding.js");
      const net = readNet(read("net"));
      const {{ answers }} = ask(net, new Uint8Array(read("picture")));
      const names = Object.keys(answers);
      return names.map((name, i) => {{
        const plain = (said) => Object.fromEntries(Object.entries(said).map(([key, value]) =>
          [key, ArrayBuffer.isView(value) ? [...value] : value]));
        const links = feeding(net, answers, name, names[i - 1] ?? null);
        return {{ ...plain(asBrightness(answers[name], "{normalise}")), links: plain(links) }};
      }});"""
    found = in_node(script, tmp_path, net=nets.packed(model, data_of(shape), 0, net), picture=picture.numpy().tobytes())
    links = feeding(net, names, answers)
    for name, ours in zip(names, found, strict=True):
        theirs = encode_maps(answers[name].numpy(), normalise=normalise)
        assert [ours[side] for side in ("channels", "height", "width")] == [
            theirs[side] for side in ("channels", "height", "width")
        ]
        assert ours["low"] == pytest.approx(theirs["low"], abs=1e-4)
        assert ours["high"] == pytest.approx(theirs["high"], abs=1e-4)
        assert np.abs(np.array(ours["bytes"]) - theirs["bytes"].astype(int)).max() <= 1
        line = links[name]
        assert ours["links"]["kind"] == line["kind"]
        if line["kind"] == "kernels":
            assert np.abs(np.array(ours["links"]["strengths"]) - line["strengths"].astype(int)).max() <= 1
        elif line["kind"] == "inputs":
            assert ours["links"]["each"] == line["each"]
            assert ours["links"]["positions"] == line["positions"].tolist()
            assert np.abs(np.array(ours["links"]["strengths"]) - line["strengths"].astype(int)).max() <= 1
        else:
            assert ours["links"].get("area") == line.get("area")


@pytest.mark.node
def test_no_line_is_drawn_from_a_layer_that_is_not_shown(tmp_path):
    model = ModelConfig(layers=(Conv2d(4), Flatten(), Dense(4)))
    net = lively(build_model(model, (1, 6, 6), 3), 0)
    script = """const { readNet, ask } = await import("/page_net/net.js");
      const { feeding } = await import("/page_net/feeding.js");
      const net = readNet(read("net"));
      const { answers } = ask(net, new Uint8Array(36));
      return [feeding(net, answers, "dense2", "conv1"), feeding(net, answers, "dense2", "dense1")?.kind];"""
    found = in_node(script, tmp_path, net=nets.packed(model, data_of((1, 6, 6)), 0, net))
    assert found == [None, "inputs"]
