"""Nets that were not made here: exported by torch, or written node by node as tf2onnx writes Keras' nets.

Oracle: onnxruntime on the same pictures.
"""

import io
import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from lib.models import build_model
from lib.nets.stranger import file as stranger_file
from lib.nets.stranger.file import NotThisNet, read_graph
from lib.nets.stranger.translation import translate

RNG = np.random.default_rng(0)


def random(*shape):
    return (RNG.standard_normal(shape) * 0.3).astype(np.float32)


def opened(content):
    """`(translated, net)`."""
    found = translate(read_graph(content))
    net = build_model(found.model, found.shape, found.classes)
    net.load_state_dict(found.weights)
    return found, net.eval()


def check(content, as_fed=lambda x: x, *, softmax=True):
    """Our net says what onnxruntime says, for three pictures at once; returns what was found."""
    found, net = opened(content)
    x = torch.rand(3, *found.shape, generator=torch.Generator().manual_seed(1))
    session = onnxruntime.InferenceSession(content)
    fed = as_fed(x).numpy().astype(np.float32)
    (wanted,) = session.run(None, {session.get_inputs()[0].name: fed})
    with torch.no_grad():
        logits = net(x)
    said = logits.softmax(1) if softmax else logits
    np.testing.assert_allclose(said.numpy(), wanted, atol=1e-4)
    return found


def kinds(found):
    return [layer.in_short() for layer in found.model.layers]


# ---- exported by torch ----

NETS = {
    "norm folded": lambda: nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, stride=2),
        nn.GELU(), nn.Flatten(), nn.Linear(216, 12), nn.Tanh(), nn.Dropout(0.5), nn.Linear(12, 10), nn.Softmax(1),
    ),
    "norm kept": lambda: nn.Sequential(
        nn.Conv2d(1, 4, 5, padding=2, bias=False), nn.LeakyReLU(0.01), nn.BatchNorm2d(4, eps=1e-3), nn.AvgPool2d(2),
        nn.Conv2d(4, 4, 3, groups=4), nn.Sigmoid(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5),
        nn.Softmax(1),
    ),
    "dense": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 20), nn.BatchNorm1d(20), nn.ReLU(), nn.BatchNorm1d(20), nn.Linear(20, 10),
        nn.LogSoftmax(1),
    ),
    "uneven zeros": lambda: nn.Sequential(
        nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(1, 3, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(588, 10),
        nn.Softmax(1),
    ),
}  # fmt: skip
FOUND = {
    "norm folded": ["conv 4@3×3", "max pool 2", "conv 6@3×3 stride 2 no padding GELU", "flatten", "dense 12 tanh"],
    "norm kept": [
        "conv 4@5×5 leaky ReLU", "batch norm", "average pool 2", "depthwise 3×3 no padding sigmoid", "global average",
    ],
    "dense": ["flatten", "dense 20", "batch norm"],
    "uneven zeros": ["conv 3@3×3 stride 2", "flatten"],
}  # fmt: skip


