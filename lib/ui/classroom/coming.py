"""Ways in and out that set cookies: the teacher's link, and "I am somebody else"."""

import asyncio
import html
import json
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from lib.classroom import Refused, the_room
from lib.ui.classroom.callers import address_of, body_of, is_meant, is_ours, teacher_cookie
from lib.ui.serve.browser import cookie_name, new_owner, owner_of, signed
from lib.ui.words import preferred, say_in

_DAY, _YEAR = 86_400, 31_536_000  # seconds
_MOST_BYTES = 2_000
# The secret stands behind "#": browsers send that to nobody, so no log and no proxy has it.
_PAGE = """\
<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 20px/1.5 ui-sans-serif, system-ui, sans-serif; max-width: 34em; margin: 20vh auto; padding: 0 1.5em;
  background: light-dark(#fcfdfc, #111714); color: light-dark(#18241d, #e4ece7); }}
</style></head>
<body><p id="says">{wait}</p><noscript><p>{script}</p></noscript>
<script>
const says = document.querySelector("#says"), secret = location.hash.slice(1), words = {words};
window.history.replaceState(null, "", location.pathname);
fetch("/api/classroom/teach", {{ method: "POST", body: JSON.stringify({{ secret }}) }}).then(
  (answer) => {{
    if (answer.ok) location.replace("/classroom");
    else says.textContent = words[answer.status] ?? words[403];
  }},
  () => {{ says.textContent = words[403]; }},
);
</script></body></html>
"""


async def teacher_link(request: Request) -> Response:
    """The page that the teacher's link opens: it takes the secret out of the address and asks for the pass."""
    spoken = preferred(request.headers)
    says = {name: say_in(spoken, f"classroom.teach_{name}") for name in ("title", "wait", "wrong", "often", "script")}
    answers = json.dumps({403: says["wrong"], 429: says["often"]}).replace("<", "\\u003c")
    page = _PAGE.format(
        lang=spoken,
        words=answers,
        **{name: html.escape(says[name]) for name in ("title", "wait", "script")},
    )
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


async def claim(request: Request) -> Response:
    """Give the teacher's cookie to who has the secret of the link."""
    room = the_room()
    if room is None or not is_ours(request):
        return JSONResponse({"error": "not_yours"}, 403)
    try:
        body = await body_of(request, _MOST_BYTES)
        secret = str(json.loads(body)["secret"])
        shown = await asyncio.to_thread(room.claim, secret, address_of(request), owner_of(request.cookies))
    except Refused as refused:
        return JSONResponse({"error": refused.code}, 429 if refused.code == "too_often" else 403)
    except (ValueError, LookupError, TypeError, RecursionError):
        return JSONResponse({"error": "wrong_shape"}, 400)
    response = Response(status_code=204)
    _set_cookie(response, request, teacher_cookie(), shown, _DAY // 2, "strict")
    return response


async def somebody_else(request: Request) -> Response:
    """Give this browser another name; a plain form's POST, which a page of ours has sent."""
    room, owner = the_room(), owner_of(request.cookies)
    try:
        token = parse_qs((await body_of(request, _MOST_BYTES)).decode("ascii")).get("token", [""])[0]
    except ValueError:
        token = ""
    if room is None or owner is None or not is_meant(request, token, teacher=False):
        return PlainTextResponse("Only this browser's own page can ask for that. Go back and try again.\n", 403)
    room.leave(owner)
    response = RedirectResponse("/classroom", 303)
    _set_cookie(response, request, cookie_name(), signed(new_owner()), _YEAR, "lax")
    return response


def _set_cookie(response: Response, request: Request, name: str, value: str, seconds: int, site: str) -> None:
    secure = "; Secure" if request.url.scheme == "https" else ""
    kind = f"Path=/; Max-Age={seconds}; SameSite={site.capitalize()}; HttpOnly{secure}"
    response.headers.append("set-cookie", f"{name}={value}; {kind}")
