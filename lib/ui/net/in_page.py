"""Nets that run in the page: what `feature_maps` needs to follow a pen by itself, and what only the server says."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.models import describe
from lib.training import predict
from lib.ui.components.feature_maps import Normalise
from lib.ui.net import inside
from lib.ui.serve.nets import fits_in_page
from lib.ui.setup import session
from lib.ui.words import say
from lib.ui.words.field import classes_of


def runs_in_page(net: inside.Net) -> bool:
    """Whether a browser has this net soon, and asks it as quickly as a pen moves."""
    data = net.dataset
    return fits_in_page(net.config.model, data.input_shape, len(data.classes))


def view(
    net: inside.Net,
    chosen: inside.Chosen,
    normalise: Normalise = "map",
    moment: tuple[int, nn.Sequential] | None = None,
    *,
    with_rows: bool = False,
) -> dict[str, Any]:
    """What `inside.view` gives, for a net as it is now; without its maps where the page makes them itself.

    Then one small message a stroke is enough: the picture that goes in, and what the net says of it.

    moment: what `net.model()` gives, for who has asked already
    """
    step, model = moment or net.model()
    if not runs_in_page(net):
        shown = inside.view(net, chosen, normalise, model, step, with_rows=with_rows)
        return shown | {"where": say("page_net.by_server")}
    data = net.dataset
    probabilities = predict(model, chosen.x)[0]
    layers = []
    for planned in inside.shown_steps(net, with_rows=with_rows):
        channels, height, width = (*planned.output_shape, 1, 1)[:3]
        caption = inside.over(planned)
        sides = {"channels": channels, "height": height, "width": width}
        layers.append({"name": planned.name, "kind": planned.layer.drawn, "caption": caption} | sides)
    return {
        "net": asked(net, step),
        "picture": {
            "title": say("net.picture") if chosen.image is None else say("net.your_picture"),
            "pixels": _as_bytes(chosen.x[0] / data.test.scale),
            "turn": chosen.turn,
            "caption": f"{describe(data.input_shape[1:])} · {chosen.caption}",
        },
        "layers": layers,
        "answer": {"classes": list(classes_of(data)), "probabilities": probabilities.tolist(), "truth": chosen.truth},
        "normalise": normalise,
        "step": step,
    }


def asked(net: inside.Net, step: int) -> dict[str, Any]:
    """Where a page finds a net with the weights after `step` or newer ones, and which canvas it follows."""
    name = net.id if net.came_trained else session.stream_id(net)
    return {"address": f"/api/nets/{name}", "step": step, "sheet": inside.SHEET}


def _as_bytes(picture: Tensor) -> NDArray[np.uint8]:
    """A picture `(C, H, W)` with values 0..255, channel by channel."""
    return picture.round().clamp(0, 255).byte().flatten().numpy()
