"""What an update is for us: read without a store, a network or a clock."""

from __future__ import annotations

from typing import Any

import pytest

from balie.channels.errors import DeskEventInvalidError
from balie.channels.telegram.updates import Heard, Kind, read_update

SANNE = {"id": 5, "is_bot": False, "first_name": "Sanne", "language_code": "nl-BE"}
CHAT = {"id": 5, "type": "private", "first_name": "Sanne"}
GROUP = {"id": -100, "type": "supergroup", "title": "Team"}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 1, "from": SANNE, "chat": CHAT, **content}


def read(**update: Any) -> Heard | None:
    return read_update({"update_id": 7, **update}, largest_photo=1000)


def body_of(**content: Any) -> tuple[Kind, dict[str, Any]]:
    heard = read(message=message(**content))
    assert heard is not None
    return heard.kind, {name: value for name, value in heard.body.items() if name != "language"}


def test_text_is_kept_with_the_language_and_without_the_name() -> None:
    heard = read(message=message(text="Hoi", entities=[]))
    assert heard is not None
    event = heard.as_event()

    assert (event.key, event.thread, event.kind) == ("000000000000007:3", "5", "text")
    assert dict(event.body) == {"text": "Hoi", "language": "nl", "message_id": 3}


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [("/start abc_-", "start", "abc_-"), ("/STOP@our_bot", "stop", ""), (" /help  me ", "help", "me")],
)
def test_commands_are_known_in_any_spelling(text: str, command: str, argument: str) -> None:
    assert body_of(text=text) == (Kind.COMMAND, {"command": command, "argument": argument})


@pytest.mark.parametrize("text", ["/restart", "start", "//help", "ga naar /help"])
def test_other_text_is_no_command(text: str) -> None:
    assert body_of(text=text) == (Kind.TEXT, {"text": text})


def test_the_largest_photo_within_the_limit_is_taken() -> None:
    sizes = [
        {"file_id": name, "width": width, "height": width, "file_size": size}
        for name, width, size in (("s", 90, 10), ("m", 320, 900), ("l", 1280, 1001))
    ]
    assert body_of(photo=sizes, caption="Kapot") == (Kind.PHOTO, {"file": "m", "caption": "Kapot"})
    assert body_of(photo=sizes[2:]) == (Kind.PHOTO, {"file": None})


def test_an_image_sent_as_a_file_is_a_photo_and_another_file_is_not() -> None:
    image = {"file_id": "d", "mime_type": "image/png", "file_size": 5}
    assert body_of(document=image) == (Kind.PHOTO, {"file": "d"})
    pdf = {"file_id": "d", "mime_type": "application/pdf"}
    assert body_of(document=pdf) == (Kind.UNSUPPORTED, {"what": "document"})


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"voice": {}}, "voice"),
        ({"animation": {}, "document": {}}, "animation"),
        ({"location": {}, "venue": {}}, "venue"),
        ({"sticker": {"file_id": "x"}}, "sticker"),
        ({"hologram": {}}, "other"),
    ],
)
def test_what_cannot_be_read_is_named(content: dict[str, Any], what: str) -> None:
    assert body_of(**content) == (Kind.UNSUPPORTED, {"what": what})


def test_a_sticker_is_what_its_emoji_says() -> None:
    assert body_of(sticker={"file_id": "x", "emoji": "👍"}) == (Kind.TEXT, {"text": "👍"})


def test_what_telegram_itself_tells_is_nothing() -> None:
    assert read(message=message(pinned_message={})) is None
    assert read(message=message()) is None
    assert read(hologram={}) is None
    assert read(message={"chat": None}) is None


def test_edits_are_of_texts_and_captions() -> None:
    edit = read(edited_message=message(text="Toch maat M"))
    assert edit is not None
    assert (edit.kind, edit.body["text"], edit.body["is_caption"]) == (Kind.EDIT, "Toch maat M", False)
    caption = read(edited_message=message(photo=[], caption="Beter"))
    assert caption is not None
    assert caption.body["is_caption"] is True
    assert read(edited_message=message(location={})) is None


def test_a_press_bears_what_the_button_carried() -> None:
    press = read(callback_query={"id": "99", "from": SANNE, "message": message(), "data": "kX3v"})
    assert press is not None
    assert (press.kind, press.message_id) == (Kind.PRESS, 3)
    assert (press.body["press"], press.body["button"]) == ("99", "kX3v")
    assert read(callback_query={"id": "99", "from": SANNE, "data": "kX3v"}) is None


@pytest.mark.parametrize(("status", "kind"), [("kicked", Kind.LEFT), ("member", Kind.CAME_BACK)])
def test_blocking_and_unblocking_are_heard(status: str, kind: Kind) -> None:
    change = {"chat": CHAT, "from": SANNE, "old_chat_member": {}, "new_chat_member": {"status": status}}
    heard = read(my_chat_member=change)
    assert heard is not None
    assert heard.kind is kind


def test_groups_channels_and_other_machines_are_no_customers() -> None:
    machine = {**SANNE, "is_bot": True}
    for update in (
        {"message": {**message(text="Hoi"), "chat": GROUP}},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {**GROUP, "type": "channel"}, "text": "Hoi"}},
        {"message": {**message(text="Hoi"), "from": machine}},
    ):
        heard = read(**update)
        assert heard is not None
        assert heard.kind is Kind.ELSEWHERE
        assert heard.as_event().key == f"elsewhere:{heard.chat}"


@pytest.mark.parametrize("update", [[], {}, {"update_id": "7"}, {"update_id": True}, {"update_id": -1}])
def test_what_has_no_number_is_no_update(update: Any) -> None:
    with pytest.raises(DeskEventInvalidError):
        read_update(update, largest_photo=1)
