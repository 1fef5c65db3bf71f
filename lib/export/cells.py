"""Programs made of cells: a title, a few words, some code. The same cells make a script and a notebook."""

import ast
import inspect
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType

from lib.pictures.names import is_plain

_WIDTH = 120


@dataclass(frozen=True)
class Cell:
    """One part of a program. `text` is plain words; `imports` are whole lines that the code needs."""

    title: str
    text: str
    code: str
    imports: tuple[str, ...] = ()


def plain(name: str) -> str:
    """A name that somebody chose, without anything that means something in a program or a notebook."""
    return "".join(letter for letter in name if is_plain(letter, "_.,+-'’()"))


def script_of(docstring: str, cells: Iterable[Cell]) -> str:
    """Put the cells together as one Python file, the imports of all of them on top."""
    cells = list(cells)
    parts = [f'"""{docstring.strip()}\n"""', imports_of(cells)]
    for cell in cells:
        banner = f"# ---- {cell.title} ".ljust(_WIDTH, "-")
        words = "".join(f"# {line}\n" for line in cell.text.splitlines())
        gap = "\n\n" if re.match(r"(def|class) |@", code := cell.code.strip()) else "\n"
        parts.append(f"{banner}\n{words}{gap}{code}")
    head, imports, first, *rest = (part.strip("\n") for part in parts)
    return "\n\n\n".join([f"{head}\n\n{imports}\n\n{first}", *rest]) + "\n"


def imports_of(cells: Iterable[Cell]) -> str:
    """All import lines of the cells, merged and in the usual order: the standard library, then the rest."""
    whole: set[str] = set()
    names: dict[str, set[str]] = {}
    for line in {line for cell in cells for line in cell.imports}:
        (node,) = ast.parse(line).body
        if isinstance(node, ast.ImportFrom):
            names.setdefault(node.module or "", set()).update(ast.unparse(alias) for alias in node.names)
        else:
            whole.add(line)
    lines = [
        *sorted(whole),
        *(f"from {module} import {_listed(names[module])}" for module in sorted(names, key=str.lower)),
    ]
    groups: dict[bool, list[str]] = {True: [], False: []}
    for line in lines:
        groups[line.split()[1].split(".")[0] in sys.stdlib_module_names].append(line)
    return "\n\n".join("\n".join(group) for group in groups.values() if group)


def _listed(names: Iterable[str]) -> str:
    """Constants, then classes, then functions, as import sorters have it."""
    return ", ".join(sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name)))


def quoted(module: ModuleType, *names: str) -> tuple[str, tuple[str, ...]]:
    """Copy `names` and what they rest on out of one of our modules, or all of it: `(code, import lines it needs)`.

    What is exported is the very code that Glasshouse runs, so the two cannot drift apart. Imports of our own modules
    are left out: whoever quotes brings what they stand for. KeyError for a name that the module does not have.
    """
    source = inspect.getsource(module)
    lines, tree = source.splitlines(), ast.parse(source)
    imports, body = _split(tree.body)
    if names:
        named = {name: node for node in body for name in _defines(node)}
        wanted = sorted(_with_what_they_use(names, named), key=lambda node: node.lineno)
        code = "\n\n\n".join("\n".join(lines[_start(node) - 1 : node.end_lineno]) for node in wanted)
    else:  # comments between the parts come along
        code = "\n".join(lines[_start(body[0]) - 1 :])
    used = _names_in(ast.parse(code))
    return code, tuple(line for line in map(ast.unparse, imports) if _is_used(line, used))


def _with_what_they_use(names: Iterable[str], named: dict[str, ast.stmt]) -> set[ast.stmt]:
    found: set[ast.stmt] = set()
    todo = list(names)
    while todo:
        node = named[todo.pop()]
        if node not in found:
            found.add(node)
            todo += _names_in(node) & set(named)
    return found


def _names_in(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _split(body: list[ast.stmt]) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """The imports from elsewhere, one name a line, and what the module itself defines."""
    imports: list[ast.stmt] = []
    rest: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.ImportFrom):
            if not (node.module or "").startswith("lib"):
                imports += [ast.ImportFrom(node.module, [alias], 0) for alias in node.names]
        elif isinstance(node, ast.Import):
            imports += [ast.Import([alias]) for alias in node.names]
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):  # the docstring
            rest.append(node)
    return imports, rest


def _defines(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def _start(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return min([node.lineno, *(each.lineno for each in decorators)])


def _is_used(line: str, used: set[str]) -> bool:
    (node,) = ast.parse(line).body
    assert isinstance(node, ast.Import | ast.ImportFrom)
    return (node.names[0].asname or node.names[0].name).split(".")[0] in used
