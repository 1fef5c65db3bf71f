"""Grad-CAM of one picture, as a panel to draw."""

from typing import Any

from torch import nn

from lib.explain.attribution import grad_cam
from lib.ui.components.attribution import encode_map
from lib.ui.net import inside
from lib.ui.words import say


def grad_cam_panel(model: nn.Module, chosen: inside.Chosen, layer: str | None, label: int, name: str) -> dict[str, Any]:
    """One panel for `attribution`: Grad-CAM of `layer`, None in a net without convolutions, for the class `label`."""
    cam: dict[str, Any] = {"name": "grad-cam", "title": say("net.grad_cam")}
    if layer is None:
        return cam | {"missing": say("net.grad_cam_adds")}
    cam |= encode_map(grad_cam(model, chosen.x, layer, label).numpy())
    cam |= {"title": say("net.grad_cam_2", layer=layer), "smooth": True}
    cam["sentence"] = say("net.maps_each_weighted", layer=layer, name=name)
    if cam["most"] == 0.0:
        cam["missing"] = say("net.nothing_maps_speaks", layer=layer, name=name)
    return cam
