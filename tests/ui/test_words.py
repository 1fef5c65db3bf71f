"""The words on screen: every language has the same ones, and everything that is asked for is there."""

import re
from pathlib import Path
from string import Formatter

import pytest

from lib.ui.words import LANGUAGES, for_browser, say, words_of

UI = Path(__file__).parents[2] / "lib" / "ui"
# Which parts each component is handed (lib/ui/learn/*.py).
PARTS = {
    "loss_lab": ("loss", "fields"),
    "surer": ("loss", "fields"),
    "descent": ("descent", "fields"),
    "landscape": ("descent", "fields"),
    "tiny_net": ("neurons", "loss", "fields"),
    "activations": ("neurons", "loss", "fields"),
    "softmax_play": ("neurons", "loss", "fields"),
    "layer_kinds": ("neurons", "loss", "fields"),
    "net_diagram": ("neurons",),
    "microscope": ("iteration",),
    "cost_chart": ("cost", "fields"),
    "cost_bars": ("cost",),
    "flat_row": ("cost", "fields"),
    "clusters": ("clusters",),
    "class_bar": ("class_bar",),
    "class_wall": ("class_wall",),
}


def places_in(word: str) -> list[tuple[str, str | None]]:
    """The placeholders of a word with their formats."""
    return sorted({(name, form) for _, name, form, _ in Formatter().parse(word) if name is not None})


@pytest.mark.parametrize("other", sorted(set(LANGUAGES) - {"en"}))
def test_every_language_has_the_same_words_with_the_same_placeholders(other: str) -> None:
    english, translated = words_of("en"), words_of(other)
    assert set(english) == set(translated)
    for key, word in english.items():
        assert places_in(word) == places_in(translated[key]), key
        assert word.strip(), key
        assert translated[key].strip(), key


def test_a_translation_is_no_copy() -> None:
    english, german = words_of("en"), words_of("de")
    sentences = [key for key, word in english.items() if len(word) > 30]
    assert len(sentences) > 100
    assert not [key for key in sentences if english[key] == german[key]]


def test_numbers_are_written_as_the_language_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "16,852 gradients" in say("iteration.remark_backward", parameters=16852)
    monkeypatch.setattr("lib.ui.words.language", lambda: "de")
    assert "16.852 Gradienten" in say("iteration.remark_backward", parameters=16852)
    assert say("iteration.remark_loss", loss=-0.5) == "eine Zahl: −0,5000"
    with pytest.raises(KeyError):
        say("iteration.no_such_word")


@pytest.mark.parametrize("component", PARTS)
def test_the_browser_has_every_word_that_a_widget_says(component: str) -> None:
    folder = UI / "components" / component
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.*")) if path.suffix != ".css")
    named = set(re.findall(r'data-(?:say|aria)="(\w+)"', source))
    named |= set(re.findall(r'\bsay\("(\w+)"[,)]', source))
    for pair in re.findall(r'\bsay\([^"()]*\? "(\w+)" : "(\w+)"', source):
        named |= set(pair)
    assert named
    assert named <= set(for_browser(*PARTS[component])["words"]), component


def test_every_word_that_python_says_by_name_is_there() -> None:
    known = set(words_of("en"))
    for path in [*(UI / "learn").glob("*.py")]:
        source = path.read_text(encoding="utf-8")
        said = set(re.findall(r'say\("([\w.]+)"', source)) | set(re.findall(r'Lead\("\w+", "([\w.]+)"', source))
        assert said <= known, path.name
        claims = re.findall(r"you_may_have_read\(([^)]*)\)", source)
        for name in re.findall(r'"(\w+)"', " ".join(claims)):
            assert {f"claims.{name}", f"claims.{name}_holds"} <= known
