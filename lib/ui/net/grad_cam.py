"""Grad-CAM of one picture, as a panel to draw."""

from typing import Any

from torch import nn

from lib.explain.attribution import grad_cam
from lib.ui.components.attribution import encode_map
from lib.ui.net import inside


def grad_cam_panel(model: nn.Module, chosen: inside.Chosen, layer: str | None, label: int, name: str) -> dict[str, Any]:
    """One panel for `attribution`: Grad-CAM of `layer`, None in a net without convolutions, for the class `label`."""
    cam: dict[str, Any] = {"name": "grad-cam", "title": "Grad-CAM"}
    if layer is None:
        return cam | {"missing": "Grad-CAM adds up feature maps, and this net has no convolution that makes any."}
    cam |= encode_map(grad_cam(model, chosen.x, layer, label).numpy())
    cam |= {"title": f"Grad-CAM of {layer}", "smooth": True}
    cam["sentence"] = (
        f"The maps of {layer}, each weighted by how much the score of “{name}” grows with it, added up; "
        "only what speaks for the class is kept."
    )
    if cam["most"] == 0.0:
        cam["missing"] = f"Nothing in the maps of {layer} speaks for “{name}”."
    return cam
