"""What axe finds on every page and view, light and dark, wide and narrow: nothing critical, nothing serious.

Nor does a heading leave a level out. axe looks into the shadow roots of our components too. It is never shipped.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.complaints import Complaints
from tests.e2e.screens import Train, address, until
from tests.e2e.served import Served, serve
from tests.e2e.views import VIEWS, addresses, stand

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_FIND = """async (tags) => {
  const { violations } = await axe.run(document, {
    runOnly: { type: "tag", values: tags },
    resultTypes: ["violations"],
    rules: { "target-size": { enabled: true } },
  });
  const counts = ({ id, impact }) => ["critical", "serious"].includes(impact) || id === "heading-order";
  const told = (id) => (node) => {
    const [data] = [...node.any, ...node.all, ...node.none].map((check) => check.data).filter(Boolean);
    const { contrastRatio: found, expectedContrastRatio: wanted, fgColor, bgColor } = data ?? {};
    const more = found ? ` ${fgColor} on ${bgColor}: ${found} < ${wanted}` : "";
    return `${id}${more}  ${node.target.flat().at(-1)}  ${node.html.slice(0, 160)}`;
  };
  return violations.filter(counts).flatMap(({ id, nodes }) => nodes.map(told(id)));
}"""
LOOKS = {
    "light 1440": ("light", 1440),
    "dark 1440": ("dark", 1440),
    "light 800": ("light", 800),
    "dark 800": ("dark", 800),
}
USUAL = "light 1440"


def faults(page: Page, look: str) -> list[str]:
    """What axe finds on the page that stands there, in this look."""
    scheme, width = LOOKS[look]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    stand(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    where = address(page).split("/", 3)[3]
    return [f"/{where} ({look})  {fault}" for fault in page.evaluate(_FIND, TAGS)]


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for a class: what it shows to those who are in no class is on the same pages."""
    with serve(tmp_path_factory.mktemp("axe"), settings={"GLASSHOUSE_CLASSROOM": "open"}) as served:
        until(lambda: "/teach#" in served.log, "the invitation")
        yield served


@pytest.fixture(scope="module")
def student(classroom: Served, browser: Browser) -> Iterator[Page]:
    """The browser of somebody who has joined, for all tests here."""
    heard = Complaints()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    heard.listen(context)
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(f"{classroom.address}/classroom?code={code_of(classroom)}")
    page.get_by_test_id("class-leave").wait_for()
    yield page
    context.close()
    assert heard.all == []


@pytest.fixture(scope="module")
def run(classroom: Served, student: Page) -> str:
    """The id of a run that the student has trained to its end."""
    student.goto(f"{classroom.address}/train?data=doodles&net=c4k3-m2-f-d8&epochs=1&batch=128&lr=0.01")
    train = Train(student)
    until(lambda: train.is_awake("Train"), "Train is awake")
    train.start()
    train.wait_for_state("finished")
    return train.run_id


def code_of(classroom: Served) -> str:
    return "".join(re.findall(r"\?code=(\w+)|code \x1b\[1m(\w+)", classroom.log)[-1])


def look_at(page: Page, url: str, *looks: str) -> list[str]:
    page.goto(url)
    stand(page)
    return [fault for look in looks for fault in faults(page, look)]


def judge(found: list[str]) -> None:
    assert not found, f"{len(found)} faults:\n" + "\n".join(found)


@pytest.mark.parametrize("name", VIEWS, ids=lambda name: name or "start")
def test_no_view_has_a_fault_that_axe_finds(name: str, classroom: Served, student: Page, run: str) -> None:
    """Every view as it opens; the first one of the page in all looks."""
    first, *others = [classroom.address + each for each in addresses(name, run)]
    found = look_at(student, first, *LOOKS)
    for each in others:
        found += look_at(student, each, USUAL)
    judge(found)


@pytest.mark.soak
@pytest.mark.parametrize("name", VIEWS, ids=lambda name: name or "start")
def test_no_view_has_a_fault_in_any_look(name: str, classroom: Served, student: Page, run: str) -> None:
    judge([fault for each in addresses(name, run) for fault in look_at(student, classroom.address + each, *LOOKS)])


def test_train_has_no_fault_before_and_while_it_trains(classroom: Served, student: Page) -> None:
    student.goto(f"{classroom.address}/train?data=doodles&net=f-d8&epochs=200&batch=1&valid=0.1&lr=0.001")
    train = Train(student)
    until(lambda: train.is_awake("Train"), "Train is awake")
    found = faults(student, USUAL)
    train.start()
    found += faults(student, USUAL) + faults(student, "dark 800")
    train.press("Stop")
    train.wait_for_state("stopped")
    judge(found)


@pytest.mark.parametrize("look", LOOKS)
def test_the_card_of_a_term_has_no_fault(look: str, visit: Callable[..., Page]) -> None:
    page = visit("/data")
    listed = page.get_by_test_id("term-list")
    listed.locator("summary").press("Enter")
    listed.get_by_role("button").first.focus()
    page.get_by_test_id("term-card").wait_for()
    found = faults(page, look)
    assert page.get_by_test_id("term-card").is_visible()
    judge(found)


def test_the_classroom_has_no_fault(classroom: Served, student: Page, visit: Callable[..., Page]) -> None:
    """Its door, a student's place, the wall with a student on it, the projector."""
    found = look_at(visit(f"{classroom.address}/classroom"), f"{classroom.address}/classroom", *LOOKS)
    found += look_at(student, f"{classroom.address}/classroom", *LOOKS)
    secret = re.findall(r"/teach#([\w-]+)", classroom.log)[-1]
    teacher = visit(f"{classroom.address}/teach#{secret}", viewport={"width": 1440, "height": 900})
    teacher.get_by_test_id("wall-tile").first.wait_for()
    found += [fault for look in LOOKS for fault in faults(teacher, look)]
    found += look_at(teacher, f"{classroom.address}/classroom?screen=projector", *LOOKS)
    judge(found)