def of_torch(net, *, dynamo=True, shape=(1, 28, 28)):
    pictures = torch.rand(2, *shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporters, about themselves
        if not dynamo:
            content = io.BytesIO()
            axes = {"pictures": {0: "batch"}}
            torch.onnx.export(net, (pictures,), content, dynamo=False, input_names=["pictures"], dynamic_axes=axes)
            return content.getvalue()
        batch = ({0: torch.export.Dim("batch")},)
        made = torch.onnx.export(
            net, (pictures,), dynamo=True, dynamic_shapes=batch, external_data=False, verbose=False
        )
    return made.model_proto.SerializeToString()


def lived(net):
    """As after training: running values of batch norm are not 0 and 1."""
    for name, buffer in net.named_buffers():
        if "running" in name:
            buffer.copy_(torch.rand(buffer.shape, generator=torch.Generator().manual_seed(3)) + 0.5)
    return net.eval()


@pytest.mark.parametrize("dynamo", [True, False])
@pytest.mark.parametrize("name", NETS)
def test_a_net_of_torch_answers_as_its_file_does(name, dynamo):
    net = lived(NETS[name]())
    if isinstance(net[-1], nn.LogSoftmax):
        net[-1] = nn.Softmax(1)
    assert kinds(check(of_torch(net, dynamo=dynamo))) == FOUND[name]


@pytest.mark.parametrize(
    ("made", "code", "says"),
    [
        (lambda: nn.Sequential(nn.Conv2d(1, 4, 3, 2, 1), nn.Flatten(), nn.Linear(784, 10)), "setting", "pads [1"),
        (lambda: nn.Sequential(nn.MaxPool2d(3, 2), nn.Flatten(), nn.Linear(169, 10)), "setting", "MaxPool 3×3"),
        (lambda: nn.Sequential(nn.Conv2d(1, 4, 3, dilation=2), nn.Flatten(), nn.Linear(2304, 10)), "setting", "groups"),
        (lambda: nn.Sequential(nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(196, 10)), "bend", "relu"),
        (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 9), nn.LeakyReLU(0.3), nn.Linear(9, 9)), "setting", "0.3"),
        (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.SiLU(), nn.Linear(10, 10)), "branches", ""),
        (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.ReLU()), "ends", ""),
        (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 5000), nn.Linear(5000, 10)), "bounds", "4096"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(made, code, says):
    with pytest.raises(NotThisNet) as refused:
        translate(read_graph(of_torch(made().eval(), dynamo=False)))
    assert refused.value.code == code
    assert refused.value.values["node"]
    assert says in str(refused.value.values)


# ---- as tf2onnx writes Keras' nets ----


def model_of(nodes, weights, shape, output="probabilities", **more):
    taken = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["unk__1", *shape])
    given = helper.make_tensor_value_info(output, TensorProto.FLOAT, None)
    constants = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "keras", [taken], [given], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8, **more)
    return made.SerializeToString()


def node(kind, takes, gives, **settings):
    return helper.make_node(kind, takes, [gives], name=f"sequential/{gives}/{kind}", **settings)


