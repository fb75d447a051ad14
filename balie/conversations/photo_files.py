"""Pictures that strangers send: opened with care, and drawn afresh as a JPEG of our own.

Nothing of the file that came in is kept but what can be seen: no place, no camera, no thumbnail, no
appended file. Pure; takes up to some seconds of one processor, and half a gigabyte, for the worst that
is let in.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image
from PIL.ExifTags import Base as ExifTag
from PIL.Image import Transpose

from balie.conversations.errors import PhotoUnreadableError

MOST_PIXELS: Final = 8192 * 6144
"""What cameras sold as 50 megapixels give."""
LONGEST_SIDE: Final = 1600
"""Pixels: enough to see a scratch."""
QUALITY: Final = 85

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_MOST_SCANS: Final = 250
"""Of a JPEG: each makes the decoder pass over the whole picture again and takes 80 bytes of file. Cameras
write at most a dozen, and bytes that only look like one stand in every 64 KB of a film behind the picture."""
_SCAN: Final = b"\xff\xda"
_UPRIGHT: Final = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class RedrawnPhoto:
    """A photo as it is kept.

    Attributes:
        jpeg: The whole file, without metadata.
        width: Pixels, upright.
        height: Pixels, upright.
    """

    jpeg: bytes
    width: int
    height: int


def redraw_photo(content: bytes) -> RedrawnPhoto:
    """The picture in a JPEG, PNG or WebP file, upright, on white, at most ``LONGEST_SIDE`` long.

    Raises:
        PhotoUnreadableError: Another kind of file, a broken or moving one, or more than ``MOST_PIXELS``.
    """
    try:
        picture = _open(content)
    except PhotoUnreadableError:
        raise
    except Exception as error:
        # Decoders trip over broken files in every way there is.
        raise PhotoUnreadableError from error
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG", quality=QUALITY, optimize=True)
    return RedrawnPhoto(jpeg.getvalue(), picture.width, picture.height)


def _open(content: bytes) -> Image.Image:
    if content.count(_SCAN) > _MOST_SCANS:
        raise PhotoUnreadableError
    with Image.open(BytesIO(content), formats=_FORMATS) as opened:
        # A JPEG may hold a second picture (brightness, depth); one that moves is no photo.
        moves = opened.format in {"PNG", "WEBP"} and getattr(opened, "n_frames", 1) > 1
        if moves or opened.width * opened.height > MOST_PIXELS:
            raise PhotoUnreadableError
        orientation = opened.getexif().get(ExifTag.Orientation)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded small
        small = _shrunk(_in_colour(opened))
    turn = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return _on_white(small if turn is None else small.transpose(turn))


def _in_colour(picture: Image.Image) -> Image.Image:
    """Three colours, and a fourth value only where something may show through."""
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)  # a copy may take 200 MB


def _shrunk(picture: Image.Image) -> Image.Image:
    # A picture of its own in any case: metadata stays behind with the one that was opened.
    scale = min(1.0, LONGEST_SIDE / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return ground
