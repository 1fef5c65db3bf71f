"""The arithmetic under the pointer: what the browser adds up is what PyTorch computes."""

import statistics
from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Page
from torch import Tensor, nn
from torch.nn import functional

from lib import build_model, load_dataset, predict, record_activations
from lib.nets.ready import ready_net
from lib.runs.store import Store
from lib.ui.net.inside import sample_of
from tests.e2e.screens import Train, go_to, settled_box, until

pytestmark = pytest.mark.e2e

SMILEY = 6  # what Look inside shows first of the doodles
FRAME_MS = 16

# Moves the pointer over every cell and reads the layout each time, so that nothing is put off; milliseconds a move.
_TIME_MOVES = """sheet => {
  const box = sheet.getBoundingClientRect();
  const root = sheet.getRootNode().querySelector(".made");
  return Array.from({ length: 300 }, (_, i) => {
    const [clientX, clientY] = [box.left + box.width * ((i * 0.37) % 1), box.top + box.height * ((i * 0.61) % 1)];
    const began = performance.now();
    sheet.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY }));
    root.offsetHeight;
    return performance.now() - began;
  });
}"""


class Look:
    """Look inside with its overview and the arithmetic below it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.maps = page.get_by_test_id("feature-maps")
        self.section = page.get_by_test_id("arithmetic")
        self.section.wait_for()

    def number(self, name: str) -> float:
        return float(self.section.get_attribute(f"data-{name}") or "nan")

    @property
    def at(self) -> tuple[int, int]:
        return int(self.number("row")), int(self.number("column"))

    def wait_for(self, layer: str, index: int) -> None:
        def shown() -> tuple[str | None, str | None]:
            return self.section.get_attribute("data-layer"), self.section.get_attribute("data-index")

        until(lambda: shown() == (layer, str(index)), f"{layer}, {index + 1}")

    def open_map(self, layer: str, index: int) -> None:
        self.page.locator(f"[data-testid=map-tile][data-layer={layer}][data-index='{index}']").click()
        self.wait_for(layer, index)

    def field(self, name: str):
        return self.section.locator(f".{name} .sheet")

    def point(self, field: str, row: int, column: int, rows: int, columns: int) -> tuple[float, float]:
        """Where a cell of a field is on the screen."""
        self.field(field).scroll_into_view_if_needed()
        box = settled_box(self.field(field))
        return box["x"] + box["width"] * (column + 0.5) / columns, box["y"] + box["height"] * (row + 0.5) / rows

    def hover(self, field: str, row: int, column: int, rows: int, columns: int) -> None:
        self.page.mouse.move(*self.point(field, row, column, rows, columns))
        until(lambda: self.at == (row, column), f"row {row + 1}, column {column + 1} under the pointer")


def sums_of(net: nn.Sequential, x: Tensor, layer: str) -> tuple[Tensor, Tensor]:
    """Weighted sums without bias and the layer's answer `(F, H, W)`, by PyTorch's own convolution."""
    names = [name for name, _ in net.named_children()]
    kept = record_activations(net, x)
    source = kept[names[names.index(layer) - 1]][None] if layer != names[0] else x
    module = net.get_submodule(layer)
    with torch.no_grad():
        return functional.conv2d(source, module.weight, padding="same")[0], kept[layer]


def same(value: float | Tensor):
    return pytest.approx(float(torch.as_tensor(value).detach()), abs=1e-4, rel=1e-4)


@pytest.fixture(scope="module")
def smiley() -> tuple[nn.Sequential, Tensor]:
    net = ready_net()
    return net.model()[1], sample_of(net.dataset, SMILEY).x


def test_a_learners_own_net_while_it_trains_and_afterwards(visit: Callable[..., Page], tmp_path_factory) -> None:
    page = visit("/train?data=digits&net=c6k5-m2-c9-a2-f-d24&epochs=200&lr=0.003")
    train = Train(page)
    train.start()
    run_id = train.run_id
    go_to(page, "Look inside")
    look = Look(page)
    look.open_map("conv2", 4)
    look.hover("result", 3, 5, 14, 14)
    seen = set()

    def refreshed() -> bool:
        step, sum_, bias, value = (look.number(name) for name in ("step", "sum", "bias", "value"))
        seen.add((step, value))
        return len({step for step, _ in seen}) >= 3 and value == pytest.approx(max(0.0, sum_ + bias), abs=1e-5)

    until(refreshed, "newer numbers at the same place while it trains")
    assert look.at == (3, 5)
    assert look.section.get_attribute("data-layer") == "conv2"
    go_to(page, "Train")
    train = Train(page)
    train.press("Stop")
    train.wait_for_state("stopped")
    go_to(page, "Look inside")
    look = Look(page)

    store = Store(tmp_path_factory.getbasetemp() / "home0")
    row, kept = store.find(run_id), store.load_checkpoint(run_id)
    store.close()
    assert row
    assert kept
    data = load_dataset(**row.config.data.model_dump())
    net = build_model(row.config.model, data.input_shape, len(data.classes)).eval()
    net.load_state_dict({name[6:]: value for name, value in kept.tensors.items() if name.startswith("model.")})
    x = sample_of(data, len(data.classes) - 1).x
    until(lambda: look.number("step") == kept.counters["step"], "the last weights")
    assert look.maps.get_attribute("data-step") == look.section.get_attribute("data-step")
    for layer, index, places in (("conv1", 2, [(0, 0), (13, 9), (27, 27)]), ("conv2", 4, [(0, 13), (6, 7), (13, 0)])):
        sums, answers = sums_of(net, x, layer)
        side = answers.shape[1]
        look.open_map(layer, index)
        for place in places:
            look.hover("result", *place, side, side)
            assert look.number("sum") == same(sums[index][place])
            assert look.number("bias") == same(net.get_submodule(layer).bias[index])
            assert look.number("value") == same(answers[index][place])


def test_arrow_keys_move_and_space_plays(visit: Callable[..., Page], smiley) -> None:
    look = Look(visit("/look_inside"))
    sums, answers = sums_of(*smiley, "conv1")
    look.open_map("conv1", 2)
    look.hover("result", 10, 12, 28, 28)
    look.field("result").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp", "Shift+ArrowRight"):
        look.page.keyboard.press(key)
    assert look.at == (11, 16)
    assert look.number("sum") == same(sums[2, 11, 16])
    assert look.number("value") == same(answers[2, 11, 16])
    spoken = look.page.get_by_test_id("arithmetic-live")
    until(lambda: "row 12, column 17: sum" in spoken.inner_text(), "the numbers are spoken")
    look.page.keyboard.press("Space")
    until(lambda: look.section.get_attribute("data-playing") == "true", "it plays")
    until(lambda: look.at > (0, 5), "the window slides by itself")
    look.page.keyboard.press("Space")
    assert look.section.get_attribute("data-playing") == "false"
    at = look.at
    assert look.number("value") == same(answers[2][at])
    look.field("result").focus()
    for _ in range(30):
        look.page.keyboard.press("ArrowUp")
    assert look.at == (0, at[1])  # it stops at the edge


def test_every_source_map_adds_its_part(visit: Callable[..., Page], smiley) -> None:
    net, x = smiley
    look = Look(visit("/look_inside"))
    look.open_map("conv2", 3)
    look.hover("result", 0, 6, 14, 14)
    parts = look.page.get_by_test_id("partial-sums").locator("li")
    found = parts.evaluate_all("rows => rows.map(row => +row.dataset.value)")
    pool1 = record_activations(net, x)["pool1"]
    weight = net.get_submodule("conv2").weight[3]
    with torch.no_grad():
        each = [functional.conv2d(pool1[None, i : i + 1], weight[None, i : i + 1], padding="same") for i in range(8)]
    assert found == [same(part[0, 0, 0, 6]) for part in each]
    assert look.number("sum") == same(sum(found))
    parts.nth(5).get_by_role("button").click()
    assert parts.nth(5).get_by_role("button").get_attribute("aria-pressed") == "true"
    assert "map 6" in look.section.locator(".source figcaption").inner_text()
    assert look.section.locator(".hatches i").count() == 4  # the padding around the source


def test_a_finger_moves_it(visit: Callable[..., Page], smiley) -> None:
    look = Look(visit("/look_inside", has_touch=True, viewport={"width": 800, "height": 1000}))
    _, answers = sums_of(*smiley, "conv1")
    look.page.touchscreen.tap(*look.point("result", 20, 9, 28, 28))
    until(lambda: look.at == (20, 9), "the tapped place")
    assert look.number("value") == same(answers[0, 20, 9])


def test_pooling_shows_both_kinds(visit: Callable[..., Page], smiley) -> None:
    net, x = smiley
    look = Look(visit("/look_inside"))
    look.open_map("pool1", 4)
    conv1 = record_activations(net, x)["conv1"][4]
    for row, column in ((0, 0), (6, 9), (13, 13)):
        look.hover("maximum", row, column, 14, 14)
        window = conv1[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        found = [float(look.page.get_by_test_id(name).get_attribute("data-value") or "") for name in ("max", "average")]
        assert found == [same(window.max()), same(window.mean())]
        assert look.number("value") == same(window.max())
    assert look.section.locator(".hatches i").count() == 0  # 28 rows fill 14 windows


def test_what_fills_no_window_is_hatched(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=digits&net=c2-m4-a2-f&epochs=1&pictures=64")  # 28 -> 7 -> 3
    train = Train(page)
    train.press("Train")
    train.wait_for_state("finished")
    go_to(page, "Look inside")
    look = Look(page)
    look.open_map("pool2", 1)
    assert "dropped, as they fill no window: the last row and column" in look.section.inner_text()
    assert look.section.locator(".hatches i").count() == 2


def test_flatten_dense_and_softmax(visit: Callable[..., Page], smiley) -> None:
    net, x = smiley
    kept = record_activations(net, x)
    look = Look(visit("/look_inside"))
    strip = look.page.locator("[data-testid=unit-strip]")
    strip.first.click(position={"x": 3, "y": 100})
    until(lambda: look.section.get_attribute("data-kind") == "flatten", "the flattened row")
    place = tuple(int(look.number(name)) for name in ("map", "row", "column"))
    position = int(look.number("position"))
    assert place == (position // 49, position % 49 // 7, position % 7)
    assert look.number("value") == same(kept["pool2"][place]) == same(kept["flatten1"][position])

    strip.last.click(position={"x": 8, "y": 60})
    until(lambda: look.section.get_attribute("data-layer") == "dense1", "a unit")
    unit = int(look.number("index"))
    layer = net.get_submodule("dense1")
    products = (layer.weight[unit] * kept["flatten1"]).detach()
    assert look.number("sum") == same(products.sum())
    assert look.number("value") == same(kept["dense1"][unit])
    listed = look.page.get_by_test_id("contributions").locator("li[data-position]")
    found = listed.evaluate_all("rows => rows.map(row => [+row.dataset.position, +row.dataset.value])")[1:]
    order = products.abs().argsort(descending=True).tolist()[: len(found)]
    assert [position for position, _ in found] == order
    assert [value for _, value in found] == [same(products[i]) for i in order]

    look.page.get_by_test_id("answer-bar").nth(SMILEY).get_by_role("button").click()
    until(lambda: look.section.get_attribute("data-layer") == "dense2", "an answer")
    assert look.number("value") == same(kept["dense2"][SMILEY])
    assert look.number("probability") == same(predict(net, x)[0, SMILEY])
    rows = look.page.get_by_test_id("softmax").locator("tbody tr")
    numbers = rows.evaluate_all("rows => rows.map(row => [row.dataset.logit, row.dataset.exponential].map(Number))")
    assert [logit for logit, _ in numbers] == [same(logit) for logit in kept["dense2"]]
    assert [power for _, power in numbers] == [same(logit.double().exp()) for logit in kept["dense2"]]


def test_lines_ranking_and_speed(visit: Callable[..., Page], smiley) -> None:
    look = Look(visit("/look_inside"))
    look.open_map("conv2", 3)
    look.page.locator("[data-testid=map-tile][data-layer=conv2][data-index='3']").hover()
    assert look.maps.locator("svg.links path").count() == 8 + 1  # from every map of pool1, to one of pool2
    look.page.mouse.move(2, 2)
    assert look.maps.locator("svg.links path").count() == 0

    took = look.field("result").evaluate(_TIME_MOVES)
    assert statistics.median(took) < FRAME_MS, f"{statistics.median(took):.1f} ms a move"

    look.page.get_by_text("most active first", exact=True).click()
    activity = record_activations(*smiley)["conv1"].abs().mean((1, 2))
    tiles = look.page.locator("[data-testid=map-tile][data-layer=conv1]")
    shown = tiles.evaluate_all("tiles => tiles.map(tile => +tile.dataset.index)")
    assert shown == activity.argsort(descending=True).tolist()


def test_a_net_without_convolutions_is_explained_too(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=digits&net=f-d12&epochs=1&pictures=64")
    train = Train(page)
    train.press("Train")
    train.wait_for_state("finished")
    go_to(page, "Look inside")
    look = Look(page)
    assert look.section.get_attribute("data-kind") == "flatten"
    page.get_by_text("This net has no convolution").wait_for()
    page.get_by_test_id("answer-bar").first.get_by_role("button").click()
    until(lambda: look.section.get_attribute("data-kind") == "dense", "the first answer")
    assert look.number("sum") + look.number("bias") == pytest.approx(look.number("value"), abs=1e-5)
