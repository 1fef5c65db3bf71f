"""What a camera sees, asked of a net in the page many times a second; see `live_camera`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def live_camera(*, key: str, net: Mapping[str, Any], classes: Sequence[str]) -> None:
    """Ask a net that runs in the page about what the camera sees, for as long as the person lets it.

    Nothing of it is sent anywhere, and the server is told nothing. Where the browser gives no camera, it says why.
    net: {"address": of its weights, "step": at least so far}
    """
    data = {"net": {name: net[name] for name in ("address", "step")}, "classes": list(classes)}
    register("live_camera")(key=key, data=data)
