"""Whether this browser can take photos for this page; see `camera_check`."""

from typing import Any, Literal, cast

from lib.ui.components import checked, register

Camera = Literal["unknown", "here", "insecure", "unsupported", "missing"]


def camera_check(*, key: str) -> Camera:
    """Ask the browser whether a page may use a camera, without asking the person for it.

    "unknown" until the browser has answered; "insecure" where it gives no camera to pages that came over plain http
    from another machine, "unsupported" where it has no such thing, "missing" where no camera is attached.
    """
    result = register("camera_check")(key=key, default={"found": "unknown"}, on_found_change=lambda: None)
    return checked(result.found, cast(Any, Camera)) or "unknown"
