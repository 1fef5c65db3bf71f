import math

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from lib.datasets import Dataset, Split, load_dataset, prepare
from lib.datasets.measured_rules import Conventions, conventions
from lib.datasets.preparation import STEPS, choices_for, steps_for


@pytest.fixture(scope="module")
def sets(shared_home):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSHOUSE_HOME", str(shared_home))
        return {name: load_dataset(name) for name in ("digits", "doodles")}


def made(images):
    labels = torch.zeros(len(images), dtype=torch.int64)
    split = Split(images, labels)
    return Dataset("made", split, split, split, ("thing",), tuple(images.shape[1:]))


def sheet(size=(280, 280), paper=255):
    image = Image.new("L", size, paper)
    return image, ImageDraw.Draw(image)


def drawing(paper=255, at=(90, 150), half=60, width=14):
    """A triangle drawn with a round pen."""
    image, draw = sheet(paper=paper)
    x, y = at
    corners = [(x, y - half), (x + half, y + half), (x - half, y + half), (x, y - half)]
    draw.line(corners, fill=255 - paper, width=width, joint="curve")
    return image


def test_conventions_of_the_offline_sets(sets):
    assert conventions(sets["digits"]) == Conventions(
        photo=False, light_ink=True, box=20, centring="mass", scanned=True
    )
    assert conventions(sets["doodles"]) == Conventions(photo=False, light_ink=True, box=20, centring="mass")


@pytest.mark.fashion
def test_conventions_of_fashion_mnist():
    fashion = load_dataset("fashion-mnist")
    assert conventions(fashion) == Conventions(photo=False, light_ink=True, box=28, centring="box")


