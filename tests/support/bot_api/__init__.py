"""A stand-in for Telegram's Bot API. Begin with ``BotApi`` in ``server``."""

from tests.support.bot_api.people import Group, Person
from tests.support.bot_api.seen import Button, Seen
from tests.support.bot_api.server import BotApi, Request
from tests.support.bot_api.state import Press

__all__ = ["BotApi", "Button", "Group", "Person", "Press", "Request", "Seen"]
