"""TensorBoard's event files, written without TensorBoard: records of protocol buffers with checksums.

A record (TFRecord) is a length, its checksum, the data, its checksum; checksums are CRC-32C, masked. The data is a
`tensorflow.Event` message, of which only the fields below are used. (tensorflow/core/lib/io/record_writer.h,
tensorflow/core/util/event.proto; the wire format: protobuf.dev/programming-guides/encoding.)
"""

import struct
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

_POLYNOMIAL = 0x82F63B78  # CRC-32C (Castagnoli), bits reversed
_MASK = 0xA282EAD8
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5  # wire types


class Scalar(NamedTuple):
    """One value of one curve."""

    tag: str
    step: int
    value: float
    time: float  # Unix, in seconds


def event_file(created: float, scalars: Iterable[Scalar]) -> bytes:
    """Give the content of an event file; its name must have `tfevents` in it for TensorBoard to find it."""
    head = _field(1, _FIXED_64, struct.pack("<d", created)) + _field(3, _BYTES, b"brain.Event:2")
    return b"".join(map(_record, [head, *map(_event, scalars)]))


def masked_checksum(data: bytes) -> int:
    """CRC-32C of `data`, rotated and shifted as TFRecord wants it."""
    table, crc = _table(), 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + _MASK) & 0xFFFFFFFF


@cache
def _table() -> tuple[int, ...]:
    """What each byte does to the checksum."""
    found = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
        found.append(value)
    return tuple(found)


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return b"".join(
        [length, struct.pack("<I", masked_checksum(length)), data, struct.pack("<I", masked_checksum(data))]
    )


def _event(scalar: Scalar) -> bytes:
    value = _field(1, _BYTES, scalar.tag.encode()) + _field(2, _FIXED_32, struct.pack("<f", scalar.value))
    summary = _field(1, _BYTES, value)
    return b"".join(
        [
            _field(1, _FIXED_64, struct.pack("<d", scalar.time)),
            _field(2, _VARINT, _varint(scalar.step)),
            _field(5, _BYTES, summary),
        ]
    )


def _field(number: int, wire_type: int, content: bytes) -> bytes:
    length = _varint(len(content)) if wire_type == _BYTES else b""
    return _varint(number << 3 | wire_type) + length + content


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the top bit says that more follow."""
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])
