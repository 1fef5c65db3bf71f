"""Where turns are computed: on a thread of this process, or by the workers of a cluster."""

from lib.runs.places.choice import place_from_environment
from lib.runs.places.place import OpenRun, Place, Wishes
from lib.runs.places.thread import Thread

__all__ = ["OpenRun", "Place", "Thread", "Wishes", "place_from_environment"]
