"""Names that people give, through every file that a run leaves as: what was typed comes back, and means nothing more.

The pictures' own door cleans names (`lib.datasets.own`); every writer is asked with raw ones all the same.
"""

import ast
import csv
import json
import re
import subprocess
from contextlib import redirect_stdout
from html.parser import HTMLParser
from io import StringIO

import nbformat
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from safetensors.torch import load

from lib.config import Conv2d, DataConfig, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.datasets import own
from lib.datasets.own import find_own, keep, read_own, save_own
from lib.datasets.travel import open_own, own_file
from lib.export.catalogue import exports_of, file_stem
from lib.export.weights import safetensors
from lib.nets.classify import Answer, to_csv
from lib.nets.ready import read_net
from lib.nets.recording_file import parse_recording
from lib.pictures.names import LONGEST_NAME, clean_name, one_line, twins_in
from lib.runs import Limits, Registry
from lib.ui.net import answers
from tests.export.test_other_programs import KERAS
from tests.export.test_torch_program import printed_by
from tests.runs.whole_runs import finished

SCRIPTS = ("हिन्दी", "ไทย", "a\u0308rger", "क्\u200dष", "עברית", "\u200fעברית\u200e", "العربية", "日本語", "Ж")
SIGNS = (
    "Bob's",
    'say "hi"',
    "`code`",
    "back\\slash",
    "{x} %s $HOME",
    "%(name)s",
    "a;b,c",
    "a\tb\nc\rd",
    "\x00\x1b[31m",
)
MARKUP = ("<b>bold</b>", "&amp;", "[x](y)", "**x**", "$\\alpha$", ":material/bug:", ":red[x]", "</script><script>x")
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\uff1d1",
    "1. a",
    "- a",
    "www.example.com",
    "a -- b",
    "...",
    "👩\u200d🔬 lab",
)
LONG = ("W" * LONGEST_NAME, "ä" * LONGEST_NAME)
NASTY = (*SCRIPTS, *SIGNS, *MARKUP, *FORMULAS, *LONG)

typed = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=40)), min_size=10, max_size=10, unique=True
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """One run on ten classes of one's own; each example gives them other names."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("names")
        patch.setenv("GLASSHOUSE_HOME", str(folder))
        opened = Registry(folder, Limits(slice_seconds=0.02))
        drawn = np.random.default_rng(0).integers(0, 256, (10, 6, 1, 28, 28), dtype=np.uint8)
        made = save_own("Set", "drawing", {f"c{n}": list(torch.from_numpy(each)) for n, each in enumerate(drawn)})
        data = DataConfig(name=made.name, valid_fraction=0.2)
        model = ModelConfig(layers=(Conv2d(2), MaxPool2d(4), Flatten(), Dense(4)))
        train = TrainConfig(epochs=1, precision="fp32", batch_size=20)
        run = finished(opened, RunConfig(data=data, model=model, train=train))
        yield run, find_own(made.name), folder
        opened.close()


@pytest.fixture
def rename(trained, monkeypatch):
    """`rename(names, title)`: the same run and pictures, with other names; a set-up of before the door cleaned them."""
    run, made, folder = trained
    monkeypatch.setenv("GLASSHOUSE_HOME", str(folder))
    tensors = dict(zip((*own.PARTS, own.ALIKE), read_own(made.name), strict=True))

    def give(names, title, *, raw=False):
        if raw:  # past the door
            monkeypatch.setattr(own, "told_apart", tuple)
            monkeypatch.setattr(own, "clean_name", str)
        found = keep(made.name, title, "drawing", names, tensors, {"owner": "", "still": (), "shared": False})
        run._let_go()
        return run, found

    return give


class Page(HTMLParser):
    """What a browser makes of a page: its tags with their attributes' names, and its text."""

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.alts = [], "", []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *(name for name, _ in attrs)))
        self.alts += [value for name, value in attrs if name in ("alt", "title", "aria-label") and value]

    def handle_data(self, data):
        self.text += data


def without_formula(cell):
    return cell[1:] if re.match("'[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]", cell) else cell


def rows_of(content, sep):
    return list(
        csv.reader(StringIO(content.decode("utf-8-sig") if isinstance(content, bytes) else content), delimiter=sep)
    )


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=typed, title=st.one_of(st.sampled_from(NASTY), st.text(max_size=40)))
@example(names=list(NASTY[:10]), title=NASTY[0])
@example(names=list(NASTY[10:20]), title="''' + \"\"\" \\")
@example(names=list(NASTY[20:30]), title="<img src=x onerror=alert(1)>\n# x\nimport os")
@example(names=list(NASTY[-10:]), title="=1+1")
def test_every_file_keeps_names_as_text(rename, names, title):
    run, found = rename(names, title)
    shown = run.dataset.classes
    assert shown == found.classes
    assert all(clean_name(name) == name for name in shown)
    assert not twins_in(shown)
    for typed_name, name in zip(names, shown, strict=True):
        if clean_name(typed_name) == typed_name and not twins_in(names):
            assert name == typed_name
    made = {each.kind: each for group in exports_of(run).values() for each in group}
    files = {kind: each.make() for kind, each in made.items() if kind != "onnx" and not each.problem}
    assert {"torch", "keras", "notebook", "report", "weights", "recording", "setup", "csv", "csv-semicolon"} <= set(
        files
    )
    for each in made.values():
        assert re.fullmatch(r"(glasshouse-[a-z0-9-]+|own-[0-9a-f]+)\.[a-z]+", each.file_name), each.file_name
    check_programs(files, found.title)
    check_recording(files["recording"], found)
    check_weights(files["weights"], shown)
    travelled = open_own("set", own_file(found), "ben")
    assert (travelled.classes, travelled.title) == (found.classes, found.title)


