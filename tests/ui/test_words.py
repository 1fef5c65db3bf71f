"""The words on screen: every language has the same ones, all that is asked for is there, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest
import streamlit as st

from lib.datasets.sets import SETS
from lib.layers.conv2d import Conv2d
from lib.optimizers import OPTIMIZERS
from lib.schedules import SCHEDULES
from lib.ui import words
from lib.ui.setup import spoken
from lib.ui.words import LANGUAGES, field, for_browser, nearest, say, say_in, text, words_of
from lib.ui.words.catalogues import FOLDER, read
from lib.ui.words.numbers import number_in, percent_in

ROOT = Path(__file__).parents[2]
UI = ROOT / "lib" / "ui"
# Said by a name or from a table (lib/ui/words/telling.py).
TELLS_ITSELF = {"told.class", "told.data", "told.panel", "told.activation", "told.optimizer", "told.setting"}
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


def forms_of(word: str | list[str]) -> list[str]:
    return [word] if isinstance(word, str) else word


def places_in(word: str) -> set[tuple[str, str | None]]:
    """The placeholders of a word with their formats."""
    return {(name, form) for _, name, form, _ in Formatter().parse(word) if name is not None}


@pytest.mark.parametrize("other", sorted(set(LANGUAGES) - {"en"}))
def test_every_language_has_the_same_words_with_the_same_places(other: str) -> None:
    english, translated = words_of("en"), read(other).words
    assert set(english) == set(translated), set(english) ^ set(translated)
    wrong = []
    for key, word in english.items():
        there = [places_in(form) for form in forms_of(word)]
        if isinstance(word, str) != isinstance(translated[key], str):
            wrong.append(f"{key} goes with a number in one language only")
        for form in forms_of(translated[key]):
            # A form for one thing may leave the number out: "one picture".
            if places_in(form) not in there and places_in(form) | {("count", ":,")} not in there:
                wrong.append(f"{key}: {places_in(form)} for {there}")
            if not form.strip():
                wrong.append(f"{key} is empty")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_has_each_word_once_and_its_parts_in_alphabetical_order(code: str) -> None:
    keys = re.findall(r'^msgid "(.+)"$', (FOLDER / f"{code}.po").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(keys) == len(set(keys)), sorted({key for key in keys if keys.count(key) > 1})
    parts = list(dict.fromkeys(key.split(".")[0] for key in keys))
    assert parts == sorted(parts)
    assert sum(a.split(".")[0] != b.split(".")[0] for a, b in pairwise(keys)) == len(parts) - 1


@pytest.mark.parametrize("other", sorted(set(LANGUAGES) - {"en"}))
def test_a_translation_is_no_copy(other: str) -> None:
    english, translated = words_of("en"), words_of(other)
    bare = re.compile(r"\{[^}]*\}|:[a-z]+\[|:material/\w+:|\W+")  # what is the same in every language
    sentences = [key for key, word in english.items() if len(bare.sub(" ", forms_of(word)[0])) > 30]
    assert len(sentences) > 100
    assert not [key for key in sentences if english[key] == translated[key]]


def test_numbers_are_written_as_the_language_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "16,852 gradients" in say("iteration.remark_backward", parameters=16852)
    monkeypatch.setattr("lib.ui.words.language", lambda: "de")
    assert "16.852 Gradienten" in say("iteration.remark_backward", parameters=16852)
    assert say("iteration.remark_loss", loss=-0.5) == "eine Zahl: −0,5000"
    with pytest.raises(KeyError):
        say("iteration.no_such_word")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.8694, "86.9 %"),
        (0.9949, "99.5 %"),
        (0.995, "99.50 %"),
        (0.99996, "99.99 %"),
        (59_999 / 60_000, "99.99 %"),
        (1.0, "100.0 %"),
        (0.0, "0.0 %"),
    ],
)
def test_a_hundred_per_cent_is_all(share: float, said: str) -> None:
    assert percent_in("en", share) == said
    assert percent_in("de", share) == said.replace(".", ",")
    assert percent_in("fr", share) == said.replace(".", ",").replace(" ", "\u202f")


def test_nought_has_no_minus_and_a_minus_is_one_sign() -> None:
    assert number_in("en", -0.01, ".1f") == "0.0"
    assert number_in("en", -0.06, ".1f") == "−0.1"
    assert number_in("de", -1234567.5, ",.1f") == "−1.234.567,5"
    assert number_in("fr", 1234, ",") == "1\u202f234"
    assert number_in("en", -1e-12, ".1e") == "−1.0e−12"
    assert number_in("en", float("-inf"), ".1f") == "−inf"


def test_a_word_goes_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {"test.pictures": ["{count:,} picture", "{count:,} pictures"]}
    monkeypatch.setattr("lib.ui.words.words_of", lambda _: forms)
    assert [say_in("en", "test.pictures", count=n) for n in (0, 1, 2000)] == [
        "0 pictures",
        "1 picture",
        "2,000 pictures",
    ]


# What the glossaries say of each language (docs/glossary): who is spoken to, and the spaces and words that it has.
_NEVER = {
    "de": "|".join(
        [
            r"Etikett|[Bb]eschrift|Doodle|Verwechslungsmatrix|Trefferquote|Zeitgrenze|mal(genommen|nehmen)|waagrecht",
            r"dichte[nr]? Schicht|Global Average|Test von McNemar|k-means|(?<!{)\b[Ss]eeds?\b|\bZips?\b|Gitter",
            r"[a-zäöüß,] (Sie|Ihnen|Ihre?[mnrs]?)\b",  # the reader is du
            r"[Dd]eine[rnm]? Lehrer",
            r"\b([Dd]en|[Ee]inen|[Jj]ede[nr]|[Kk]einen|[Dd]iesen) (ihrer |seiner )?Pixel\b",
            r"\bauf (Training|Daten|Lernen|Vergleich|Hineinsehen|Erkennen|Diagnose)\b",  # "auf der Seite Training"
            r"”|‚|'|\"(?!>)| - (?!\.)",
            r",\d+, [−+]?\d+,\d",  # 0,37; 0,50; 0,13
        ]
    ),
    "es": (
        r"\b(usted|ustedes)\b|test de McNemar|cada quien|\b(ordenador|equipo|estudiantes?)\b|\bred lista\b|lado a lado"
        r"|azar solo|media cuadrática"  # chance alone, not chance only; the latter is the root of a mean of squares
        r"|[.]»|[.]\)(?=\s|$)| …$"  # the point stands behind the quotes and brackets, dots stand at their word
        r"|\b\d[.]\d{1,2}\b|\b\d000\b|\d,\d+, [−+]?\d+,\d"  # 0,9; 4.000; numbers with a comma are parted by ;
    ),
    "fr": "|".join(
        [
            r"\b([Tt]u|[Tt]oi|[Tt]on|[Tt]es)\b|\b(?!Faites|Dites|faites|dites)\w+[^\Wz]-(moi|toi|le|la)\b",
            r"\w [;?!»%](?=\s|$)|\w : |« |\w …$|\d \d{3}\b",
            r"\d,\d+, [−+]?\d+,\d",  # 0,37 ; 0,50 ; 0,13
            # A name may begin with a vowel, and « de » and « que » would be elided before it: the sentence turns round.
            r"\b([Dd]e|[Qq]ue|[Ss]i) \**\{(\w*name\w*|who|was|wanted|truth|answer|title|classes|other|data)\}",
            r"sûreté|écart-type|[Aa]ucun de ceux-ci|contre (sa|la|son|le) (propre )?(pente|gradient)",
            r"multiplication de matrices|nombres au hasard|départ au hasard|[Pp]ointez (un|une|des|ses|le|la)\b",
        ]
    ),
}


@pytest.mark.parametrize("code", _NEVER)
def test_a_language_holds_to_its_glossary(code: str) -> None:
    never = re.compile(_NEVER[code])
    found = [key for key, word in read(code).words.items() if any(never.search(form) for form in forms_of(word))]
    assert not found, found


@pytest.mark.parametrize("code", _NEVER)
def test_a_lesson_holds_to_the_glossary_of_its_language(code: str) -> None:
    never = re.compile(_NEVER[code])
    lines = [line for path in (ROOT / "lessons").glob("*.yaml") for line in path.read_text("utf-8").splitlines()]
    said = [line.strip().removeprefix(f"{code}: ").strip('"') for line in lines if line.strip().startswith(f"{code}: ")]
    assert len(said) > 100
    assert not [each for each in said if never.search(each)]


_COUNTED = re.compile(r"\{count(?::,)?\}(?:\*\*)? (?:[a-z]+ )?[a-z]+s\b(?! of at least)")


def test_a_counted_noun_has_a_form_for_one() -> None:
    alone = [key for key, word in words_of("en").items() if isinstance(word, str) and _COUNTED.search(word)]
    assert not alone, f"msgid_plural, msgstr[0] and msgstr[1] are missing: {alone}"
    for code in LANGUAGES:
        assert say_in(code, "data.pictures_of", count=1) != say_in(code, "data.pictures_of", count=2).replace("2", "1")


def test_the_browser_is_asked_for_its_language_on_the_first_visit_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [nearest(asked) for asked in ("de-AT", "de", "en-US", "is-IS", None, "")] == [
        "de",
        "de",
        "en",
        "en",
        "en",
        "en",
    ]
    session: dict[str, object] = {}
    address: dict[str, str] = {}
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(st, "query_params", address)
    monkeypatch.setattr("lib.ui.words.nearest", lambda _: "de")
    spoken.follow()
    assert words.language() == "de"
    words.speak("en")
    spoken.follow()
    assert words.language() == "en"


def test_what_ships_is_called_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.words.language", lambda: "de")
    for name, kind in SETS.items():
        about = field.about_of(kind.info)
        assert about not in (kind.info.about, words_of("de")["sets.about_own"]), name
        named = [field.slug(each) for each in kind.info.classes if name != "kmnist" and not each.isdigit()]
        assert {f"sets.class_{each}" for each in named} <= set(words_of("en")), name
    assert field.classes_of(SETS["doodles"].info)[:3] == ("Kreis", "Quadrat", "Dreieck")
    assert field.title_of(SETS["doodles"].info) == "Kritzeleien"
    assert field.title_of(SETS["mnist"].info) == "MNIST"
    assert field.strangers_in("fashion-mnist") == "Schuhe"
    own = replace(SETS["doodles"].info, name="own-1", title="Doodles")
    assert field.classes_of(own) == own.classes
    assert field.title_of(own) == "Doodles"
    assert field.LOSS_TITLES["cross-entropy"] == "Kreuzentropie"
    assert field.OPTIMIZER_TITLES["adam"] == "Adam"
    assert field.caption(Conv2d(8, 3).caption((8, 28, 28))) == "8 Filter 3×3, ReLU · 28×28"
    bare = Conv2d(1, 3, activation="linear").caption((1, 28, 28))
    assert field.caption(bare) == "1 Filter 3×3, keine Aktivierung · 28×28"
    assert (text.rate(0.003), text.size(24_300), text.percent(0.8694)) == ("0,003", "24 kB", "86,9 %")
    assert text.duration(0.2) == "weniger als eine Sekunde"


def test_what_the_core_has_a_code_for_has_words() -> None:
    codes = {kind.steps for kind in OPTIMIZERS.values()} | {f"schedule_{field.slug(name)}_about" for name in SCHEDULES}
    assert {f"field.{code}" for code in codes} <= set(words_of("en"))


def test_a_thread_without_a_session_speaks_the_language_that_it_is_told() -> None:
    with words.speaking("de"):
        assert say("pages.train") == "Training"
        assert words.percent(0.5) == "50,0 %"
    assert say("pages.train") == "Train"


def test_a_language_that_nobody_speaks_shows_what_is_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, word in words_of("en").items():
        for plain, shown in zip(forms_of(word), forms_of(words_of("xx")[key]), strict=True):
            assert places_in(plain) == places_in(shown), key
            assert re.findall(r"<[^>]+>|\]\([^)]+\)", plain) == re.findall(r"<[^>]+>|\]\([^)]+\)", shown), key
    plain, shown = ("".join(forms_of(word)[0] for word in words_of(code).values()) for code in ("en", "xx"))
    assert len(shown) > 1.25 * len(plain)


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


def test_every_word_that_a_component_names_in_its_html_is_there() -> None:
    named = 0
    for path in (UI / "components").glob("*/*.html"):
        told = set(re.findall(r'data-told(?:-[a-z-]+)?="(\w+)"', path.read_text(encoding="utf-8")))
        named += len(told)
        assert not told or told <= set(for_browser(path.parent.name)["words"]), path.parent.name
    assert named > 100


@cache
def _python() -> dict[str, ast.Module]:
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "lib").rglob("*.py")]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def test_per_cents_are_written_as_the_language_does() -> None:
    """By hand they would have the point and the space of English."""
    by_hand = {
        path
        for path, tree in _python().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for before, part in pairwise(node.values)
        if isinstance(before, ast.FormattedValue) and isinstance(part, ast.Constant) and part.value.startswith(" %")
    }
    assert not {path for path in by_hand if path.startswith(("lib/ui/", "pages/", "app.py"))}


def _said() -> Iterator[tuple[str, str]]:
    """Every key that Python says by its full name."""
    for path, tree in _python().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("say", "words.say", "Lead"):
                for argument in node.args[:2]:
                    if isinstance(argument, ast.Constant) and "." in str(argument.value):
                        yield path, argument.value


def test_every_word_that_python_says_by_name_is_there() -> None:
    said = set(_said())
    assert len(said) > 100
    assert not {f"{path}: {key}" for path, key in said if key not in words_of("en")}
    for path in [*(UI / "learn").glob("*.py")]:
        claims = re.findall(r"you_may_have_read\(([^)]*)\)", path.read_text(encoding="utf-8"))
        for name in re.findall(r'"(\w+)"', " ".join(claims)):
            assert {f"claims.{name}", f"claims.{name}_holds"} <= set(words_of("en"))


def _patterns() -> tuple[set[str], list[re.Pattern[str]], set[str], list[re.Pattern[str]]]:
    """What keys are written in Python, whole and with gaps, and what names in the browser's half."""
    whole: set[str] = set()
    gaps: set[str] = set()
    for tree in _python().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w-]+" for p in node.values]
                gaps.add("".join(parts))
    source = "\n".join(path.read_text(encoding="utf-8") for kind in ("js", "html") for path in UI.rglob(f"*.{kind}"))
    names = set(re.findall(r'data-told(?:-[a-z-]+)?="(\w+)"', source))
    names |= {text or name for text, name in re.findall(r'["\'](\w+)["\']|\b(\w+):', source)}
    holes = {
        re.sub(r"\\\$\\\{.*?\\\}", r"[\\w-]+", re.escape(text))
        for text in re.findall(r"`([\w]*\$\{[^`]*?\}[\w]*)`", source)
    }
    letters = re.compile(r"[a-z]{2}")
    return (
        whole,
        [re.compile(gap) for gap in gaps if r"\." in gap and letters.search(gap.replace(r"[\w-]+", ""))],
        names,
        [re.compile(hole) for hole in holes if letters.search(hole.replace(r"[\w-]+", ""))],
    )


