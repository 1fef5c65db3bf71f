"""Searches in the background: one for each browser, cancelled at a word, refused before they start."""

from collections.abc import Callable

import pytest

from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.experiments.designs import with_train
from lib.experiments.finder import Finder, Search
from lib.runs import TooMuch

Until = Callable[[Callable[[], bool]], None]


def test_a_search_ends_with_a_suggestion(base: RunConfig, until: Until) -> None:
    search = Finder().start(base, "me")
    until(lambda: search.has_ended)
    assert search.state == "done", search.message
    assert search.share == 1.0
    assert search.suggestion is not None
    assert 0.001 <= search.suggestion.learning_rate <= 0.1
    assert search.guess == pytest.approx(2.302585)


def test_a_new_search_takes_the_place_of_the_last_one(base: RunConfig, until: Until) -> None:
    finder = Finder()
    first = finder.start(base.model_copy(update={"model": ModelConfig(layers=(Flatten(), Dense(2048)))}), "me")
    other = finder.start(base, "somebody else")
    second = finder.start(with_train(base, optimizer="sgd"), "me")
    assert finder.find("me") is second
    until(lambda: all(search.has_ended for search in (first, second, other)))
    assert first.state == "cancelled"
    assert second.state == other.state == "done"


def test_cancel_ends_it_at_once(base: RunConfig, until: Until) -> None:
    finder = Finder()
    slow = base.model_copy(update={"model": ModelConfig(layers=(Flatten(), Dense(4096), Dense(2048)))})
    search = finder.start(slow, "me")
    until(lambda: len(search.tried) > 0)
    finder.cancel("me")
    until(lambda: search.has_ended)
    assert search.state == "cancelled"
    assert search.suggestion is None


def test_a_search_that_waits_is_cancelled_at_once_and_never_begins(base: RunConfig, until: Until) -> None:
    finder = Finder()
    slow = base.model_copy(update={"model": ModelConfig(layers=(Flatten(), Dense(4096), Dense(2048)))})
    before = finder.start(slow, "somebody else")
    search = finder.start(base, "me")
    assert search.seconds_left is None
    finder.cancel("me")
    assert search.has_ended
    until(lambda: len(before.tried) > 0)
    left = before.seconds_left
    assert left is not None
    assert left > 0
    finder.cancel("somebody else")
    until(lambda: search.state == "cancelled")
    assert search.tried == []


def test_what_would_not_be_trained_is_not_searched(base: RunConfig) -> None:
    finder = Finder()
    huge = base.model_copy(update={"model": ModelConfig(layers=(Flatten(), Dense(4096), Dense(4096), Dense(4096)))})
    with pytest.raises(TooMuch, match="parameters"):
        finder.start(huge, "me")
    assert finder.find("me") is None


def test_a_search_that_breaks_says_so(base: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.experiments.finder.load_dataset", lambda **_: 1 / 0)
    search = Search(base)
    search.run()
    assert search.state == "failed"
    assert search.message == "It broke off: division by zero"
