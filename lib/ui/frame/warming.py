"""What the first person would wait for, got ready while the server begins: the ready net's maps, torch's first step."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lib.training.first_step import warm_up
from lib.ui.frame import opening
from lib.ui.serve import lifetime


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Serve, and get ready beside it; never at an import, where a thread that computes would outlive its process."""
    threading.Thread(target=_warm, name="warming", daemon=True).start()
    async with lifetime.lifespan(app):
        yield


def _warm() -> None:
    opening.shown_first("/")
    warm_up()
