"""A chat as it looks on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.support.bot_api.state import Json, Message, StoredFile
from tests.support.bot_api.utf16 import cut


@dataclass(frozen=True)
class Button:
    """A button under a message."""

    title: str
    data: str | None
    url: str | None


@dataclass(frozen=True)
class Seen:
    """A message as a person sees it now."""

    id: int
    mine: bool
    text: str
    """Without markup; the caption of a photo."""
    rows: tuple[tuple[Button, ...], ...]
    photos: tuple[bytes, ...]
    documents: tuple[tuple[str, bytes], ...]
    edited: bool
    marks: tuple[tuple[str, str, str], ...]
    """What stands out: its kind (``bold``, ``text_link``), its words, and the address of a link."""

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons, row after row."""
        return tuple(button for row in self.rows for button in row)

    @property
    def titles(self) -> tuple[str, ...]:
        """What stands on the buttons."""
        return tuple(button.title for button in self.buttons)


def seen(files: Mapping[str, StoredFile], message: Message, *, mine: bool) -> Seen:
    """A message as it looks on a phone."""
    body = message.body
    text = str(body.get("text", body.get("caption", "")))
    entities: Sequence[Json] = body.get("entities") or body.get("caption_entities") or ()
    keyboard = (message.keyboard or {}).get("inline_keyboard", ())
    document = body.get("document")
    return Seen(
        id=message.id,
        mine=mine,
        text=text,
        rows=tuple(
            tuple(Button(one["text"], one.get("callback_data"), one.get("url")) for one in row)
            for row in keyboard
        ),
        photos=tuple(files[one["file_id"]].content for one in body.get("photo", ())[-1:]),
        documents=((document["file_name"], files[document["file_id"]].content),) if document else (),
        edited=message.edited is not None,
        marks=tuple(
            (one["type"], cut(text, one["offset"], one["length"]), one.get("url", "")) for one in entities
        ),
    )