def test_no_word_is_there_for_nobody() -> None:
    whole, gaps, names, holes = _patterns()
    unused = []
    for key in words_of("en"):
        part, _, name = key.partition(".")
        in_python = key in whole or any(gap.fullmatch(key) for gap in gaps)
        in_browser = part in whole and (name in names | whole or any(hole.fullmatch(name) for hole in holes))
        if not (in_python or in_browser):
            unused.append(key)
    assert not unused, unused


@pytest.mark.parametrize(
    ("code", "several", "number"),
    [
        ("de", "2 Läufe", "1.875,5"),
        ("es", "2 entrenamientos", "1.875,5"),
        ("fr", "2 entraînements", "1\u202f875,5"),
    ],
)
def test_each_language_is_spoken_as_it_is_written(code: str, several: str, number: str) -> None:
    assert nearest(f"{code}-XX") == code
    assert words.is_spoken(code)
    assert number_in(code, 1875.5, ",.1f") == number
    assert several in say_in(code, "compare.runs_take", count=2, long="3 s")


def test_what_the_core_tells_has_a_sentence_with_the_same_places() -> None:
    """Each `told("verdict.best", panel=...)` of the core, by its code and by what it hands over."""
    english, wrong, found = words_of("en"), [], 0
    for path, tree in _python().items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "told" and node.args):
                continue
            codes = [part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)]
            codes = [code for code in codes if re.fullmatch(r"\w+\.\w+", str(code)) and code not in TELLS_ITSELF]
            handed = {word.arg for word in node.keywords}
            for code in codes if not isinstance(node.args[0], ast.JoinedStr) else []:
                found += 1
                places = {name for form in forms_of(english[code]) for name, _ in places_in(form)}
                counted = {"count"} if isinstance(english[code], list) else set()
                if None not in handed and handed != places | counted:
                    wrong.append(f"{path}: {code} has {places | counted}, not {handed}")
                if None in handed and not handed - {None} <= places | counted:
                    wrong.append(f"{path}: {code} has no {handed - places}")
    assert found > 80
    assert not wrong, "\n".join(wrong)
