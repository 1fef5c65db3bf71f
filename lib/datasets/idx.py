"""IDX, the file format of the MNIST family: a magic number, the sizes, then plain bytes."""

import gzip
import math
import struct
import zlib
from pathlib import Path

import torch
from torch import Tensor

_UNSIGNED_BYTES = b"\x00\x00\x08"


def read_idx(data: bytes) -> Tensor:
    """Read an IDX block of unsigned bytes: a uint8 tensor of the shape it declares. ValueError if it is not whole."""
    if len(data) < 4 or data[:3] != _UNSIGNED_BYTES:
        raise ValueError("this is not an IDX file of unsigned bytes")
    start = 4 + 4 * data[3]
    if len(data) < start:
        raise ValueError("the IDX file ends inside its header")
    shape = struct.unpack_from(f">{data[3]}I", data, 4)
    if len(data) - start != math.prod(shape):
        raise ValueError(f"the IDX file declares {math.prod(shape):,} values and holds {len(data) - start:,}")
    # A bytearray, because a tensor must own memory that can be written to.
    return torch.frombuffer(bytearray(data), dtype=torch.uint8, offset=start).view(shape)


def read_idx_gz(path: Path) -> Tensor:
    """Read a gzipped IDX file. ValueError if it is damaged (gzip carries a checksum) or cut off."""
    try:
        return read_idx(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path} cannot be unpacked: {error}") from error


def read_idx_pictures(folder: Path, part: str) -> tuple[Tensor, Tensor]:
    """Read the `part` ("train" or "t10k") in `folder`: uint8 `(N, 1, H, W)` and int64 labels `(N,)`."""
    images = read_idx_gz(folder / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx_gz(folder / f"{part}-labels-idx1-ubyte.gz")
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise ValueError(f"{folder} holds {part} pictures {tuple(images.shape)} and labels {tuple(labels.shape)}")
    return images[:, None], labels.long()
