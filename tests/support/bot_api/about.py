"""Methods about the bot itself: who it is, its commands and descriptions, leaving a chat."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Final

from tests.support.bot_api.files import file_of
from tests.support.bot_api.forms import Params
from tests.support.bot_api.messages import Method
from tests.support.bot_api.refusals import bad_request
from tests.support.bot_api.state import Json, World

_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}|")
MOST_COMMANDS: Final = 100
LONGEST_COMMAND_DESCRIPTION: Final = 256
_WORDS: Final = {"name": 64, "description": 512, "short_description": 120}
"""What can be said about the bot, and how long it may be."""


def get_me(world: World, _params: Params) -> Json:
    """Who the bot is."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def set_commands(world: World, params: Params) -> bool:
    """Set the menu of commands for a scope and a language."""
    commands = params.value("commands")
    if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH" if commands else "commands must be an Array")
    for one in commands:
        if not _COMMAND.fullmatch(str(one.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", ""))) <= LONGEST_COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_place(params)] = [
        {"command": one["command"].removeprefix("/"), "description": one["description"]} for one in commands
    ]
    return True


def get_commands(world: World, params: Params) -> list[Json]:
    """The menu of commands, of exactly this scope and language."""
    return world.commands.get(_place(params), [])


def delete_commands(world: World, params: Params) -> bool:
    """No menu any more."""
    world.commands.pop(_place(params), None)
    return True


def set_words(kind: str, world: World, params: Params) -> bool:
    """Set the name or a description in a language; an empty one takes it away."""
    text = params.text(kind)
    if len(text) > _WORDS[kind]:
        raise bad_request(f"{kind.replace('_', ' ')} is too long")
    world.words[kind, _language(params)] = text
    return True


def get_words(kind: str, world: World, params: Params) -> Json:
    """The name or a description as a person of this language sees it."""
    own = world.words.get((kind, _language(params)), "")
    usual = world.words.get((kind, ""), world.bot["first_name"] if kind == "name" else "")
    return {kind: own or usual}


def leave_chat(world: World, params: Params) -> bool:
    """Leave a group or a channel."""
    chat = world.chat_to_write_in(params.text("chat_id"))
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.is_open = False
    world.tell(chat)
    return True


def _place(params: Params) -> tuple[str, str]:
    scope = params.value("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), _language(params)


def _language(params: Params) -> str:
    language = params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language_code specified")
    return language


METHODS: Final[Mapping[str, Method]] = {
    "getMe": get_me,
    "getFile": file_of,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": partial(set_words, "name"),
    "getMyName": partial(get_words, "name"),
    "setMyDescription": partial(set_words, "description"),
    "getMyDescription": partial(get_words, "description"),
    "setMyShortDescription": partial(set_words, "short_description"),
    "getMyShortDescription": partial(get_words, "short_description"),
    "leaveChat": leave_chat,
}
