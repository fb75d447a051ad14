"""What strangers send is opened with care, and drawn afresh."""

import random

import pytest
from PIL import Image

from balie.conversations.errors import PhotoUnreadableError
from balie.conversations.photo_files import LONGEST_SIDE, MOST_PIXELS, redraw_photo
from tests.support.photos import (
    BLUE,
    RED,
    encoded,
    is_about,
    opened,
    phone_photo,
    red_left_blue_right,
)

WHITE = (255, 255, 255)


def test_nothing_but_the_picture_is_kept() -> None:
    sent = phone_photo()
    assert all(secret in sent for secret in (b"Telefoonmerk", b"thuis", b"Exif"))

    photo = redraw_photo(sent + b"a film behind the picture")

    kept = opened(photo.jpeg)
    assert not kept.getexif()
    assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not any(secret in photo.jpeg for secret in (b"Telefoonmerk", b"thuis", b"Exif", b"film"))


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (400, 200), (20, 100)),
        (2, (400, 200), (380, 100)),
        (3, (400, 200), (380, 100)),
        (4, (400, 200), (20, 100)),
        (5, (200, 400), (100, 20)),
        (6, (200, 400), (100, 20)),
        (7, (200, 400), (100, 380)),
        (8, (200, 400), (100, 380)),
        (99, (400, 200), (20, 100)),
    ],
)
def test_a_photo_stands_upright_however_the_phone_was_held(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    photo = redraw_photo(phone_photo(orientation=orientation))

    kept = opened(photo.jpeg)
    assert (photo.width, photo.height) == kept.size == size
    assert is_about(kept.getpixel(red_at), RED)
    opposite = (size[0] - 1 - red_at[0], size[1] - 1 - red_at[1])
    assert is_about(kept.getpixel(opposite), BLUE)


@pytest.mark.parametrize(
    ("picture", "form", "options"),
    [
        (Image.new("RGBA", (40, 30), (*RED, 0)), "PNG", {}),
        (Image.new("LA", (40, 30), (10, 0)), "PNG", {}),
        (Image.new("P", (40, 30), 0), "PNG", {"transparency": 0}),
        (Image.new("RGBA", (40, 30), (*RED, 0)), "WEBP", {}),
    ],
)
def test_what_shows_through_is_white(picture: Image.Image, form: str, options: dict[str, object]) -> None:
    photo = redraw_photo(encoded(picture, form, **options))

    assert is_about(opened(photo.jpeg).getpixel((20, 15)), WHITE)


@pytest.mark.parametrize(
    ("picture", "form", "seen"),
    [
        (red_left_blue_right(), "PNG", RED),
        (red_left_blue_right(), "WEBP", RED),
        (red_left_blue_right().convert("CMYK"), "JPEG", RED),
        (red_left_blue_right().convert("P", palette=Image.Palette.ADAPTIVE), "PNG", RED),
        (Image.new("L", (40, 30), 120), "JPEG", (120, 120, 120)),
        (Image.new("I;16", (40, 30), 120 * 256), "PNG", (120, 120, 120)),
        (Image.new("1", (40, 30), 1), "PNG", WHITE),
    ],
)
def test_pictures_of_every_kind_of_colour_are_read(
    picture: Image.Image, form: str, seen: tuple[int, int, int]
) -> None:
    photo = redraw_photo(encoded(picture, form))

    kept = opened(photo.jpeg)
    assert kept.mode == "RGB"
    assert is_about(kept.getpixel((5, 5)), seen)


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((4000, 3000), (LONGEST_SIDE, 1200)),
        ((1200, 3200), (600, LONGEST_SIDE)),
        ((3, 9000), (1, LONGEST_SIDE)),
        ((1600, 900), (1600, 900)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_large_photo_is_made_smaller(size: tuple[int, int], kept: tuple[int, int], form: str) -> None:
    photo = redraw_photo(encoded(red_left_blue_right(*size), form))

    assert (photo.width, photo.height) == opened(photo.jpeg).size == kept


def test_a_photo_with_a_second_picture_in_it_is_read() -> None:
    sent = encoded(red_left_blue_right(), "MPO", save_all=True, append_images=[Image.new("L", (40, 20))])

    assert is_about(opened(redraw_photo(sent).jpeg).getpixel((5, 5)), RED)


MOVING = {"save_all": True, "append_images": [Image.new("RGB", (400, 200), BLUE)]}
WHOLE = {form: encoded(red_left_blue_right(), form) for form in ("JPEG", "PNG", "WEBP")}
PROGRESSIVE = encoded(red_left_blue_right(), progressive=True)
LAST_SCAN = PROGRESSIVE[PROGRESSIVE.rindex(b"\xff\xda") : -2]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00" * 5000, id="zeroes"),
        pytest.param("Ik ben een foto, écht waar.".encode() * 50, id="text"),
        pytest.param(b"<!doctype html><script>alert(1)</script>", id="html"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', id="svg"),
        pytest.param(b"%PDF-1.7\n", id="pdf"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", id="postscript"),
        pytest.param(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", id="heic"),
        pytest.param(encoded(red_left_blue_right(), "GIF"), id="gif"),
        pytest.param(encoded(red_left_blue_right(), "BMP"), id="bmp"),
        pytest.param(encoded(red_left_blue_right(), "TIFF"), id="tiff"),
        pytest.param(encoded(red_left_blue_right(), "PNG", **MOVING), id="moving png"),
        pytest.param(encoded(red_left_blue_right(), "WEBP", **MOVING), id="moving webp"),
        pytest.param(WHOLE["JPEG"][:-200], id="half a jpeg"),
        pytest.param(WHOLE["PNG"][:-60], id="half a png"),
        pytest.param(WHOLE["WEBP"][:-20], id="half a webp"),
        pytest.param(WHOLE["JPEG"][:4], id="the head of a jpeg"),
        pytest.param(PROGRESSIVE[:-2] + LAST_SCAN * 300 + PROGRESSIVE[-2:], id="scans without end"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(PhotoUnreadableError):
        redraw_photo(content)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("height", [7500, 12000, 30000], ids=lambda height: f"{height * 8000} pixels")
def test_a_bomb_is_refused_before_it_goes_off(
    height: int, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = encoded(Image.new("1" if form == "PNG" else "L", (8000, height)), form)
    assert len(bomb) < 10_000_000
    assert height * 8000 > MOST_PIXELS
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("It was decoded."))

    with pytest.raises(PhotoUnreadableError):
        redraw_photo(bomb)


def test_whatever_is_broken_in_a_file_it_is_a_photo_or_refused() -> None:
    chance = random.Random(20)
    seeds = [phone_photo(orientation=6), PROGRESSIVE, *WHOLE.values()]
    refused = 0
    for _ in range(400):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 4, 20))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            redraw_photo(bytes(content))
        except PhotoUnreadableError:
            refused += 1

    assert 0 < refused < 400
