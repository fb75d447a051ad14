"""Pictures as phones, drawing programs and mischief-makers send them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

RED, BLUE = (210, 30, 30), (30, 40, 200)


def encoded(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def red_left_blue_right(width: int = 400, height: int = 200) -> Image.Image:
    """A picture of which one can see how it is turned."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height))
    return picture


def phone_photo(*, orientation: int = 1) -> bytes:
    """A JPEG that says where it was taken, with which phone, and how the phone was held."""
    exif = Image.Exif()
    exif[Base.Make] = "Telefoonmerk"
    exif[Base.Orientation] = orientation
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (52.0, 5.0, 24.0)})
    return encoded(red_left_blue_right(), exif=exif, comment=b"thuis")


def opened(jpeg: bytes) -> Image.Image:
    """What is in the file; it is a JPEG."""
    return Image.open(BytesIO(jpeg), formats=("JPEG",))


def is_about(colour: object, wanted: tuple[int, int, int]) -> bool:
    """Whether a pixel has this colour, as far as JPEG keeps colours."""
    assert isinstance(colour, tuple)
    return all(abs(part - other) < 24 for part, other in zip(colour, wanted, strict=True))