def keras_cnn(colours=1, *, rescaled=False):
    """Rescaling?, Conv2D same ReLU, BatchNormalization, MaxPooling2D, Conv2D valid stride 2 tanh, Flatten, Dense ×2."""
    weights = {
        "k1": random(4, colours, 3, 3), "b1": random(4), "scale": random(4), "shift": random(4), "mean": random(4),
        "var": np.abs(random(4)) + 0.5, "k2": random(6, 4, 3, 3), "b2": random(6).reshape(1, 6, 1, 1),
        "flat": np.array([-1, 6 * 6 * 6], dtype=np.int64), "d1": random(216, 12), "db1": random(12),
        "d2": random(12, 10), "db2": random(10),
        "r": np.array(1 / 255, dtype=np.float32), "o": np.array(0, dtype=np.float32),
    }  # fmt: skip
    first = [node("Mul", ["pictures", "r"], "mul"), node("Add", ["mul", "o"], "scaled")] if rescaled else []
    nodes = [
        *first,
        node("Transpose", ["scaled" if rescaled else "pictures"], "nchw", perm=[0, 3, 1, 2]),
        node("Conv", ["nchw", "k1", "b1"], "conv", pads=[1, 1, 1, 1], strides=[1, 1], kernel_shape=[3, 3]),
        node("Relu", ["conv"], "relu"),
        node("BatchNormalization", ["relu", "scale", "shift", "mean", "var"], "norm", epsilon=0.001),
        node("MaxPool", ["norm"], "pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["pool", "k2"], "conv2", strides=[2, 2], kernel_shape=[3, 3], auto_pad="VALID"),
        node("Add", ["conv2", "b2"], "bias2"),
        node("Tanh", ["bias2"], "tanh"),
        node("Transpose", ["tanh"], "nhwc", perm=[0, 2, 3, 1]),
        node("Reshape", ["nhwc", "flat"], "flatten"),
        node("MatMul", ["flatten", "d1"], "matmul"),
        node("Add", ["matmul", "db1"], "dense"),
        node("Relu", ["dense"], "relu2"),
        node("MatMul", ["relu2", "d2"], "matmul2"),
        node("Add", ["matmul2", "db2"], "logits"),
        node("Softmax", ["logits"], "probabilities"),
    ]
    return model_of(nodes, weights, (28, 28, colours))


KERAS = ["conv 4@3×3", "batch norm", "max pool 2", "conv 6@3×3 stride 2 no padding tanh", "flatten", "dense 12"]


def last(x):
    return x.permute(0, 2, 3, 1)


@pytest.mark.parametrize("colours", [1, 3])
def test_a_net_of_keras_answers_as_its_file_does(colours):
    found = check(keras_cnn(colours), last)
    assert kinds(found) == KERAS
    assert (found.shape, found.scales) == ((colours, 28, 28), False)


def test_a_rescaling_of_keras_is_known_by_its_255():
    found = check(keras_cnn(rescaled=True), lambda x: last(x) * 255)
    assert (kinds(found), found.scales) == (KERAS, True)


def test_pictures_without_a_colour_axis_and_one_that_is_put_there():
    weights = {
        "maps": np.array([-1, 1, 28, 28], dtype=np.int64), "k": random(3, 1, 5, 5), "b": random(3),
        "flat": np.array([-1, 3 * 28 * 28], dtype=np.int64), "d": random(2352, 10), "axes": np.array([2, 3], np.int64),
    }  # fmt: skip
    nodes = [
        node("Reshape", ["pictures", "maps"], "nchw"),
        node("Conv", ["nchw", "k", "b"], "conv", auto_pad="SAME_UPPER", kernel_shape=[5, 5]),
        node("LeakyRelu", ["conv"], "leaky", alpha=0.01),
        node("Transpose", ["leaky"], "nhwc", perm=[0, 2, 3, 1]),
        node("Reshape", ["nhwc", "flat"], "flatten"),
        node("MatMul", ["flatten", "d"], "probabilities"),
    ]
    found = check(model_of(nodes, weights, (28, 28)), lambda x: x[:, 0], softmax=False)
    assert kinds(found) == ["conv 3@5×5 leaky ReLU", "flatten"]
    found = check(model_of(nodes, weights, (784,)), lambda x: x.flatten(1), softmax=False)
    assert kinds(found) == ["conv 3@5×5 leaky ReLU", "flatten"]


def test_a_dense_net_of_rows_and_a_mean_of_maps():
    weights = {"d": random(784, 8), "b": random(8), "e": random(8, 10)}
    nodes = [
        node("MatMul", ["pictures", "d"], "matmul"),
        node("Add", ["b", "matmul"], "sum"),
        node("Sigmoid", ["sum"], "sigmoid"),
        node("Gemm", ["sigmoid", "e"], "probabilities"),
    ]
    found = check(model_of(nodes, weights, (784,)), lambda x: x.flatten(1), softmax=False)
    assert (kinds(found), found.shape) == (["flatten", "dense 8 sigmoid"], (1, 28, 28))
    weights = {"k": random(5, 3, 3, 3), "d": random(5, 10)}
    nodes = [
        node("Transpose", ["pictures"], "nchw", perm=[0, 3, 1, 2]),
        node("Conv", ["nchw", "k"], "conv", pads=[1, 1, 1, 1]),
        node("Transpose", ["conv"], "nhwc", perm=[0, 2, 3, 1]),
        node("Relu", ["nhwc"], "relu"),
        node("ReduceMean", ["relu"], "mean", axes=[1, 2], keepdims=0),
        node("MatMul", ["mean", "d"], "logits"),
        node("Softmax", ["logits"], "probabilities", axis=-1),
    ]
    assert kinds(check(model_of(nodes, weights, (32, 32, 3)), last)) == ["conv 5@3×3", "global average"]


@pytest.mark.parametrize("where", ["maps", "row", "row at once"])
def test_a_scale_leaves_the_numbers_in_the_order_of_the_file(where):
    weights = {
        "k": random(3, 1, 3, 3), "flat": np.array([-1, 3 * 28 * 28], dtype=np.int64), "d": random(2352, 10),
        "m": random(3), "a": random(3), "rm": random(2352), "ra": random(2352), "mean": random(2352),
        "var": np.abs(random(2352)) + 0.5,
    }  # fmt: skip
    scaled = {
        "maps": [node("Mul", ["nhwc", "m"], "mul"), node("Add", ["mul", "a"], "scaled"), ("scaled", "row")],
        "row": [("nhwc", "row"), node("Mul", ["row", "rm"], "mul"), node("Add", ["mul", "ra"], "last")],
        "row at once": [("nhwc", "row"), node("BatchNormalization", ["row", "rm", "ra", "mean", "var"], "last")],
    }[where]
    nodes = [
        node("Transpose", ["pictures"], "nchw", perm=[0, 3, 1, 2]),
        node("Conv", ["nchw", "k"], "conv", pads=[1, 1, 1, 1]),
        node("Relu", ["conv"], "relu"),
        node("Transpose", ["relu"], "nhwc", perm=[0, 2, 3, 1]),
        *(node("Reshape", [each[0], "flat"], each[1]) if isinstance(each, tuple) else each for each in scaled),
        node("MatMul", ["row" if where == "maps" else "last", "d"], "probabilities"),
    ]
    found = check(model_of(nodes, weights, (28, 28, 1)), last, softmax=False)
    then = ["batch norm", "flatten"] if where == "maps" else ["flatten", "batch norm"]
    assert kinds(found) == ["conv 3@3×3", *then]


# ---- files that ask for more ----


def changed(change, content=None):
    from onnx import ModelProto

    model = ModelProto.FromString(content or keras_cnn())
    change(model)
    return model.SerializeToString()


def _outside(model):
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")


def _nan(model):
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(np.full((4, 1, 3, 3), np.nan, np.float32), "k1"))


