"""What a route says of a page's question is in that page's language: where it is asked there is no session."""

import threading
from typing import Any

import pytest

from lib.ui.setup import expected
from lib.ui.words import say, say_in


def test_an_answer_is_in_the_language_of_the_page_that_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expected, "_said", lambda *_: {"text": say("train.stop")})
    heard: list[dict[str, Any]] = []
    for spoken in ("de", "en"):
        asked = threading.Thread(target=lambda spoken=spoken: heard.append(expected._said_later(spoken)))
        asked.start()
        asked.join()
    assert [each["text"] for each in heard] == [say_in("de", "train.stop"), say_in("en", "train.stop")]
    assert heard[0] != heard[1]
