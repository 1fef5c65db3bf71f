"""What belongs to somebody: everyone may look, as far as it is open to them, and only its owner may change it."""


class NotYours(ValueError):
    """A wish about something that belongs to somebody else; the text says so."""


def check_owner(what: str, owner: str, by: str) -> None:
    """Raise NotYours unless `by` is the owner of `what`, as people call it."""
    if by != owner:
        raise NotYours(f"{what} belongs to another browser: you may watch it, but not change it.")
