"""What people send besides words and photos."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.support.bot_api.files import new_document
from tests.support.bot_api.state import Json, World


def _media(world: World, ending: str, **more: object) -> Json:
    kept = world.store_file(f"a {ending} of the tests".encode(), ending, ending)
    return {"file_id": kept.id, "file_unique_id": kept.unique_id, "file_size": len(kept.content), **more}


def _poll(_world: World) -> Json:
    options = [
        {"persistent_id": name, "text": name, "voter_count": 0, "added_by_user": None}
        for name in ("ja", "nee")
    ]
    poll = {
        "id": "77",
        "question": "Wel of niet?",
        "options": [{key: value for key, value in one.items() if value is not None} for one in options],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    return {"poll": poll}


def _sticker(world: World) -> Json:
    return {
        "sticker": _media(
            world,
            "webp",
            type="regular",
            width=512,
            height=512,
            is_animated=False,
            is_video=False,
            emoji="👍",
        )
    }


def _animation(world: World) -> Json:
    return {
        "animation": _media(world, "mp4", width=320, height=240, duration=3),
        "document": new_document(world, b"a moving picture of the tests", "cat.mp4"),
    }


_PLACE: Final = {"latitude": 52.0907, "longitude": 5.1214}

KINDS: Final[Mapping[str, Callable[[World], Json]]] = {
    "sticker": _sticker,
    "voice": lambda world: {"voice": _media(world, "ogg", duration=3, mime_type="audio/ogg")},
    "audio": lambda world: {"audio": _media(world, "mp3", duration=180, title="A song")},
    "video": lambda world: {"video": _media(world, "mp4", width=640, height=480, duration=9)},
    "video_note": lambda world: {"video_note": _media(world, "mp4", length=240, duration=5)},
    "animation": _animation,
    "document": lambda world: {"document": new_document(world, b"%PDF-1.4 of the tests", "bon.pdf")},
    "location": lambda _world: {"location": dict(_PLACE)},
    "venue": lambda _world: {
        "venue": {"location": dict(_PLACE), "title": "Winkel", "address": "Lijnmarkt 1"},
        "location": dict(_PLACE),
    },
    "contact": lambda _world: {"contact": {"phone_number": "+31612345678", "first_name": "Bram"}},
    "poll": _poll,
    "dice": lambda _world: {"dice": {"emoji": "🎲", "value": 4}},
    "pinned": lambda _world: {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    "unknown": lambda _world: {"hologram": {"depth": 3}},
}
"""By name; ``unknown`` is a kind that does not exist (yet), ``pinned`` a service message."""


def body_of(kind: str, world: World) -> Json:
    """The content of a message of this kind."""
    return KINDS[kind](world)
