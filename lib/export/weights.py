"""The trained weights as files: safetensors, with the set-up in the header, and ONNX for other runtimes."""

from importlib.util import find_spec

import torch
from safetensors.torch import save
from torch import nn

from lib.datasets.measured_rules import told
from lib.runs import Run

_ONNX_PACKAGES = ("onnx", "onnxscript")


class NoWeights(ValueError):
    """There are no weights to export; the text says why."""


def safetensors(run: Run) -> bytes:
    """The weights as `lib.nets.ready.save_ready_net` writes them: Glasshouse's own command line reads them too."""
    step, net = trained(run)
    weights = {name: value.contiguous() for name, value in net.state_dict().items()}
    header = {
        "format": "glasshouse-weights",
        "version": "1",
        "config": run.config.model_dump_json(),
        "steps": str(step),
    }
    header |= told(run.dataset)
    content: bytes = save(weights, metadata=header)
    return content


def onnx_is_here() -> bool:
    """Whether the packages of the `export` extra are installed."""
    return all(find_spec(name) is not None for name in _ONNX_PACKAGES)


def onnx(run: Run) -> bytes:
    """The net with softmax as an ONNX file: `pictures` `(batch, C, H, W)` -> `probabilities` `(batch, classes)`.

    The pictures are those that the net saw: pixels times 1/255, or as they are where scaling was off.
    """
    _, net = trained(run)
    answering = nn.Sequential(net, nn.Softmax(dim=1)).eval()
    pictures = torch.zeros(2, *run.dataset.input_shape)
    made = torch.onnx.export(
        answering,
        (pictures,),
        dynamo=True,
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        input_names=["pictures"],
        output_names=["probabilities"],
        external_data=False,
        verbose=False,
    )
    if made is None:  # torch promises nothing where it was asked to write a file
        raise NoWeights("PyTorch gave no ONNX program for this net.")
    content: bytes = made.model_proto.SerializeToString()
    return content


def trained(run: Run) -> tuple[int, nn.Sequential]:
    """`(step, net)` of a run that has weights; NoWeights otherwise."""
    if not run.has_weights or run.weights() is None:
        raise NoWeights("The curves of this run were kept, not its weights.")
    return run.model()
