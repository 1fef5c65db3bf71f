"""Train in the browser: steering a run, the live chart, the layer list, links."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.screens import Chart, Train, address, draw, go_to, settled_box, until

pytestmark = pytest.mark.e2e

# A run that goes on for long on offline pictures, whatever else is installed.
LONG = "/train?net=c8k3-m2-f-d16&data=doodles&epochs=200"


def test_pause_step_resume_stop_and_a_new_learning_rate(visit: Callable[..., Page]) -> None:
    page = visit(LONG)
    train = Train(page)
    train.start()
    train.press("Pause")
    train.wait_for_state("paused")
    until(lambda: train.is_awake("Resume"), "Resume")
    paused = train.settled_points()
    train.press("Step")
    until(lambda: train.points == paused + 1, "one point more after one step")
    assert train.settled_points() == paused + 1
    train.press("Resume")
    train.wait_for_state("running")
    train.wait_for_points(paused + 3)

    thumb = page.get_by_role("slider", name="Learning rate")
    thumb.focus()
    thumb.press("ArrowRight")
    marks = f"{address(page).split('/train')[0]}/api/runs/{train.run_id}/events"
    until(lambda: [mark["learning_rate"] for mark in _told(marks, "marks")] == [0.003], "the mark on the curve")
    train.press("Stop")
    train.wait_for_state("stopped")


def _told(url: str, kind: str) -> list[dict[str, float]]:
    """What the run's stream says of `kind` when it is opened."""
    with urllib.request.urlopen(url, timeout=10) as stream:
        for line in stream:
            if line.decode().strip() == f"event: {kind}":
                found: list[dict[str, float]] = json.loads(stream.readline().decode().removeprefix("data: "))[kind]
                return found
    raise AssertionError(f"no {kind}")


def test_zoom_survives_updates_and_no_page_runs_again(visit: Callable[..., Page]) -> None:
    page = visit(LONG)
    train = Train(page)
    train.start()
    frames: list[str] = []
    page.on("websocket", lambda socket: frames.append(socket.url))
    chart = Chart(page, "accuracy")
    until(lambda: chart.range[1] < 150, "the beginning of a long run fills the axis")
    end = chart.range[1]
    chart.zoom(0.2 * end, 0.6 * end)
    until(lambda: chart.range[0] > 0, "zoomed in")
    zoomed, seen = chart.range, train.points
    train.wait_for_points(seen + 15)
    assert chart.range == pytest.approx(zoomed)
    assert frames == []
    train.press("Stop")
    train.wait_for_state("stopped")


def test_the_label_at_the_pointer_stays_while_points_come(visit: Callable[..., Page]) -> None:
    page = visit(LONG)
    train = Train(page)
    train.start()
    chart = Chart(page, "loss")
    train.wait_for_points(10)
    chart.zoom(0.0, chart.shown[8][0])  # an axis that grows takes the curve away below the pointer
    chart.point_at(chart.shown[5][0])
    assert chart.share_labelled(updates=15) == 1.0
    train.press("Stop")
    train.wait_for_state("stopped")


def test_a_link_opens_the_same_set_up_and_the_same_run_elsewhere(visit: Callable[..., Page]) -> None:
    page = visit(LONG)
    train = Train(page)
    train.start()
    other = Train(visit("/train" + address(page).split("/train")[1]))
    other.wait_for_points(2)
    assert other.run_id == train.run_id
    assert [re.sub(r"\s+", " ", row) for row in other.rows()] == [re.sub(r"\s+", " ", row) for row in train.rows()]
    assert not other.is_awake("Stop")  # another browser only watches
    seen = other.points
    other.wait_for_points(seen + 3)
    train.press("Stop")
    other.wait_for_state("stopped")


def test_two_browsers_take_turns(visit: Callable[..., Page]) -> None:
    one, two = Train(visit(LONG)), Train(visit(LONG))
    one.start()
    two.start()
    assert one.run_id != two.run_id
    before = one.points, two.points
    one.wait_for_points(before[0] + 5)
    two.wait_for_points(before[1] + 5)
    for train in (one, two):
        train.press("Stop")
        train.wait_for_state("stopped")


def test_a_schedule_is_drawn_and_its_rate_is_said_live(visit: Callable[..., Page]) -> None:
    page = visit(LONG + "&lr=0.01&sched=one-cycle")
    drawing = page.get_by_role("img", name="Learning rate over the run: one-cycle, at most 0.01")
    assert settled_box(drawing.locator("i"))["width"] == 84
    train = Train(page)
    train.start()
    note = page.get_by_test_id("note")

    def rate() -> float:
        found = re.search(r"learning rate ([\d.e-]+)", note.inner_text())
        return float(found[1]) if found else 0.0

    until(lambda: rate() > 0, "the rate")
    first = rate()
    assert 0.0004 <= first < 0.001  # it climbs from a 25th
    until(lambda: rate() > first, "a higher rate")
    train.press("Stop")
    train.wait_for_state("stopped")


