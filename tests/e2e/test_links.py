"""What the page shows is what trains, on slow machines too; Back goes from set-up to set-up; Train starts one run."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lib.config import RunConfig
from lib.ui.words import text
from tests.e2e.agreement import (
    ESTIMATE,
    address_setup,
    agree,
    agree_and_train,
    any_setup,
    busy,
    expected,
    hold_back,
    let_through,
    link,
    shown_now,
    slow_down,
    stored,
)
from tests.e2e.screens import Train, go_to, settled_box, until
from tests.e2e.screens import address as address_of
from tests.e2e.test_compare import Experiment

pytestmark = pytest.mark.e2e

# Twenty times within a second, whatever stands there then.
_CLICK_QUICKLY = """async ([x, y]) => {
  for (let i = 0; i < 20; i += 1) {
    document.elementFromPoint(x, y)?.closest('button')?.click();
    await new Promise((done) => setTimeout(done, 30));
  }
}"""


def new_context(browser: Browser) -> BrowserContext:
    """A browser of somebody's own."""
    return browser.new_context(viewport={"width": 1440, "height": 900})


def opened(browser: Browser, url: str, times: int = 1, context: BrowserContext | None = None) -> Page:
    """A page of a browser of its own, or of this one, on a machine that is so many times slower."""
    page = (context or new_context(browser)).new_page()
    slow_down(page, times)
    page.goto(url)
    return page


def follow_links(browser: Browser, address: str, home: Path, times: int, count: int) -> None:
    """Open links of nets that were never timed, with random settings, and train each.

    All in one browser, which has the scripts of the page from the second link on: so its widgets come quickly, and
    what it has to compute does not.
    """
    chance, context = random.Random(times), new_context(browser)
    with busy():
        for number in range(count):
            began = time.monotonic()
            config = any_setup(chance, 100 * times + number)
            page = opened(browser, address + link(config), times, context)
            agree_and_train(page, config, home)
            page.close()
            print(f"{times} times slower, link {number + 1} of {count}: {time.monotonic() - began:.0f} s", flush=True)


def test_widgets_that_come_late_show_and_train_what_the_link_says(
    browser: Browser, address: str, home: Path, visit: Callable[..., Page]
) -> None:
    warm = visit("/train?data=digits")  # the scripts of the page itself come from the browser's cache then
    Train(warm)
    config = any_setup(random.Random(1), 77)
    page = warm.context.new_page()
    kept = hold_back(page)
    page.goto(address + link(config))
    page.get_by_text(ESTIMATE).wait_for()
    page.get_by_test_id("add-layer").click()  # the page runs again, more than once, before its widgets are there
    page.get_by_test_id("add-dropout").click()
    until(lambda: "o0.5" in address_of(page), "dropout in the address")
    page.get_by_test_id("undo").click()
    until(lambda: "o0.5" not in address_of(page), "no dropout")
    assert kept
    let_through(page, kept)
    agree_and_train(page, config, home)


@pytest.mark.parametrize(("times", "count"), [(6, 2), pytest.param(20, 1, marks=pytest.mark.soak)])
def test_links_on_a_slow_machine_train_what_they_say(
    browser: Browser, address: str, home: Path, times: int, count: int
) -> None:
    follow_links(browser, address, home, times, count)


@pytest.mark.soak
@pytest.mark.parametrize("times", [6, 20])
def test_forty_links_on_a_slow_machine_train_what_they_say(
    browser: Browser, address: str, home: Path, times: int
) -> None:
    follow_links(browser, address, home, times + 1, 20)


