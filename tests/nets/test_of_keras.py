"""Nets that Keras' own exporter wrote, against what Keras itself says of the same pictures (tests/nets/keras)."""

from pathlib import Path

import numpy as np
import pytest
import torch

from lib.models import build_model
from lib.nets.stranger.file import read_graph
from lib.nets.stranger.translation import translate

HERE = Path(__file__).parent / "keras"
FOUND = {
    "maps": [
        "conv 4@3×3", "batch norm", "max pool 2", "conv 6@3×3 stride 2 no padding tanh", "flatten", "batch norm",
        "dense 12",
    ],
    "rows": ["flatten", "dense 16 sigmoid", "batch norm", "dense 12 leaky ReLU"],
    "rescaled": ["conv 8@3×3", "average pool 2", "conv 8@5×5 no padding", "global average"],
    "apart": [
        "batch norm", "conv 6@3×3 stride 2", "depthwise 3×3 no activation", "conv 8@1×1", "batch norm",
        "global average",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_a_net_of_keras_own_exporter_is_read_as_it_was_built_and_answers_as_keras_does(name):
    found = translate(read_graph((HERE / f"{name}.onnx").read_bytes()))
    assert [layer.in_short() for layer in found.model.layers] == FOUND[name]
    assert found.scales == (name in ("rescaled", "apart"))  # these have a Rescaling in them
    with np.load(HERE / f"{name}.npz") as told:
        pictures, says = torch.from_numpy(told["pictures"]), told["says"]
    assert len(set(says.argmax(1).tolist())) > 1  # they know something: eight equal answers would prove little
    net = build_model(found.model, found.shape, found.classes)
    net.load_state_dict(found.weights)
    with torch.no_grad():
        said = net.eval()(pictures.permute(0, 3, 1, 2) / 255).softmax(1)
    np.testing.assert_allclose(said.numpy(), says, atol=1e-5, rtol=0)
