"""Shortcuts for tests of runs."""

from lib import build_model, fit, load_dataset

LONG = 30.0  # seconds; nothing here takes one


def changed(config, **train):
    """The set-up with other training settings."""
    return config.model_copy(update={"train": config.train.model_copy(update=train)})


def without_seconds(epochs):
    """Published epochs without the one number that is never the same."""
    return [{name: value for name, value in epoch.items() if name != "seconds"} for epoch in epochs]


def finished(registry, config, owner="me"):
    """A run that was started and has come to its good end."""
    run = registry.start(config, owner)
    assert run.wait(LONG)
    assert run.state == "finished", run.message
    return run


def trained_by_hand(config):
    """What `fit` gives in a plain loop: events, data and net."""
    data = load_dataset(**config.data.model_dump())
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    return list(fit(net, data.train, data.valid, config.train, seed=config.seed)), data, net
