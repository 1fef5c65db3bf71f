"""What is said of a home that does not do what it should, in every language."""

from pathlib import Path
from typing import get_args

import pytest

from lib.home import HomeFailure, in_words
from lib.home.failure import Code
from lib.ui.frame.home_notes import failure_in_words
from lib.ui.words import LANGUAGES, speaking


@pytest.mark.parametrize("code", [code for code in get_args(Code) if code != "taken"])
def test_a_failure_is_said_in_the_language_of_whoever_looks(code):
    failure = HomeFailure(code, Path("/some/home"), "detail")
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = failure_in_words(failure)
    assert said["en"] == in_words(failure)
    assert len(set(said.values())) == len(LANGUAGES)
    assert all("/some/home" in each for each in said.values())


def test_who_has_the_home_is_said_as_the_shell_says_it():
    failure = HomeFailure("taken", Path("/some/home"), pid="7")
    assert failure_in_words(failure) == in_words(failure)
