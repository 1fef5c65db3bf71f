"""A run as a Keras program: the same layers, data set and hyperparameters, other random numbers."""

from lib.config import DataConfig, RunConfig, TrainConfig
from lib.datasets.balance import held_out_counts
from lib.datasets.sets import SETS, DatasetInfo
from lib.datasets.sets.kind import Program
from lib.export.cells import Cell, plain, quoted, script_of
from lib.export.keras_net import keras_net_cell
from lib.export.recipe import Repeat, repeat
from lib.export.torch_program import about
from lib.losses import LOSSES
from lib.optimizers import OPTIMIZERS
from lib.runs import Run
from lib.schedules import SCHEDULES

_KERAS, _NUMPY = "import keras", "import numpy as np"


def keras_script(run: Run) -> str:
    """The whole program as one file; for a run that has ended."""
    name = run.config.data.name
    program = _program(name)
    packages = ["keras", "tensorflow", *(program.packages if program else ())]
    said = about(run, "Keras", *packages)
    said += "The layers, their numbers of parameters, the data set and every setting are those of the run. The random\n"
    said += "numbers are Keras' own, so the curve is alike, not the same."
    return script_of(said, keras_cells(run))


def keras_cells(run: Run) -> list[Cell]:
    """The program in parts."""
    config, how = run.config, repeat(run)
    return [
        _settings(config, how),
        keras_net_cell(config, how),
        *_training(config, how),
        _pictures(config.data, how.data),
        _cut(config.data, how.data),
        _go(config),
    ]


def keras_needs_file(name: str) -> bool:
    """True if the Keras program reads the pictures from `<name>.npz`."""
    return _program(name) is None


def _program(name: str) -> Program | None:
    return SETS[name].keras if name in SETS else None


def _settings(config: RunConfig, how: Repeat) -> Cell:
    train = config.train
    lines = [
        f"EPOCHS = {how.epochs}",
        f"BATCH_SIZE = {train.batch_size}",
        f"LEARNING_RATE = {train.learning_rate!r}",
        f"STEPS = {how.steps or how.steps_per_epoch * how.epochs}  # in all",
        "",
        f"keras.utils.set_random_seed({config.seed})",
    ]
    if how.arithmetic.precision == "bf16":
        lines.append('keras.config.set_dtype_policy("mixed_bfloat16")')
    return Cell("Settings", "What was chosen for this run.", "\n".join(lines), (_KERAS,))


def _training(config: RunConfig, how: Repeat) -> list[Cell]:
    loss = LOSSES[config.train.loss].keras_code.replace("{classes}", str(len(how.data.classes)))
    rate, scheduled = _rate(config.train, how)
    made = OPTIMIZERS[config.train.optimizer].keras_code.format(decay=config.train.weight_decay)
    code = f"optimizer = {made}\n"
    code += 'accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")\n'
    code += "model.compile(optimizer=optimizer, loss=loss, metrics=[accuracy])\nmodel.summary()"
    return [
        Cell("The loss", "How wrong is the net?", loss, (_KERAS,)),
        Cell("The learning rate", scheduled, rate, (_KERAS, *([_NUMPY] if "np." in rate else []))),
        Cell("The optimizer", "It turns slopes into new weights.", code, (_KERAS,)),
    ]


def _rate(train: TrainConfig, how: Repeat) -> tuple[str, str]:
    """Code that makes `rate`, and what it is."""
    named = "keras.optimizers.schedules"
    if train.schedule != "constant":
        said = f"It follows a schedule: {train.schedule}."
        if how.rates:
            said += "\nIt was also changed by hand meanwhile; that is left out here."
        return SCHEDULES[train.schedule].keras_code, said
    if how.rates:
        since = f"since = {[step - 1 for step in how.rates]}"
        values = ", ".join(["LEARNING_RATE", *map(repr, how.rates.values())])
        return f"{since}\nrate = {named}.PiecewiseConstantDecay(since, [{values}])", "It was changed by hand meanwhile."
    return SCHEDULES[train.schedule].keras_code, "It stays the same."


def _pictures(data: DataConfig, info: DatasetInfo) -> Cell:
    """Load all pictures: `images, labels, test_images, test_labels`, `(N, H, W, C)` bytes."""
    said = f"{plain(info.title)}: {info.train_count:,} + {info.test_count:,} pictures; Keras wants the colours last."
    program = _program(data.name)
    if program is None:
        said += f"\nPut {data.name}.npz beside this program; Glasshouse gives it on the same page."
        load = [
            f'with np.load("{data.name}.npz") as file:',
            '    images, labels = file["train_images"].transpose(0, 2, 3, 1), file["train_labels"]',
            '    test_images, test_labels = file["test_images"].transpose(0, 2, 3, 1), file["test_labels"]',
        ]
        return Cell("The pictures", said, "\n".join(load), (_NUMPY,))
    parts = [quoted(module, *names) for module, names in program.quotes]
    code = "\n\n\n".join([*(code for code, _ in parts), program.load().strip()])
    imports = [line for _, lines in parts for line in lines]
    return Cell("The pictures", said, code, (*imports, *program.needs))


def _cut(data: DataConfig, info: DatasetInfo) -> Cell:
    held_out = held_out_counts(info.train_counts, data.valid_fraction, info.bursts)
    until = "" if data.train_size is None else f"[:{data.train_size}]"
    lines = [
        f"random = np.random.default_rng({data.seed})",
        f"HELD_OUT = {held_out}  # of each class, for validation",
        "by_class = [random.permutation(np.flatnonzero(labels == label)) for label in range(len(HELD_OUT))]",
        "valid = np.concatenate([each[:count] for each, count in zip(by_class, HELD_OUT)])",
        "train = np.concatenate([each[count:] for each, count in zip(by_class, HELD_OUT)])",
    ]
    if until:
        lines += [
            "places = [np.arange(len(each) - count) / (len(each) - count) for each, count in zip(by_class, HELD_OUT)]",
            f'train = train[np.concatenate(places).argsort(kind="stable")]{until}  # each class keeps its share',
        ]
    if data.keep:
        lines += [
            f"for label, percent in {list(data.keep)!r}:  # classes that train on fewer pictures",
            "    of_class = train[labels[train] == label]",
            "    kept = max(round(len(of_class) * percent / 100), min(percent, 1))",
            "    train = np.setdiff1d(train, of_class[kept:])",
        ]
    valid = "images[valid], labels[valid]" if data.valid_fraction else "test_images, test_labels"
    if data.test_size:
        lines.append(f"test_images, test_labels = test_images[:{data.test_size}], test_labels[:{data.test_size}]")
    lines += [f"valid_images, valid_labels = {valid}", "train_images, train_labels = images[train], labels[train]"]
    said = "As many pictures as in the run, though not the same ones."
    return Cell("Training, validation, test", said, "\n".join(lines), (_NUMPY,))


def _go(config: RunConfig) -> Cell:
    code = """model.fit(
    train_images,
    train_labels,
    validation_data=(valid_images, valid_labels),
    batch_size=BATCH_SIZE,
    epochs=EPOCHS,
    verbose=2,
)
test_loss, test_accuracy = model.evaluate(test_images, test_labels, verbose=0)
print(f"test accuracy {test_accuracy:.4f}, loss {test_loss:.4f}")"""
    said = "Keras brings the loop along."
    if not config.data.valid_fraction:
        said += " Validation is measured on the test pictures, as in the run."
    return Cell("Go", said, code)
