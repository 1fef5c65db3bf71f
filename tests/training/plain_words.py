"""Tiny nets to train, and events as plain values to compare."""

from lib import BatchNorm, Conv2d, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, TrainConfig, build_model, fit

PLAIN = ModelConfig(layers=(Conv2d(3), MaxPool2d(), Flatten(), Dense(8, "tanh")))
RANDOM = ModelConfig(
    layers=(Conv2d(3), BatchNorm(), Conv2d(4), Dropout(0.2), MaxPool2d(), Flatten(), Dense(8), Dropout(0.5))
)
CONFIG = TrainConfig(learning_rate=0.01, batch_size=8, epochs=5, precision="fp32")


def net_of(data, model=PLAIN, seed=0):
    return build_model(model, data.input_shape, len(data.classes), seed)


def settings_of(config, **changes):
    return config.model_copy(update=changes)


def told(event):
    """An event as plain values, without the time it took."""
    match event.kind:
        case "run_started":
            return "started", event.step, event.valid_loss, event.valid_accuracy
        case "step_end":
            return "step", event.step, event.epoch, event.loss, event.accuracy
        case "learning_rate_changed":
            return "rate", event.step, event.learning_rate
        case "evaluating":
            return "evaluating", event.done, event.total
        case "epoch_end":
            values = (event.train_loss, event.train_accuracy, event.valid_loss, event.valid_accuracy)
            return "epoch", event.epoch, *values, event.learning_rate
        case "run_ended":
            return "ended", event.reason, event.step, event.message


def history(data, model=RANDOM, config=CONFIG, seed=0):
    return [told(event) for event in fit(net_of(data, model, seed), data.train, data.valid, config, seed=seed)]


def steps_of(events):
    return [event for event in events if event.kind == "step_end"]
