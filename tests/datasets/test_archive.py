"""Zips: the good ones are read, the bad ones refused by name in a sentence, and memory stays small."""

import re
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from lib.datasets import load_image
from lib.pictures import archive
from lib.pictures.archive import MAX_PICTURES, PictureFiles, Source, plain
from lib.pictures.load import MAX_BYTES, UnsafeImage
from tests.datasets.zips import HOSTILE_SAYS, forged, hostile, of_kind, picture, twice, zipped

ROOT = Path(__file__).parents[2]


def files_in(*named):
    return list(PictureFiles(Source(name, len(data), lambda data=data: data) for name, data in named))


def problems(data, name="a.zip"):
    return {file.name.removeprefix(f"{name}/"): file.problem for file in files_in((name, data))}


def test_files_and_zips_come_in_order_with_all_their_bytes():
    inside = {"b/two.png": picture("circle"), "three.jpg": picture("triangle", file="JPEG")}
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        found = files_in(("one.png", picture()), ("Holiday.ZIP", zipped(inside, packing)), ("four.png", picture()))
        assert [file.name for file in found] == [
            "one.png",
            "Holiday.ZIP/b/two.png",
            "Holiday.ZIP/three.jpg",
            "four.png",
        ]
        assert [file.data for file in found] == [picture(), *inside.values(), picture()]
        assert not any(file.problem for file in found)


def test_everything_that_is_unsafe_is_refused_by_name_and_the_rest_goes_on():
    found = problems(hostile())
    assert [name for name, problem in found.items() if problem is None] == [
        "first square.png",
        "note.txt",  # refused when it is decoded
        "last circle.png",
    ]
    for name, said in HOSTILE_SAYS.items():
        if name != "note.txt":
            assert found[name].startswith(said), name


@pytest.mark.parametrize(
    "name",
    [
        "../a.png",
        "b/../../a.png",
        "b/..",
        "/a.png",
        "//x/a.png",
        "C:a.png",
        "z:/a.png",
        "..\\a.png",
        "\\a.png",
        "\\\\server\\a.png",
        "C:\\a.png",
        "b\\..\\..\\a.png",
        "b/..\\a.png",
        "a\0.png",
    ],
)
def test_names_that_lead_out_of_the_folder(name):
    data = zipped({"?" * len(name): picture(), "good.png": picture()}).replace(b"?" * len(name), name.encode())
    found = files_in(("a.zip", data))
    assert found[0].problem == "Its name leads out of the folder; give it a plain name and make the zip again."
    assert found[1].data == picture()


@pytest.mark.parametrize("system", [0, 3, 10])
def test_a_zip_made_on_windows_is_read_as_unzip_reads_it(system):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("cats\\", "cats\\0.png", "dogs\\big\\1.png", "dogs/2.png", "cats\\Thumbs.db", "cats/0.png"):
            info = zipfile.ZipInfo(name)
            info.filename, info.create_system = name, system
            archive.writestr(info, b"" if name.endswith("\\") else picture())
    pictures = PictureFiles([Source("a.zip", len(buffer.getvalue()), buffer.getvalue)])
    assert pictures.folders() == {"cats": 1, "big": 1, "dogs": 1}
    found = list(pictures)
    assert [(each.name, each.folder) for each in found if each.problem is None] == [
        ("a.zip/cats/0.png", "cats"),
        ("a.zip/dogs/big/1.png", "big"),
        ("a.zip/dogs/2.png", "dogs"),
    ]
    assert all(each.data == picture() for each in found if each.problem is None)
    (second,) = (each for each in found if each.problem)
    assert second.problem.startswith("Another file in the zip has the same name")


@pytest.mark.parametrize(
    ("written", "as_bytes"),
    [
        ("a\u0308rger", "utf-8"),  # a Mac's own zips, without the flag that says so
        ("हिन्दी", "utf-8"),
        ("ärger", "cp437"),  # Windows' own
        ("ärger", "cp850"),
        ("plain", "ascii"),
    ],
)
def test_names_are_read_whatever_system_wrote_them(written, as_bytes):
    encoded = written.encode(as_bytes)
    stand_in = ("x" * len(encoded)).encode()
    data = zipped({f"{stand_in.decode()}/1.png": picture()}).replace(stand_in, encoded)
    (found,) = PictureFiles([Source("a.zip", len(data), lambda: data)])
    assert (found.folder, found.name, found.problem) == (written, f"a.zip/{written}/1.png", None)
    assert found.data == picture()


