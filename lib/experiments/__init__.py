"""Experiments: several runs that differ in one thing, and a verdict by stated rules."""

from lib.experiments.coordinator import MOST_MEMBERS, Coordinator, Progress, get_coordinator
from lib.experiments.records import Experiment, Judged, Member, Planned, Result, Verdict

__all__ = [
    "MOST_MEMBERS",
    "Coordinator",
    "Experiment",
    "Judged",
    "Member",
    "Planned",
    "Progress",
    "Result",
    "Verdict",
    "get_coordinator",
]