def _short(model):
    model.graph.initializer[0].raw_data = b"1234"


def _wide(model):
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(random(4, 2, 3, 3), "k1"))


def _huge(model):
    del model.graph.initializer[0].dims[:]
    model.graph.initializer[0].dims.extend([2**40, 2**20])


def _domain(model):
    model.graph.node[1].domain = "com.example"


def _two(model):
    model.graph.input.add().CopyFrom(helper.make_tensor_value_info("also", TensorProto.FLOAT, [1]))


def _other_kind(model):
    model.graph.node[2].op_type = "Hardmax"


def _joins(model):
    model.graph.node[3].CopyFrom(node("Add", ["relu", "conv"], "norm"))


def _no_weights(model):
    del model.graph.initializer[0]


def _circle(model):
    model.graph.node[2].input[0] = "relu"


def _open_sides(model):
    model.graph.input[0].type.tensor_type.shape.dim[1].ClearField("dim_value")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_outside, "outside"), (_nan, "no_number"), (_short, "weights"), (_wide, "weights"), (_huge, "too_large"),
        (_domain, "custom"), (_two, "several"), (_other_kind, "kind"), (_joins, "branches"),
        (_no_weights, "weights"), (_circle, None), (_open_sides, "pictures"),
    ],
)  # fmt: skip
def test_a_file_that_asks_for_more_is_refused_in_words(change, code):
    with pytest.raises(NotThisNet) as refused:
        translate(read_graph(changed(change)))
    assert code is None or refused.value.code == code


def test_what_is_no_onnx_is_refused(monkeypatch):
    whole = keras_cnn()
    for content in (b"", b"not a net", whole[: len(whole) // 2], b"\x00" * 100, b"\x0a" * 5_000):
        with pytest.raises(NotThisNet):
            translate(read_graph(content))
    monkeypatch.setattr(stranger_file, "MAX_BYTES", 100)
    with pytest.raises(NotThisNet, match="too_large"):
        read_graph(whole)
    monkeypatch.setattr(stranger_file, "MAX_BYTES", 10**9)
    monkeypatch.setattr(stranger_file, "onnx_is_here", lambda: False)
    with pytest.raises(NotThisNet, match="no_package"):
        read_graph(whole)


def test_bytes_changed_at_random_never_do_more_than_be_refused():
    whole = bytearray(keras_cnn())
    for seed in range(150):
        random_of = np.random.default_rng(seed)
        content = bytearray(whole)
        for place in random_of.integers(0, len(content), 8):
            content[place] = random_of.integers(0, 256)
        try:
            opened(bytes(content))
        except NotThisNet:
            continue
