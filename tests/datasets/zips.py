"""Zips as people and people with bad intentions make them."""

import struct
import zipfile
from io import BytesIO

from PIL import Image, ImageDraw

BOMB_MB = 60


def picture(kind: str = "square", side: int = 120, file: str = "PNG") -> bytes:
    """A plainly drawn "square", "circle" or "triangle", dark on light."""
    image = Image.new("RGB", (side, side), (250, 250, 245))
    box = (side // 4, side // 4, 3 * side // 4, 3 * side // 4)
    draw, pen = ImageDraw.Draw(image), max(1, side // 20)
    if kind == "circle":
        draw.ellipse(box, outline=(20, 20, 40), width=pen)
    elif kind == "triangle":
        left, top, right, bottom = box
        corners = [((left + right) // 2, top), (right, bottom), (left, bottom)]
        draw.line([*corners, corners[0], corners[1]], fill=(20, 20, 40), width=pen, joint="curve")
    else:
        draw.rectangle(box, outline=(20, 20, 40), width=pen)
    buffer = BytesIO()
    image.save(buffer, file)
    return buffer.getvalue()


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An ordinary zip."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def of_kind(mode: int, content: bytes = b"/etc/passwd") -> bytes:
    """A zip with an entry of any file type: a symlink is 0o120777."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("link.png")
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, content)
        archive.writestr("good.png", picture())
    return buffer.getvalue()


def forged(data: bytes, **fields: int) -> bytes:
    """Change fields of the first entry, in its header and in the list of files: `flags`, `method`, `size`, `crc`."""
    places = {"flags": ("<H", 6, 8), "method": ("<H", 8, 10), "crc": ("<I", 14, 16), "size": ("<I", 22, 24)}
    changed = bytearray(data)
    for name, value in fields.items():
        kind, header, listed = places[name]
        struct.pack_into(kind, changed, data.index(b"PK\x03\x04") + header, value)
        struct.pack_into(kind, changed, data.index(b"PK\x01\x02") + listed, value)
    return bytes(changed)


def twice(name: str) -> bytes:
    """A zip in which two files have the same name."""
    data = zipped({name: picture(), "?" * len(name): picture("circle")})
    return data.replace(b"?" * len(name), name.encode())


def hostile(bomb_mb: int = BOMB_MB) -> bytes:
    """One zip with everything that must be refused by name, and two pictures that must be answered."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first square.png", picture("square"))
        archive.writestr("../climber.png", picture())
        archive.writestr("/absolute.png", picture())
        archive.writestr("C:/drive.png", picture())
        archive.writestr("..\\backslash.png", picture())
        archive.writestr("bomb.png", bytes(bomb_mb * 1_000_000))
        archive.writestr("inner.zip", zipped({"a.png": picture()}))
        link = zipfile.ZipInfo("link.png")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, b"/etc/passwd")
        archive.writestr("note.txt", b"no picture")
        archive.writestr("squeezed.png", picture(), zipfile.ZIP_LZMA)
        archive.writestr("__MACOSX/._first square.png", b"clutter")
        archive.writestr("last circle.png", picture("circle"))
    return buffer.getvalue()


# What the person is told about each of them.
HOSTILE_SAYS = {
    "../climber.png": "Its name leads out of the folder",
    "/absolute.png": "Its name leads out of the folder",
    "C:/drive.png": "Its name leads out of the folder",
    "../backslash.png": "Its name leads out of the folder",
    "bomb.png": f"The file has {BOMB_MB}.0 MB; pictures may have up to 5 MB.",
    "inner.zip": "It is a zip inside the zip; unpack it first.",
    "link.png": "It is a link to another file; put the picture itself into the zip.",
    "note.txt": "This is not a picture that can be read here; PNG, JPEG, WebP, BMP and GIF files can.",
    "squeezed.png": "It is packed in a way that is not read here; make the zip the usual way (deflate).",
}
