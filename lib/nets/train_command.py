"""`python -m lib.cli train`: train a preset as the page does, print every epoch, save and record the result."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from pydantic import ValidationError

from lib.config import SCHEDULES, RunConfig, first_problem
from lib.datasets import load_dataset
from lib.models import preset
from lib.nets.ready import save_ready_net
from lib.nets.recording import record, write_recording
from lib.runs import Limits, Registry, Run

FAILED = 1

_GROUPS = {
    "data": ("name", "train_size"),
    "train": ("epochs", "learning_rate", "schedule", "batch_size", "precision", "augment"),
}
_LOOK_SECONDS = 0.2  # between looks at a run that trains
_PARTS = 1_000  # of the bar


def _ending(ending: str) -> Callable[[click.Context, click.Parameter, str | None], Path | None]:
    """Take a file's name, if it ends so that it can be read back."""

    def named(_context: click.Context, _option: click.Parameter, text: str | None) -> Path | None:
        if text is not None and (not text.endswith(ending) or Path(text).is_dir()):
            raise click.BadParameter(f"{text} should be a file that ends in {ending}, to be read back later.")
        return None if text is None else Path(text)

    return named


@click.command("train", help="Train PRESET, for example small-cnn, and print every epoch.")
@click.argument("preset_name", metavar="PRESET")
@click.option("--data", "name", help="Another data set than the preset's.")
@click.option("--train-size", type=int, help="Train on so many pictures only.")
@click.option("--epochs", type=int)
@click.option("--learning-rate", type=float, help="The largest one of the schedule.")
@click.option("--schedule", type=click.Choice(SCHEDULES))
@click.option("--batch-size", type=int)
@click.option("--precision", type=click.Choice(("auto", "fp32", "bf16")))
@click.option("--augment", is_flag=True, default=None, help="Vary the training pictures a little.")
@click.option("--seed", type=int, default=0)
@click.option("--save", callback=_ending(".safetensors"), help="Write the trained net to this .safetensors file.")
@click.option("--record", "kept", callback=_ending(".json"), help="Write curves and result to this .json file.")
def train(preset_name: str, save: Path | None, kept: Path | None, **asked: Any) -> int:
    """Train it; 1 if it came to nothing."""
    for path in filter(None, (save, kept)):
        path.parent.mkdir(parents=True, exist_ok=True)  # says at once if that cannot be, not after the training
    with _trained(_asked_for(preset_name, asked)) as run:
        if run.tested is None:
            click.echo(run.message, err=True)
            return FAILED
        click.echo(f"test      loss {run.tested.loss:.4f}  accuracy {run.tested.accuracy:.4f}")
        if save:
            save_ready_net(save, run.config, *run.model())
            click.echo(f"saved to {save}")
        if kept:
            write_recording(kept, record(preset_name, run))
            click.echo(f"recorded in {kept}")
    return 0


def _asked_for(preset_name: str, asked: dict[str, Any]) -> RunConfig:
    """The preset, with what was asked to be different; ValueError if that makes no sense."""
    chosen = preset(preset_name, asked["name"]).model_dump()
    chosen["seed"] = asked["seed"]
    for group, names in _GROUPS.items():
        chosen[group] |= {name: asked[name] for name in names if asked[name] is not None}
    try:
        return RunConfig.model_validate(chosen)
    except ValidationError as error:
        option = {"name": "data"}.get(name := str(error.errors()[0]["loc"][-1]), name).replace("_", "-")
        said = first_problem(error).partition(": ")[2].replace("Input should", "It should")
        raise ValueError(f"--{option} {error.errors()[0]['input']} cannot be. {said}.") from None


@contextmanager
def _trained(config: RunConfig) -> Iterator[Run]:
    """Train as the page does, and print every epoch; the run when it has ended, in a folder that is gone afterwards."""
    load_dataset(**config.data.model_dump())  # says at once if it is not here
    with TemporaryDirectory(prefix="glasshouse-") as folder:
        registry = Registry(Path(folder), replace(Limits.from_environment(), lease_seconds=0.0))
        try:
            run = registry.start(config, "command line")
            _watch(run)
            yield run
        finally:
            registry.close()


def _watch(run: Run) -> None:
    """Print what there is to say until it has ended; a terminal has a bar below."""
    printed = 0
    is_terminal = sys.stderr.isatty()
    with click.progressbar(length=_PARTS, label="", file=sys.stderr, hidden=not is_terminal) as bar:
        while not run.wait(_LOOK_SECONDS) or printed < len(run.log.epochs):
            for epoch in run.log.epochs[printed:]:
                if is_terminal:
                    click.echo("\r\x1b[K", nl=False, err=True)  # the line that the bar stands on
                _print_epoch(**epoch)
                printed += 1
            bar.update(int(_PARTS * run.status()["progress"]) - bar.pos)


def _print_epoch(epoch: float, valid_loss: float, valid_accuracy: float, **trained: float) -> None:
    line = f"epoch {epoch:>3.4g}  valid_loss {valid_loss:.4f}  valid_accuracy {valid_accuracy:.4f}"
    if trained:
        line += "  loss {train_loss:.4f}  accuracy {train_accuracy:.4f}  {seconds:.1f} s".format_map(trained)
    click.echo(line)
