"""Names that people can say aloud: "quiet fern"; and short codes that can be read off a projector."""

import secrets
from collections.abc import Container, Iterable

from lib.pictures.names import clean_name, twins_in

_HOW = (
    "brave", "bright", "calm", "clever", "cosy", "curious", "daring", "eager", "early", "fair", "fresh", "gentle",
    "glad", "golden", "happy", "humble", "jolly", "keen", "kind", "lively", "lucky", "merry", "mild", "nimble",
    "patient", "proud", "quick", "quiet", "ready", "silver", "simple", "steady", "sunny", "tidy", "warm", "wise",
)  # fmt: skip
_WHAT = (
    "acacia", "alder", "aspen", "aster", "basil", "birch", "cedar", "clover", "dahlia", "elder", "fennel", "fern",
    "hazel", "heather", "iris", "ivy", "larch", "laurel", "lilac", "linden", "lotus", "lupin", "maple", "mint", "moss",
    "myrtle", "olive", "orchid", "peony", "poppy", "reed", "rowan", "sage", "sorrel", "thyme", "tulip", "violet",
    "willow", "yarrow", "zinnia",
)  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXY346789"  # none that looks like another from the back of the room
_CODE_LENGTH = 6
_MOST_SIGNS = 200  # of a name as it comes, before anything looks at it
_LONGEST = 24


def new_name(taken: Container[str]) -> str:
    """Make a two-word name that nobody has."""
    while (name := f"{secrets.choice(_HOW)} {secrets.choice(_WHAT)}") in taken:
        pass
    return name


def chosen_name(wanted: str) -> str:
    """What a person may be called who wants to be called so: letters, digits, single blanks; "" if nothing is left."""
    return clean_name(clean_name(wanted[:_MOST_SIGNS])[:_LONGEST])


def is_taken(name: str, names: Iterable[str]) -> bool:
    """True if somebody has this name, or one that looks the same."""
    return bool(twins_in([*dict.fromkeys(names), name]))


def new_code() -> str:
    """Make a code that is quickly typed; 481 million of them, so that guessing needs more tries than anybody has."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def plain_code(typed: str) -> str:
    """A code as it was meant: in capital letters, without blanks and dashes."""
    return "".join(letter for letter in typed[:40].upper() if letter in _LETTERS)
