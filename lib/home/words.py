"""Sentences about a home that does not do what it should."""

from lib.home.failure import HomeFailure

_SENTENCES = {
    "full": "The disk is full: nothing can be written to {path}. Make room, and it goes on by itself.",
    "read-only": "Nothing may be written to {path}. Allow it, and it goes on by itself.",
    "locked": "Another program holds {path}. It goes on by itself when that program lets go.",
    "damaged": "{path} is damaged.",
    "gone": "{path} is not there any more. Put it back, and it goes on by itself.",
    "no folder": "{path} cannot be used, because a file stands where a folder should be, or the other way round.",
    "later": "{path} was written by a later version of Glasshouse.",
    "refused": "{path} cannot be used ({detail}).",
}
_TAKEN = "Glasshouse already serves {path}: process {pid} of {user} on {machine}, since {since}."


def in_words(failure: HomeFailure) -> str:
    """One sentence that says what is wrong, and what to do where there is something to do."""
    if failure.code == "taken":
        known = {"pid": "?", "user": "somebody", "machine": "this machine", "since": "some time"} | failure.about
        return _TAKEN.format(path=failure.path, **known) + (
            " Open that one, end it first, or set GLASSHOUSE_HOME to another folder."
        )
    return _SENTENCES[failure.code].format(path=failure.path, detail=failure.detail)