@pytest.mark.parametrize("name", ["क्\u200dष", "\u0645\u06cc\u200c\u062e", "👩\u200d🔬"])
def test_joiners_stay_in_names(name):
    (found,) = files_in(("a.zip", zipped({f"{name}/1.png": picture()})))
    assert (found.folder, found.name) == (name, f"a.zip/{name}/1.png")


def test_folders_are_those_that_hold_pictures():
    names = ("pets/train/cats/1.png", "pets/test/cats/2.png", "pets/train/dogs/1.png", "loose.png", "../out/3.png")
    data = zipped(dict.fromkeys(names, picture()))
    assert PictureFiles([Source("a.zip", len(data), lambda: data)]).folders() == {"cats": 2, "dogs": 1}
    assert PictureFiles([Source("folder/a.png", 9, picture)]).folders() == {}


@pytest.mark.parametrize("name", ["..a.png", "a..png", "b/...png", "c:d/a.png"[2:], "Ünï cödé – 猫.png"])
def test_odd_names_that_lead_nowhere(name):
    assert problems(zipped({name: picture()})) == {name: None}


@pytest.mark.parametrize(
    ("mode", "said"),
    [(0o120777, "It is a link to another file"), (0o020666, "It is no ordinary file"), (0o100644, None)],
)
def test_only_ordinary_files(mode, said):
    found = problems(of_kind(mode))
    assert (found["link.png"] or "").startswith(said or "")
    assert bool(found["link.png"]) == bool(said)
    assert found["good.png"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"flags": 1}, "It is locked with a password; make the zip again without one."),
        ({"flags": 0x41}, "It is locked with a password"),
        ({"method": zipfile.ZIP_BZIP2}, "It is packed in a way that is not read here"),
        ({"method": zipfile.ZIP_LZMA}, "It is packed in a way that is not read here"),
        ({"method": 99}, "It is packed in a way that is not read here"),
        ({"size": 4_000_000_000}, "The file has 4,000.0 MB; pictures may have up to 5 MB."),
        ({"size": 100}, "It is damaged inside the zip"),  # says less than it has
        ({"size": 4_000_000}, "It is damaged inside the zip"),  # says more
        ({"crc": 1}, "It is damaged inside the zip; try to make the zip again."),
    ],
)
def test_entries_that_cannot_be_unpacked(change, said):
    data = forged(zipped({"bad.png": picture(), "good.png": picture()}), **change)
    found = problems(data)
    assert found["bad.png"].startswith(said)
    assert found["good.png"] is None


def test_a_file_that_really_is_locked():
    """As `zip -e` writes it: twelve bytes of lock before the data."""
    data = forged(zipped({"secret.png": bytes(12) + picture()}, zipfile.ZIP_STORED), flags=1)
    assert "locked with a password" in problems(data)["secret.png"]


def test_of_two_files_with_one_name_the_first_is_read():
    first, second = files_in(("a.zip", twice("square.png")))
    assert first.data == picture()
    assert second.problem == "Another file in the zip has the same name; only the first one is read."
    assert first.name == second.name


def test_what_systems_add_is_left_out():
    clutter = ["__MACOSX/a.png", "b/.DS_Store", "._a.png", "Thumbs.db", "b/desktop.ini", "folder/"]
    assert problems(zipped(dict.fromkeys(clutter, b"") | {"a.png": picture()})) == {"a.png": None}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "This is no zip file, or it is damaged; try to make it again."),
        (b"PK\x03\x04 and then nothing", "This is no zip file"),
        (picture(), "This is no zip file"),
        (zipped({"a.png": picture()})[:-30], "This is no zip file"),
        (zipped({}), "There is no picture in this zip."),
        (zipped({"folder/": b""}), "There is no picture in this zip."),
    ],
)
def test_zips_that_are_none(data, said):
    (only,) = files_in(("a.zip", data))
    assert only.name == "a.zip"
    assert only.problem.startswith(said)


def test_a_zip_that_lists_a_million_files_is_not_even_listed():
    empty = zipped({"a.png": b""})
    entry = empty[empty.index(b"PK\x01\x02") : empty.index(b"PK\x05\x06")]
    listed = entry * 60_000
    end = bytearray(empty[empty.index(b"PK\x05\x06") :])
    end[12:16] = len(listed).to_bytes(4, "little")
    data = empty[: empty.index(b"PK\x01\x02")] + listed + bytes(end)
    (only,) = files_in(("a.zip", data))
    assert only.problem == f"It lists far too many files; put at most {MAX_PICTURES} pictures into a zip."


