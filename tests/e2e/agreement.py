"""Whether a Train page agrees with itself: its address, its controls, its iteration line and the run that it stores."""

import json
import multiprocessing
import os
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Page, Route

from lib.config import BATCH_SIZES, LEARNING_RATES, LOSSES, OPTIMIZERS, SCHEDULES, RunConfig
from lib.datasets.catalogue import info
from lib.training.batches import steps_per_epoch
from lib.ui.setup.link import from_link, to_link
from lib.ui.setup.sizes import split_sizes
from lib.ui.words import field, text
from tests.e2e.screens import Train, address, until

DIGITS = info("digits")
ESTIMATE = re.compile(r"^(about|less than) .* on this machine")

LATE = (
    "Slider",
    "Selectbox",
    "NumberInput",
    "Checkbox",
    "ButtonGroup",
    "Multiselect",
)  # Streamlit's scripts of widgets


def any_setup(chance: random.Random, units: int) -> RunConfig:
    """A set-up that differs from the default in every control, of a net that no test has timed."""
    by_the_clock = chance.random() < 0.2
    return RunConfig.model_validate(
        {
            "data": {
                "name": "digits",
                "train_size": chance.choice([None, 100, 300, 700]),
                "valid_fraction": chance.choice([0.0, 0.05, 0.2, 0.3]),
                "scale_pixels": chance.random() < 0.5,
            },
            "model": {"layers": [{"kind": "flatten"}, {"kind": "dense", "units": units}]},
            "train": {
                "optimizer": chance.choice([each for each in OPTIMIZERS if each != "adam"]),
                "loss": chance.choice(LOSSES),
                "learning_rate": chance.choice([*LEARNING_RATES[1:], 0.0123]),
                "schedule": chance.choice(SCHEDULES[1:]),
                "batch_size": chance.choice([each for each in BATCH_SIZES if 8 <= each <= 256]),
                "epochs": 200 if by_the_clock else chance.choice([2, 3, 4, 6, 7, 8]),
                "time_budget": chance.choice([10.0, 20.0]) if by_the_clock else None,
                "weight_decay": chance.choice([0.0, 0.0001, 0.01]),
                "augment": chance.random() < 0.5,
                "precision": chance.choice(["auto", "fp32"]),
            },
            "seed": chance.randrange(1, 10_000),
        }
    )


def link(config: RunConfig) -> str:
    return f"/train?{urlencode(to_link(config))}"


def expected(config: RunConfig) -> dict[str, str | bool]:
    """What the controls must show, by label."""
    rest = split_sizes(config.model_copy(update={"data": config.data.model_copy(update={"train_size": None})}), DIGITS)
    train, data = config.train, config.data
    limit = text.duration(train.time_budget) if train.time_budget else "off"
    ends: dict[str, str | bool] = (
        {"Train for": limit} if train.time_budget else {"Epochs": str(train.epochs), "Time limit": limit}
    )
    return ends | {
        "Learning rate": text.rate(train.learning_rate),
        "Batch size": str(train.batch_size),
        "Optimizer": field.OPTIMIZER_TITLES[train.optimizer],
        "Schedule": field.SCHEDULE_TITLES[train.schedule],
        "Loss": field.LOSS_TITLES[train.loss],
        "Weight decay": text.rate(train.weight_decay) or "0",
        "Vary the training pictures": train.augment,
        "Precision": {"auto": "what is faster here", "fp32": "float32"}[train.precision],
        "Seed": str(config.seed),
        "Data": DIGITS.title,
        "Training pictures": f"{data.train_size or rest[0]:,}",
        "Validation share": f"{data.valid_fraction * 100:g} %",
        "Scale pixels to 0–1": data.scale_pixels,
    }


_READ = """(names) => {
  const shown = {};
  for (const box of document.querySelectorAll('.stSlider, .stSelectbox, .stCheckbox, .stNumberInput')) {
    const label = box.querySelector('[data-testid="stWidgetLabel"]')?.innerText.trim();
    const input = box.querySelector('input');
    if (!label || !input || !names.includes(label)) continue;
    shown[label] = input.type === 'checkbox' ? input.checked : (input.getAttribute('aria-valuetext') ?? input.value);
  }
  return shown;
}"""


