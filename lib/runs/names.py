"""Short names that people can say aloud, and ids that nobody can guess."""

import secrets

_PLANTS = [
    "fern",
    "moss",
    "ivy",
    "sage",
    "mint",
    "basil",
    "clover",
    "orchid",
    "lotus",
    "willow",
    "cedar",
    "maple",
    "aspen",
    "birch",
    "hazel",
    "linden",
    "rowan",
    "alder",
    "acacia",
    "laurel",
    "myrtle",
    "olive",
    "thyme",
    "fennel",
    "sorrel",
    "yarrow",
    "aster",
    "dahlia",
    "iris",
    "lilac",
    "lupin",
    "peony",
    "poppy",
    "tulip",
    "violet",
    "zinnia",
]


def new_id() -> str:
    """Make an id for addresses: 12 characters, 72 random bits; never one that a shell takes for an option."""
    while (made := secrets.token_urlsafe(9)).startswith("-"):
        pass
    return made


def name_for(number: int) -> str:
    """Name the run with this running number: 1 -> "fern-1", 2 -> "moss-2", ..."""
    return f"{_PLANTS[(number - 1) % len(_PLANTS)]}-{number}"
