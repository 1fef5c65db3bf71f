"""Who may import whom (DESIGN, section 2), and how large things may grow."""

import ast
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_PAGE = 270, 60, 120
LONGEST_SCRIPT = 250  # of the browser half

MODULES = [
    ROOT / "app.py",
    ROOT / "glasshouse" / "__init__.py",
    *sorted((ROOT / "pages").glob("*.py")),
    *sorted((ROOT / "lib").rglob("*.py")),
]

# Tables: a kind is one record, with everything that is known of it.
_KINDS = {"activations", "optimizers", "layers", "losses", "schedules"}
_GROUND = {
    "parts",
    "telling",
    "home",
    "config",
    *_KINDS,
    "pictures",
    "pen",
    "datasets",
}  # of all else
_TRAINED = {*_GROUND, "models", "training"}
_CORE = {*_TRAINED, "runs", "nets", "explain", "experiments", "lessons", "doctor", "export", "classroom", "labs"}
ALLOWED = {
    "activations": set(),
    "optimizers": set(),
    "losses": {"activations"},
    "schedules": set(),
    "layers": {"layers", "telling", "activations"},
    "config": {*_KINDS},
    "parts": set(),
    "telling": set(),
    "compat": set(),
    "home": {"home"},
    "pictures": {"pictures"},
    "pen": {"pen", "home"},
    "datasets": {*_GROUND, "compat"},
    "models": {"models", *_KINDS, "config"},
    "training": {*_TRAINED},
    "explain": {"explain", "models", *_GROUND} - {"home"},
    "runs": {"runs", "explain", *_TRAINED},  # that live
    "nets": {"nets", "runs", "explain", *_TRAINED},  # wherever they lie
    "experiments": {"experiments", "nets", "runs", "explain", *_TRAINED},
    "lessons": {"lessons", "runs", *_TRAINED},
    "doctor": {"doctor", "experiments", "nets", "runs", "explain", *_TRAINED} - {"home"},
    "export": {"export", "nets", "runs", "explain", *_TRAINED},
    "classroom": {"classroom", "doctor", "experiments", "export", "lessons", "nets", "runs", "explain", *_TRAINED},
    "labs": {"labs", "experiments", "nets", "runs", "explain", *_TRAINED} - {"home"},
    "ui": {"ui", *_CORE},
    "cli": _CORE,
    "lib": _CORE,  # the public names
    "glasshouse": {"lib"},  # the same names
    "pages": {"ui", *_CORE},
    "app": {"ui"},
}
# Who may import a package that is not ours; other packages are for everyone.
ONLY_IN = {
    "torchvision": {"compat"},
    "sqlite3": {"home"},
    "filelock": {"home"},
    "streamlit": {"ui", "pages", "app"},
    "starlette": {"ui", "app"},
    "plotly": {"ui"},
    "distributed": {"runs"},
    "dask": {"runs"},
}
NEVER = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}
_WIDGETS = {
    "checkbox", "color_picker", "date_input", "feedback", "multiselect", "number_input", "pills", "radio",
    "segmented_control", "select_slider", "selectbox", "slider", "text_area", "text_input", "time_input", "toggle",
}  # fmt: skip
NOBODY_KNOWS_WHAT_IS_IN = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module):
    """`lib.runs.store` -> "runs", `lib` -> "lib", `pages.train` -> "pages"."""
    names = module.split(".")
    return names[1] if names[0] == "lib" and len(names) > 1 else names[0]


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path):
    """The full names of all modules that are imported, wherever in the file; `from a import b` gives a and a.b."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


OURS = {name_of(path): path for path in MODULES}


def of_every(modules):
    """Make one test of a rule about a module, over all of them: thousands of little tests cost more than they check."""

    modules = tuple(modules)

    def over_all(rule):
        def test():
            broken = []
            for module in modules:
                try:
                    rule(module)
                except AssertionError as error:
                    broken.append(f"{module}: {error}")
            assert not broken, "\n".join(broken)

        test.__name__, test.__doc__ = rule.__name__, rule.__doc__
        return test

    return over_all


@of_every(OURS)
def test_imports_go_in_the_allowed_directions(module):
    part = part_of(module)
    for name in imports_of(OURS[module]):
        if name.split(".")[0] == "lib" and name != "lib" and name in OURS:
            assert part_of(name) in ALLOWED[part], f"{module} must not import {name}"
        assert name != "lib" or part in ("lib", "glasshouse"), f"{module} imports the public names, not their module"


@of_every(OURS)
def test_some_packages_are_for_some_parts_only(module):
    for name in imports_of(OURS[module]):
        package = name.split(".")[0]
        assert package not in NEVER, f"{module} must not use {package}"
        assert part_of(module) in ONLY_IN.get(package, {part_of(module)}), f"{module} must not import {package}"


def test_every_part_has_a_rule():
    assert {part_of(module) for module in OURS} <= set(ALLOWED)


# The interface's rooms, by floors: a room leans on those above it in this table, never on those below.
_FLOORS = (
    {"words"},
    {"components"},
    {"serve"},
    {"setup"},
    {"net"},
    {"frame"},
    {"lesson"},
    {"start", "train", "data", "look_inside", "classify", "diagnose", "compare", "learn", "classroom"},
    {"labs"},  # a gallery of moves, some of which have a home on another page
    {"router"},
)
_FLOOR_OF = {room: floor for floor, rooms in enumerate(_FLOORS) for room in rooms}
_LEARN_LISTS_LESSONS = {"lesson": {"router", "learn"}}  # nobody else knows that there are lessons


@of_every(module for module in OURS if part_of(module) == "ui" and module != "lib.ui")
def test_the_rooms_of_the_interface_lean_on_lower_floors_only(module):
    room = module.split(".")[2]
    for name in set(imports_of(OURS[module])) & set(OURS):
        other = name.split(".")[2] if name.startswith("lib.ui.") else room
        assert other == room or _FLOOR_OF[other] < _FLOOR_OF[room], f"{module} must not import {name}"
        assert other == room or room in _LEARN_LISTS_LESSONS.get(other, {room}), f"{module} must not import {name}"


def modules_needed_by(module):
    """Our modules that are imported at the top; a name that is no module stands for the package's own file."""
    for node in tree_of(OURS[module]).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield from {full if full in OURS else node.module} & set(OURS)


