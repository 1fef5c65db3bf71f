"""Learn in a real browser: the worked numbers stand there, and what is dragged computes what PyTorch computes."""

import json
from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Locator, Page
from torch import Tensor
from torch.nn import functional

from lib import Conv2d, Dense, Flatten, ModelConfig, summarize
from tests.e2e.screens import settled_box, until

pytestmark = pytest.mark.e2e

TINY = {
    "x": 0.8,
    "h": ([[1.2], [-0.7], [0.5]], [0.0, 0.6, -0.2]),
    "g": ([[0.9, -0.4, 1.1], [-0.6, 1.3, 0.3]], [0.1, -0.2]),
    "y": ([[1.0, -0.8]], [0.05]),
}


def number(place: Locator, name: str = "value") -> float:
    return float(place.get_attribute(f"data-{name}") or "nan")


def fill(field: Locator, value: float) -> None:
    field.fill(str(value))
    field.press("Enter")


def press(place: Locator, key: str, times: int) -> None:
    place.focus()
    for _ in range(times):
        place.page.keyboard.press(key)


# ---- labels and loss ------------------------------------------------------------------------------------------------


def test_S11_S19_S20_S21_S22_X8_X9_losses_in_both_languages(visit: Callable[..., Page]) -> None:
    page = visit("/learn?section=loss")
    one_picture_three_losses(page)
    surer_by_keyboard(page)
    german_after_a_reload(page)


def one_picture_three_losses(page: Page) -> None:
    lab = page.get_by_test_id("loss-lab")
    rows = page.get_by_test_id("output-row")
    rows.first.wait_for()
    sse, mse = page.get_by_test_id("sse"), page.get_by_test_id("mse")

    # S19: the worked example stands ready.
    assert [number(row, "output") for row in rows.all()] == [0.37, 0.5, 0.13]
    assert number(sse) == pytest.approx(0.6638)
    assert sse.inner_text().endswith("= 0.3969 + 0.2500 + 0.0169 = 0.6638")
    assert "says Dog, the label says Cat: wrong" in page.get_by_test_id("verdict").inner_text()

    # S20: the mean over the batch.
    tabs = lab.locator(".tabs button small")
    each = [float(text) for text in tabs.all_inner_texts()]
    assert number(mse) == pytest.approx(sum(each) / 3, abs=1e-4)

    # S21, X9: loss and push of all three, against autograd through softmax.
    def check(outputs: list[float], label: int) -> None:
        logits = torch.tensor(outputs, dtype=torch.double).log().requires_grad_()
        truth = functional.one_hot(torch.tensor(label), 3)
        losses = {
            "sse": (logits.softmax(0) - truth).square().sum(),
            "ce": functional.cross_entropy(logits[None], torch.tensor([label])),
        }
        for name, loss in losses.items():
            row = page.get_by_test_id(f"row-{name}")
            (slopes,) = torch.autograd.grad(loss, logits, retain_graph=True)
            assert number(row, "loss") == pytest.approx(float(loss.detach()), abs=1e-5)
            assert number(row, "push") == pytest.approx(abs(float(slopes[label])), abs=1e-5)

    check([0.37, 0.5, 0.13], 0)
    lab.get_by_role("button", name="sure and wrong").click()
    check([number(row, "output") for row in rows.all()], 0)
    assert number(page.get_by_test_id("row-ce"), "push") > 25 * number(page.get_by_test_id("row-sse"), "push")

    # S11: the label is no input: another one moves the loss and not one output.
    lab.get_by_role("button", name="Reset").click()
    rows.nth(1).get_by_role("radio").check()
    assert [number(row, "output") for row in rows.all()] == [0.37, 0.5, 0.13]
    assert number(sse) == pytest.approx(0.37**2 + 0.5**2 + 0.13**2)
    check([0.37, 0.5, 0.13], 1)

    # Typing, keys and refusal in words.
    field = rows.nth(0).get_by_role("spinbutton")
    fill(field, 0.7)
    assert sum(number(row, "output") for row in rows.all()) == pytest.approx(1)
    field.press("ArrowUp")
    assert number(rows.nth(0), "output") == pytest.approx(0.71)
    field.fill("7")
    assert "number from 0 to 1" in lab.locator(".refusal").inner_text()
    field.press("Tab")
    assert number(rows.nth(0), "output") == pytest.approx(0.71)
    lab.get_by_role("button", name="Reset").click()
    assert number(sse) == pytest.approx(0.6638)


