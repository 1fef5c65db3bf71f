"""No sentence stands in the code: what a person can read is in the catalogues (lib/ui/words), in every language.

What is still left is counted here, module by module; a number may only become smaller.
"""

import ast
import json
import re
from collections.abc import Iterator, Set
from html.parser import HTMLParser
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


# Of a component's script every string is read: what says two words or a capitalised one, and is none of these.
_NO_WORDS = ["px", "Enter", "Escape", "Tab", "Home", "End", "Delete", "Backspace", "Alt+ArrowUp", "Alt+ArrowDown"]
_SCRIPT_CODE = re.compile(r"^[.#[(]|^[\w-]+\(|\d(px|fr)\b|:[a-z]+\(|:\w|^https?:|^[a-z]+[.\[]")
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?<=[\s(])/(?![/*\s])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/"""
    r"""|(?P<plain>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<open>[`{])|(?P<close>\})""",
    re.DOTALL,
)
_TEMPLATE_END = re.compile(r"(?P<text>(?:[^`\\$]|\\.|\$(?!\{))*)(?P<end>`|\$\{)", re.DOTALL)
_TO_CONSOLE = re.compile(r"(new Error|console\.\w+|import|from)[\s(]*$")
_ELEMENT_NAME = re.compile(
    r"button|input|select|span|svg|canvas|small|code|figcaption|caption|summary|header|form|ol|li|d[dt]|img"
    r"|t(body|head|foot|r|h|d)|[a-z]+[.\[:#][\w-]+|i|b|a|p"
)


def strings_in(script: str) -> Iterator[str]:
    """Every string of a script but those for the console; `{}` where a template has an expression."""
    at = 0
    within: list[str] = []  # what the place is in: templates, and the expressions and blocks in them
    templates: list[tuple[int, str]] = []  # where each begins, and its text so far
    while True:
        if within and within[-1] == "`":
            part = _TEMPLATE_END.match(script, at)
            if part is None:
                return
            at = part.end()
            start, text = templates.pop()
            if part["end"] == "`":
                within.pop()
                if not _TO_CONSOLE.search(script, max(0, start - 40), start):
                    yield text + part["text"]
            else:
                within.append("{")
                templates.append((start, text + part["text"] + "{}"))
            continue
        found = _TOKEN.search(script, at)
        if found is None:
            return
        at = found.end()
        if found["plain"] and not _TO_CONSOLE.search(script, max(0, found.start() - 40), found.start()):
            yield found["plain"][1:-1]
        elif found["open"]:
            within.append(found["open"])
            if found["open"] == "`":
                templates.append((found.start(), ""))
        elif found["close"] and within:
            within.pop()


def is_said(literal: str, looks: Set[str]) -> bool:
    """True if a string of a script is for a person: no selector, key, class of `looks` or value of a style."""
    if _SCRIPT_CODE.search(literal.strip()):
        return False
    words = re.findall(r"[^\s{},]*[A-Za-z][^\s{},]*", literal)
    if all(word in looks or word in _NO_WORDS or _ELEMENT_NAME.fullmatch(word) for word in words):
        return False
    several = re.search(r"[A-Za-z]{2,}[,:]? [a-z]{2,}|\} [a-z]{2,}|^[a-z]{2,} \{", literal)
    return bool(several or re.search(r"^[A-Z][a-z]{2,}$|[A-Z][a-z]{2,} ", literal))


class _Html(HTMLParser):
    """The text of a component's content that no word of the catalogues replaces."""

    EMPTY = ("img", "input", "br", "hr", "path", "circle", "line", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.told = [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        shown = (named.get(name) for name in ("aria-label", "title", "placeholder", "alt"))
        self.texts += [text for text in shown if text]
        if tag not in self.EMPTY:
            self.told.append("data-say" in named or "data-told" in named)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.told.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            self.told.pop()

    def handle_data(self, data: str) -> None:
        if not self.told[-1] and re.search(r"[A-Za-z]{2}", data):
            self.texts.append(data.strip())


def literals_in_browser(kind: str, source: str, looks: Set[str] = frozenset()) -> Iterator[str]:
    """Text that a component's HTML or script puts into the page by itself; `looks`: the classes of its style."""
    if kind == ".html":
        content = _Html()
        content.feed(source)
        yield from content.texts
    else:
        yield from (text for text in strings_in(source) if is_said(text, looks))


def found_now() -> dict[str, list[str]]:
    """What is left, by module."""
    there: dict[str, list[str]] = {}
    for path in [*sorted((ROOT / "pages").glob("*.py")), *sorted(UI.rglob("*.py"))]:
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(NO_PERSON):
            there[name] = [text for _, text in literals_in(ast.parse(path.read_text(encoding="utf-8")))]
    for path in sorted((UI / "components").rglob("*.*")):
        if path.suffix in (".js", ".html"):
            sheets = [*path.parent.glob("*.css"), *(UI / "components" / "base").glob("*.css")]
            looks = set(re.findall(r"\.([a-z][\w-]*)", "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)))
            texts = list(literals_in_browser(path.suffix, path.read_text(encoding="utf-8"), looks))
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
    assert list(literals_in_browser(".html", "<p><kbd>Enter</kbd> <i></i>opens it</p>")) == ["Enter", "opens it"]
    script = """
    // not a word of this, "nor this"
    import { one } from "../some where.js";
    node.textContent = "Hello";
    const said = many ? `${a} of ${say(`the last ${b}`)}` : say("word");
    throw new Error("nobody reads this");
    line.className = "warm dashed"; find(root, "tbody tr"); find(root, ".a b"); if (event.key === "Home") go(/"x y/);
    """
    assert list(literals_in_browser(".js", script, {"warm", "dashed"})) == ["Hello", "the last {}", "{} of {}"]


def test_no_text_stands_in_the_code() -> None:
    counted = {name: len(texts) for name, texts in found_now().items()}
    more = {name: found_now()[name] for name in counted if counted[name] > LEFT.get(name, 0)}
    assert not more, f"These belong into the catalogues (lib/ui/words/__init__.py says how): {more}"
    fewer = {name: counted.get(name, 0) for name in LEFT if counted.get(name, 0) < LEFT[name]}
    assert not fewer, f"Fewer are left; write that down in literals_left.json: {fewer}"
