"""Runs that go on whoever watches: scheduler, log, store."""

from lib.datasets.owned import NotYours
from lib.runs.limits import Limits, TooMuch
from lib.runs.named import NameTaken
from lib.runs.registry import Registry, get_registry
from lib.runs.run import Run

__all__ = ["Limits", "NameTaken", "NotYours", "Registry", "Run", "TooMuch", "get_registry"]