def test_no_imports_in_circles():
    graph = {module: set(modules_needed_by(module)) - {module} for module in OURS}
    done, under_way = set(), []

    def visit(module):
        assert module not in under_way, " -> ".join([*under_way[under_way.index(module) :], module])
        if module in done:
            return
        under_way.append(module)
        for name in sorted(graph[module]):
            visit(name)
        under_way.pop()
        done.add(module)

    for module in graph:
        visit(module)


def calls_in(path):
    """Dotted names of everything that is called: `torch.load`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


_TENSORS_ALONE = {"lib.nets.imagenet"}  # reads one known file, by its checksum


@of_every(OURS)
def test_nothing_is_unpickled_and_no_process_wide_seed_is_set(module):
    called = set(calls_in(OURS[module]))
    if module in _TENSORS_ALONE:
        loads = [each for each in ast.walk(tree_of(OURS[module])) if isinstance(each, ast.Call)]
        loads = [each for each in loads if ast.unparse(each.func) == "torch.load"]
        assert all("weights_only=True" in ast.unparse(each) for each in loads)
        called -= {"torch.load"}
    assert not called & {"torch.load", "torch.save", "torch.manual_seed", "torch.seed", "torch.random.manual_seed"}
    assert not called & {"eval", "exec", "random.seed", "np.random.seed", "numpy.random.seed"}
    assert "allow_pickle=True" not in OURS[module].read_text(encoding="utf-8")


@of_every(module for module in OURS if part_of(module) in ("ui", "pages") and module != "lib.ui.setup.controls")
def test_widgets_carry_their_value_themselves(module):
    """`lib.ui.setup.controls` draws them: one that shows a value through session state alone may lose it."""
    called = set(calls_in(OURS[module]))
    assert not called & {f"st.{kind}" for kind in _WIDGETS}, module
    text = OURS[module].read_text(encoding="utf-8")
    assert "persist_state=" not in text
    assert "bind=" not in text


@of_every(module for module in OURS if part_of(module) in ("ui", "pages") and module != "lib.ui.serve.passes")
def test_pages_and_routes_ask_for_a_run_as_somebody(module):
    """`Registry.find` knows every run, also those on pictures that somebody keeps to themselves."""
    called = set(calls_in(OURS[module]))
    assert not called & {"get_registry().find", "registry.find", "find_recorded"} - _ALLOWED_TO_FIND.get(module, set())


_ALLOWED_TO_FIND = {"lib.ui.train.take_away": {"find_recorded"}}  # what this browser brought itself


_WRITES = {"os.open", "os.link", "os.fsync", "os.replace", "os.rename", "write_bytes", "write_text", "save_file"}
_MAY_WRITE = {"lib.home.files", "lib.export.command"}  # the second: where the person said


@of_every(module for module in OURS if module not in _MAY_WRITE)
def test_files_are_written_in_one_place(module):
    """Whole or not at all: others give `write_whole` what to write, or a function that writes a draft."""
    drafts = {each for each in ast.walk(tree_of(OURS[module])) if isinstance(each, ast.Lambda)}
    in_drafts = {ast.unparse(node.func) for each in drafts for node in ast.walk(each) if isinstance(node, ast.Call)}
    called = {name if name in _WRITES else name.rpartition(".")[2] for name in calls_in(OURS[module])}
    assert not (called & _WRITES) - in_drafts, f"{module} writes by itself"


@of_every(module for module in OURS if module != "lib.ui.setup.address")
def test_the_address_is_written_in_one_place(module):
    """All at once, and noted: a browser on a slow machine sends an older address after a newer one was written."""
    for node in ast.walk(tree_of(OURS[module])):
        wrote = isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load)
        assert not (wrote and ast.unparse(node.value) == "st.query_params"), f"{module} writes the address"
    changes = {f"st.query_params.{how}" for how in ("from_dict", "clear", "update", "pop", "setdefault")}
    assert not changes & set(calls_in(OURS[module]))


@of_every(OURS)
def test_modules_and_functions_stay_small(module):
    lines = len(OURS[module].read_text(encoding="utf-8").splitlines())
    assert lines <= (LONGEST_PAGE if part_of(module) == "pages" else LONGEST_MODULE), f"{module} has {lines} lines"
    for node in ast.walk(tree_of(OURS[module])):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{module}.{node.name} has {length} lines"


def test_scripts_stay_small():
    folder = ROOT / "lib" / "ui" / "components"
    lines = {
        path.relative_to(folder).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in folder.rglob("*.js")
    }
    assert len(lines) > 100
    assert not {f"{name} has {count} lines" for name, count in lines.items() if count > LONGEST_SCRIPT}


def test_names_say_what_is_inside():
    folders = [ROOT / name for name in ("lib", "pages", "tests", "bench", "docs")]
    names = {path.stem for folder in folders for path in folder.rglob("*") if path.suffix in ("", ".py", ".js")}
    assert not names & NOBODY_KNOWS_WHAT_IS_IN


@of_every(name for name, path in OURS.items() if name.startswith("lib.") and path.name != "__init__.py")
def test_no_module_is_called_like_what_it_holds(module):
    """`from lib.x import y` would mean the module or the function, whichever was imported last."""
    held = {node.name for node in tree_of(OURS[module]).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert OURS[module].stem not in held


@of_every(module for module in OURS if part_of(module) != "pages")
def test_modules_say_what_they_are_for(module):
    assert ast.get_docstring(tree_of(OURS[module])) or not OURS[module].read_text(encoding="utf-8").strip()


def test_the_rules_see_the_real_tree():
    """So that a mistake in this file cannot make every rule pass."""
    assert {"app", "pages.train", "lib", "lib.runs.store", "lib.ui.components.canvas"} <= set(OURS)
    found = set(imports_of(OURS["lib.runs.store"])) | set(imports_of(OURS["lib.home.files"]))
    assert {"safetensors.safe_open", "lib.config", "lib.config.RunConfig"} <= found
    assert "sqlite3" in set(imports_of(OURS["lib.home.database"]))
    assert "torch.Generator" in set(calls_in(OURS["lib.models.build"]))
    assert part_of("lib.runs.store") == "runs"
    assert "lib" not in sys.builtin_module_names