def surer_by_keyboard(page: Page) -> None:
    """The loss changes, the accuracy does not."""
    surer = page.get_by_test_id("surer")
    slider = surer.get_by_role("slider", name="Multiply every score by")
    before, accuracy = number(surer, "ce"), page.get_by_test_id("surer-accuracy").inner_text()
    press(slider, "ArrowRight", 20)
    assert number(surer, "scale") == pytest.approx(10)
    assert number(surer, "ce") > 1.5 * before
    assert page.get_by_test_id("surer-accuracy").inner_text() == accuracy
    assert "Surer, not better" in surer.locator(".said").inner_text()


def german_after_a_reload(page: Page) -> None:
    page.get_by_role("radio", name="Deutsch").click()
    until(lambda: "0,6638" in page.get_by_test_id("sse").inner_text(), "a German number")
    assert "lang=de" in page.url
    page.reload()
    until(lambda: page.get_by_test_id("sse").inner_text().endswith("= 0,6638"), "the German number after the reload")
    field = page.get_by_test_id("output-row").first.get_by_role("spinbutton")
    assert field.input_value() == "0,37"
    field.fill("0,25")
    assert number(page.get_by_test_id("output-row").first, "output") == 0.25


# ---- gradient descent -----------------------------------------------------------------------------------------------


def bowl(w: Tensor) -> Tensor:
    return (w - 0.655) ** 2


def test_S23_S24_S25_S26_S27_S28_S29_S30_S31_down_textbook_curves_and_a_real_loss(visit: Callable[..., Page]) -> None:
    page = visit("/learn?section=descent")
    page.get_by_role("button", name="Compute the map").click()  # meanwhile the textbook's curves go on
    the_worked_step_on_the_bowl(page)
    what_rates_do(page)
    hills_and_valleys(page)
    a_ball_on_this_net_s_own_loss(page)


def the_worked_step_on_the_bowl(page: Page) -> None:
    descent = page.get_by_test_id("descent").first
    descent.get_by_test_id("update").wait_for()
    # S26: 0.38, 0.01 and -0.55 give 0.3855.
    assert descent.get_by_test_id("update").inner_text().endswith("= 0.38 − 0.01 × (−0.55) = 0.3855")
    assert number(descent, "slope") == pytest.approx(-0.55)
    assert number(descent, "next") == pytest.approx(0.3855)
    # S24: rise over run, whatever the run is.
    for run in (0.4, 1.0):
        fill(descent.locator("input.run"), run)
        rise = float(descent.get_by_test_id("rise").inner_text().replace("−", "-"))
        assert rise / run == pytest.approx(-0.55, abs=2e-3)
    # S23: left of the minimum W grows, right of it it shrinks.
    assert "so W grows" in descent.get_by_test_id("said").inner_text()
    fill(descent.locator("input.weight"), 1.5)
    assert "so W shrinks" in descent.get_by_test_id("said").inner_text()
    # S25: steps with momentum, beside torch's own.
    fill(descent.locator("input.rate"), 0.2)
    fill(descent.locator("input.momentum"), 0.5)
    w = torch.tensor(1.5, dtype=torch.double, requires_grad=True)
    stepper = torch.optim.SGD([w], lr=0.2, momentum=0.5)
    for _ in range(6):
        descent.get_by_role("button", name="Step").click()
        stepper.zero_grad()
        bowl(w).backward()
        stepper.step()
        assert number(descent, "w") == pytest.approx(float(w.detach()), abs=1e-9)
    # S27: a step changes the parameter and no hyperparameter.
    assert descent.locator("input.rate").input_value() == "0.20"
    legends = descent.locator("legend").all_inner_texts()
    assert ["hyperparameter" in legends[0], "parameter: learned" in legends[1]] == [True, True]
    descent.get_by_role("button", name="Reset").click()
    assert number(descent, "next") == pytest.approx(0.3855)
    # The ball itself, by keyboard and by pointer.
    curve = descent.get_by_test_id("descent-curve")
    curve.focus()
    curve.press("ArrowRight")
    assert number(descent, "w") > 0.38
    box = settled_box(curve)
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + 60)
    assert number(descent, "w") > 1.5