def test_conventions_of_dark_ink_and_of_photos():
    dark = torch.full((30, 1, 28, 28), 255, dtype=torch.uint8)
    dark[:, :, 8:20, 10:18] = 0
    assert conventions(made(dark)) == Conventions(photo=False, light_ink=False, box=12, centring="box") or (
        conventions(made(dark)).centring == "mass"  # both are in the middle here
    )
    noise = torch.randint(0, 256, (30, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    assert conventions(made(noise)).photo
    assert conventions(made(noise.expand(-1, 3, -1, -1))).photo
    assert conventions(made(torch.zeros(3, 1, 28, 28, dtype=torch.uint8))).box == 28


def test_tensor_and_steps(sets):
    tensor, steps = prepare(drawing(), sets["doodles"])
    assert tensor.shape == (1, 1, 28, 28)
    assert tensor.dtype == torch.float32
    assert [step.name for step in steps] == ["picture", "grey", "polarity", "crop", "resize", "centre", "final"]
    assert all(step.sentence.endswith(".") for step in steps)
    assert max(steps[4].image.size) == 20
    assert steps[3].image.width / steps[3].image.height == pytest.approx(
        steps[4].image.width / steps[4].image.height, rel=0.05
    )
    assert np.array_equal((tensor[0, 0] * 255).round().numpy(), np.asarray(steps[-1].image))


@pytest.mark.parametrize("paper", [0, 255])
@pytest.mark.parametrize(("at", "half"), [((70, 80), 50), ((190, 200), 70), ((140, 140), 110)])
def test_place_size_and_polarity_make_no_difference(sets, paper, at, half):
    tensor, steps = prepare(drawing(paper, at, half, width=half // 5), sets["doodles"])
    pixels = tensor[0, 0].numpy()
    assert np.abs(np.array(ndimage.center_of_mass(pixels)) + 0.5 - 14).max() <= 0.51
    rows, columns = np.nonzero(pixels > 0.15)
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
    assert pixels.max() == 1
    assert pixels[0, 0] == 0
    reference = prepare(drawing(255, (140, 140), 110, width=22), sets["doodles"]).tensor
    assert (tensor - reference).abs().mean() < 0.03
    assert ("swapped" in steps[2].sentence) == (paper == 255)


@pytest.mark.parametrize(("scanned", "how_alike"), [(False, 0.97), (True, 0.95)])
def test_a_training_picture_blown_up_comes_back(sets, scanned, how_alike):
    alike = []
    steps = set(STEPS) - (set() if scanned else {"scan"})
    for image in sets["digits"].train.images[::36][:40, 0].numpy():
        large = Image.fromarray(255 - image).resize((224, 224), Image.Resampling.BICUBIC)
        page = Image.new("L", (500, 400), 255)
        page.paste(large, (200, 30))
        back = prepare(page, sets["digits"], steps).tensor[0, 0].numpy()
        alike.append(np.corrcoef(back.ravel(), image.ravel())[0, 1])
    assert np.median(alike) > how_alike
    assert min(alike) > 0.8  # rounding may shift a picture by one pixel


def test_grey_paper_and_bad_light_are_taken_off(sets):
    pixels = np.asarray(drawing(), dtype=float) / 255
    noise = np.random.default_rng(0).normal(0, 4, pixels.shape)
    photo = Image.fromarray((70 + 90 * pixels + noise).clip(0, 255).astype(np.uint8))
    clean, noisy = prepare(drawing(), sets["doodles"]).tensor, prepare(photo, sets["doodles"]).tensor
    assert (clean - noisy).abs().mean() < 0.05
    assert noisy[0, 0, :9, :8].max() < 0.15


def test_thin_lines_still_shine(sets):
    image = Image.new("L", (1000, 1000), 255)
    ImageDraw.Draw(image).ellipse((100, 100, 900, 900), outline=0, width=4)
    pixels = prepare(image, sets["doodles"]).tensor
    assert (pixels > 0.6).sum() > 25


@pytest.mark.parametrize(
    "image",
    [
        Image.new("L", (280, 280), 255),
        Image.new("RGB", (300, 20), "black"),
        Image.new("RGBA", (50, 50), (0, 0, 0, 0)),
        Image.new("1", (1, 1)),
        Image.fromarray(np.random.default_rng(0).integers(120, 126, (60, 60), dtype=np.uint8)),
    ],
)
def test_a_blank_picture_is_uniform(sets, image):
    prepared = prepare(image, sets["doodles"])
    assert prepared.blank
    assert prepared.tensor.shape == (1, 1, 28, 28)
    assert prepared.tensor.unique().tolist() == [0]
    assert not prepare(drawing(), sets["doodles"]).blank


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (100, 100, 101, 101), (0, 50, 280, 51), (3, 0, 4, 280), (0, 0, 280, 99)])
def test_dots_and_lines(sets, box):
    image, draw = sheet()
    draw.rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=0)
    prepared = prepare(image, sets["digits"])
    assert not prepared.blank
    assert prepared.tensor.max() == 1


def test_steps_can_be_left_out(sets):
    digits, image = sets["digits"], drawing(at=(60, 200), half=40)
    plain = prepare(image, digits, steps=()).tensor
    expected = np.asarray(image.resize((28, 28), Image.Resampling.LANCZOS))
    assert np.abs(plain[0, 0].numpy() - expected).max() < 1e-6

    torch.testing.assert_close(prepare(image, digits, {"final"}).tensor * 255, plain)

    not_swapped = prepare(image, digits, {"crop", "resize", "centre", "final"})
    assert not_swapped.tensor.mean() > 0.4
    not_centred = prepare(image, digits, {"polarity", "crop", "resize", "final"})
    middle = np.array(ndimage.center_of_mass(not_centred.tensor[0, 0].numpy()))
    assert middle[0] > 15  # low
    assert middle[1] < 12  # left
    not_cropped = prepare(image, digits, {"polarity", "resize", "centre", "final"}).tensor[0, 0].numpy()
    assert np.ptp(np.nonzero(not_cropped > 0.2)[0]) < 11
    squashed = prepare(image.crop((0, 100, 280, 280)), digits, {"polarity", "crop"})
    assert [step.name for step in squashed.steps] == ["picture", "grey", "polarity", "crop", "final"]
    with pytest.raises(ValueError, match="no step called 'rotate'"):
        prepare(image, digits, {"rotate"})


def test_unscaled_sets_get_unscaled_tensors():
    digits = load_dataset("digits", scale_pixels=False)
    tensor, steps = prepare(drawing(), digits)
    assert tensor.max() == 255
    assert "from 0 to 255" in steps[-1].sentence


def test_dark_on_light_sets_get_dark_on_light():
    dark = torch.full((30, 1, 32, 24), 255, dtype=torch.uint8)
    dark[:, :, 8:24, 6:18] = 0
    for paper in (0, 255):
        tensor, _ = prepare(drawing(paper), made(dark))
        assert tensor.shape == (1, 1, 32, 24)
        assert tensor[0, 0, 0, 0] == 1
        assert tensor.min() == 0


def test_photos_keep_their_colours_and_their_middle():
    generator = torch.Generator().manual_seed(0)
    cifar = made(torch.randint(0, 256, (30, 3, 32, 32), dtype=torch.uint8, generator=generator))
    photo = Image.new("RGB", (90, 60), "blue")
    photo.paste((255, 0, 0), (15, 0, 75, 60))
    tensor, steps = prepare(photo, cifar)
    assert [step.name for step in steps] == ["picture", "grey", "crop", "resize", "final"]
    assert tensor.shape == (1, 3, 32, 32)
    assert torch.equal(tensor[0].mean((1, 2)), torch.tensor([1.0, 0.0, 0.0]))
    assert "3 planes" in steps[-1].sentence


@pytest.mark.fashion
def test_a_shop_photo_of_trousers_lies_like_fashion_mnists():
    fashion = load_dataset("fashion-mnist")
    photo = Image.new("RGB", (400, 600), "white")
    ImageDraw.Draw(photo).polygon(
        [(130, 60), (270, 60), (280, 540), (220, 540), (200, 200), (180, 540), (120, 540)], fill=(60, 70, 140)
    )
    tensor, _ = prepare(photo, fashion)
    trousers = fashion.train.images[fashion.train.labels == 1].float().mean(0) / 255
    others = fashion.train.images[fashion.train.labels == 8].float().mean(0) / 255
    assert (tensor[0] - trousers).square().mean() < (tensor[0] - others).square().mean() / 2
    assert tensor[0, 0, 0].max() > 0.5  # as tall as the picture
    assert tensor[0, 0, -1].max() > 0.5


def round_about(x, y, width, height, start=0.0, sweep=math.tau):
    return [
        (x + width * math.cos(start + sweep * i / 30), y + height * math.sin(start + sweep * i / 30)) for i in range(31)
    ]


POINTS = [(math.sin(math.tau * k / 5), -math.cos(math.tau * k / 5)) for k in (0, 2, 4, 1, 3, 0)]
DRAWN = {
    "circle": [round_about(0, 0, 1, 1)],
    "square": [[(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]],
    "triangle": [[(0, -1), (1, 0.8), (-1, 0.8), (0, -1)]],
    "star": [POINTS],
    "heart": [
        [(0, -0.4), (0.4, -0.8), (0.9, -0.6), (0.9, 0), (0, 1), (-0.9, 0), (-0.9, -0.6), (-0.4, -0.8), (0, -0.4)]
    ],
    "house": [[(-0.8, 1), (-0.8, -0.1), (0.8, -0.1), (0.8, 1), (-0.8, 1)], [(-0.8, -0.1), (0, -1), (0.8, -0.1)]],
    "smiley": [
        round_about(0, 0, 1, 1),
        [(-0.35, -0.3), (-0.35, -0.2)],
        [(0.35, -0.3), (0.35, -0.2)],
        round_about(0, 0.1, 0.5, 0.4, 0.2, 2.7),
    ],
    "fish": [round_about(-0.2, 0, 0.8, 0.5), [(0.6, 0), (1, -0.4), (1, 0.4), (0.6, 0)]],
    "tree": [round_about(0, -0.4, 0.7, 0.6), [(-0.12, 0.2), (-0.12, 1)], [(0.12, 0.2), (0.12, 1)]],
    "cup": [
        [(-0.7, -0.7), (-0.6, 0.8), (0.6, 0.8), (0.7, -0.7), (-0.7, -0.7)],
        round_about(0.65, 0, 0.4, 0.4, -1.7, 3.3),
    ],
}


def test_things_drawn_by_other_hands_are_read(sets):
    """Ten things drawn on a canvas with another pen; read by the nearest of 9,000 doodles in blurred pixels."""
    doodles = sets["doodles"]

    def features(x):
        blurred = torch.nn.functional.avg_pool2d(x, 3, stride=1, padding=1).flatten(1)
        return torch.nn.functional.normalize(blurred)

    known = features(doodles.train.batch(slice(None))[0])
    right = 0
    for half, width, at in ((90, 16, (140, 140)), (60, 10, (100, 170)), (110, 22, (140, 140))):
        for name, strokes in DRAWN.items():
            image, draw = sheet()
            for stroke in strokes:
                points = [(at[0] + x * half, at[1] + y * half) for x, y in stroke]
                draw.line(points, fill=0, width=width, joint="curve")
            seen = features(prepare(image.filter(ImageFilter.SMOOTH), doodles).tensor)
            nearest = (known @ seen.T).squeeze(1).topk(5).indices
            right += doodles.classes[doodles.train.labels[nearest].mode().values] == name
    assert right >= 27


def test_what_can_be_left_out_depends_on_the_data_set(sets):
    assert "scan" in choices_for(sets["digits"])
    assert steps_for(sets["doodles"]) == tuple(name for name in STEPS if name != "scan")
    assert choices_for(sets["doodles"]) == steps_for(sets["doodles"])[1:]
    noise = torch.randint(0, 256, (30, 3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    assert choices_for(made(noise)) == ("crop", "resize", "final")
    assert "final" not in choices_for(load_dataset("digits", scale_pixels=False))


def test_without_grey_only_red_is_seen(sets):
    """Red on white is as light as its paper in the red plane."""
    page = Image.new("RGB", (280, 280), "white")
    page.paste((255, 40, 40), (60, 60, 200, 200))
    assert not prepare(page, sets["doodles"]).blank
    assert prepare(page, sets["doodles"], set(STEPS) - {"grey"}).blank


def test_photos_without_their_steps():
    noise = torch.randint(0, 256, (30, 3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    photo = Image.new("RGB", (96, 64), "black")
    photo.paste((0, 255, 0), (0, 0, 16, 64))  # a rim that the crop takes away
    data = made(noise)
    assert prepare(photo, data).tensor[0, 1].max() == 0
    assert prepare(photo, data, set(STEPS) - {"crop"}).tensor[0, 1].max() == 1
    stripes = Image.fromarray(np.tile(np.array([[0, 255]], dtype=np.uint8), (64, 32))).convert("RGB")
    smooth = prepare(stripes, data).tensor
    coarse = prepare(stripes, data, set(STEPS) - {"resize"}).tensor
    assert 0.3 < smooth.mean() < 0.7
    assert set(coarse.unique().tolist()) <= {0.0, 1.0}