def test_too_large_files_are_not_even_read():
    def read():
        raise AssertionError("was read")

    found = list(PictureFiles([Source("a.png", MAX_BYTES + 1, read), Source("b.zip", 105 << 20, read)]))
    assert found[0].problem == "The file has 5.0 MB; pictures may have up to 5 MB."
    assert found[1].problem == "The zip has 110 MB; it may have up to 100 MB."


def test_a_reader_s_own_reason_is_passed_on():
    def read():
        raise UnsafeImage("It is gone.")

    found = list(PictureFiles([Source("a.png", 9, read), Source("b.zip", 9, read)]))
    assert [file.problem for file in found] == ["It is gone."] * 2


def test_the_501st_picture_is_refused_by_name():
    tiny = picture(side=4)
    found = files_in(
        ("a.zip", zipped({f"{n}.png": tiny for n in range(MAX_PICTURES)})), ("b.png", tiny), ("c.png", tiny)
    )
    assert sum(file.problem is None for file in found) == MAX_PICTURES
    assert [(file.name, file.problem) for file in found[-2:]] == [
        (name, "Only 500 pictures are read at once; send it in a second round.") for name in ("b.png", "c.png")
    ]


def test_more_than_100_mb_together_are_refused_by_name():
    large = {f"{n}.png": bytes(4_900_000) for n in range(22)}
    found = files_in(("a.zip", zipped(large)), ("small.png", picture()))
    assert [file.problem for file in found[:20]] == [None] * 20
    assert {file.problem for file in found[20:22]} == {
        "With it there would be more than 100 MB together; send it in a second round."
    }
    assert found[22].problem is None  # there is room for this one


def test_damaged_files_use_up_the_room_too(monkeypatch):
    """Else a zip could keep the machine busy for as long as it likes."""
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 10_000_000)
    data = zipped({f"{n}.png": bytes(4_000_000) for n in range(5)})
    data = re.sub(rb"(PK\x01\x02.{12}).{4}", rb"\1\0\0\0\0", data, flags=re.DOTALL)  # every checksum is wrong
    said = [file.problem.split(";")[0] for file in files_in(("a.zip", data))]
    assert said == ["It is damaged inside the zip"] * 2 + ["With it there would be more than 100 MB together"] * 3


def test_an_entry_of_nothing_but_empty_blocks_is_refused():
    """Deflate may say "here comes nothing" for ever."""
    body = b"\x00\x00\x00\xff\xff" * 2_000_000 + b"\x01\x00\x00\xff\xff"
    data = forged(zipped({"a.png": body}, zipfile.ZIP_STORED), method=zipfile.ZIP_DEFLATED, size=0, crc=zlib.crc32(b""))
    (only,) = files_in(("a.zip", data))
    assert only.problem == "The file has 10.0 MB; pictures may have up to 5 MB."


def test_names_are_fit_for_a_screen():
    assert plain("a\x1b[2J\n\u202eb.png") == "a\ufffd[2J\ufffd\ufffdb.png"
    assert len(plain("x" * 500 + ".png")) == 120
    assert plain("x" * 500 + ".png").endswith(".png")
    assert plain("straße – 猫.png") == "straße – 猫.png"
    assert plain("\udcff.png") == "\ufffd.png"  # a name on disk that is no UTF-8


def test_what_is_read_can_be_shown():
    good = [file for file in files_in(("a.zip", hostile())) if not file.problem and file.name.endswith(".png")]
    assert [load_image(file.data).size for file in good] == [(120, 120)] * 2


MEASURE = """
import pathlib, re, sys
sys.path.insert(0, sys.argv[1])
from lib.pictures.archive import PictureFiles, Source

def peak():  # getrusage would count the parent's memory
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])

data = [pathlib.Path(name).read_bytes() for name in sys.argv[2:]]
before = peak()
for each in data:
    for file in PictureFiles([Source("a.zip", len(each), lambda each=each: each)]):
        pass
    print(len(each), peak() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_bombs_take_little_memory(tmp_path):
    zeros = zipped({"bomb.png": bytes(300_000_000)})  # in 0.3 MB
    many = zipped({f"{n}.png": bytes(5_000_000) for n in range(40)})
    bombs = {
        "declares": zeros,
        "lies": forged(zeros, size=1000),
        "lies well": forged(zeros, size=1000, crc=zlib.crc32(bytes(1000))),
        "many": many,
        "many inside": zipped({f"{n}.zip": many for n in range(20)}),
    }
    for name, data in bombs.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", MEASURE, str(ROOT), *(str(tmp_path / name) for name in bombs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == len(bombs)
    assert int(done.stdout.split()[-1]) < 40e6, done.stdout