def what_rates_do(page: Page) -> None:
    descent = page.get_by_test_id("descent").first
    step = descent.get_by_role("button", name="Step")
    for rate, steps, how in (("0.01 crawls", 15, "crawls"), ("0.9 bounces", 6, "bounces"), ("0.1 walks", 40, "flat")):
        descent.get_by_role("button", name="Reset").click()
        descent.get_by_role("button", name=rate).click()
        press(step, "Enter", steps)
        assert descent.get_attribute("data-how") == how
    assert number(descent, "w") == pytest.approx(0.655, abs=2e-3)  # S29: where the slope is 0
    assert number(descent, "slope") == pytest.approx(0, abs=2e-3)
    descent.get_by_role("button", name="Reset").click()
    descent.get_by_role("button", name="1.1 explodes").click()
    losses = []
    seen = []
    while "far" not in seen and len(seen) < 30:
        press(step, "Enter", 1)
        losses.append(number(descent, "loss"))
        seen.append(descent.get_attribute("data-how"))
    assert "grows" in seen
    assert losses == sorted(losses)
    assert descent.get_attribute("data-how") == "far"
    assert "too large" in descent.get_by_test_id("said").inner_text()


def hills_and_valleys(page: Page) -> None:
    """A local minimum holds plain descent; momentum carries it over the hill."""
    descent = page.get_by_test_id("descent").first
    descent.get_by_role("button", name="hills and valleys").click()
    descent.get_by_role("button", name="0.05 walks").click()
    press(descent.get_by_role("button", name="Step"), "Enter", 90)
    assert descent.get_attribute("data-how") == "local"
    local = number(descent, "loss")
    descent.get_by_role("button", name="Back to the start").click()
    fill(descent.locator("input.momentum"), 0.9)
    descent.get_by_role("button", name="Play").click()
    until(lambda: number(descent, "loss") < local - 0.3, "a lower valley")


def a_ball_on_this_net_s_own_loss(page: Page) -> None:
    scape = page.get_by_test_id("landscape")
    scape.wait_for()
    stage = scape.get_by_role("application")
    press(stage, "ArrowLeft", 12)
    before = number(scape, "loss")
    press(stage, " ", 8)
    assert number(scape, "steps") > 0
    assert number(scape, "loss") < before
    assert "loss" in page.get_by_test_id("landscape-said").inner_text()


# ---- neurons and layers ---------------------------------------------------------------------------------------------


def tiny_output(net: dict[str, object], hidden: Callable[[Tensor], Tensor]) -> float:
    values = torch.tensor([net["x"]], dtype=torch.double)
    for layer in ("h", "g", "y"):
        weights, biases = (torch.tensor(part, dtype=torch.double) for part in net[layer])
        values = functional.linear(values, weights, biases)
        values = values if layer == "y" else hidden(values)
    return float(values)


def test_S1_S2_S3_S4_S5_S7_S48_S49_X3_from_one_neuron_to_a_whole_net(visit: Callable[..., Page]) -> None:
    page = visit("/learn?section=neurons")
    the_tiny_net_computes_what_torch_computes(page)
    activations_and_softmax(page)
    kinds_of_layers(page)
    every_neuron_of_a_real_net(page)