def check_programs(files, title):
    for kind in ("torch", "keras"):
        tree = ast.parse(files[kind])
        compile(files[kind], kind, "exec")
        if title:
            assert title in re.sub(r"\s+", " ", ast.get_docstring(tree) or "")
        assert isinstance(tree.body[1], ast.Import | ast.ImportFrom)
    book = nbformat.reads(files["notebook"].decode(), as_version=4)
    nbformat.validate(book)
    for cell in book.cells:
        if cell.cell_type == "code":
            ast.parse(cell.source)
        else:
            assert not re.search(r"<[a-z/!]|!\[|\]\(", cell.source.replace("](http", "")), cell.source


def check_recording(content, found):
    pictures = parse_recording("x.json", content).pictures
    assert (pictures.classes, pictures.title) == (found.classes, found.title)


def check_weights(content, classes):
    load(content)
    length = int.from_bytes(content[:8], "little")
    said = json.loads(content[8 : 8 + length])["__metadata__"]
    assert json.loads(said["classes"]) == list(classes)


@pytest.mark.parametrize("start", range(0, len(NASTY), 10))
def test_writers_need_no_door(rename, start):
    """Raw names: the report shows each as text, with the very tags that it has for plain ones; programs are sound."""
    names = (*NASTY[start : start + 10], *(f"c{n}" for n in range(10)))[:10]
    pages = []
    for given_names, title in ((names, NASTY[start]), (tuple(f"c{n}" for n in range(10)), "Set")):
        run, found = rename(given_names, title, raw=True)
        assert (found.classes, found.title) == (given_names, title)
        made = {each.kind: each for group in exports_of(run).values() for each in group}
        check_programs({kind: made[kind].make() for kind in ("torch", "keras", "notebook")}, None)
        pages.append(Page(made["report"].make().decode()))
        check_weights(made["weights"].make(), given_names)
    assert pages[0].tags == pages[1].tags
    for name in names:
        assert name.replace("\r", "\n") in pages[0].text.replace("\r", "\n")


def without_words(program):
    """The tree of a program, all of its texts left out: what is text there runs nothing."""
    tree = ast.parse(program)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def test_programs_under_any_names_are_the_same_programs_and_run(rename, tmp_path):
    """The PyTorch program prints the curve that it prints under plain names; the others have the very same trees."""
    plain = tuple(f"c{n}" for n in range(10))
    printed, trees = [], []
    for given_names, title in ((plain, "Set"), (NASTY[5:15], '""" \\'), (NASTY[19:29], "\nimport os\n")):
        run, _ = rename(given_names, title, raw=True)
        made = {each.kind: each for group in exports_of(run).values() for each in group}
        book = nbformat.reads(made["notebook"].make().decode(), as_version=4)
        cells = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
        trees.append([without_words(each) for each in (made["torch"].make(), made["keras"].make(), cells)])
        (tmp_path / made["pictures"].file_name).write_bytes(made["pictures"].make())
        printed.append(printed_by(tmp_path, made["torch"].make().decode()))
    assert trees[1:] == trees[:1] * 2
    assert printed[1:] == printed[:1] * 2
    assert any("epoch" in line for line in printed[0])


HOSTILE = ('"""', "'''", "\\\\", "a\nimport os", "{}", "{0!r:>9}", "%s%%", "👩\u200d🔬", "\u202eעברית", "W" * 200)


