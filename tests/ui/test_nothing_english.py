"""In the language that nobody speaks (`?lang=xx`) every word has accents: what is plain is in no catalogue."""

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from lib.ui.frame.page import PAGES

PAGES_SEEN = ("start", "train", "look_inside", "classify", "diagnose", "compare", "learn", "data", "labs", "classroom")
# Proper names, units and what people or files call their own; each is the same in every language.
_NAMES = (
    "Adam|AdamW|RMSprop|Lion|SGD|MNIST|Fashion|CIFAR|KMNIST|ImageNet|ReLU|GELU|leaky|tanh|Tanh|CNN|LeNet|Kaggle|"
    "PyTorch|Keras|TensorBoard|Jupyter|Colab|ONNX|Python|Streamlit|README|CSV|PNG|JPEG|JSON|ZIP|GIF|WebP|TIFF|"
    "Deutsch|English|Español|Français|fps|min|App|MobileNet|ResNet|EfficientNet|SqueezeNet|MIT|Zalando|bfloat|float|"
    "max|conv|dense|flatten|pool|avg|batch|norm|drop"
)
_UNREAD = re.compile(
    r"<style.*?</style>|<script.*?</script>|<svg.*?</svg>|<[^>]*>|`[^`]*`|:material/\w+:|:[a-z-]+\[|\]\([^)]*\)|"
    r"&\w+;|https?://\S+|\b\w+[-_./]\w[\w./-]*|\$[^$]*\$",
    re.DOTALL,
)
_ENGLISH_TERM = re.compile(r"(?<=[^ -~]) \([\w ,'-]+\)$|(?<=\w) \([A-Za-z ,'-]+\)$")  # beside a term of the glossary
_READ = {"markdown", "caption", "title", "header", "subheader", "error", "warning", "info", "success", "metric"}
_PLAIN = re.compile(r"(?<![\w-])[A-Za-z]*[aeiouyAEIOUY][A-Za-z]*(?![\w-])")


def texts_of(element: Element | Block) -> Iterator[str]:
    """What a person reads of an element: its label, its help, its text and its choices."""
    for name in ("label", "help", "placeholder", "options", "value", "body"):
        found = getattr(element, name, None) if name != "body" else getattr(element.proto, "body", None)
        if name == "value" and element.type not in _READ:
            continue
        if isinstance(found, str):
            yield found
        elif isinstance(found, list | tuple):
            yield from (each for each in found if isinstance(each, str))


def plain_in(text: str) -> set[str]:
    """Words without an accent that are no names."""
    bare = _UNREAD.sub(" ", _ENGLISH_TERM.sub("", text))
    return {word for word in _PLAIN.findall(bare) if len(word) > 2 and not re.fullmatch(_NAMES, word)}


@pytest.mark.parametrize("page", PAGES_SEEN)
def test_no_word_of_a_page_is_in_no_catalogue(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it opens; a page's other views are not gone through here."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    monkeypatch.setattr("lib.ui.lesson.place._cookie", lambda: None)
    monkeypatch.setattr("lib.ui.lesson.list.lessons", lambda: ({}, {}))  # their words are in their own files
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=120)
    at.session_state["language"] = "xx"
    at.run()
    assert not at.exception
    found = {}
    for element in (*at.main, *at.sidebar):
        for text in texts_of(element):
            if plain := plain_in(text):
                found[text[:160]] = sorted(plain)
    assert not found, "\n".join(f"{text!r}: {', '.join(words)}" for text, words in found.items())
