"""Words of the field where they stand: explained under the pointer, at a tap, by keyboard, and led from."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page

from tests.e2e.screens import until

pytestmark = pytest.mark.e2e


def label(page: Page, name: str) -> Locator:
    """Where the name of a control stands."""
    return page.get_by_test_id("stWidgetLabel").get_by_text(name, exact=True)


def opened(visit: Callable[..., Page], path: str, **options: object) -> tuple[Page, Locator]:
    """The page once its terms are marked, and the card that explains one."""
    page = visit(path, **options)
    cards = page.get_by_test_id("term-cards")
    until(lambda: int(cards.get_attribute("data-found") or 0) > 5, "the terms of the page are found")
    return page, page.get_by_test_id("term-card")


def test_a_term_is_explained_where_it_stands_and_leads_to_where_it_is_touched(visit: Callable[..., Page]) -> None:
    page, card = opened(visit, "/train?lang=fr")
    rest_on(page, label(page, "Taille de lot"), card)
    assert "Le nombre d’images d’un lot" in card.inner_text()
    assert "batch size" in card.inner_text()  # the English word too

    page.keyboard.press("Escape")
    card.wait_for(state="hidden")

    rest_on(page, label(page, "Taux d’apprentissage"), card)
    card.get_by_role("link").click()
    page.wait_for_url("**/learn?section=descent*")
    assert "lang=fr" in page.url
    page.get_by_text("Descendre la pente").wait_for()


def rest_on(page: Page, word: Locator, card: Locator) -> None:
    """Rest the pointer on a word until it is explained; a page that moves meanwhile is met where the word is then."""
    where = None

    def explained() -> bool:
        nonlocal where
        box = word.bounding_box()
        if box is not None and box != where:
            page.mouse.move(5, 5)
            page.mouse.move(box["x"] + 12, box["y"] + box["height"] / 2, steps=3)
            where = box
        return card.is_visible()

    until(explained, "the card of the word under the pointer")


def test_a_tap_explains_a_term(visit: Callable[..., Page]) -> None:
    page, card = opened(visit, "/train", viewport={"width": 800, "height": 1100}, has_touch=True)

    def tapped() -> bool:
        box = label(page, "Batch size").bounding_box()
        if box is not None:
            page.touchscreen.tap(box["x"] + 12, box["y"] + box["height"] / 2)
        return card.is_visible()

    until(tapped, "the card of a word that was tapped")
    assert "How many pictures make one batch" in card.inner_text()


def test_the_keyboard_reaches_every_term_of_a_page(visit: Callable[..., Page]) -> None:
    page, card = opened(visit, "/train")
    listed = page.get_by_test_id("term-list")
    listed.locator("summary").press("Enter")
    first = listed.get_by_role("button").first
    first.wait_for()
    first.focus()
    card.wait_for()
    assert first.get_attribute("aria-expanded") == "true"
    assert first.inner_text() in card.inner_text()
    page.keyboard.press("Escape")
    card.wait_for(state="hidden")
    assert listed.get_by_role("button").count() > 5


def test_escape_closes_a_card_for_as_long_as_the_pointer_stays(visit: Callable[..., Page]) -> None:
    """Also where the hand trembles, and where a control that has the focus keeps its keys to itself."""
    page, card = opened(visit, "/train")
    page.evaluate("document.querySelector('#root').addEventListener('keydown', (event) => event.stopPropagation())")
    word = label(page, "Batch size")
    rest_on(page, word, card)
    page.get_by_test_id("preset").focus()
    box = word.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 14, box["y"] + box["height"] / 2)
    page.keyboard.press("Escape")
    card.wait_for(state="hidden")
    page.mouse.move(box["x"] + 16, box["y"] + box["height"] / 2)
    page.wait_for_timeout(700)  # longer than a pointer has to rest
    assert card.is_hidden()
    page.mouse.move(box["x"] + 14, box["y"] + 300)
    page.wait_for_timeout(400)
    rest_on(page, word, card)
