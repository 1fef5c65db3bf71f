"""Words of the field on every page: enough of them, in every language, and each leads somewhere that there is."""

import ast
import json
import re
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from lib.ui.labs.table import LABS
from lib.ui.learn import terms
from lib.ui.learn.places import PLACES, place_key
from lib.ui.learn.sections import SECTIONS
from lib.ui.words import LANGUAGES, words_of
from tests.ui.test_words import ROOT

PAGES = ROOT / "pages"
OFTEN_ASKED = {
    "recall", "precision", "f1", "grad_cam", "saliency", "ece", "temperature", "pca", "t_sne", "adam", "momentum",
    "weight_decay", "schedule", "dropout", "batch_norm", "augmentation", "multiply_adds", "float32",
}  # fmt: skip


def views_of(page: str) -> set[str]:
    """The names of a page's views, as its own file lists them."""
    tree = ast.parse((PAGES / f"{page}.py").read_text(encoding="utf-8"))
    tables = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "_VIEWS"
        and isinstance(node.value, ast.Dict)
    ]
    return {str(key.value) for table in tables for key in table.keys if isinstance(key, ast.Constant)}


def test_there_are_at_least_seventy_terms_in_every_language() -> None:
    assert len(PLACES) >= 70
    assert set(PLACES) >= OFTEN_ASKED
    for language in LANGUAGES:
        words = words_of(language)
        said = [words[f"glossary.{term}_is"] for term in PLACES]
        assert all(isinstance(text, str) and len(text) > 20 for text in said), language
        assert len(set(said)) == len(said), language
        names = [words[f"glossary.{term}"] for term in PLACES]
        assert len(set(names)) == len(names), language


@pytest.mark.parametrize("term", PLACES)
def test_every_term_leads_somewhere_that_there_is(term: str) -> None:
    page, query = PLACES[term]
    assert (PAGES / f"{page}.py").exists()
    assert all(isinstance(words_of(language)[place_key(term)], str) for language in LANGUAGES)
    for name, value in query.items():
        if name == "section":
            assert value in SECTIONS
        elif name == "lab":
            assert value in LABS
        elif name.endswith("view"):
            assert value in views_of(page), (page, value)
        else:
            assert name in ("kernel", "pooling")


def asked_in(language: str) -> Response:
    """What a browser gets that asks for the terms of a language."""
    return terms.serve_terms(Request({"type": "http", "path_params": {"spoken": language}}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_gets_all_terms_of_a_language(language: str) -> None:
    answer = asked_in(language)
    assert asked_in("tlh").status_code == 404
    assert "immutable" in answer.headers["cache-control"]
    cards = json.loads(bytes(answer.body))
    assert [card["term"] for card in cards] == list(PLACES)
    forms = [form.casefold() for card in cards for form in card["forms"]]
    assert len(forms) == len(set(forms)), {form for form in forms if forms.count(form) > 1}
    assert all(re.match(r"/\w+(\?[\w=&-]+)?$", card["href"]) for card in cards)


def test_a_term_is_found_under_the_names_that_it_has() -> None:
    assert terms.forms_of("relleno (padding)") == ["relleno", "padding"]
    assert terms.forms_of("MSE, mean squared error") == ["MSE"]
    assert terms.forms_of("loss, cost") == ["loss"]


def test_the_terms_are_shown_by_the_router_on_every_page() -> None:
    assert "terms.show(" in Path(ROOT / "lib" / "ui" / "router.py").read_text(encoding="utf-8")
