"""One life for every component: begun once, however often it is mounted, and nothing of it is left when it ends."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lib.ui.components import __file__ as components
from tests.e2e.screens import Train, go_to, until

pytestmark = pytest.mark.e2e

LIVES = Path(__file__).with_name("lives.js")
TINY = "/train?net=c4k3-m4-f-d12&data=digits&pictures=300&epochs=3"
# What a page shows, by address; with a finished run in view. Between them they mount three of four components.
SCREENS = {
    "/": ("feature_maps", "canvas", "run_pill"),
    "/train": ("run_monitor", "net_editor"),
    "/data?data-view=Pictures": ("picture_numbers", "sample_grid"),
    "/data?data-view=Labels": ("label_codes",),
    "/data?data-view=Split+and+balance": ("class_balance",),
    "/look_inside?view=Feature+maps": ("feature_maps", "filter_grid", "time_machine", "arithmetic"),
    "/look_inside?view=Filter+bench": ("filter_bench",),
    "/look_inside?view=What+matters": ("attribution",),
    "/look_inside?view=Surgery": ("filter_switches",),
    "/look_inside?view=Backwards": ("bar_list",),
    "/classify?classify-view=Your+picture": ("canvas",),
    "/classify?classify-view=How+sure%3F": ("sureness",),
    "/classify?classify-view=Shift+Lab": ("shift_pad",),
    "/diagnose?diagnose-view=Confusion+matrix": ("confusion", "cell_pictures"),
    "/diagnose?diagnose-view=Map+of+pictures": ("projection_map",),
    "/compare?compare-view=Runs": ("overlay_curves", "setup_table", "cost_scatter"),
    "/learn?section=neurons": ("activations", "tiny_net", "net_diagram", "layer_kinds", "softmax_play"),
    "/learn?section=loss": ("loss_lab", "surer"),
    "/learn?section=descent": ("descent",),
    "/learn?section=iteration": ("microscope",),
    "/learn?section=cost": ("cost_chart", "cost_bars", "flat_row"),
    "/learn?section=clusters": ("clusters",),
}


@pytest.fixture
def followed(browser: Browser) -> BrowserContext:
    """A browser whose components load late and are followed."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(path=LIVES)
    return context


def test_every_component_has_the_one_life() -> None:
    scripts = [path for path in Path(components).parent.glob("*/*.js") if path.stem == path.parent.name]
    own = [path.stem for path in scripts if not re.search(r"^export default .*keepView\(", path.read_text(), re.M)]
    assert len(scripts) >= 48
    assert own == []


def test_a_component_that_is_mounted_again_has_one_view(
    visit: Callable[..., Page], followed: BrowserContext, address: str
) -> None:
    page = visit(TINY, followed)
    train = Train(page)
    train.start()
    train.wait_for_state("finished")
    run_id = train.run_id
    seen = set()
    for path, names in SCREENS.items():
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}run={run_id}&runs={run_id}")
        drawn = _drawn(page, names)
        for early in (False, True):
            page.evaluate("glasshouseAgain", early)
            again = _drawn(page, names)
            assert again == drawn, f"{path}, the first call cleaned up {'at once' if early else 'late'}"
        seen |= {_name(each) for each in drawn}
    assert {name for names in SCREENS.values() for name in names} <= seen


def test_pages_that_are_opened_and_closed_leave_nothing_behind(
    visit: Callable[..., Page], followed: BrowserContext
) -> None:
    _open_and_close(visit(TINY, followed), times=3)


@pytest.mark.soak
def test_fifty_times_opened_and_closed_leaves_nothing_behind(
    visit: Callable[..., Page], followed: BrowserContext
) -> None:
    _open_and_close(visit(TINY, followed), times=50)


def _open_and_close(page: Page, times: int) -> None:
    train = Train(page)
    train.start()
    train.wait_for_state("finished")
    held = []
    for _ in range(times):
        for title in ("Look inside", "Classify", "Diagnose", "Compare", "Learn", "Data", "Train"):
            go_to(page, title)
            _drawn(page, ())
        held.append(_settled(page, "glasshouseHeld"))
    assert held[-1] == held[1], held


def _drawn(page: Page, names: tuple[str, ...]) -> list[str]:
    """What the components of a page have drawn, once these are there and the page has stopped moving."""
    until(lambda: set(names) <= {_name(each) for each in page.evaluate("glasshouseDrawn()")}, f"{names} on the page")
    found: list[str] = _settled(page, "glasshouseDrawn")
    return found


def _settled(page: Page, question: str) -> object:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    before, calm = None, 0
    while calm < 3:
        now = page.evaluate(f"{question}()")
        calm = calm + 1 if now == before else 0
        before = now
        page.wait_for_timeout(150)
    return before


def _name(drawn: str) -> str:
    return drawn.split(" ")[0].removeprefix("glasshouse_")
