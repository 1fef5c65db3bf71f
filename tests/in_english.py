"""What the core tells, as English readers see it."""

from collections.abc import Sequence

from lib.experiments import Verdict
from lib.telling import Told
from lib.ui.words import speaking
from lib.ui.words.telling import sentences, tell


def read(verdict: Verdict | None) -> str:
    """The sentences of a verdict, panels called as the experiment calls them."""
    assert verdict is not None
    return both(verdict.sentence)


def reason(verdict: Verdict, panel: str) -> str:
    """The numbers behind the word of a panel."""
    return said_in_english(verdict.panels[panel].reason)


def both(told: Sequence[Told] | str) -> str:
    """Sentences without a verdict around them."""
    with speaking("en"):
        return sentences(told)


def said_in_english(told: Told | str | None) -> str:
    """A part of a sentence."""
    with speaking("en"):
        return tell(told or "")