def the_tiny_net_computes_what_torch_computes(page: Page) -> None:
    tiny = page.get_by_test_id("tiny-net")
    page.get_by_test_id("neuron").first.wait_for()
    assert page.get_by_test_id("neuron").count() == 6
    assert tiny.locator("input[data-kind=weight]").count() == 11
    assert tiny.locator("input[data-kind=bias]").count() == 6
    assert number(tiny, "y") == pytest.approx(tiny_output(TINY, torch.relu))

    net = json.loads(json.dumps(TINY))
    fill(tiny.get_by_role("spinbutton", name="Weight from h₂ to g₂"), -1.7)
    net["g"][0][1][1] = -1.7
    bias = tiny.get_by_role("spinbutton", name="Bias of h₃")
    bias.press("ArrowUp")
    net["h"][1][2] = -0.15
    for name, function in (("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("none", lambda x: x)):
        tiny.get_by_role("group", name="h and g").get_by_role("button", name=name).click()
        assert number(tiny, "y") == pytest.approx(tiny_output(net, function), abs=1e-9)

    # Dragging a weight moves the output at once.
    weight = tiny.get_by_role("spinbutton", name="Weight from x to h₁")
    box = settled_box(weight)
    before = number(tiny, "y")
    page.mouse.move(box["x"] + 10, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 8, steps=5)
    page.mouse.up()
    assert weight.input_value() == "1.70"  # ten steps of 0.05
    net["h"][0][0][0] = 1.7
    assert number(tiny, "y") == pytest.approx(tiny_output(net, lambda x: x), abs=1e-9)
    assert number(tiny, "y") != before
    tiny.get_by_role("button", name="Reset").click()
    assert number(tiny, "y") == pytest.approx(tiny_output(TINY, torch.relu))


def activations_and_softmax(page: Page) -> None:
    """Value and slope of each activation, and probabilities, beside torch."""
    chart = page.get_by_test_id("activations-chart")
    chart.focus()
    for z in (-0.4, -0.3):
        chart.press("ArrowRight")
        point = torch.tensor(z, dtype=torch.double, requires_grad=True)
        for name in ("relu", "sigmoid", "tanh"):
            value = getattr(torch, name)(point)
            (slope,) = torch.autograd.grad(value, point)
            row = page.get_by_test_id(f"activation-{name}")
            assert number(row) == pytest.approx(float(value.detach()), abs=1e-9)
            assert number(row, "slope") == pytest.approx(float(slope), abs=1e-9)

    # S7: softmax.
    fill(page.get_by_test_id("softmax").get_by_role("spinbutton", name="Score of Cat"), 2.5)
    expected = torch.tensor([2.5, 1.31, -0.04], dtype=torch.double).softmax(0)
    found = [number(row, "share") for row in page.get_by_test_id("softmax-row").all()]
    assert found == pytest.approx(expected.tolist())
    assert "predicted label: Cat" in page.get_by_test_id("softmax").locator(".said").inner_text()


def kinds_of_layers(page: Page) -> None:
    """S5, S48, S49, X3: a convolution is products, then their sum; it sees a window, and all share its weights."""
    kinds = page.get_by_test_id("layer-kinds")
    inputs = torch.tensor([0, 0.2, 1, 1, 0.3, 0, 0.6, 0], dtype=torch.double)
    kinds.get_by_role("button", name="convolutional").click()
    expected = functional.conv1d(inputs[None, None], torch.tensor([[[-1.0, 0, 1]]]).double(), padding=1)[0, 0]
    assert number(kinds, "value") == pytest.approx(float(expected[2]))
    assert kinds.get_by_test_id("kinds-formula").inner_text() == "output 3 = (−1) × 0.2 + 0 × 1 + 1 × 1 = 0.8"
    assert [number(kinds, name) for name in ("parameters", "sees")] == [4, 3]
    kinds.get_by_role("button", name="pooling").click()
    assert number(kinds, "value") == float(functional.max_pool1d(inputs[None], 2)[0, 2])
    assert number(kinds, "parameters") == 0
    kinds.get_by_role("button", name="dense").click()
    assert [number(kinds, name) for name in ("parameters", "sees")] == [72, 8]
    kinds.get_by_role("button", name="recurrent").click()
    assert "also sees the output before it" in kinds.locator(".about").inner_text()
    values = [0.0]
    for each in inputs.tolist():
        values.append(float(torch.tanh(torch.tensor(each + 0.8 * values[-1], dtype=torch.double))))
    assert number(kinds, "value") == pytest.approx(values[3])


def every_neuron_of_a_real_net(page: Page) -> None:
    """S4: each has a value, and the arrow keys go through them."""
    stage = page.get_by_test_id("diagram-stage")
    diagram = page.get_by_test_id("net-diagram")
    stage.focus()
    layers = [diagram.get_attribute("data-layer")]
    for _ in range(2):
        stage.press("ArrowLeft")
        layers.append(diagram.get_attribute("data-layer"))
    assert layers == ["dense2", "dense1", "pool2"]
    assert "map" in page.get_by_test_id("diagram-said").inner_text()


# ---- one iteration --------------------------------------------------------------------------------------------------


def test_S32_S33_S34_stage_by_stage_and_a_whole_iteration(visit: Callable[..., Page]) -> None:
    page = visit("/learn?section=iteration")
    scope = page.get_by_test_id("microscope")
    page.get_by_test_id("batch-picture").first.wait_for()
    lit = {
        "batch": {"image", "label"},
        "forward": {"net", "prediction"},
        "loss": {"label", "prediction", "loss"},
        "backward": {"loss", "gradient"},
        "update": {"gradient", "update", "net"},
    }

    def boxes() -> set[str]:
        return set(scope.locator("g.on").evaluate_all("nodes => nodes.map(node => node.dataset.box)"))

    assert boxes() == lit["update"]
    first = number(scope, "loss")
    assert number(scope, "after") < first
    losses = [number(picture, "loss") for picture in page.get_by_test_id("batch-picture").all()]
    assert sum(losses) / len(losses) == pytest.approx(first, rel=1e-4)

    page.get_by_test_id("next-stage").click()
    until(lambda: scope.get_attribute("data-stage") == "batch", "the first stage of the next iteration")
    assert scope.get_attribute("data-number") == "2"
    for place, stage in enumerate(lit):
        assert scope.get_attribute("data-stage") == stage
        assert boxes() == lit[stage]
        assert scope.locator('[aria-current="step"] i').inner_text() == str(place + 1)
        gradients = scope.locator("td.gradient").first
        assert ("later" in (gradients.get_attribute("class") or "")) == (place < 3)
        if stage != "update":
            page.get_by_test_id("next-stage").click()
    page.get_by_test_id("press").click()
    until(lambda: scope.get_attribute("data-number") == "3", "a third iteration")
    until(lambda: scope.get_attribute("data-stage") == "update", "its last stage")
    assert number(scope, "loss") < first


# ---- convolution and cost, clusters, language -----------------------------------------------------------------------


def test_S16_S46_S51_S57_what_large_pictures_cost_and_links_to_the_bench(visit: Callable[..., Page]) -> None:
    page = visit("/learn?section=cost")
    what_large_pictures_cost(page)
    the_flat_row(page)
    a_link_opens_the_filter_bench_with_its_kernel(page)


def what_large_pictures_cost(page: Page) -> None:
    curve = page.get_by_test_id("cost-curve")
    curve.wait_for()

    def check(side: int, channels: int) -> None:
        shape = (channels, side, side)
        dense = summarize(ModelConfig(layers=(Flatten(), Dense(128))), shape, 10).rows[1]
        conv = summarize(ModelConfig(layers=(Conv2d(64, 3), Flatten())), shape, 10).rows[0]
        assert number(page.get_by_test_id("dense-formula")) == dense.parameters
        assert number(page.get_by_test_id("conv-formula")) == conv.parameters
        assert number(page.get_by_test_id("adds-formula")) == conv.multiply_adds

    check(28, 1)
    assert "100,480" in page.get_by_test_id("dense-formula").inner_text()
    page.get_by_role("button", name="3 channels, colour").click()
    check(28, 3)
    press(curve, "ArrowRight", 11)
    check(1000, 3)
    assert "1.5 GB" in page.get_by_test_id("cost-said").inner_text()


def the_flat_row(page: Page) -> None:
    flat = page.get_by_test_id("flat-row")
    grid = flat.get_by_role("application")
    press(grid, "ArrowDown", 2)
    row, column, place = (int(number(flat, name)) for name in ("row", "column", "place"))
    assert place == row * 28 + column
    assert json.loads(flat.get_attribute("data-neighbours") or "") == [place - 28, place + 28, place - 1, place + 1]
    flat.get_by_role("checkbox").check()
    assert number(flat, "place") != place


def a_link_opens_the_filter_bench_with_its_kernel(page: Page) -> None:
    page.get_by_role("link", name="max and average pooling side by side").click()
    page.get_by_test_id("bench-map").nth(2).wait_for()
    assert page.get_by_role("button", name="vertical", exact=True).get_attribute("aria-pressed") == "true"
    cells = page.locator(".bench .cells input")
    assert [cell.input_value() for cell in cells.all()] == ["−1", "2", "−1"] * 3


def test_S18_a_word_is_looked_up_and_leads_to_pictures_in_groups(visit: Callable[..., Page]) -> None:
    page = visit("/learn")
    page.get_by_role("button", name="Start", exact=True).nth(4).wait_for()  # five lessons
    words = page.get_by_role("combobox", name="Look up a word")
    words.fill("superv")
    words.press("Enter")
    page.get_by_text("Learning from examples with labels").wait_for()
    page.get_by_role("link", name="See it: Without a teacher").click()
    clusters = page.get_by_test_id("clusters")
    points = page.get_by_test_id("cluster-points")
    points.wait_for()
    points.focus()
    points.press("ArrowRight")
    assert number(clusters, "at") == 1
    said = page.get_by_test_id("cluster-said").inner_text()
    assert f"group {int(number(clusters, 'group')) + 1}" in said
    assert "label:" in said
