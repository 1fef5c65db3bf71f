import errno
import gzip
import hashlib
import io
import os
import pickle  # noqa: TID251  (CIFAR-10's files are pickles; lib only lets torchvision read checked ones)
import tarfile
import warnings

import numpy as np
import pytest

from lib.datasets import DatasetUnavailable, fetch, list_datasets, load_dataset, local
from lib.datasets.sets import SETS
from lib.datasets.sets.downloaded import IDX_FILES
from lib.home.lock import HomeLock


def left_behind(home):
    return sorted(path.name for path in home.rglob("*") if path.is_file() and path.name != "verified.json")


def available(name):
    return next(entry.available for entry in list_datasets() if entry.name == name)


def test_sources_are_torchvisions(home):
    sources = {name: kind.fetched.source() for name, kind in SETS.items() if kind.fetched}
    assert set(sources) == {"fashion-mnist", "mnist", "kmnist", "cifar-10"}
    assert all(source.mirrors for source in sources.values())
    assert [file for file, _ in sources["fashion-mnist"].downloads] == list(IDX_FILES)
    assert len(sources["cifar-10"].files) == 7
    for name in ("digits", "mnist-5k", "imagenet"):
        with pytest.raises(ValueError, match=f"'{name}' cannot be downloaded; .*fashion-mnist"):
            fetch(name)


def test_fetched_pictures_are_those_that_were_written(home, mirror, arrays):
    assert not available("mnist")
    told = []
    folder = fetch("mnist", lambda done, total: told.append((done, total)), [mirror.url])
    size = sum(map(len, mirror.files.values()))
    assert folder == home / "data" / "mnist"
    assert told[-1] == (size, size)
    assert told == sorted(told)
    assert {total for _, total in told} == {size}
    assert left_behind(home) == sorted(IDX_FILES)
    assert available("mnist")
    mnist = load_dataset("mnist", valid_fraction=0)
    assert np.array_equal(mnist.train.images[:, 0].numpy(), arrays[0])
    assert np.array_equal(mnist.test.labels.numpy(), arrays[3])
    assert fetch("mnist", mirrors=["http://127.0.0.1:9/"]) == folder  # nothing to do, so nobody is asked


@pytest.mark.parametrize("fault", ["cut", "bent", "gone"])
def test_damage_on_the_way_is_fetched_again(home, mirror, fault):
    mirror.faults[IDX_FILES[0]] = [fault]
    fetch("mnist", mirrors=[mirror.url])
    assert mirror.asked[IDX_FILES[0]] == 2
    assert left_behind(home) == sorted(IDX_FILES)


@pytest.mark.parametrize("fault", ["cut", "bent", "gone"])
def test_damage_that_stays_is_never_used(home, mirror, fault):
    mirror.faults[IDX_FILES[1]] = [fault] * 9
    with pytest.raises(DatasetUnavailable, match="press Download"):
        fetch("mnist", mirrors=[mirror.url])
    assert left_behind(home) == [IDX_FILES[0]]
    assert not available("mnist")
    with pytest.raises(DatasetUnavailable):
        load_dataset("mnist")
    mirror.faults.clear()
    fetch("mnist", mirrors=[mirror.url])  # only what is missing
    assert mirror.asked[IDX_FILES[0]] == 1
    assert available("mnist")


def test_the_next_mirror_takes_over(home, mirror):
    fetch("mnist", mirrors=["http://127.0.0.1:9/gone", mirror.url + "/"])
    assert available("mnist")


def test_no_network_is_one_sentence(home, small_mnist):
    with pytest.raises(DatasetUnavailable) as caught:
        fetch("mnist", mirrors=["http://127.0.0.1:9/"])
    sentence = str(caught.value)
    assert sentence.startswith("mnist could not be downloaded (Connection refused): connect to the internet")
    for way in ("press Download", "python -m lib.cli fetch mnist", "choose digits or doodles"):
        assert way in sentence
    assert left_behind(home) == []


def test_a_file_that_no_mirror_has(home, mirror):
    del mirror.files[IDX_FILES[2]]
    with pytest.raises(DatasetUnavailable, match="Not Found"):
        fetch("mnist", mirrors=[mirror.url])


