import gzip
import struct

import numpy as np
import pytest
import torch

from lib.datasets.idx import read_idx, read_idx_gz, read_idx_pictures
from lib.datasets.sets.downloaded import IDX_FILES


def test_reads_what_torchvision_reads(tmp_path, idx_files, arrays):
    from lib.compat import datasets

    for name, array in zip(IDX_FILES, arrays, strict=True):
        plain = tmp_path / name.removesuffix(".gz")
        plain.write_bytes(gzip.decompress(idx_files[name]))
        ours = read_idx(plain.read_bytes())
        assert ours.dtype == torch.uint8
        assert torch.equal(ours, datasets.mnist.read_sn3_pascalvincent_tensor(str(plain)))
        assert np.array_equal(ours.numpy(), array)


def test_pictures_get_a_channel_and_whole_labels(tmp_path, idx_files, arrays):
    for name, data in idx_files.items():
        (tmp_path / name).write_bytes(data)
    images, labels = read_idx_pictures(tmp_path, "t10k")
    assert images.shape == (20, 1, 28, 28)
    assert labels.dtype == torch.int64
    assert labels.tolist() == arrays[3].tolist()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x00\x08",
        b"GIF89a",
        struct.pack(">BBBBI", 0, 0, 8, 3, 5),
        struct.pack(">BBBBI", 0, 0, 8, 1, 5) + b"1234",
        struct.pack(">BBBBI", 0, 0, 8, 1, 5) + b"123456",
        struct.pack(">BBBBI", 0, 0, 13, 1, 1) + b"1234",
    ],
)
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError, match="IDX"):
        read_idx(data)


@pytest.mark.parametrize("damage", [lambda d: d[:-9], lambda d: d[:40] + bytes([d[40] ^ 1]) + d[41:], lambda _: b"x"])
def test_damaged_gzip_is_found(tmp_path, idx_files, damage):
    path = tmp_path / "file.gz"
    path.write_bytes(damage(idx_files[IDX_FILES[0]]))
    with pytest.raises(ValueError, match="cannot be unpacked"):
        read_idx_gz(path)


def test_labels_must_match_pictures(tmp_path, idx_files):
    for name, data in idx_files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / IDX_FILES[1]).write_bytes(idx_files[IDX_FILES[3]])
    with pytest.raises(ValueError, match="holds train pictures"):
        read_idx_pictures(tmp_path, "train")
