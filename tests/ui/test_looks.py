"""Every part of a page shows where the focus is, moves little for those who ask for that, and keeps chosen colours.

One rule in `base.css` does it for all of ours; these tests see that each has it and that none takes it back.
"""

import re
from pathlib import Path

import pytest

from lib.ui.components.modules import entry

UI = Path(__file__).parents[2] / "lib" / "ui"
COMPONENTS = sorted({path.parent.name for path in (UI / "components").glob("*/*.html")})
UNSEEN = {"camera_check", "dialog_focus"}  # show nothing
STYLES = sorted(UI.glob("**/*.css"))
SCRIPTS = sorted(UI.glob("**/*.js"))
# Selectors that may take the usual outline away, because they show the focus in another way or are no stop of Tab.
OTHERWISE = {
    ".gh.time input:focus-visible": "its knob is outlined",
    ".drawing .surface:focus:not(.keyboard)": "a pen needs none; with the first key it is there",
    ".class-bar .veil:focus": "covers the whole page",
}


def name_of(path: Path) -> str:
    return path.relative_to(UI).as_posix()


def rules(css: str) -> list[tuple[str, str]]:
    """Selector and declarations of each rule, those in media queries too."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [(selector.strip(), body) for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", bare)]


@pytest.mark.parametrize("name", sorted(set(COMPONENTS) - UNSEEN))
def test_every_component_has_the_shared_rules(name: str) -> None:
    look = entry(name)
    assert "@media (prefers-reduced-motion: reduce)" in look
    assert "@media (forced-colors: active)" in look
    assert ":focus-visible" in look
    html = (UI / "components" / name / f"{name}.html").read_text(encoding="utf-8")
    assert re.search(r'class="[^"]*\bgh\b', html), "the shared rules are for what is below .gh"


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_nothing_hides_the_focus(path: Path) -> None:
    found = [
        selector
        for selector, body in rules(path.read_text(encoding="utf-8"))
        if re.search(r"outline(-style)?\s*:\s*(none|0)\b", body) and selector not in OTHERWISE
    ]
    assert not found


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_no_rule_insists_on_motion_or_on_a_colour_of_its_own(path: Path) -> None:
    insisting = re.compile(r"\b(transition|animation|scroll-behavior)[\w-]*\s*:[^;]*!important")
    found = [
        f"{selector} {{{body}}}"
        for selector, body in rules(path.read_text(encoding="utf-8"))
        if insisting.search(body) and not re.search(r"\.01ms|none|auto", body)
    ]
    assert not found


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_moves_the_page_only_for_those_who_do_not_mind(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    if re.search(r'behavior:[^}]*"smooth"|\.animate\(', script):
        assert "prefers-reduced-motion" in script
