"""Where each word of the field can be touched: a page, and what its address adds."""

import re

from lib.ui.words import DEFAULT, say, say_in

_BENCH = {"view": "bench"}
_SURENESS = ("classify", {"classify-view": "sureness"})
_MATTERS = ("look_inside", {"view": "matters"})
_MISTAKES = ("diagnose", {"diagnose-view": "mistakes"})
_LAID_OUT = ("diagnose", {"diagnose-view": "projection"})
_SEEDS = ("compare", {"compare-view": "experiments"})
_NEURONS = ("learn", {"section": "neurons"})
_LOSS = ("learn", {"section": "loss"})
_DESCENT = ("learn", {"section": "descent"})
_ITERATION = ("learn", {"section": "iteration"})
_COST = ("learn", {"section": "cost"})
_CLUSTERS = ("learn", {"section": "clusters"})
_TRAIN: tuple[str, dict[str, str]] = ("train", {})

# Term -> page and what its address adds; a section of Learn, or where it happens for real.
PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "accuracy": _LOSS,
    "activation": _NEURONS,
    "adam": _TRAIN,
    "adversarial": ("labs", {"lab": "fool"}),
    "augmentation": ("classify", {"classify-view": "shift"}),
    "backpropagation": ("look_inside", {"view": "backwards"}),
    "batch": _ITERATION,
    "batch_norm": _TRAIN,
    "batch_size": _TRAIN,
    "bias": _NEURONS,
    "bits": ("labs", {"lab": "shrink"}),
    "calibration": _SURENESS,
    "channel": ("data", {"data-view": "colour"}),
    "class_": ("data", {}),
    "cnn": ("compare", {}),
    "confusion_matrix": _MISTAKES,
    "convolution": ("look_inside", _BENCH | {"kernel": "blur"}),
    "cross_entropy": _LOSS,
    "data_set": ("data", {}),
    "dense": _NEURONS,
    "dropout": _TRAIN,
    "ece": _SURENESS,
    "entropy": ("classify", {"classify-view": "picture"}),
    "epoch": _TRAIN,
    "f1": _MISTAKES,
    "feature_map": ("look_inside", {"view": "maps"}),
    "field_of_view": ("look_inside", _BENCH),
    "filter": ("look_inside", _BENCH | {"kernel": "vertical"}),
    "flatten": _COST,
    "float32": _TRAIN,
    "forward": ("look_inside", {"view": "maps"}),
    "global_average_pooling": ("classify", {"classify-view": "shift"}),
    "grad_cam": _MATTERS,
    "gradient": _ITERATION,
    "gradient_descent": _DESCENT,
    "hidden_layer": _NEURONS,
    "hyperparameter": _DESCENT,
    "iteration": _ITERATION,
    "k_means": _CLUSTERS,
    "label": _LOSS,
    "layer": _TRAIN,
    "learning_rate": _DESCENT,
    "local_minimum": _DESCENT,
    "loss": _LOSS,
    "margin": ("classify", {"classify-view": "picture"}),
    "mcnemar": ("compare", {"compare-view": "runs"}),
    "momentum": _DESCENT,
    "mse": _LOSS,
    "multiply_adds": _COST,
    "net": _NEURONS,
    "neuron": _NEURONS,
    "occlusion": _MATTERS,
    "one_hot": ("data", {"data-view": "labels"}),
    "optimizer": _TRAIN,
    "output": _NEURONS,
    "overfitting": ("diagnose", {}),
    "padding": ("look_inside", _BENCH | {"kernel": "blur"}),
    "parameter": _NEURONS,
    "pca": _LAID_OUT,
    "pixel": ("data", {"data-view": "pictures"}),
    "pooling": ("look_inside", _BENCH | {"kernel": "vertical", "pooling": "both"}),
    "precision": _MISTAKES,
    "prediction": _LOSS,
    "range_test": ("compare", {"compare-view": "finder"}),
    "recall": _MISTAKES,
    "reliability": _SURENESS,
    "relu": _NEURONS,
    "run": _TRAIN,
    "saliency": _MATTERS,
    "schedule": _TRAIN,
    "score": _NEURONS,
    "seed": _SEEDS,
    "sgd": _TRAIN,
    "sigmoid": _NEURONS,
    "slope": _DESCENT,
    "softmax": _NEURONS,
    "standard_error": _SEEDS,
    "stride": ("look_inside", _BENCH | {"kernel": "vertical"}),
    "supervised": _CLUSTERS,
    "sweep": ("compare", {"compare-view": "sweep"}),
    "t_sne": _LAID_OUT,
    "tanh": _NEURONS,
    "temperature": _SURENESS,
    "tensor": ("data", {"data-view": "colour"}),
    "test_pictures": ("diagnose", {"diagnose-view": "gap"}),
    "threshold": _SURENESS,
    "time_machine": ("look_inside", {"view": "maps"}),
    "training_pictures": ("data", {"data-view": "split"}),
    "update": _ITERATION,
    "validation": _TRAIN,
    "vanishing": ("look_inside", {"view": "backwards"}),
    "vector": ("data", {"data-view": "pictures"}),
    "weight": _NEURONS,
    "weight_decay": _TRAIN,
    "weighted_sum": _NEURONS,
}
# What a page calls the views that an address may name.
_VIEWS = {
    "section": "learn.{}",
    "view": "views.look_inside_{}",
    "classify-view": "views.classify_{}",
    "compare-view": "views.compare_{}",
    "diagnose-view": "views.diagnose_{}",
    "data-view": "data.{}",
    "lab": "lab_{}.title",
}


def name_of_term(term: str) -> str:
    """The word in this language, and behind it the English words that it does not hold, so that either finds it."""
    own, english = say(f"glossary.{term}"), say_in(DEFAULT, f"glossary.{term}")
    more = [word for word in english.split(", ") if not re.search(rf"\b{re.escape(word)}\b", own, re.IGNORECASE)]
    return f"{own} ({', '.join(more)})" if more else own


def place_key(term: str) -> str:
    """The word that names the place of a term: its view's where the address names one, else its page's."""
    page, query = PLACES[term]
    for name, key in _VIEWS.items():
        if name in query:
            return key.format(query[name])
    return f"pages.{page}"