# One run that ends at once, and on a slow machine one that is still going when the last of the late clicks has come.
@pytest.mark.parametrize(("times", "length"), [(1, "epochs=1"), (6, "epochs=200&batch=1")])
def test_twenty_clicks_on_train_start_one_run(
    browser: Browser, address: str, home: Path, times: int, length: str
) -> None:
    page = opened(browser, f"{address}/train?data=digits&net=f-d4{times}&{length}", times)
    train = Train(page)
    until(lambda: train.is_awake("Train"), "Train is awake")
    box = settled_box(train.buttons.get_by_role("button", name="Train", exact=True))
    before = len(stored(home))
    page.evaluate(_CLICK_QUICKLY, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    train.wait_for_state("running", "finished")
    page.wait_for_timeout(1500)  # whatever the late clicks bring about has come about then
    assert len(stored(home)) == before + 1
    assert stored(home)[-1][0] == train.run_id
    if train.is_awake("Stop"):
        train.press("Stop")
    train.wait_for_state("stopped", "finished")


def test_back_and_forward_go_from_set_up_to_set_up(visit: Callable[..., Page]) -> None:
    page = visit("/")
    go_to(page, "Train")
    page.get_by_test_id("preset").wait_for()
    train = Train(page)
    until(lambda: "net=" in address_of(page), "the set-up in the address")
    made = [address_setup(page)]

    def settle(act: Callable[[], object], what: str) -> None:
        act()
        until(lambda: address_setup(page) != made[-1], what)
        made.append(address_setup(page))

    rate = page.get_by_role("slider", name="Learning rate")
    settle(lambda: train.choose_preset("lenet-5"), "the preset")
    settle(lambda: rate.press("ArrowRight"), "another rate")
    settle(lambda: page.get_by_test_id("undo").click(), "the set-up before the preset")
    settle(lambda: page.get_by_test_id("field-filters").first.fill("12"), "more filters")
    assert len({config.model_dump_json() for config in made[:3]}) == 3
    train.press("Train")  # a run in view is no other set-up
    train.wait_for_state("running", "finished")
    until(lambda: "run=" in address_of(page), "the run in the address")
    until(lambda: train.is_awake("Stop") or train.state == "finished", "a run that can be stopped")
    if train.is_awake("Stop"):
        train.press("Stop")
        train.wait_for_state("stopped", "finished")
    for config in reversed(made[:-1]):
        page.go_back()
        shows(page, config)
    for config in made[1:]:
        page.go_forward()
        shows(page, config)
    for _ in made[:-1]:
        page.go_back()
    until(lambda: address_setup(page) == made[0], "the first one")
    page.go_back()  # and no entry more: this leads out of Train
    page.get_by_role("heading", name="See a neural network learn").wait_for()


def shows(page: Page, config: RunConfig) -> None:
    until(lambda: address_setup(page) == config, "the set-up in the address")
    rate = page.get_by_role("slider", name="Learning rate")
    until(lambda: rate.get_attribute("aria-valuetext") == text.rate(config.train.learning_rate), "the rate")
    until(lambda: page.get_by_test_id("layer-row").count() == len(config.model.layers) + 1, "the layers")


_VALUES = "all => all.map((each) => each.ariaValueText)"


def test_quick_changes_are_an_entry_each_on_a_slow_machine(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/train?data=digits&net=f-d43&epochs=2", 6)
    slider = page.get_by_role("slider", name="Epochs")
    for _ in range(4):
        slider.press("ArrowRight")
    made = [2, 3, 4, 5, 6]

    def are(epochs: int) -> None:
        until(lambda: address_setup(page).train.epochs == epochs, f"{epochs} epochs in the address")
        until(
            lambda: slider.evaluate_all(_VALUES) == [str(epochs)], f"{epochs} epochs on the page"
        )  # an old one may linger

    are(6)
    for epochs in reversed(made[:-1]):
        page.go_back()
        are(epochs)


def test_reload_and_two_tabs_keep_their_set_ups(browser: Browser, address: str, home: Path) -> None:
    chance = random.Random(3)
    one, two, moved = (any_setup(chance, units) for units in (51, 52, 53))
    page = opened(browser, address + link(one), 6)
    agree(page, one)
    other = page.context.new_page()
    other.goto(address + link(two))
    agree(other, two)
    page.reload()
    agree(page, one)
    page.goto(address + link(moved))
    agree(page, moved)
    page.go_back()
    agree_and_train(page, one, home)
    agree_and_train(other, two, home)


def test_a_set_opened_from_data_trains_as_it_is_shown(visit: Callable[..., Page], address: str, home: Path) -> None:
    warm = visit("/data?data=digits")
    warm.get_by_test_id("sample-grid").wait_for()
    config = any_setup(random.Random(5), 61)
    page = warm.context.new_page()
    kept = hold_back(page)
    page.goto(f"{address}/data?{link(config).partition('?')[2]}&data-view=Split+and+balance")
    starved = page.locator('[data-testid="balance-line"][data-label="3"]').get_by_role("slider")
    starved.press("Home")  # the page runs again before its widgets are there
    until(lambda: address_setup(page).data.keep == ((3, 0),), "the balance in the address")
    starved.press("End")
    until(lambda: address_setup(page).data.keep == (), "all of them again")
    assert kept
    let_through(page, kept)
    said = expected(config)
    wanted = {"Pictures of": said["Data"]} | {name: said[name] for name in ("Training pictures", "Validation share")}
    until(lambda: shown_now(page, wanted) == wanted, "what the link says")
    page.get_by_role("link", name="Train with this").click()
    agree_and_train(page, config, home)


def test_a_view_of_compare_and_its_form_stay_as_they_were_chosen(
    visit: Callable[..., Page], address: str, home: Path
) -> None:
    warm = visit("/compare?compare-view=Experiments")
    warm.get_by_role("button", name="Start", exact=True).wait_for()
    page = warm.context.new_page()
    kept = hold_back(page)
    page.goto(f"{address}/compare?compare-view=Sweep")
    page.get_by_text("runs, at most").wait_for()
    page.get_by_text("How combinations are chosen").click()
    let_through(page, kept)
    sweep = Experiment(page)
    sweep.option("Data", "Digits")
    sweep.option("Net", "Dense net, 128 units")
    sweep.slide("Epochs", "ArrowLeft", 3)
    sweep.slide("Training pictures", "Home", 1)
    wanted = {"Data": "Digits", "Net": "Dense net, 128 units", "Epochs": "2", "Training pictures": "300"}
    slow_down(page, 6)
    with busy():
        for title in ("Train", "Compare", "Learn", "Compare"):
            go_to(page, title)
        until(lambda: shown_now(page, wanted) == wanted, "the form as it was left")
        before = len(stored(home))
        page.get_by_role("button", name="Start", exact=True).click()
        until(lambda: len(stored(home)) > before, "its runs")
    trained = stored(home)[-1][1]
    assert (trained.data.name, trained.data.train_size, trained.train.epochs) == ("digits", 300, 2)
    assert [layer.kind for layer in trained.model.layers] == ["flatten", "dense"]
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel", exact=True).wait_for(state="detached")
