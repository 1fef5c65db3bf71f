"""The pictures of a run as code that stands alone: where they come from, how they are cut, in which batches."""

from lib.config import DataConfig, RunConfig
from lib.datasets import balance
from lib.datasets.sets import SETS, DatasetInfo
from lib.datasets.sets.kind import Program
from lib.export.cells import Cell, plain, quoted
from lib.training import batches

_CHUNK = 2048  # pictures that are augmented at once, as in `lib.training.batches`

_PUT_BESIDE = "Put {name}.npz beside this program; Glasshouse gives it on the same page."
_FILE = """
with np.load("{name}.npz") as file:
    images, labels = torch.from_numpy(file["train_images"]), torch.from_numpy(file["train_labels"])
    test_images, test_labels = torch.from_numpy(file["test_images"]), torch.from_numpy(file["test_labels"])
    alike = torch.from_numpy(file["train_alike"]) if "train_alike" in file else None  # nearly the same pictures
"""


def needs_file(name: str) -> bool:
    """True if the program cannot come by the pictures alone, and reads `<name>.npz` beside itself."""
    return _program(name) is None


def needed_packages(name: str) -> tuple[str, ...]:
    """What to install beside torch for these pictures, by the names that pip knows."""
    program = _program(name)
    return program.packages if program else ("numpy",)


def _program(name: str) -> Program | None:
    return SETS[name].torch if name in SETS else None


def pictures_cell(data: DataConfig, info: DatasetInfo) -> Cell:
    """Load all pictures: `images, labels, test_images, test_labels`."""
    shape = " × ".join(map(str, info.input_shape))
    count = f"{info.train_count:,} + {info.test_count:,}"
    said = f"{plain(info.title)}: {count} pictures of {shape} bytes, as tensors in memory."
    program = _program(data.name)
    if program is None:
        needs = ("import torch", "import numpy as np")
        program = Program(lambda: _FILE.format(name=data.name), needs=needs, said=_PUT_BESIDE.format(name=data.name))
    parts = [quoted(balance), *(quoted(module, *names) for module, names in program.quotes)]
    code = "\n\n\n".join([*(code.strip() for code, _ in parts), program.load().strip()])
    imports = {line for _, lines in parts for line in lines} | set(program.needs)
    return Cell("The pictures", "\n".join(filter(None, (said, program.said))), code, tuple(sorted(imports)))


def cut_cell(data: DataConfig) -> Cell:
    """Cut them into training, validation and test, with the same pictures in each as in the run."""
    held_out = data.valid_fraction
    seeded = f"torch.Generator().manual_seed({data.seed})"
    lines = []
    valid, train = "test_images, test_labels", "images, labels"
    if held_out or data.train_size or data.keep:
        alike = ", alike" if needs_file(data.name) else ""
        lines.append(f"generator = {seeded}")
        lines.append(f"valid_index, order = cut(labels, {held_out!r}, generator{alike})  # each class keeps its share")
        chosen = "order" if data.train_size is None else f"order[:{data.train_size}]"
        if data.keep:
            lines.append(f"KEEP = {list(data.keep)!r}  # class, per cent of its training pictures that stay")
            chosen = f"thinned({chosen}, labels, KEEP)"
        if held_out:
            lines.append("valid_index = valid_index.sort().values")
            valid = "images[valid_index], labels[valid_index]"
        lines.append(f"train_index = {chosen}.sort().values")
        train = "images[train_index], labels[train_index]"
    if data.test_size:
        lines.append(f"test_index = balanced_order(test_labels, {seeded})[:{data.test_size}].sort().values")
        lines.append("test_images, test_labels = test_images[test_index], test_labels[test_index]")
    lines += [f"valid_images, valid_labels = {valid}", f"train_images, train_labels = {train}"]
    said = "Validation is a slice of the training pictures; the test pictures never train."
    if not held_out:
        said = "All training pictures train, and the validation curve is measured on the test pictures."
    return Cell("Training, validation, test", said, "\n".join(lines), ("import torch",))


def batches_cell(config: RunConfig, info: DatasetInfo) -> Cell:
    """The batches of an epoch, in the order of the run."""
    code, imports = quoted(batches, "generator_for", *(["varied"] if config.train.augment else []))
    factor = "1 / 255" if config.data.scale_pixels else "1.0"
    said = "what a net sees is the pixel times this" if config.data.scale_pixels else "pixels are left at 0..255"
    lines = [code, "", "", f"SCALE = {factor}  # {said}", "", "", "def batches(epoch):"]
    if config.train.augment:
        lines += [
            '    """Every training picture once, each varied a little; seed and epoch decide order and change."""',
            "    order = torch.randperm(len(train_labels), generator=generator_for(SEED, epoch))",
            f"    together = max(1, {_CHUNK} // BATCH_SIZE) * BATCH_SIZE",
            "    for number, index in enumerate(order.split(together)):",
            "        numbers = generator_for(SEED, epoch, number)",
            f"        x = varied(train_images[index].float() * SCALE, numbers, mirror={info.mirrors})",
            "        for few, labels in zip(x.split(BATCH_SIZE), train_labels[index].split(BATCH_SIZE)):",
            "            yield few.to(DEVICE), labels.to(DEVICE)",
        ]
    else:
        lines += [
            '    """Every training picture once, in an order that depends on the seed and the epoch alone."""',
            "    order = torch.randperm(len(train_labels), generator=generator_for(SEED, epoch))",
            "    for index in order.split(BATCH_SIZE):",
            "        yield (train_images[index].float() * SCALE).to(DEVICE), train_labels[index].to(DEVICE)",
        ]
    said = "The same seed gives the same order everywhere."
    return Cell("The batches", said, "\n".join(lines), (*imports, "import torch"))
