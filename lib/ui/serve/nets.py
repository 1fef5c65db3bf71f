"""Nets that run in the page: what a browser needs to ask one itself, in one small file."""

import asyncio
import json
import struct
from collections import OrderedDict
from dataclasses import asdict
from hashlib import sha256
from threading import Lock
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from torch import Tensor, nn

from lib.config import ModelConfig
from lib.datasets import Dataset
from lib.datasets.measured_rules import conventions
from lib.models import summarize
from lib.models.shapes import Shape, plan
from lib.nets.brought import ID, find_brought
from lib.nets.net import Net
from lib.nets.ready import FOLDER, ready_net
from lib.runs.published import WeightsLost
from lib.ui.serve.browser import owner_of
from lib.ui.serve.passes import find_for

MOST_MULTIPLY_ADDS = 5_000_000  # for one picture: with more a pen would wait for its maps
MOST_PARAMETERS = 500_000  # 2 MB
_READY = "ready-"
_MOST_KEPT = 8


def fits_in_page(model: ModelConfig, shape: Shape, classes: int) -> bool:
    """Whether a browser asks a net as quickly as a pen moves, and has it soon."""
    costs = summarize(model, shape, classes)
    return costs.multiply_adds <= MOST_MULTIPLY_ADDS and costs.parameters <= MOST_PARAMETERS


def packed(model: ModelConfig, data: Dataset, step: int, net: nn.Module) -> bytes:
    """A net as `page_net/net.js` reads it: the length of a head, the head in JSON, then all weights as float32.

    The head says each layer's settings by their own names, what arrives and comes out, and how many weights it has.
    """
    layers, weights = [], []
    for planned in plan(model, data.input_shape, len(data.classes)):
        own = _weights(net.get_submodule(planned.name))
        settings: dict[str, Any] = asdict(planned.layer)  # type: ignore[call-overload]
        shapes = {"arrives": planned.input_shape, "comesOut": planned.output_shape}
        layers.append({"name": planned.name, **settings, **shapes, "sizes": [each.numel() for each in own]})
        weights += own
    head = {
        "step": step,
        "shape": data.input_shape,
        "scale": data.test.scale,
        "conventions": asdict(conventions(data)),
        "layers": layers,
    }
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 4)  # the browser reads numbers at multiples of four
    numbers = [each.detach().cpu().float().numpy().astype(np.dtype("<f4")).tobytes() for each in weights]
    return b"".join([struct.pack("<I", len(text)), text, *numbers])


def _weights(module: nn.Module) -> list[Tensor]:
    """In torch's order; batch norm's count of batches is none."""
    return [value for value in module.state_dict().values() if value.is_floating_point()]


async def serve_net(request: Request) -> Response:
    """Answer the newest weights of a run that this browser may see, or those of a ready net.

    They are asked for by a mark of what they are: who has them already is sent nothing.
    """
    found = await asyncio.to_thread(_packed_for, request)
    if found is None:
        return JSONResponse({"error": "There is no such net."}, status_code=404)
    mark, content = found
    headers = {"Cache-Control": "private, no-cache", "ETag": mark}
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/octet-stream", headers=headers)


route = Route("/api/nets/{net_id}", serve_net)


def _packed_for(request: Request) -> tuple[str, bytes] | None:
    net = _net_for(request)
    if net is None or not fits_in_page(net.config.model, net.dataset.input_shape, len(net.dataset.classes)):
        return None
    try:
        return _kept(net, net.newest_step)
    except WeightsLost:
        return None


_kept_nets: OrderedDict[tuple[str, int], tuple[str, bytes]] = OrderedDict()
_lock = Lock()


def _kept(net: Net, step: int) -> tuple[str, bytes]:
    """Packed once for everybody who looks at the same moment of a net."""
    with _lock:
        if (net.id, step) not in _kept_nets:
            now, model = net.model()
            content = packed(net.config.model, net.dataset, now, model)
            _kept_nets[net.id, step] = f'"{sha256(content).hexdigest()[:24]}"', content
        _kept_nets.move_to_end((net.id, step))
        while len(_kept_nets) > _MOST_KEPT:
            _kept_nets.popitem(last=False)
        return _kept_nets[net.id, step]


def _net_for(request: Request) -> Net | None:
    asked = request.path_params["net_id"]
    if asked.startswith(_READY):
        ships = {f"{_READY}{path.stem}": path.stem for path in FOLDER.glob("*.safetensors")}
        return ready_net(ships[asked]) if asked in ships else None
    if asked.startswith(ID):
        return find_brought(asked, owner_of(request.cookies) or "")
    run = find_for(request, asked)
    return run if run is not None and run.has_weights else None