def test_the_notebook_runs_cell_by_cell_under_hostile_names(rename, tmp_path, monkeypatch):
    """Every cell by itself, beside its pictures; what it measures is the run's own curve."""
    run, found = rename(HOSTILE, HOSTILE[0] + HOSTILE[3], raw=True)
    assert found.classes == HOSTILE
    made = {each.kind: each for group in exports_of(run).values() for each in group}
    book = nbformat.reads(made["notebook"].make().decode(), as_version=4)
    nbformat.validate(book)
    (tmp_path / made["pictures"].file_name).write_bytes(made["pictures"].make())
    monkeypatch.chdir(tmp_path)
    code = [cell.source for cell in book.cells if cell.cell_type == "code"]
    variables, printed = {"__name__": "notebook"}, StringIO()
    try:
        with redirect_stdout(printed):
            for number, source in enumerate(code[:-1]):  # the last one draws, with matplotlib
                exec(compile(source, f"cell {number}", "exec"), variables)
    finally:
        torch.set_flush_denormal(False)  # the notebook's choice for its own process
    (epoch,) = [each for each in run.log.epochs if each["epoch"] == 1]
    assert len(variables["curve"]) == 1
    assert variables["curve"][0][1:] == pytest.approx(
        [epoch[name] for name in ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy")], abs=1e-5
    )
    compile(code[-1], "the last cell", "exec")


@pytest.mark.skipif(not KERAS.is_file(), reason="Keras is installed by `make bench` only")
def test_the_keras_program_runs_under_hostile_names(rename, tmp_path):
    """To its end, beside its pictures, by Keras itself; it prints what it prints under plain names."""
    printed = []
    for number, (names, title) in enumerate([(tuple(f"c{n}" for n in range(10)), "Set"), (HOSTILE, HOSTILE[3])]):
        run, found = rename(names, title, raw=True)
        assert found.classes == names
        made = {each.kind: each for group in exports_of(run).values() for each in group}
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / made["pictures"].file_name).write_bytes(made["pictures"].make())
        (folder / "program.py").write_bytes(made["keras"].make())
        done = subprocess.run([KERAS, "program.py"], cwd=folder, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        printed.append(re.sub(r"\d+m?s(/step)?", "", done.stdout))
        assert re.search(r"\bval_accuracy: \d", printed[-1])
    assert printed[0] == printed[1]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(min_size=1, max_size=200), min_size=10, max_size=10, unique=True),
    title=st.one_of(st.sampled_from(HOSTILE), st.text(max_size=200)),
)
@example(names=list(HOSTILE), title=HOSTILE[0])
def test_no_name_changes_a_program(rename, names, title):
    """Whatever people write, past every door: the trees of all programs are those under plain names."""
    trees = []
    for given_names, given_title in ((names, title), ([f"c{n}" for n in range(10)], "Set")):
        run, _ = rename(tuple(given_names), given_title, raw=True)
        made = {each.kind: each for group in exports_of(run).values() for each in group}
        book = nbformat.reads(made["notebook"].make().decode(), as_version=4)
        cells = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
        trees.append([without_words(each) for each in (made["torch"].make(), made["keras"].make(), cells)])
    assert trees[0] == trees[1]


@given(names=typed)
def test_tables_come_back_and_hold_no_formula(names):
    shares = [1 / len(names)] * len(names)
    for sep in (",", ";"):
        rows = rows_of(to_csv(names, [Answer(names[0], None, shares), Answer(names[1], names[2], None)], sep), sep)
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if re.match(r"[=+@\t\r\n]|-(?!\d)|[\uff1d\uff0b\uff0d\uff20]", cell)]
        assert [without_formula(cell) for cell in rows[0][3:-1]] == [one_line(name) for name in names]
        assert without_formula(rows[1][0]) == one_line(names[0])


@given(names=typed)
def test_pages_show_answers_as_text(names):
    shares = torch.full((len(names),), 1 / len(names))
    shares[0] += 0.01
    plain = [f"c{n}" for n in range(len(names))]
    drawers = (
        lambda classes: answers.verdict_html(tuple(classes), shares, 1, shares.flip(0)),
        lambda classes: answers.bars_html(tuple(classes), shares, 1, shares.flip(0)),
        lambda classes: answers.waiting_html(tuple(classes)),
        lambda classes: answers.nearest_html(
            classes[0], classes[1], [{"png": "", "name": classes[2], "note": classes[3], "same": True}]
        ),
    )
    for draw in drawers:
        page, benign = Page(draw(names)), Page(draw(plain))
        assert page.tags == benign.tags
    assert all(
        name.replace("\r", "\n") in Page(answers.bars_html(tuple(names), shares)).text
        for name in names
        if name.isprintable()
    )


def test_a_stranger_s_file_tells_names_that_a_terminal_can_bear(trained, tmp_path, monkeypatch):
    run, _, folder = trained
    monkeypatch.setenv("GLASSHOUSE_HOME", str(folder))
    content = safetensors(run)
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["__metadata__"]["classes"] = json.dumps(["\x1b[31mred", "a\nb", "क्\u200dष", *"defghij"])
    packed = json.dumps(header).encode()
    path = tmp_path / "net.safetensors"
    path.write_bytes(len(packed).to_bytes(8, "little") + packed + content[8 + length :])
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "elsewhere"))
    classes = read_net(path, "net", "net").dataset.classes
    assert all(letter.isprintable() or letter in "\u200c\u200d" for name in classes for letter in name)
    assert classes[2] == "क्\u200dष"
    assert len(classes) == 10


@given(st.text())
def test_a_file_s_stem_is_plain(name):
    assert re.fullmatch(r"glasshouse-[a-z0-9-]+", file_stem(name))
