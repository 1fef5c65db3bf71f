"""A shrunken net comes back from its file number for number, and the file is as small as was promised."""

import json

import pytest
import torch

from lib import preset
from lib.labs.packing import packed, unpacked
from lib.labs.shrinking import shrunk, size_in_bytes
from lib.models import build_model


@pytest.mark.parametrize(("bits", "part"), [(1, 0), (2, 0), (4, 0), (8, 0), (1, 60), (32, 95), (32, 0)])
def test_there_and_back(bits: int, part: int) -> None:
    config = preset("small-cnn", "doodles")
    net = shrunk(build_model(config.model, (1, 28, 28), 10, seed=4), bits, part)
    file = packed(net, config, 7)
    length = int.from_bytes(file[:8], "little")
    head = json.loads(file[8 : 8 + length])["__metadata__"]
    assert json.loads(head["config"]) == json.loads(config.model_dump_json())
    weights = unpacked(file, head["packed"])
    assert set(weights) == set(net.state_dict())
    for name, value in net.state_dict().items():
        assert torch.equal(weights[name], value), name
    if bits < 32 and not part:
        lists = 4 * 4 * 2**bits  # of values, one for each of four layers, and what is too small to be packed
        assert len(file) - 8 - length <= size_in_bytes(net, bits) + lists + 400