def test_cancelling_leaves_nothing_broken(home, mirror):
    class Cancelled(Exception):
        pass

    def progress(done, total):
        if done > total // 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch("mnist", progress, [mirror.url])
    assert not [name for name in left_behind(home) if name.endswith(".part")]
    assert not available("mnist")
    fetch("mnist", mirrors=[mirror.url])
    assert available("mnist")


@pytest.mark.parametrize("damage", [lambda d: d[:-1], lambda d: d[:-1] + bytes([d[-1] ^ 1]), lambda _: b""])
def test_a_file_damaged_on_disk_is_found_and_fetched_again(home, mirror, damage):
    folder = fetch("mnist", mirrors=[mirror.url])
    path = folder / IDX_FILES[0]
    good = path.read_bytes()
    path.write_bytes(damage(good))
    os.utime(path, ns=(1, 1))
    assert not available("mnist")
    with pytest.raises(DatasetUnavailable):
        load_dataset("mnist")
    fetch("mnist", mirrors=[mirror.url])
    assert path.read_bytes() == good
    assert mirror.asked == {IDX_FILES[0]: 2, **dict.fromkeys(IDX_FILES[1:], 1)}


def test_damage_that_hides_behind_an_old_date_is_found_when_reading(home, mirror):
    path = fetch("mnist", mirrors=[mirror.url]) / IDX_FILES[0]
    stat, data = path.stat(), path.read_bytes()
    path.write_bytes(data[:200] + bytes([data[200] ^ 255]) + data[201:])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert available("mnist")  # it looks untouched
    with pytest.raises(DatasetUnavailable, match="is damaged"):
        load_dataset("mnist")
    assert not available("mnist")
    fetch("mnist", mirrors=[mirror.url])
    assert len(load_dataset("mnist").test) == 20


def test_checksums_are_remembered(home, mirror, monkeypatch):
    fetch("mnist", mirrors=[mirror.url])
    local._checksum.cache_clear()
    monkeypatch.setattr(local, "_checksum", lambda *_: pytest.fail("read a data file again"))
    assert available("mnist")


@pytest.mark.parametrize("memo", ["", "{}", "[]", "null", '{"gone.gz": [1, 2]}', '{"train-images-idx3-ubyte.gz": 3}'])
def test_a_broken_memory_is_no_proof(home, mirror, memo):
    folder = fetch("mnist", mirrors=[mirror.url])
    (folder / IDX_FILES[0]).write_bytes(b"damaged")
    (folder / "verified.json").write_text(memo)
    assert not available("mnist")


def test_a_disk_that_takes_nothing(home, mirror):
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file where the folder should be")
    with pytest.raises(DatasetUnavailable, match="could not be written"):
        fetch("mnist", mirrors=[mirror.url])


def test_a_home_that_was_taken_away_is_not_made_anew_by_a_download(home, mirror):
    lock = HomeLock(home)
    home.rename(home.with_name("away"))
    with pytest.raises(DatasetUnavailable, match="Put it back, and it goes on"):
        fetch("mnist", mirrors=[mirror.url])
    assert not home.exists()
    home.with_name("away").rename(home)
    fetch("mnist", mirrors=[mirror.url])
    assert available("mnist")
    lock.release()


def test_a_disk_that_fills_in_between_keeps_nothing_half(home, mirror, monkeypatch):
    def full(_path):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("lib.home.files._settle", full)
        with pytest.raises(DatasetUnavailable, match="The disk is full: nothing can be written"):
            fetch("mnist", mirrors=[mirror.url])
    assert left_behind(home) == []


def test_old_half_files_are_swept(home, mirror):
    folder = home / "data" / "mnist"
    folder.mkdir(parents=True)
    (folder / "old.1.part").write_text("x")
    os.utime(folder / "old.1.part", (0, 0))
    (folder / "new.2.part").write_text("another process is at it")
    fetch("mnist", mirrors=[mirror.url])
    assert left_behind(home) == sorted([*IDX_FILES, "new.2.part"])


