"""Who may listen to a run: the browser whose cookie says so, or a page that was shown the run and has no cookie.

Cookies are not sent for a page within another site's page. There the page hands its components a pass for each run on
somebody's own pictures, which stands behind the run's id.
"""

import base64
import hmac

from starlette.requests import HTTPConnection

from lib.datasets.own import PREFIX
from lib.home.key import home_key
from lib.nets import lookup
from lib.nets.net import Net
from lib.nets.recording import find_recorded
from lib.runs import Run, get_registry
from lib.ui.serve.browser import owner_of

_BEHIND = "~"


def with_pass(run: Net) -> str:
    """The id of a run that this page may show, as components ask for it; with a pass where somebody might need one."""
    return f"{run.id}{_BEHIND}{_pass_for(run.id)}" if run.config.data.name.startswith(PREFIX) else run.id


def find_for(connection: HTTPConnection, asked: str) -> Run | None:
    """The run that is asked for by its id, with a pass or without; None where it is not there for who asks."""
    run_id, _, shown = asked.partition(_BEHIND)
    if shown and hmac.compare_digest(shown.encode(), _pass_for(run_id).encode()):
        return get_registry().find(run_id) or find_recorded(run_id)
    return lookup.find_for(get_registry(), run_id, owner_of(connection.cookies) or "")


def _pass_for(run_id: str) -> str:
    digest = hmac.digest(home_key().secret, f"pass:{run_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest)[:22].decode()
