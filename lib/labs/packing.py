"""A shrunken net as a file: each distinct value once, and for every weight its number in as few bits as that takes."""

import json
from math import ceil, log2

import numpy as np
import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from lib.config import RunConfig

_MOST_VALUES = 256  # of one tensor; with more it is kept as it is


def packed(model: nn.Module, config: RunConfig, steps: int) -> bytes:
    """Write a net's numbers and its set-up as safetensors; `unpacked` reads it. Tensors with few values are packed."""
    tensors: dict[str, Tensor] = {}
    shapes: dict[str, list[int]] = {}
    for name, value in model.state_dict().items():
        values, numbers = value.flatten().unique(return_inverse=True)
        if value.dtype != torch.float32 or len(values) > min(_MOST_VALUES, value.numel() // 2):
            tensors[name] = value.contiguous()
            continue
        bits = max(ceil(log2(len(values))), 1)
        every = (numbers.numpy()[:, None] >> np.arange(bits)) & 1
        tensors[f"{name}.packed"] = torch.from_numpy(np.packbits(every.astype(np.uint8)))
        tensors[f"{name}.values"] = values
        shapes[name] = list(value.shape)
    head = {"config": config.model_dump_json(), "steps": str(steps), "packed": json.dumps(shapes)}
    file: bytes = save(tensors, head)
    return file


def unpacked(file: bytes, packed_shapes: str) -> dict[str, Tensor]:
    """The numbers of a net that `packed` wrote. packed_shapes: what the file's head has under "packed"."""
    tensors = load(file)
    weights = {name: value for name, value in tensors.items() if not name.endswith((".packed", ".values"))}
    for name, shape in json.loads(packed_shapes).items():
        values = tensors[f"{name}.values"]
        bits, count = max(ceil(log2(len(values))), 1), int(np.prod(shape))
        every = np.unpackbits(tensors[f"{name}.packed"].numpy())[: count * bits].reshape(count, bits)
        numbers = (every.astype(np.int64) << np.arange(bits)).sum(axis=1)
        weights[name] = values[torch.from_numpy(numbers)].reshape(shape)
    return weights
