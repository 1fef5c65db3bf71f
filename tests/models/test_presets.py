"""The ready set-ups against the numbers that the articles and Keras print."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from lib import (
    Conv2d,
    Dense,
    Flatten,
    MaxPool2d,
    ModelConfig,
    RunConfig,
    build_model,
    evaluate,
    fit,
    list_presets,
    load_dataset,
    preset,
    summarize,
)
from lib.models import DEFAULT_PRESET, nearest_preset, train_on

GREY = (1, 28, 28)


def parameters_of(name):
    return summarize(preset(name).model, GREY, 10).parameters


def test_S44_two_layer_sigmoid_net():
    chosen = preset("two-layer-sigmoid")
    assert parameters_of("two-layer-sigmoid") == 101_770
    assert chosen.model.layers == (Flatten(), Dense(128, "sigmoid"))
    assert (chosen.train.optimizer, chosen.train.epochs) == ("adam", 5)


def test_S45_dense_net():
    assert parameters_of("dense-286k") == 286_044
    units = [layer.units for layer in preset("dense-286k").model.layers if isinstance(layer, Dense)]
    assert units == [300, 128, 64, 50]


def test_S60_article_cnn_has_the_article_s_layers():
    assert preset("article-cnn").model.layers == (
        *(Conv2d(64, 7, padding="same", activation="relu"), MaxPool2d(2)),
        *(Conv2d(128, 3), Conv2d(128, 3), MaxPool2d(2)),
        *(Conv2d(256, 3), Conv2d(256, 3), MaxPool2d(2)),
        *(Flatten(), Dense(128), Dense(64)),
    )


def test_S61_article_cnn_has_keras_summary():
    summary = summarize(preset("article-cnn").model, GREY, 10)
    with_weights = [(row.parameters, row.output_shape) for row in summary.rows if row.parameters]
    assert with_weights == [
        (3_200, (64, 28, 28)),
        (73_856, (128, 14, 14)),
        (147_584, (128, 14, 14)),
        (295_168, (256, 7, 7)),
        (590_080, (256, 7, 7)),
        (295_040, (128,)),
        (8_256, (64,)),
        (650, (10,)),
    ]
    assert summary.parameters == 1_413_834
    net = build_model(preset("article-cnn").model, GREY, 10)
    assert sum(p.numel() for p in net.parameters() if p.requires_grad) == 1_413_834
    assert sum(p.numel() for p in net.parameters() if not p.requires_grad) == 0


def test_S58_S59_article_cnn_pools_7_to_3_and_flattens_to_2304():
    rows = {row.name: row for row in summarize(preset("article-cnn").model, GREY, 10).rows}
    assert rows["pool3"].output_shape == (256, 3, 3)
    assert rows["flatten1"].output_shape == (2_304,)
    assert all(rows[name].parameters == 0 for name in ("pool1", "pool2", "pool3", "flatten1"))


def test_X6_article_cnn_needs_89_5_million_multiply_adds():
    multiply_adds = summarize(preset("article-cnn").model, GREY, 10).multiply_adds
    assert multiply_adds / 1e6 == pytest.approx(89.5, abs=0.05)
    net = build_model(preset("article-cnn").model, GREY, 10)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(torch.zeros(1, *GREY))
    assert multiply_adds == counter.get_total_flops() / 2


def test_small_cnn_fits_one_screen():
    net = build_model(preset("small-cnn").model, GREY, 10)
    maps = [layer.out_channels for layer in net if isinstance(layer, torch.nn.Conv2d)]
    assert len(maps) >= 2
    assert max(maps) <= 10


def test_S62_the_fast_recipe_trains_the_article_s_net_on_the_article_s_pictures():
    slow, fast = preset("article-cnn"), preset("article-cnn-fast")
    assert (fast.model, fast.data) == (slow.model, slow.data)
    assert fast.train.epochs == 3
    assert (fast.train.optimizer, fast.train.schedule, fast.train.batch_size) == ("adamw", "one-cycle", 128)
    assert (slow.train.optimizer, slow.train.schedule, slow.train.batch_size) == ("adam", "constant", 32)


def test_X7_the_unscaled_net_differs_in_its_pixels_only():
    scaled, raw = preset("two-layer-sigmoid"), preset("two-layer-sigmoid-unscaled")
    assert (scaled.data.scale_pixels, raw.data.scale_pixels) == (True, False)
    assert raw == scaled.model_copy(update={"data": raw.data})
    assert raw.data == scaled.data.model_copy(update={"scale_pixels": False})


@pytest.mark.parametrize("name", list_presets())
def test_every_preset_is_nearest_to_itself_also_when_a_little_is_changed(name):
    chosen = preset(name)
    assert nearest_preset(chosen) == name
    for train in ({"learning_rate": 0.03}, {"epochs": 77}, {"batch_size": 512}):
        assert nearest_preset(chosen.model_copy(update={"train": chosen.train.model_copy(update=train)})) == name
    for data in ({"name": "digits"}, {"train_size": 100}):
        assert nearest_preset(chosen.model_copy(update={"data": chosen.data.model_copy(update=data)})) == name


def test_the_small_cnn_learns_doodles_with_a_rate_that_goes_up_and_down():
    usual, doodles = preset("small-cnn"), preset("small-cnn", "doodles")
    assert doodles.model == usual.model
    assert doodles.data == usual.data.model_copy(update={"name": "doodles"})
    assert (doodles.train.schedule, usual.train.schedule) == ("one-cycle", "constant")
    assert preset("small-cnn", "digits").train == usual.train
    assert preset("article-cnn", "doodles").train == preset("article-cnn").train
    assert nearest_preset(doodles) == "small-cnn"


def test_an_untouched_preset_goes_on_to_other_pictures_in_its_own_way_and_a_touched_one_as_it_is():
    usual, doodles = preset("small-cnn"), preset("small-cnn", "doodles")
    assert train_on(usual, "doodles") == doodles.train
    assert train_on(doodles, "digits") == usual.train
    assert train_on(usual, "digits") == usual.train
    for touched in (
        usual.model_copy(update={"train": usual.train.model_copy(update={"epochs": 6})}),
        usual.model_copy(update={"model": preset("lenet-5").model}),
    ):
        assert train_on(touched, "doodles") == touched.train


def test_the_first_minute_reads_98_percent_of_doodles_it_has_never_seen(tmp_path, monkeypatch):
    """What a newcomer's first press of Train leads to, where no other pictures are here."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    config = preset("small-cnn", "doodles")
    data = load_dataset("doodles")
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    train = config.train.model_copy(update={"precision": "fp32"})
    for event in fit(net, data.train, data.valid, train, seed=config.seed):
        assert event.kind != "run_ended" or event.reason == "finished"
    assert evaluate(net, data.test).accuracy >= 0.97


def test_other_layers_are_no_preset():
    assert nearest_preset(RunConfig(model=ModelConfig(layers=(Flatten(), Dense(7))))) is None


def test_lenet_5_has_lecun_s_count():
    assert parameters_of("lenet-5") == 61_706


def test_the_default_comes_first_and_every_preset_works():
    names = list_presets()
    assert names[0] == DEFAULT_PRESET == "small-cnn"
    assert set(names) >= {"two-layer-sigmoid", "dense-286k", "article-cnn", "small-cnn", "lenet-5"}
    for name in names:
        for shape in (GREY, (3, 32, 32)):
            net = build_model(preset(name).model, shape, 10).eval()
            with torch.no_grad():
                assert net(torch.zeros(2, *shape)).shape == (2, 10)


def test_an_unknown_preset_is_answered_with_those_there_are():
    with pytest.raises(ValueError, match=r"alexnet.*small-cnn.*article-cnn"):
        preset("alexnet")
