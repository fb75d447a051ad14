"""Methods about messages: sending, editing, deleting, answering presses."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.support.bot_api.files import document_of, photo_of
from tests.support.bot_api.forms import Params
from tests.support.bot_api.refusals import bad_request
from tests.support.bot_api.state import Chat, Json, Message, World
from tests.support.bot_api.texts import caption_of, keyboard_of, text_of

Method = Callable[[World, Params], Any]

ACTIONS: Final = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip
LONGEST_TOAST: Final = 200
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _chat(world: World, params: Params) -> Chat:
    return world.chat_to_write_in(params.text("chat_id"))


def _send(world: World, params: Params, body: Json) -> Json:
    chat = _chat(world, params)
    keyboard = keyboard_of(params)
    reply = params.value("reply_parameters") or {}
    if (
        reply
        and reply.get("message_id") not in chat.messages
        and not reply.get("allow_sending_without_reply")
    ):
        raise bad_request("message to be replied not found")
    if keyboard and "inline_keyboard" not in keyboard:
        chat.reply_keyboard = None if "remove_keyboard" in keyboard else keyboard
        keyboard = None
    sender = None if chat.info["type"] == "channel" else world.bot
    chat.action = None
    return world.add_message(chat, sender, body, keyboard=keyboard, by_bot=True).to_json()


def send_message(world: World, params: Params) -> Json:
    """Say something."""
    _chat(world, params)
    return _send(world, params, text_of(params))


def send_photo(world: World, params: Params) -> Json:
    """Show a photo."""
    _chat(world, params)
    return _send(world, params, {"photo": photo_of(world, params), **caption_of(params)})


def send_document(world: World, params: Params) -> Json:
    """Give a file."""
    _chat(world, params)
    return _send(world, params, {"document": document_of(world, params), **caption_of(params)})


def _message_to_edit(world: World, params: Params) -> Message:
    chat = _chat(world, params)
    message = chat.messages.get(params.number("message_id"))
    if message is None or message.is_deleted:
        raise bad_request("message to edit not found")
    if not message.is_of_the_bot:
        raise bad_request("message can't be edited")
    return message


def _change(world: World, message: Message, body: Json, keyboard: Json | None) -> Json:
    before = message.keyboard or {"inline_keyboard": []}
    if body == message.body and (keyboard or {"inline_keyboard": []}) == before:
        raise bad_request(NOT_MODIFIED)
    world.change_message(message, body, keyboard)
    return message.to_json()


def edit_text(world: World, params: Params) -> Json:
    """Say something else instead; without buttons of its own it loses those it had."""
    message = _message_to_edit(world, params)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _change(world, message, text_of(params), keyboard_of(params))


def edit_caption(world: World, params: Params) -> Json:
    """Other words under a photo."""
    message = _message_to_edit(world, params)
    if "text" in message.body:
        raise bad_request("there is no caption in the message to edit")
    body = {key: value for key, value in message.body.items() if not key.startswith("caption")}
    return _change(world, message, {**body, **caption_of(params)}, keyboard_of(params))


def edit_keyboard(world: World, params: Params) -> Json:
    """Other buttons, or none."""
    message = _message_to_edit(world, params)
    return _change(world, message, message.body, keyboard_of(params))


def delete_message(world: World, params: Params) -> bool:
    """Take a message away, for both sides."""
    chat = _chat(world, params)
    message = chat.messages.get(params.number("message_id"))
    if message is None or message.is_deleted:
        raise bad_request("message to delete not found")
    message.is_deleted = True
    world.tell(chat)
    return True


def answer_press(world: World, params: Params) -> bool:
    """Say that a pressed button was noticed."""
    press = world.presses.get(params.text("callback_query_id"))
    is_late = press is None or press.is_old or time.monotonic() - press.at > world.press_patience_s
    if press is None or is_late:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    press.is_answered = True
    press.toast, press.is_alert = params.text("text") or None, params.flag("show_alert")
    world.tell(press.chat)
    return True


def send_action(world: World, params: Params) -> bool:
    """Show that the bot is busy; for five seconds, or until it says something."""
    chat = _chat(world, params)
    action = params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = (action, time.monotonic())
    chat.actions.append(action)
    world.tell(chat)
    return True


METHODS: Final[Mapping[str, Method]] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_keyboard,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_press,
    "sendChatAction": send_action,
}
