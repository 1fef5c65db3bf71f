"""What the product claims of its presets, trained for real on Fashion-MNIST: `make soak`."""

from functools import cache

import pytest

from lib import build_model, evaluate, fit, load_dataset, preset

pytestmark = [pytest.mark.soak, pytest.mark.fashion]


@cache
def measured(name: str, precision: str = "auto", **data: object) -> float:
    """Train a preset as it says; the test accuracy."""
    config = preset(name)
    config = config.model_copy(update={"train": config.train.model_copy(update={"precision": precision})})
    pictures = load_dataset(**(config.data.model_dump() | data))
    net = build_model(config.model, pictures.input_shape, len(pictures.classes), config.seed)
    for _ in fit(net, pictures.train, pictures.valid, config.train, seed=config.seed):
        pass
    return evaluate(net, pictures.test).accuracy


def test_the_default_preset_reads_over_88_per_cent_after_5_epochs() -> None:
    assert preset("small-cnn").train.epochs == 5
    assert measured("small-cnn") > 0.88


def test_S44_X7_unscaled_pixels_explain_the_articles_0_7203() -> None:
    scaled = measured("two-layer-sigmoid")
    raw = measured("two-layer-sigmoid", scale_pixels=False)
    assert 0.86 < scaled < 0.89
    assert raw < scaled - 0.05


def test_S45_the_dense_net_reaches_about_88_per_cent() -> None:
    assert measured("dense-286k") > 0.87


def test_S62_the_fast_recipe_passes_the_article_in_3_epochs() -> None:
    assert preset("article-cnn-fast").train.epochs == 3
    assert measured("article-cnn-fast") >= 0.9054


def test_bfloat16_stays_within_half_a_point_of_float32_after_3_epochs_of_the_article_cnn() -> None:
    scores = {precision: measured("article-cnn-fast", precision) for precision in ("bf16", "fp32")}
    assert scores["bf16"] == pytest.approx(scores["fp32"], abs=0.005)
