"""A class under way: its server, the teacher's browser, students' browsers, and what they do there in their words."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.e2e.screens import address, until
from tests.e2e.served import CLASS, Served, serve

Visit = Callable[..., Page]


class Classroom:
    """A class that a server was started for, as `make classroom PLAIN=1` does."""

    def __init__(self, served: Served) -> None:
        self.served = served
        until(lambda: "/teach#" in served.log, "the invitation")
        self.secret = re.findall(r"/teach#([\w-]+)", served.log)[-1]
        self.code = "".join(re.findall(r"\?code=(\w+)|code \x1b\[1m(\w+)", served.log)[-1])

    def at(self, path: str) -> str:
        """The whole address of a page."""
        return f"{self.served.address}{path}"

    def teacher(self, visit: Visit, **options: object) -> Page:
        """Open the teacher's link, in a browser of its own, as large as most projectors."""
        page = visit(self.at(f"/teach#{self.secret}"), **{"viewport": {"width": 1280, "height": 720}, **options})
        page.get_by_test_id("class-wall").wait_for()
        assert self.secret not in address(page)
        return page

    def join(self, visit: Visit, **options: object) -> Page:
        """Come in as the QR code brings a student in."""
        page = visit(self.at(f"/classroom?code={self.code}"), **options)
        page.get_by_test_id("class-leave").wait_for()
        return page


@contextmanager
def open_class(home: Path) -> Iterator[Classroom]:
    """Serve a class in this home while the block runs."""
    with serve(home, command=CLASS) as served:
        yield Classroom(served)


def name_of(student: Page) -> str:
    """What a student is called."""
    return student.locator(".class-bar .name").inner_text()


def tile(wall: Page, name: str) -> Locator:
    """Her tile on the wall."""
    return wall.get_by_test_id("wall-tile").filter(has_text=name)


def wish(wall: Page, name: str, *acts: str) -> None:
    """Press what the teacher may wish of one student."""
    tile(wall, name).get_by_role("button", name=f"What to do for {name}").click()
    for act in acts:
        tile(wall, name).get_by_role("button", name=act).click()


def turn_to(teacher: Page, tool: str) -> None:
    """Choose a tool on the teacher's desk."""
    teacher.get_by_test_id("stMain").get_by_role("radio", name=tool, exact=True).click()


def small_letters(page: Page, selector: str) -> list[str]:
    """What is written too small to be read from the back of the room."""
    found: list[str] = page.locator(selector).evaluate_all(
        "nodes => nodes.filter(node => parseFloat(getComputedStyle(node).fontSize) < 20).map(node => node.textContent)"
    )
    return found
