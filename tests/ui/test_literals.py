"""No sentence stands in the code: what a person can read is in the catalogues (lib/ui/words), in every language.

What is still left is counted here, module by module; a number may only become smaller.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
UI = ROOT / "lib" / "ui"
LEFT = json.loads((Path(__file__).parent / "literals_left.json").read_text(encoding="utf-8"))

# What speaks to programs, to logs, or before there is a person: the server, the loading of components, the catalogues.
NO_PERSON = (
    "lib/ui/serve/",
    "lib/ui/words/",
    "lib/ui/components/modules.py",
    "lib/ui/frame/history.py",
    "lib/ui/classroom/rehearsal.py",
)
# What is called with text that nobody reads.
TO_PROGRAMS = re.compile(
    r"(logger\.\w+|print|TypeVar|re\.\w+|ValueError|KeyError|RuntimeError|Route|CONTEXT|\w*\.(save|replace|removesuffix|"
    r"removeprefix|startswith|endswith|strftime|rpartition|partition|split|encode))$"
)
NOT_SHOWN = {"key", "icon", "type", "file_name", "mime", "headers", "methods", "starts", "query", "border", "color"}
_TAG = re.compile(r"<[^>]*>?|^[^<>]*>")
_CODE = re.compile(r":material/\w+:|&\w+;|:[a-z]+\[|https?://\S+|`[^`]*`|GLASSHOUSE_\w+|[A-Z]\w+-[A-Z]\w+")


def is_text(literal: str) -> bool:
    """Two words, or one that begins with a capital: somebody is meant to read it."""
    bare = _CODE.sub(" ", _TAG.sub(" ", literal)).strip()
    if re.search(r"[{};]\s*$|^[#.@]|=\S|\w\(", bare) or re.fullmatch(r"[\w*/.=<>,:-]+", bare):
        return bool(re.fullmatch(r"[A-Z][a-zäöü]{2,}", bare))
    return bool(re.search(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}|^[A-Z][a-z]{2,}", bare))


def text_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def literals_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every literal that a person may come to read."""
    unread = {
        part
        for node in ast.walk(tree)
        for part in [
            *([node.value] if isinstance(node, ast.Expr) else []),  # docstrings
            *([node.slice] if isinstance(node, ast.Subscript) else []),
            *([node.test] if isinstance(node, ast.Assert) else []),
            *([word.value for word in node.keywords if word.arg in NOT_SHOWN] if isinstance(node, ast.Call) else []),
            *(node.args if isinstance(node, ast.Call) and TO_PROGRAMS.search(ast.unparse(node.func)) else []),
        ]
        if text_of(part) is not None or (isinstance(part, ast.Dict) and part in getattr(node, "keywords", []))
    }

    def visit(node: ast.AST) -> Iterator[tuple[int, str]]:
        text = text_of(node)
        if node in unread or isinstance(node, ast.Compare):
            return
        if text is not None and is_text(text):
            yield node.lineno, text
        for child in ast.iter_child_nodes(node):
            if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
                yield from visit(child)

    yield from visit(tree)


# Where a component puts text into the page: in its HTML, and by these in its script.
_SET = re.compile(
    r"""(?:textContent|title|label|placeholder|alt)\s*[=:]\s*(["`])(?P<one>(?:(?!\1).)+)\1"""
    r"""|(?:setText|say_)\([^"`]*?,\s*(["`])(?P<two>(?:(?!\3).)+)\3"""
    r"""|["']aria-(?:label|valuetext|description)["'],\s*(["`])(?P<three>(?:(?!\5).)+)\5"""
)
_SELECTOR = re.compile(r"[.#\w-]*(?:span|small|code|figcaption|caption)$|\.[\w-]+")
_ELEMENT = re.compile(r"<(?P<tag>\w+)(?P<named>[^>]*)>(?P<text>[^<]*)")
_NAMED = re.compile(r"""(?<![\w-])(?:aria-label|title|placeholder|alt)="([^"]+)\"""")


def literals_in_browser(kind: str, source: str) -> Iterator[str]:
    """Text that a component's HTML or script puts into the page by itself."""
    if kind == ".html":
        for found in _ELEMENT.finditer(source):
            if (
                "data-say" not in found["named"]
                and "data-told" not in found["named"]
                and re.search(r"[A-Za-z]{2}", found["text"])
            ):
                yield found["text"].strip()
            yield from _NAMED.findall(found["named"])
    else:
        for line in source.splitlines():
            for found in _SET.finditer(line.split("//")[0] if "http" not in line else line):
                text = found["one"] or found["two"] or found["three"]
                if re.search(r"[A-Za-z]{3}", re.sub(r"\$\{[^}]*\}", "", text)) and not _SELECTOR.match(text):
                    yield text


def found_now() -> dict[str, list[str]]:
    """What is left, by module."""
    there: dict[str, list[str]] = {}
    for path in [*sorted((ROOT / "pages").glob("*.py")), *sorted(UI.rglob("*.py"))]:
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(NO_PERSON):
            there[name] = [text for _, text in literals_in(ast.parse(path.read_text(encoding="utf-8")))]
    for path in sorted((UI / "components").rglob("*.*")):
        if path.suffix in (".js", ".html"):
            texts = list(literals_in_browser(path.suffix, path.read_text(encoding="utf-8")))
            there.setdefault(path.parent.relative_to(ROOT).as_posix(), []).extend(texts)
    return {name: texts for name, texts in there.items() if texts}


def test_a_sentence_in_the_code_is_found() -> None:
    lines = (
        '"""A docstring."""',
        'st.caption("Two words.", key="not this one")',
        'held(st.toggle, "Live")',
        'logger.info("not read")',
        'x = f"{count} pictures left"',
        "st.html(f'<p class=\"one two\">{said}</p>')",
        'st.html("<b>Read me</b>")',
        'y = table["No text"]',
    )
    tree = ast.parse("\n".join(lines))
    assert [text for _, text in literals_in(tree)] == ["Two words.", "Live", "{} pictures left", "<b>Read me</b>"]
    html = '<button aria-label="Go on"><span data-say="word">x</span></button><p>Stop here</p>'
    assert list(literals_in_browser(".html", html)) == ["Go on", "Stop here"]
    script = 'node.textContent = "Hello"; setText(this.name, `${a} of them`); this.root.title = say("word");'
    assert list(literals_in_browser(".js", script)) == ["Hello", "${a} of them"]


def test_no_text_stands_in_the_code() -> None:
    counted = {name: len(texts) for name, texts in found_now().items()}
    more = {name: found_now()[name] for name in counted if counted[name] > LEFT.get(name, 0)}
    assert not more, f"These belong into the catalogues (lib/ui/words/__init__.py says how): {more}"
    fewer = {name: counted.get(name, 0) for name in LEFT if counted.get(name, 0) < LEFT[name]}
    assert not fewer, f"Fewer are left; write that down in literals_left.json: {fewer}"
