"""The bench's arithmetic: what it concludes from given numbers (measuring itself is `make bench`)."""

import io
import json
import sys

import pytest

from bench import estimates, inside, server, turns
from bench.contestants import tutorial
from bench.contestants.turns import serve
from bench.machine import Usage
from bench.verdict import (
    BARS,
    ENGINE,
    KERAS,
    KERAS_BF16,
    TUTORIAL,
    Bar,
    Spread,
    bars_table,
    flops_per_picture,
    ratios,
    table,
)
from lib.config import Dense, Flatten, ModelConfig
from lib.models import list_presets, preset, summarize

GREY = (1, 28, 28)
AMX = ("avx512f", "amx_bf16")


def test_ratios_are_taken_round_by_round():
    rates = {ENGINE: [10.0, 40.0, 90.0], KERAS: [10.0, 10.0, 30.0]}
    assert ratios(rates, ENGINE, KERAS) == Spread(3.0, 1.0, 4.0)  # the ratio of the medians would be 4
    assert str(ratios(rates, ENGINE, KERAS)) == "3.00 [1.00..4.00]"


def test_rounds_that_somebody_missed_are_an_error():
    with pytest.raises(ValueError, match="zip"):
        ratios({ENGINE: [1.0, 2.0], KERAS: [1.0]}, ENGINE, KERAS)


def test_the_cost_of_training_on_one_picture():
    """By hand: a first layer 784x5 without, a class layer 5x10 with a gradient for its input."""
    summary = summarize(ModelConfig(layers=(Flatten(), Dense(5))), GREY, 10)
    assert flops_per_picture(summary) == 2 * (2 * 784 * 5 + 3 * 5 * 10)
    article = summarize(preset("article-cnn").model, GREY, 10)
    assert flops_per_picture(article) == pytest.approx(531.9e6, rel=1e-4)


def test_each_bar_names_a_preset_and_amx_only_ever_raises_it():
    for bar in BARS:
        assert bar.contest.split(",")[0] in list_presets()
        assert bar.for_machine(["avx2"]) <= bar.for_machine(AMX) == bar.least
    assert Bar("any", ENGINE, KERAS, 3.3, 1.2).for_machine(["avx2", "avx512f"]) == 1.2


@pytest.mark.parametrize(
    ("rate", "flags", "verdict"), [(21.9, AMX, "missed"), (22.0, AMX, "reached"), (12, (), "reached")]
)
def test_a_bar_is_reached_from_its_own_value_on(rate, flags, verdict):
    rates = {ENGINE: [rate], KERAS: [10.0], TUTORIAL: [1.0], KERAS_BF16: [1.0], "Glasshouse, bare `fit`, fp32": [1.0]}
    contests = {"article-cnn, batch 32": {"rates": rates, "flops": 10**9}}
    _, _, *rows = bars_table(contests, {"fp32": 1.0}, flags).splitlines()
    (row,) = (row for row in rows if row.startswith(f"| article-cnn, batch 32: {ENGINE} / {KERAS} |"))
    assert f" | {rate / 10:.2f} [" in row
    assert verdict in row.split("|")[-2]
    assert len(rows) == 5  # the contests that were not held are left out


def test_the_table_names_the_share_of_the_right_peak():
    found = table(
        "a", {KERAS: [50.0], ENGINE: [100.0]}, 10**9, {KERAS: "fp32", ENGINE: "bf16"}, {"fp32": 100, "bf16": 400}
    )
    assert f"| {KERAS} | 50 | 1 | 50% (fp32) |" in found
    assert f"| {ENGINE} | 100 | 2.00 [2.00..2.00] | 25% (bf16) |" in found


def test_other_processes_are_counted_and_our_own_are_not():
    parents = {1: 0, 5: 1, 6: 5, 7: 6, 8: 1, 9: 1}  # 5 is the bench, 6 its child, 7 its child's child
    names = {pid: f"p{pid}" for pid in parents}
    before = Usage(100.0, dict.fromkeys(parents, 1.0), parents, names, stolen=2.0)
    used = {1: 1.0, 5: 9.0, 6: 9.0, 7: 9.0, 8: 1.5, 9: 2.0, 10: 0.5}  # 10 is new
    after = Usage(110.0, used, parents | {10: 1}, names | {10: "p10"}, stolen=2.25)
    cores, busiest = after.others_since(before, ours=5)
    assert cores == pytest.approx((0.5 + 1.0 + 0.5 + 0.25) / 10)
    assert busiest == "p9 (9)"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_this_process_is_seen():
    before = Usage.now()
    sum(range(3_000_000))
    after = Usage.now()
    assert after.at > before.at
    assert set(before.seconds) & set(after.seconds)


def test_estimates_are_judged_by_their_error():
    rows = estimates.report({"good": (1.25, 1.0), "high": (1.3, 1.0), "low": (0.7, 1.0)}).splitlines()[2:5]
    assert ["+25%" in rows[0], "+30%" in rows[1], "-30%" in rows[2]] == [True] * 3
    assert ["reached" in row for row in rows] == [True, False, False]


def test_the_server_is_judged_by_memory_and_by_its_answers():
    memory, answers = server.report({"peak_mb": 1_201, "p95_ms": 9.5}).splitlines()[2:]
    assert "**missed**" in memory
    assert "reached" in answers


def test_turns_are_judged_by_gaps_and_by_what_all_do_together():
    many = {
        "gap_p95": 2.6,
        "gap_max": 3.6,
        "first_point": 4.0,
        "per_second": 90.0,
        "press_p95": 0.2,
        "memory_mb": 900.0,
    }
    found = {"alone": {"per_second": 100.0}, "thirty": many, "with a large one": {"gap_max": 3.9}}
    rows = turns.report(found).splitlines()[2:]
    assert ["reached" in row for row in rows] == [True, False, True, True, True, True, True]
    rows = turns.report(found | {"thirty": many | {"per_second": 80.0}}).splitlines()[2:]
    assert "**missed**" in rows[3]


def test_look_inside_is_judged_by_its_slow_answers():
    """19 quick answers do not make up for two slow ones; a moment of the article CNN has no bar."""
    times = {inside.OPEN: [100.0] * 20, inside.SCRUB: [60.0] * 18 + [151.0] * 2}
    quick, slow, free = inside.report({"small-cnn": times, "article-cnn": {inside.SCRUB: [900.0] * 2}}).splitlines()[2:]
    assert "| 100 ms | 100 ms | 300 ms | reached |" in quick
    assert "| 60 ms | 151 ms | 150 ms | **missed** |" in slow
    assert "| – |" in free
    assert {name for name, _ in inside.BARS} <= set(list_presets())


@pytest.mark.filterwarnings("ignore:Lazy modules")
@pytest.mark.parametrize("name", ["article-cnn", "two-layer-sigmoid", "dense-286k"])
def test_the_tutorial_builds_the_same_net(name):
    import torch

    model = preset(name).model
    net = tutorial.build(model.model_dump()["layers"], 10)
    assert net(torch.zeros(1, *GREY)).shape == (1, 10)
    assert sum(parameter.numel() for parameter in net.parameters()) == summarize(model, GREY, 10).parameters


def test_a_contestant_trains_when_told(monkeypatch):
    answers = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("2\n3.5\n"))
    monkeypatch.setattr("sys.stdout", answers)
    serve(lambda seconds: (print("a library says hello") or 10, 2 * seconds), parameters=7)
    assert [json.loads(line) for line in answers.getvalue().splitlines()] == [
        {"parameters": 7},
        {"pictures": 10, "seconds": 4.0},
        {"pictures": 10, "seconds": 7.0},
    ]
