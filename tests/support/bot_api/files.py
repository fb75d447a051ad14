"""Photos and documents: what is sent, what is kept, how it is described."""

from __future__ import annotations

import io
import mimetypes
from pathlib import PurePath
from typing import Final

from PIL import Image, UnidentifiedImageError

from tests.support.bot_api.forms import Params, Upload
from tests.support.bot_api.refusals import Refusal, bad_request
from tests.support.bot_api.state import Json, StoredFile, World

MEGABYTE: Final = 1024 * 1024
LARGEST_PHOTO: Final = 10 * MEGABYTE
LARGEST_UPLOAD: Final = 50 * MEGABYTE
LARGEST_DOWNLOAD: Final = 20 * MEGABYTE
SMALL_SIZES: Final = (90, 320)
_LONGEST_SIDES: Final = 10_000
_FLATTEST: Final = 20


def photo_of(world: World, params: Params) -> list[Json]:
    """The sizes of the photo of a request.

    Raises:
        Refusal: No photo, too large, not an image.
    """
    upload = _upload(params, "photo")
    if upload is None:
        return [_size(_known(world, params.text("photo")))]
    if len(upload.content) > LARGEST_PHOTO:
        raise Refusal(413, "Request Entity Too Large")
    _check_picture(upload.content)
    return sizes_of(world, upload.content)


def document_of(world: World, params: Params) -> Json:
    """The document of a request."""
    upload = _upload(params, "document")
    if upload is None:
        kept = _known(world, params.text("document"))
        return described(kept, PurePath(kept.path).name)
    if len(upload.content) > LARGEST_UPLOAD:
        raise Refusal(413, "Request Entity Too Large")
    return new_document(world, upload.content, upload.name)


def new_document(world: World, content: bytes, name: str, kind: str | None = None) -> Json:
    """Keep a document and describe it."""
    ending = PurePath(name).suffix.lstrip(".") or "bin"
    return described(world.store_file(content, "documents", ending), name, kind)


def described(kept: StoredFile, name: str, kind: str | None = None) -> Json:
    """A ``Document``."""
    guessed = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {**_basics(kept), "file_name": name, "mime_type": guessed}


def sizes_of(world: World, content: bytes) -> list[Json]:
    """A photo as the server keeps it: small ones first, the largest as it was sent."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            small = [_smaller(picture, longest) for longest in SMALL_SIZES if max(picture.size) > longest]
            found = [_size(world.store_file(one, "photos", "jpg")) for one in small]
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        found = []
    return [*found, _size(world.store_file(content, "photos", "jpg"))]


def file_of(world: World, params: Params) -> Json:
    """``getFile``: where a file can be fetched."""
    kept = world.files.get(params.text("file_id"))
    if kept is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(kept.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {**_basics(kept), "file_path": kept.path}


def _basics(kept: StoredFile) -> Json:
    return {"file_id": kept.id, "file_unique_id": kept.unique_id, "file_size": len(kept.content)}


def _size(kept: StoredFile) -> Json:
    try:
        with Image.open(io.BytesIO(kept.content)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        width, height = 100, 100
    return {**_basics(kept), "width": width, "height": height}


def _smaller(picture: Image.Image, longest: int) -> bytes:
    small = picture.convert("RGB")
    small.thumbnail((longest, longest))
    written = io.BytesIO()
    small.save(written, "JPEG")
    return written.getvalue()


def _check_picture(content: bytes) -> None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > _LONGEST_SIDES or max(width, height) > _FLATTEST * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _upload(params: Params, name: str) -> Upload | None:
    upload = params.upload(name)
    if upload is None and params.text(name).startswith("attach://"):
        raise bad_request("file to send is missing")
    if upload is None and not params.text(name):
        raise bad_request(f"there is no {name} in the request")
    if upload is not None and not upload.content:
        raise bad_request("file must be non-empty")
    return upload


def _known(world: World, file_id: str) -> StoredFile:
    if file_id.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    kept = world.files.get(file_id)
    if kept is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return kept
