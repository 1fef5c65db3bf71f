"""The net of a run as plain Keras code: one line a layer, laid out with the colours last."""

from lib.activations import ACTIVATIONS
from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.export.cells import Cell
from lib.export.recipe import Repeat
from lib.models.shapes import Planned
from lib.optimizers import OPTIMIZERS


def keras_net_cell(config: RunConfig, how: Repeat) -> Cell:
    """The net, layers named as in Glasshouse; the first weights are drawn the same way, from other numbers."""
    channels, height, width = how.data.input_shape
    lines = [f"keras.Input(({height}, {width}, {channels})),"]
    lines += ["layers.Rescaling(1 / 255),"] if config.data.scale_pixels else []
    lines += _augmentation(how.data) if config.train.augment else []
    decay = config.train.weight_decay if not OPTIMIZERS[config.train.optimizer].decoupled else 0.0
    lines += [step.layer.keras_line(step, _out(step), decays=bool(decay)) for step in how.planned[:-1]] + [
        _class_layer(how.planned[-1], bool(decay))
    ]
    code = [
        f'{name} = {{"activation": {kind.keras_code}, "kernel_initializer": "he_normal"}}'
        for name, kind in ACTIVATIONS.items()
        if kind.first_weights == "he" and name in _activations(how)
    ]
    if decay:
        code.append(f"l2 = keras.regularizers.L2({decay / 2!r})  # Keras adds it to the loss it prints")
        code.append('decay = {"kernel_regularizer": l2, "bias_regularizer": l2}')
    code += ["model = keras.Sequential(", "    [", *(f"        {line}" for line in lines), "    ]", ")"]
    total = sum(step.parameters for step in how.planned)
    said = f"{total:,} trainable parameters. What comes out of each layer stands beside it.\n"
    said += "Softmax is not among the layers: the loss does it, and so does whoever asks for probabilities."
    return Cell("The net", said, "\n".join(code), ("import keras", "from keras import layers"))


def _activations(how: Repeat) -> set[str | None]:
    return {step.layer.bend for step in how.planned}


def _augmentation(data: DatasetInfo) -> list[str]:
    """About what Glasshouse does: tilt, stretch and move a little, mirror half of them where that makes sense."""
    _, height, width = data.input_shape
    return [
        *(['layers.RandomFlip("horizontal"),'] if data.mirrors else []),
        'layers.RandomRotation(0.027, fill_mode="constant"),  # of a full turn',
        'layers.RandomZoom((-0.12, 0.12), (-0.12, 0.12), fill_mode="constant"),',
        f'layers.RandomTranslation(2 / {height}, 2 / {width}, fill_mode="constant"),',
    ]


def _class_layer(step: Planned, decays: bool) -> str:
    decay = "**decay, " if decays else ""
    return f'layers.Dense({step.output_shape[0]}, dtype="float32", {decay}name="{step.name}"),{_out(step)}'


def _out(step: Planned) -> str:
    """What comes out, as Keras lays it: `14×14×8`."""
    shape = "×".join(map(str, (*step.output_shape[1:], step.output_shape[0])))
    return f"  # {shape}" + (f", {step.parameters:,} parameters" if step.parameters else "")
