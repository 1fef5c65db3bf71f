"""Words of the field, explained where they stand on a page; see `term_cards`."""

from lib.ui.components import register


def term_cards(*, page: str, address: str) -> None:
    """Underline the terms of a page faintly; a pointer that rests on one, a tap, or the list at its end explains it.

    page: the file's name, for terms that mean something on certain pages only
    address: where the browser gets all terms of the page's language, `lib.ui.learn.terms`
    """
    register("term_cards")(key="term_cards", data={"page": page, "address": address})
