"""What a teacher has and a student has not: a pass that only the secret link gives, signed with the home's key.

A student's right is the name of her browser (a cookie of another kind); no student's cookie is ever read as a teacher's
pass, because what is signed says what it is for.
"""

import base64
import hmac
import re
import secrets
import time

from lib.home.key import home_key

_SECONDS = 12 * 3600  # a long day; the next one needs the link of that day
_PASS = re.compile(r"([A-Za-z0-9_-]{16})\.([0-9]{10})\.([A-Za-z0-9_-]{43})")


def new_secret() -> str:
    """Make the secret of the teacher's link: 192 random bits."""
    return secrets.token_urlsafe(24)


def same(one: str, other: str) -> bool:
    """Compare in a time that says nothing of how much is right."""
    return hmac.compare_digest(one.encode(), other.encode())


def new_pass() -> str:
    """Make what a teacher's cookie holds."""
    body = f"{secrets.token_urlsafe(12)}.{int(time.time()) + _SECONDS}"
    return f"{body}.{_signature(f'teacher:{body}')}"


def teacher_of(shown: str) -> str | None:
    """The teacher whose pass this is; None if we never gave it out, or too long ago."""
    found = _PASS.fullmatch(shown)
    if found is None or not same(found[3], _signature(f"teacher:{found[1]}.{found[2]}")):
        return None
    return found[1] if int(found[2]) > time.time() else None


def token_for(who: str) -> str:
    """What goes with each of somebody's wishes, so that no other site's page can wish in her name."""
    return _signature(f"wish:{who}")


def seed_of_hidden() -> int:
    """By what the test pictures are chosen that a class never sees: the same in this home each week, in no other."""
    return int.from_bytes(hmac.digest(home_key().secret, b"classroom:hidden", "sha256")[:7])


def is_token_for(who: str, shown: str) -> bool:
    """True if `shown` is what `token_for` gave."""
    return same(token_for(who), shown)


def _signature(what: str) -> str:
    digest = hmac.digest(home_key().secret, f"classroom:{what}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