def test_a_preset_leads_to_its_recorded_run(visit: Callable[..., Page]) -> None:
    page = visit("/train?net=f-d128S&valid=0&scale=no&lr=0.001")
    train = Train(page)
    page.get_by_role("button", name="See the recorded run").click()
    train.wait_for_state("finished")
    train.wait_for_points(5)
    assert train.run_id == "recorded-two-layer-sigmoid-unscaled"
    assert re.match(r"Recorded on \d+ \w+ 20\d\d on ", page.get_by_test_id("note").inner_text())
    assert train.is_awake("Train")
    assert not train.is_awake("Resume")


def test_a_broken_net_is_explained_and_mended(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles")
    train = Train(page)
    page.locator("[data-testid=layer-row][data-kind=flatten]").get_by_test_id("layer-remove").click()
    error = page.get_by_test_id("layer-error").filter(visible=True)
    error.wait_for()
    assert "dense1 needs one row of numbers, but feature maps (7×7×10) arrive" in error.inner_text()
    until(lambda: not train.is_awake("Train"), "Train is asleep")
    page.get_by_test_id("mend").click()
    error.wait_for(state="detached")
    until(lambda: train.is_awake("Train"), "Train is awake")
    assert "16,852" in train.totals


def test_numbers_update_as_they_are_typed_and_can_be_undone(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles")
    train = Train(page)
    page.get_by_test_id("field-filters").first.fill("16")
    until(lambda: "28×28×16" in train.rows()[0], "the new shape")
    until(lambda: "net=c16k3" in address(page), "the new net in the address")
    assert "160" in train.rows()[0]  # 16 · (3·3·1 + 1)
    page.get_by_test_id("undo").click()
    until(lambda: "28×28×8" in train.rows()[0], "the old shape")


def test_the_article_cnn_and_the_curves_fit_one_screen(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles")
    train = Train(page)
    train.choose_preset("article-cnn")
    until(lambda: "1,413,834" in train.totals, "the article CNN")
    until(lambda: len(train.rows()) == 12, "its lines")
    low = max(
        box["y"] + box["height"]
        for box in (train.monitor.bounding_box(), train.buttons.bounding_box())
        if box is not None
    )
    assert low <= 900


def test_nonsense_in_the_address_is_named_and_the_default_opens(visit: Callable[..., Page]) -> None:
    page = visit("/train?net=c8-elephant&lr=fast&run=no-such-run")
    train = Train(page)
    page.get_by_text("could not be read (lr=fast, net=c8-elephant)").wait_for()
    page.get_by_text("There is no run with this address").wait_for()
    assert "16,852" in train.totals


def test_no_page_scrolls_sideways_on_a_tablet_and_dark_works(visit: Callable[..., Page]) -> None:
    page = visit("/", viewport={"width": 800, "height": 900}, color_scheme="dark")
    for title in ("Train", "Look inside", "Classify"):
        go_to(page, title)
        page.wait_for_timeout(300)  # lay-out has no event of its own
        widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1], title
    colour = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 60


def test_a_layer_is_dragged_to_another_place(visit: Callable[..., Page]) -> None:
    page = visit("/train?net=c8k3-m2-o0.5-f-d16&data=doodles")
    Train(page)
    handle = page.locator("[data-testid=layer-row][data-kind=dropout]").get_by_test_id("layer-handle")
    first = page.locator("[data-testid=layer-row][data-kind=conv2d]")
    box, goal = settled_box(handle), settled_box(first)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"], goal["y"] + 2, steps=8)
    assert "net=c8k3-m2-o0.5-f-d16" in address(page)  # nothing changes until it is let go
    page.mouse.up()
    until(lambda: "net=o0.5-c8k3-m2-f-d16" in address(page), "dropout first")
    kinds = [row.get_attribute("data-kind") for row in page.get_by_test_id("layer-row").all()]
    assert kinds[:3] == ["dropout", "conv2d", "max_pool2d"]
    page.get_by_test_id("undo").click()
    until(lambda: "net=c8k3-m2-o0.5-f-d16" in address(page), "back in its place")


def test_layers_are_added_and_reordered_with_the_keyboard(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles")
    train = Train(page)
    page.get_by_test_id("add-layer").click()
    page.get_by_test_id("add-dropout").click()
    until(lambda: "o0.5" in address(page), "dropout in the address")
    place = address(page).split("net=")[1].split("&")[0].split("-")
    page.locator("[data-testid=layer-row][data-kind=dropout]").focus()
    page.keyboard.press("Alt+ArrowUp")
    moved = place.copy()
    here = moved.index("o0.5")
    moved[here - 1], moved[here] = moved[here], moved[here - 1]
    until(lambda: "-".join(moved) in address(page), "one place further up")
    page.get_by_test_id("redo").wait_for()
    page.get_by_test_id("undo").click()
    until(lambda: "-".join(place) in address(page), "back in its place")
    assert len(train.rows()) == 8


def test_a_data_set_is_taken_by_its_picture(visit: Callable[..., Page]) -> None:
    """A click takes a set with its classes; arrow keys go on; Back returns; the row says which one it is."""
    page = visit("/train")
    Train(page)
    row = page.get_by_test_id("data-row")

    def is_chosen(name: str) -> bool:
        chosen = row.locator("label:has(:checked)")
        return chosen.count() == 1 and chosen.get_attribute("data-name") == name and f"data={name}" in address(page)

    row.locator('[data-name="digits"]').click()
    until(lambda: is_chosen("digits"), "digits")
    row.get_by_role("radio", name="Digits", exact=True).press("ArrowRight")
    until(lambda: is_chosen("drawn-digits"), "the next one, by key")
    page.go_back()
    until(lambda: is_chosen("digits"), "digits again")


def test_the_layer_list_is_one_stop_of_tab_and_its_lines_are_walked_by_arrows(visit: Callable[..., Page]) -> None:
    page = visit("/train?net=c8k3-m2-f-d16&data=doodles")
    train = Train(page)
    until(lambda: len(train.rows()) == 5, "four layers and the classes")
    page.get_by_test_id("preset").focus()
    stops = []
    while not (stops and stops[-1] == "add-layer"):
        page.keyboard.press("Tab")
        stops.append(_focused(page))
        assert len(stops) < 6, stops
    assert stops.count("layer-row conv2d") == 1
    assert [each for each in stops if each not in ("undo", "redo", "layer-row conv2d", "add-layer")] == []

    page.keyboard.press("Shift+Tab")
    assert _focused(page) == "layer-row conv2d"
    for key, kind in [("ArrowDown", "max_pool2d"), ("End", "class"), ("ArrowUp", "dense"), ("Home", "conv2d")]:
        page.keyboard.press(key)
        assert _focused(page) == f"layer-row {kind}"
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert _focused(page) == "layer-row dense"  # where one has been

    page.keyboard.press("Enter")
    assert _focused(page) == "field-units"
    page.keyboard.type("24")
    until(lambda: "net=c8k3-m2-f-d24" in address(page), "24 units in the address")
    page.keyboard.press("Tab")
    assert _focused(page) == "field-activation"  # within the line that one has gone into
    page.keyboard.press("Escape")
    assert _focused(page) == "layer-row dense"
    page.keyboard.press("Delete")
    until(lambda: "net=c8k3-m2-f&" in address(page) + "&", "no dense layer in the address")
    assert _focused(page).startswith("layer-row")


def _focused(page: Page) -> str:
    """The test id of what has the focus, and which kind of layer it is."""
    found: str = page.evaluate(
        """() => {
          let here = document.activeElement;
          while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
          return [here?.dataset.testid, here?.dataset.kind].filter(Boolean).join(" ");
        }"""
    )
    return found


def test_a_finger_or_an_unsteady_hand_meets_the_buttons_of_a_layer(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles")
    for name in ("layer-up", "layer-down", "layer-remove"):
        box = page.get_by_test_id(name).first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24, (name, box)
    row = page.get_by_test_id("layer-row").first.bounding_box()
    assert row is not None
    assert row["height"] <= 26


def test_before_a_run_the_page_shows_what_one_would_set_out_from(visit: Callable[..., Page]) -> None:
    """No dashes and no empty places: what guessing gives, what there is to do, and the pictures that will be asked."""
    page = visit("/train?data=digits&epochs=4&batch=15&net=f-d8")
    tiles = page.get_by_test_id("run-monitor").locator(".tile")
    until(lambda: "10.0" in tiles.first.inner_text(), "what guessing gives")
    assert [each.split("\n")[-1] for each in tiles.all_inner_texts()] == ["10.0 %", "2.30", "4", "1,275", "340"]
    pictures = page.get_by_test_id("glimpse")
    assert pictures.count() == 8
    drawn = pictures.locator("img").evaluate_all("all => all.map(i => i.naturalWidth)")
    assert drawn == [28] * 8
    train = Train(page)
    train.start()
    until(lambda: "guessing" not in tiles.first.inner_text(), "what the run has reached")
    train.wait_for_state("finished")


def test_an_empty_sheet_shows_what_one_may_draw_until_the_first_stroke(visit: Callable[..., Page]) -> None:
    page = visit("/classify")
    hint = page.get_by_test_id("canvas-hint")
    hint.wait_for()
    shown = hint.evaluate("each => getComputedStyle(each, '::before').backgroundImage")
    assert shown.startswith('url("data:image/png;base64,')
    draw(page, [(0.3, 0.3), (0.7, 0.7)])
    hint.wait_for(state="hidden")
    page.get_by_test_id("canvas-clear").click()
    hint.wait_for()
