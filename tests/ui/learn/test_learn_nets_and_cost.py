"""Neurons, convolution, cost and clusters on Learn."""

import time
from typing import Any

import pytest
import torch

from lib import record_activations, summarize
from lib.explain.clusters import cluster
from lib.explain.projection import pixels
from lib.models import preset
from lib.nets.ready import ready_net
from lib.ui.words import words_of
from tests.ui.learn.opening import FASHION, opened, told


def test_S4_every_neuron_of_the_diagram_has_the_value_that_the_picture_gives_it(handed: dict[str, Any]) -> None:
    at = opened("neurons")
    net = ready_net()
    for _ in range(2):
        columns = {column["name"]: column for column in handed["net_diagram"]["columns"]}
        label = at.selectbox(key="diagram-class-doodles").value
        picture, _ = net.dataset.test.batch((net.dataset.test.labels == label).nonzero()[0])
        kept = record_activations(net.model()[1], picture)
        assert list(columns) == ["conv1", "pool1", "conv2", "pool2", "flatten1", "dense1", "dense2"]
        for node in columns["dense1"]["nodes"]:
            assert node["value"] == pytest.approx(float(kept["dense1"][node["index"]]), abs=1e-5)
        shares = kept["dense2"].softmax(0)
        for node in columns["dense2"]["nodes"]:
            assert node["value"] == pytest.approx(float(shares[node["index"]]), abs=1e-5)
        at.selectbox(key="diagram-class-doodles").set_value(7).run()


def test_S1_the_lines_of_the_diagram_are_the_net_s_weights(handed: dict[str, Any]) -> None:
    opened("neurons")
    columns = {column["name"]: column for column in handed["net_diagram"]["columns"]}
    weights = ready_net().weights["dense2.weight"]
    for node, edges in zip(columns["dense2"]["nodes"], columns["dense2"]["edges"], strict=True):
        before = [other["index"] for other in columns["dense1"]["nodes"]]
        assert edges == pytest.approx(weights[node["index"], before].tolist())


@pytest.mark.parametrize("name", ["two-layer-sigmoid", "dense-286k", "small-cnn", "lenet-5", "article-cnn"])
def test_S1_the_diagram_shows_every_preset_before_training(handed: dict[str, Any], name: str) -> None:
    at = opened("neurons")
    at.selectbox(key="diagram-net").set_value(name).run()
    assert not at.exception
    columns = handed["net_diagram"]["columns"]
    assert len(columns) == len(preset(name).model.layers) + 1
    assert "Before any training" in told(at)
    assert sum(node["value"] for node in columns[-1]["nodes"]) == pytest.approx(1)


def test_S5_the_recurrent_layer_is_named_and_explained() -> None:
    words = words_of("en")
    assert words["neurons.recurrent"] == "recurrent"
    assert "the output before it" in words["neurons.about_recurrent"]


def test_S8_X10_the_likeness_to_brains_and_where_it_ends() -> None:
    said = told(opened("neurons"))
    assert "inspired by brains" in said
    assert "field of view" in said
    assert "fire together wire together" in said
    assert "backpropagation asks of every weight" in said


def test_X1_X3_X4_claims_are_set_right_where_the_words_come_up() -> None:
    said = told(opened("cost"))
    assert "The layers are convolutional" in said
    assert "each weight times the pixel below it, then all products added up" in said
    assert "side by side on the same input" in said


def test_X4_it_is_the_next_layer_that_adds_up_all_maps() -> None:
    """Without one filter every map of the next layer is another, and no map of its own layer is."""
    net = ready_net().model()[1]
    x, _ = ready_net().dataset.test.batch(slice(0, 1))
    before = record_activations(net, x)
    with torch.no_grad():
        net.conv1.weight[2], net.conv1.bias[2] = 0, 0
    after = record_activations(net, x)
    assert [bool((before["conv1"][i] != after["conv1"][i]).any()) for i in range(8)] == [i == 2 for i in range(8)]
    with torch.no_grad():
        sums = [net.conv2.before_activation(kept["pool1"][None])[0] for kept in (before, after)]
    assert all(bool((sums[0][i] != sums[1][i]).any()) for i in range(10))


def test_S63_X6_parameters_multiply_adds_and_seconds_side_by_side(handed: dict[str, Any]) -> None:
    at = opened("cost")
    at.pills(key="cost-nets").set_value(["two-layer-sigmoid", "dense-286k"]).run()
    for _ in range(100):
        rows = handed["cost_bars"]["rows"]
        if all(row["seconds"] for row in rows):
            break
        time.sleep(0.1)
        at.run()
    assert not at.exception
    for row, name in zip(rows, ("two-layer-sigmoid", "dense-286k"), strict=True):
        summary = summarize(preset(name).model, FASHION, 10)
        assert (row["parameters"], row["multiply_adds"]) == (summary.parameters, summary.multiply_adds)
        assert 0.05 < row["seconds"] < 600
    assert "estimated from a few real steps timed on this machine" in handed["cost_bars"]["note"]


def test_X6_the_numbers_of_the_claim_are_those_of_the_presets() -> None:
    article, dense = (summarize(preset(name).model, FASHION, 10) for name in ("article-cnn", "dense-286k"))
    said = words_of("en")["claims.computation_holds"]
    assert f"{article.parameters:,} parameters" in said
    assert f"{article.multiply_adds / 1e6:.1f} million multiply-adds" in said
    assert f"{dense.parameters:,} and needs {dense.multiply_adds:,}" in said


def test_no_net_chosen_says_what_to_do() -> None:
    at = opened("cost")
    at.pills(key="cost-nets").set_value([]).run()
    assert not at.exception
    assert "Choose a net above" in at.info[0].value


def test_S18_the_groups_are_those_of_k_means_and_the_shares_are_counted(handed: dict[str, Any]) -> None:
    at = opened("clusters")
    at.segmented_control(key="clusters-features").set_value("pixels").run()
    at.slider(key="clusters-groups-10").set_value(6).run()
    assert not at.exception
    data = ready_net().dataset
    places = torch.linspace(0, len(data.test) - 1, 600, dtype=torch.float64).round().long()
    expected = cluster(pixels(data.test, places), data.test.labels[places], 6, 10)
    shown = handed["clusters"]
    assert shown["groups"] == expected.groups.tolist()
    assert shown["labels"] == data.test.labels[places].tolist()
    by_pixels, taught, guessing = (float(each.value.split()[0]) for each in at.metric)
    assert by_pixels == pytest.approx(100 * expected.purity, abs=0.06)
    assert guessing == 10.0
    at.segmented_control(key="clusters-features").set_value("net").run()
    by_net = float(at.metric[0].value.split()[0])
    assert by_pixels < by_net < taught
    assert "Reinforcement" in told(at)