def test_a_system_copy_is_read_where_it_lies(home, tmp_path, small_mnist, arrays):
    system = tmp_path / "system" / "mnist"
    system.mkdir(parents=True)
    for name, data in small_mnist.items():  # packed by somebody else, so the checksums differ
        (system / name).write_bytes(gzip.compress(gzip.decompress(data), compresslevel=1))
    before = left_behind(system)
    assert fetch("mnist", mirrors=["http://127.0.0.1:9/"]) == system
    assert np.array_equal(load_dataset("mnist", valid_fraction=0).test.images[:, 0].numpy(), arrays[2])
    assert left_behind(system) == before
    assert not home.exists()
    (system / IDX_FILES[0]).write_bytes(small_mnist[IDX_FILES[0]][:-5])
    assert not available("mnist")


@pytest.fixture
def small_cifar(monkeypatch):
    """A CIFAR-10 archive as its makers' Python 2 wrote it, and torchvision's lists naming it."""
    from lib.compat import datasets

    random = np.random.default_rng(1)
    names = [*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]
    pictures = {name: random.integers(0, 256, (10, 3072), dtype=np.uint8) for name in names}
    contents = {
        # Old numpy wrote the two flags of a dtype as the numbers 0 and 1.
        name: pickle.dumps({"data": data, "labels": list(range(10))}, protocol=2).replace(b"\x89\x88", b"K\x00K\x01")
        for name, data in pictures.items()
    }
    contents["batches.meta"] = pickle.dumps({"label_names": ["plane"] * 10}, protocol=2)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, data in contents.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    sums = {name: hashlib.md5(data).hexdigest() for name, data in contents.items()}
    oracle = datasets.CIFAR10
    monkeypatch.setattr(oracle, "tgz_md5", hashlib.md5(packed.getvalue()).hexdigest())
    monkeypatch.setattr(oracle, "train_list", [[name, sums[name]] for name in names[:5]])
    monkeypatch.setattr(oracle, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(oracle, "meta", {**oracle.meta, "md5": sums["batches.meta"]})
    return packed.getvalue(), pictures


def test_cifar(home, mirror, small_cifar):
    archive, pictures = small_cifar
    mirror.files["cifar-10-python.tar.gz"] = archive
    mirror.faults["cifar-10-python.tar.gz"] = ["cut"]
    folder = fetch("cifar-10", mirrors=[mirror.url])
    assert not (folder / "cifar-10-python.tar.gz").exists()
    assert len(left_behind(home)) == 7
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cifar = load_dataset("cifar-10", valid_fraction=0, scale_pixels=False)
    assert cifar.input_shape == (3, 32, 32)
    assert len(cifar.train) == 50
    assert np.array_equal(cifar.test.images.flatten(1).numpy(), pictures["test_batch"])
    assert np.array_equal(cifar.train.images[10:20].flatten(1).numpy(), pictures["data_batch_2"])
    assert cifar.test.labels.tolist() == list(range(10))

    batch = folder / "cifar-10-batches-py" / "data_batch_3"
    batch.write_bytes(batch.read_bytes()[:-1])
    assert not available("cifar-10")
    fetch("cifar-10", mirrors=[mirror.url])
    assert available("cifar-10")


def test_an_archive_that_was_put_there_by_hand_is_used(home, small_cifar):
    (home / "data" / "cifar-10").mkdir(parents=True)
    (home / "data" / "cifar-10" / "cifar-10-python.tar.gz").write_bytes(small_cifar[0])
    fetch("cifar-10", mirrors=["http://127.0.0.1:9/"])
    assert available("cifar-10")


@pytest.mark.fashion
def test_fashion_mnist_is_found_where_debian_puts_it(tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    assert local.locate("fashion-mnist") == local.SYSTEM / "fashion-mnist"
    # and its files count as whole when somebody copies them to another machine
    folder = tmp_path / "data" / "fashion-mnist"
    folder.mkdir(parents=True)
    for name in IDX_FILES:
        (folder / name).symlink_to(local.SYSTEM / "fashion-mnist" / name)
    assert local.locate("fashion-mnist") == folder