def shown(page: Page, wanted: dict[str, str | bool]) -> dict[str, str | bool]:
    """What the controls show, with both menus open one after the other."""
    return shown_in(page, "More", "Seed", wanted) | shown_in(page, "change", "Validation share", wanted)


def shown_now(page: Page, wanted: dict[str, str | bool]) -> dict[str, str | bool]:
    """What those of them show that are on the page."""
    found: dict[str, str | bool] = page.evaluate(_READ, list(wanted))
    return found


def shown_in(page: Page, menu: str, last: str, wanted: dict[str, str | bool]) -> dict[str, str | bool]:
    """What they show with this menu open, once its control `last` is there."""
    page.get_by_test_id("stMain").get_by_role("button", name=menu, exact=True).click()
    found: dict[str, str | bool] = {}

    def are_there() -> bool:
        found.update(shown_now(page, wanted))
        return last in found

    until(are_there, f"the controls of {menu}")
    page.keyboard.press("Escape")
    page.get_by_test_id("stPopoverBody").wait_for(state="hidden")
    return found


def address_setup(page: Page) -> RunConfig:
    """The set-up that the address names."""
    return from_link(dict(parse_qsl(urlsplit(address(page)).query)))[0]


def stored(home: Path) -> list[tuple[str, RunConfig]]:
    """The runs in the data base, the oldest first."""
    with sqlite3.connect(f"file:{home / 'runs.sqlite'}?mode=ro", uri=True) as base:
        rows = base.execute("SELECT id, config FROM runs ORDER BY number").fetchall()
    return [(name, RunConfig.model_validate(json.loads(config))) for name, config in rows]


def agree(page: Page, config: RunConfig) -> None:
    """Address, controls and iteration line say `config`."""
    Train(page)
    wanted = expected(config)
    count, _ = split_sizes(config, DIGITS)
    steps = steps_per_epoch(count, config.train.batch_size)
    line = f"{count:,} / {config.train.batch_size} = {steps:,} iterations an epoch"
    page.get_by_text(ESTIMATE).wait_for()
    page.locator(".st-key-iterations").get_by_text(line).wait_for()
    assert shown(page, wanted) == wanted
    assert address_setup(page) == config


def agree_and_train(page: Page, config: RunConfig, home: Path) -> None:
    """So they do, and Train trains it, and then they still do."""
    agree(page, config)
    train = Train(page)
    before = [name for name, _ in stored(home)] if (home / "runs.sqlite").exists() else []
    train.press("Train")
    until(lambda: len(stored(home)) > len(before), "a run in the data base")
    ((_, trained),) = [(name, each) for name, each in stored(home) if name not in before]
    assert trained == config
    assert address_setup(page) == config
    assert shown(page, expected(config)) == expected(config)
    if train.is_awake("Stop"):
        train.press("Stop")
    train.wait_for_state("stopped", "finished", "failed")


def hold_back(page: Page) -> list[Route]:
    """Keep the scripts of Streamlit's widgets from the page until each is continued."""
    kept: list[Route] = []
    for name in LATE:
        page.route(re.compile(rf"/static/js/{name}\..*\.js"), lambda route: kept.append(route))
    return kept


def let_through(page: Page, kept: list[Route]) -> None:
    """Let the scripts come that were held back."""
    for route in kept:
        route.continue_()
    page.unroute_all(behavior="ignoreErrors")


def slow_down(page: Page, times: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def _spin() -> None:
    while True:
        pass


@contextmanager
def busy() -> Iterator[None]:
    """Keep one more process of this machine busy, unless others do so already."""
    if os.getloadavg()[0] > 2 * (os.cpu_count() or 1):
        yield
        return
    process = multiprocessing.get_context("spawn").Process(target=_spin, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()
