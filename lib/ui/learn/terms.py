"""Words of the field on every page: underlined where they stand, explained there, with a way to touch them."""

import json
import re
from functools import cache
from hashlib import sha256
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lib.ui.components.term_cards import term_cards
from lib.ui.learn.places import PLACES, place_key
from lib.ui.words import DEFAULT, is_spoken, language, say_in

# Everyday words too: to be looked up, and not underlined wherever they stand.
_EVERYDAY = {"class_", "net", "output", "run", "score"}
# What means something else on other pages: the precision of numbers is not that of a class.
_ONLY_ON = {"precision": ["diagnose"], "margin": ["classify", "labs"], "channel": ["data", "look_inside", "learn"]}
_PAGES_WITHOUT = {"classroom"}  # for a projector and for names


def show(page: str) -> None:
    """Explain the terms of a page (its file's name); call it once the page stands."""
    if page not in _PAGES_WITHOUT:
        term_cards(page=page, address=_address(language()))


@cache
def _address(spoken: str) -> str:
    return f"/api/glossary/{spoken}?v={sha256(_cards(spoken)).hexdigest()[:12]}"


@cache
def _cards(spoken: str) -> bytes:
    """All terms in a language, as JSON: what each is called, what it is, and where it can be touched."""
    cards = []
    for term, (page, query) in PLACES.items():
        name, english = say_in(spoken, f"glossary.{term}"), say_in(DEFAULT, f"glossary.{term}")
        address = f"/{page}?{urlencode(query)}" if query else f"/{page}"
        cards.append(
            {
                "term": term,
                "name": name,
                "english": "" if name.casefold() == english.casefold() else english,
                "is": say_in(spoken, f"glossary.{term}_is"),
                "see": say_in(spoken, "glossary.see", place=say_in(spoken, place_key(term))),
                "href": address,
                "forms": [] if term in _EVERYDAY else forms_of(name),
                "only": _ONLY_ON.get(term, []),
            }
        )
    return json.dumps(cards, ensure_ascii=False).encode()


def forms_of(name: str) -> list[str]:
    """How a term may stand in a text: "padding" and "relleno" for "relleno (padding)", "MSE" for "MSE, mean …"."""
    inside = re.findall(r"\(([^)]+)\)", name)
    return [form for form in (re.sub(r"\([^)]*\)", "", name).split(",")[0].strip(), *inside) if form]


def serve_terms(request: Request) -> Response:
    """All terms in the language that the address names; a browser keeps them, for their mark is in the address too."""
    spoken = request.path_params["spoken"]
    if not is_spoken(spoken):
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_cards(spoken), media_type="application/json", headers=headers)


route = Route("/api/glossary/{spoken}", serve_terms)
