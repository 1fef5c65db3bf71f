"""Compare in a real browser: the race and dense against CNN read by their verdicts, runs over each other by address."""

import math
import re
from collections.abc import Callable
from statistics import mean, stdev
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens import Train, address, until

pytestmark = pytest.mark.e2e

# All that a run has published, as the server tells it to anybody.
_PUBLISHED = """id => new Promise(done => {
  const source = new EventSource(`/api/runs/${id}/events`);
  const found = {};
  for (const kind of ["points", "epochs", "checks"]) {
    source.addEventListener(kind, message => { found[kind] = JSON.parse(message.data)[kind]; });
  }
  source.addEventListener("status", message => {
    found.status = JSON.parse(message.data);
    source.close();
    done(found);
  });
})"""


class Experiment:
    """The view Experiments, or Sweep."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panels = page.get_by_test_id("panel")
        self.panels.or_(page.get_by_test_id("sweep-map")).first.wait_for()

    def choose(self, kind: str) -> None:
        self.page.get_by_text(kind, exact=True).click()

    def option(self, label: str, value: str) -> None:
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=value, exact=True).click()

    def slide(self, label: str, key: str, times: int) -> None:
        slider = self.page.get_by_role("slider", name=label)
        for _ in range(times):
            slider.press(key)

    def start(self) -> str:
        self.page.get_by_role("button", name="Start", exact=True).click()
        until(lambda: "experiment=" in address(self.page), "an experiment in the address")
        return re.search(r"experiment=([\w-]+)", address(self.page))[1]

    @property
    def points(self) -> int:
        return int(self.page.get_by_test_id("small-multiples").get_attribute("data-n") or 0)

    def verdict(self) -> str:
        sentence = self.page.get_by_test_id("verdict-sentence")
        sentence.wait_for()
        return sentence.inner_text().replace("\u00a0", " ")  # no line breaks between a number and its unit

    def words(self) -> dict[str, str]:
        found: list[list[str]] = self.panels.evaluate_all("all => all.map(one => [one.dataset.name, one.dataset.word])")
        return dict(found)

    def rows(self) -> list[list[str]]:
        found: list[list[str]] = self.page.get_by_test_id("result-row").evaluate_all(
            "rows => rows.map(row => [...row.children].map(cell => cell.innerText))"
        )
        return found


def published(page: Page, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(_PUBLISHED, run_id)
    return found


def run_ids(page: Page) -> list[str]:
    """The runs that the page listens to, in the order of their panels."""
    found: list[str] = page.evaluate("[...window.glasshouseChorus.voices.keys()]")
    return found


def test_S30_S31_a_learning_rate_race_is_run_and_judged_by_its_own_numbers(visit: Callable[..., Page]) -> None:
    page = visit("/compare?compare-view=Experiments")
    race = Experiment(page)
    race.option("Data", "Digits")
    race.option("Net", "Dense net, 128 units")
    until(lambda: page.get_by_text("seeds each find a difference of").count() == 1, "how long it will take")
    race.option("Seeds for each", "1")
    until(lambda: page.get_by_text("6 runs, about").count() == 1, "how long one seed will take")
    race.start()
    until(lambda: race.points > 10, "curves that move")
    before = race.points
    page.reload()  # in the middle
    race = Experiment(page)
    until(lambda: race.points > before, "curves that go on moving")
    sentence = race.verdict()
    words = race.words()
    assert list(words) == ["0.0001", "0.001", "0.01", "0.1", "1", "10"]
    assert words["0.0001"] == "crawls"
    assert "good" in words["0.001"]
    assert words["10"] == "explodes"
    assert re.search(r"^0\.0?0?1 ends lowest: training loss \d", sentence)

    # The verdict's numbers are those that the runs published.
    until(lambda: len(run_ids(page)) == 6, "six runs")
    ends, accuracies = {}, {}
    for name, run_id in zip(words, run_ids(page), strict=True):
        told = published(page, run_id)
        points = told["points"]
        epochs = [[each["epoch"], each["train_loss"], None] for each in told["epochs"][1:]]
        if len(points) < min(10, len(epochs)):  # too quick to publish many points: then the epochs are judged
            points = epochs
        tail = [loss for at, loss, _ in points if at > 0.8 * points[-1][0]]
        ends[name] = math.inf if None in tail else mean(tail)
        accuracies[name] = told["epochs"][-1]["valid_accuracy"]
        assert told["status"]["state"] == "finished"
    best = min(ends, key=ends.__getitem__)
    assert sentence.startswith(
        f"{best} ends lowest: training loss {ends[best]:.3f} at the end, with {accuracies[best] * 100:.1f} % of the "
        "validation pictures right; one seed says nothing about chance"
    )
    assert f"0.0001 ({ends['0.0001']:.2f}" in sentence or f"0.0001 ({ends['0.0001']:.3f}" in sentence
    assert {row[0]: row[3] for row in race.rows()} == {
        name: f"{accuracy * 100:.1f} %" for name, accuracy in accuracies.items()
    }
    page.get_by_text("What is equal, and how this is decided").click()
    page.get_by_text("shoots above 3 times the larger of its start").wait_for()


def test_S62_dense_against_cnn_at_equal_parameters(visit: Callable[..., Page]) -> None:
    page = visit("/compare?compare-view=Experiments")
    contest = Experiment(page)
    contest.choose("Dense against CNN")
    page.get_by_text("Parameters", exact=True).click()
    contest.option("Data", "Digits")
    page.get_by_text("16,705 parameters").wait_for()  # as close to the CNN's 16,852 as one hidden layer comes
    contest.option("Seeds for each", "3")
    contest.slide("Epochs", "ArrowLeft", 4)
    contest.start()
    sentence = contest.verdict()
    rows = contest.rows()
    assert len(rows) == 6
    scores = {
        net: [float(row[1].removesuffix(" %")) / 100 for row in rows if row[0].startswith(net)]
        for net in ("CNN", "Dense net")
    }
    first, second = sorted(scores, key=lambda net: -mean(scores[net]))
    told = re.search(
        r"has ([\d.]+) % ± ([\d.]+) .*? ([\d.]+) % ± ([\d.]+) \(mean ± standard deviation, 3 seeds\)", sentence
    )
    assert told
    numbers = [float(number) for number in told.groups()]
    # The rows are rounded to a tenth of a point.
    for place, net in ((0, first), (2, second)):
        assert numbers[place] == pytest.approx(100 * mean(scores[net]), abs=0.11)
        assert numbers[place + 1] == pytest.approx(100 * stdev(scores[net]), abs=0.11)
    bars = page.get_by_test_id("score-row")
    spreads = bars.evaluate_all(
        "rows => rows.map(row => [row.dataset.label, +row.dataset.centre, +row.dataset.spread])"
    )
    for label, centre, spread in spreads:
        assert centre == pytest.approx(mean(scores[label]), abs=0.0011)
        assert spread == pytest.approx(stdev(scores[label]), abs=0.0011)
    assert "16,852 parameters, 213,568 multiply-adds a picture" in sentence
    assert "16,705 parameters, 16,674 multiply-adds a picture" in sentence
    word = contest.words()
    assert word[first] in ("ahead", "too close to call")
    assert (word[first] == "ahead") == ("more than chance between seeds explains" in sentence)


def test_an_experiment_can_be_cancelled(visit: Callable[..., Page]) -> None:
    page = visit("/compare?compare-view=Experiments")
    race = Experiment(page)
    race.option("Data", "Digits")
    race.slide("Epochs", "ArrowRight", 4)
    race.start()
    until(lambda: race.points > 5, "curves that move")
    page.get_by_role("button", name="Cancel", exact=True).click()
    assert re.search(r"Cancelled when \d+ of \d+ runs were done; no verdict\.", race.verdict())
    page.get_by_role("button", name="Delete this experiment").click()
    page.get_by_role("button", name="Delete for good").click()
    until(lambda: "experiment=" not in address(page), "no experiment in the address")
    page.get_by_text("Press Start").wait_for()


def train(visit: Callable[..., Page], set_up: str) -> tuple[Page, str]:
    page = visit(f"/train?{set_up}")
    screen = Train(page)
    screen.press("Train")
    screen.wait_for_state("running", "finished")
    return page, screen.run_id


def test_two_runs_by_address_one_of_them_live(visit: Callable[..., Page]) -> None:
    done = "recorded-two-layer-sigmoid"
    trained, live = train(visit, "data=digits&net=f-d12-d12S&epochs=200&batch=1&lr=0.0003")
    page = visit(f"/compare?compare-view=Runs&runs={done},{live}", context=trained.context)
    overlay = page.get_by_test_id("overlay")
    keys = page.get_by_test_id("overlay-key")
    until(lambda: keys.count() == 2, "two runs")
    until(lambda: int(keys.nth(1).get_attribute("data-n") or 0) > 5, "points of the live run")
    # It moves without a rerun of the page.
    page.evaluate("document.querySelector('[data-testid=stApp]').dataset.mine = 'kept'")
    points = int(overlay.get_attribute("data-n") or 0)
    until(lambda: int(overlay.get_attribute("data-n") or 0) > points + 5, "more points")
    assert keys.nth(0).get_attribute("data-state") == "finished"
    assert keys.nth(1).get_attribute("data-state") == "running"
    told = published(page, done)
    assert float(keys.nth(0).get_attribute("data-accuracy") or "nan") == told["epochs"][-1]["valid_accuracy"]

    # Line, marker and colour all differ, and the axis can count epochs, iterations or seconds.
    looks = page.get_by_test_id("overlay-accuracy").evaluate(
        "node => (node.layout ? node : node.querySelector('.js-plotly-plot')).data.filter(t => t.mode !== 'lines')"
        ".map(t => [t.line.color, t.line.dash, t.marker.symbol])"
    )
    ways = [looks[0], looks[2]]
    assert all(ways[0][i] != ways[1][i] for i in range(3))
    page.get_by_role("button", name="Iterations", exact=True).click()
    last = page.get_by_test_id("overlay-accuracy").evaluate(
        "node => (node.layout ? node : node.querySelector('.js-plotly-plot')).data[0].x.at(-1)"
    )
    assert last == told["status"]["step"]

    # What differs stands out; a run taken out comes back.
    table = page.get_by_test_id("setup-table")
    differing = "Data, Validation share, Hidden layers, Learning rate, Batch size, Epochs"
    assert table.get_attribute("data-differs") == differing
    table.get_by_role("button", name="Take").first.click()
    until(lambda: keys.count() == 1, "one run")
    assert done not in address(page)
    page.get_by_role("button", name="Put").click()
    until(lambda: keys.count() == 2, "both again")
    page.reload()
    until(lambda: keys.count() == 2, "both after a reload")
    expect(page.get_by_test_id("overlay-summary")).to_contain_text("accuracy")
    Train(trained).press("Stop")
    until(lambda: keys.locator("xpath=self::*[@data-state='stopped']").count() == 1, "the end of the run")


def test_a_rate_is_found_and_used(visit: Callable[..., Page]) -> None:
    page = visit("/compare?compare-view=Find+a+rate&data=digits&net=f-d32&lr=0.00001")
    chart = page.get_by_test_id("rate-finder")
    page.get_by_role("button", name="Find a rate", exact=True).click()
    until(lambda: bool(chart.get_attribute("data-suggested")), "a suggestion")
    rate = float(chart.get_attribute("data-suggested") or "nan")
    assert 0.001 <= rate <= 0.03  # where this net learned in measured races
    assert int(chart.get_attribute("data-n") or 0) > 50
    sentence = page.get_by_test_id("finder-says").inner_text()
    assert float(sentence.split(":")[0]) == rate
    page.get_by_role("button", name="Use", exact=False).click()
    page.get_by_text("Your set-up now has").wait_for()
    page.get_by_role("link", name="Train with it").click()
    Train(page)
    until(lambda: f"lr={rate:g}" in address(page), "the rate in the set-up")


def test_a_sweep_fills_its_map_and_marks_the_best(visit: Callable[..., Page]) -> None:
    page = visit("/compare?compare-view=Sweep")
    board = page.get_by_test_id("sweep-map")
    sweep = Experiment(page)
    sweep.option("Data", "Digits")
    sweep.option("Net", "Dense net, 128 units")
    sweep.slide("Epochs", "ArrowLeft", 2)
    cells = page.get_by_test_id("sweep-cell")
    until(lambda: cells.count() == 15, "a place for every combination")
    page.get_by_role("button", name="Start", exact=True).click()
    until(lambda: int(board.get_attribute("data-done") or 0) > 1, "the first places filled")
    page.reload()  # in the middle
    sentence = sweep.verdict()
    shown = cells.evaluate_all("all => all.map(one => [one.dataset.state, +one.dataset.accuracy])")
    assert len(shown) == 15
    best = max(accuracy for state, accuracy in shown if state == "done")
    assert float(board.get_attribute("data-best") or "nan") == best
    assert f"{best * 100:.1f} % of the validation pictures right" in sentence
    stopped = sum(state == "stopped" for state, _ in shown)
    assert (f"{stopped} of 15 runs were stopped early" in sentence) == (stopped > 0)
