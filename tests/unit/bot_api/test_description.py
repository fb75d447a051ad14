"""Requests are held against the published description of the Bot API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.bot_api.description import PATH, Description, published
from tests.support.bot_api.forms import Params, Upload

SMALL: dict[str, Any] = {
    "version": "of this test",
    "methods": {
        "sendThing": {
            "name": "sendThing",
            "returns": ["Thing", "True"],
            "fields": [
                    {"name": "chat_id", "types": ["Integer", "String"], "required": True, "description": ""},
                    {"name": "text", "types": ["String"], "required": True, "description": "1-5 characters"},
                    {"name": "long", "types": ["String"], "required": False,
                     "description": "1-5 characters after entities parsing"},
                    {"name": "silent", "types": ["Boolean"], "required": False, "description": ""},
                    {"name": "limit", "types": ["Integer"], "required": False,
                     "description": "Values between 1-100 are accepted. Defaults to 100."},
                    {"name": "thing", "types": ["Thing"], "required": False, "description": ""},
                    {"name": "things", "types": ["Array of Array of Thing"], "required": False,
                     "description": ""},
                    {"name": "photo", "types": ["InputFile", "String"], "required": False, "description": ""},
            ],
        }
    },
    "types": {
        "Thing": {"name": "Thing", "subtypes": ["Big", "Small"]},
        "Big": {"fields": [{"name": "size", "types": ["Integer"], "required": True, "description": ""}]},
        "Small": {
            "fields": [{"name": "data", "types": ["String"], "required": True, "description": "1-4 bytes"}]
        },
    },
}  # fmt: skip


def problems(
    method: str = "sendThing", *, files: dict[str, Upload] | None = None, **fields: Any
) -> list[str]:
    return Description(SMALL).check_request(
        method, Params({"chat_id": "5", "text": "a", **fields}, files or {})
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"chat_id": "@news"},
        {"silent": "true", "limit": "100"},
        {"silent": True, "limit": 1},
        {"thing": {"size": 4}},
        {"things": json.dumps([[{"size": 4}, {"data": "abcd"}], []])},
        {"long": "longer than five"},
        {"photo": "an id"},
    ],
)
def test_what_is_described_is_right(fields: dict[str, Any]) -> None:
    assert problems(**fields) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": None}, "text is missing"),
        ({"colour": "red"}, "unknown field colour"),
        ({"text": "longer"}, "text has 6 characters, not 1-5"),
        ({"silent": "maybe"}, "silent is no Boolean"),
        ({"limit": "101"}, "limit is 101, not 1-100"),
        ({"limit": "many"}, "limit is no Integer"),
        ({"thing": {"size": "x"}}, "thing.size is no Integer"),
        ({"things": "[[{\"data\": \"ééé\"}]]"}, "things[0][0].data has 6 bytes, not 1-4"),
        ({"things": [{"size": 4}]}, "things[0] is no array"),
        ({"chat_id": 1.5}, "chat_id is no Integer"),
    ],
)  # fmt: skip
def test_what_is_not_described_is_told(fields: dict[str, Any], words: str) -> None:
    assert problems(**fields) == [f"sendThing: {words}"]


def test_a_method_that_is_not_there_is_told_and_capitals_do_not_count() -> None:
    assert problems("sendNothing") == ["sendNothing: there is no such method"]
    assert problems("SENDTHING") == []


def test_files_belong_to_a_field() -> None:
    upload = Upload("a.jpg", b"x")
    assert problems(files={"photo": upload}) == []
    assert problems(files={"kept": upload}, photo="attach://kept") == []
    assert problems(files={"kept": upload}) == ["sendThing: no field refers to the file kept"]


def test_answers_are_checked_too() -> None:
    assert Description(SMALL).check_answer("sendThing", {"size": 4}) == []
    assert Description(SMALL).check_answer("sendThing", True) == []
    assert Description(SMALL).check_answer("sendThing", {"size": 4, "x": 1})


def test_the_published_description_is_there() -> None:
    if not PATH.exists():
        pytest.skip(f"requests to Telegram are not checked: {PATH.name} is not beside this repository")
    description = published()
    assert description is not None
    assert description.has_method("sendMessage")
    assert description.check_request("sendMessage", Params({"chat_id": 1, "text": "a"})) == []
