"""Dialogues in which the mood changes (``tests/fixtures/moods``): each turn goes as the table says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from balie.content.library import RESPONSE_PREFIX
from balie.content.render import RenderedButton
from tests.support.content import real_renderer
from tests.support.moods import MoodyConversation, Said, emotion

FOLDER = Path(__file__).parents[2] / "fixtures" / "moods"
LANGUAGES = ("nl", "en", "fr", "zh")
RENDERER = real_renderer()
LINKS: Mapping[str, str] = RENDERER.library.shop["links"]
CALM = {
    "opening": None,
    "offers": True,
    "brief": False,
    "person": False,
    "priority": "normal",
    "review": False,
    "keeps": None,
    "once": False,
}


def dialogues() -> Iterator[Any]:
    for language in LANGUAGES:
        document = yaml.safe_load((FOLDER / f"{language}.yml").read_text("utf-8"))
        for dialogue in document["dialogues"]:
            yield pytest.param(language, dialogue["turns"], id=f"{language}: {dialogue['name']}")


def offers_of(asks: str) -> list[RenderedButton]:
    """The buttons of an answer that sell something and that nobody asked for."""
    article = RENDERER.library.articles[asks]
    rendered = RENDERER.render(RESPONSE_PREFIX + asks, "nl", {})
    return [each for each in rendered.buttons if each.is_offer and not (article.offer and each.url)]


def shown(said: Said, button: RenderedButton) -> bool:
    return button.url in said.urls if button.url else f"/{button.intent}" in said.payloads


def check(said: Said, turn: Mapping[str, Any]) -> None:
    expected = {**CALM, **turn.get("expect", {})}
    offers = [each for each in offers_of(turn["asks"]) if not (expected["once"] and each.intent == "review")]
    kind, _, variant = (said.opening or "").partition(".")
    assert (variant if variant == "own" else kind or None) == expected["opening"]
    assert said.stance.allows_offers == expected["offers"]
    assert [shown(said, offer) for offer in offers] == [expected["offers"]] * len(offers)
    assert (said.payloads[:1] == [f"/{turn['asks']}"]) == expected["brief"]
    assert ("/contact_human_agent" in said.payloads) == expected["person"]
    assert said.stance.priority == expected["priority"]
    assert (said.remark or "").startswith("review") == expected["review"]
    assert not (expected["once"] and "/review" in said.payloads)
    if expected["keeps"] is not None:
        assert LINKS[expected["keeps"]] in said.urls


@pytest.mark.parametrize(("language", "turns"), list(dialogues()))
async def test_a_dialogue_in_which_the_mood_changes_goes_as_the_table_says(
    language: str, turns: list[dict[str, Any]]
) -> None:
    conversation = MoodyConversation(language)
    for number, turn in enumerate(turns, start=1):
        reading = None if turn.get("press") else emotion(**turn.get("feels", {}))

        said = await conversation.turn(turn["asks"], reading, press=turn.get("press", False))

        try:
            check(said, turn)
        except AssertionError as error:
            raise AssertionError(f"turn {number}, {turn['says']!r}: {error}") from error


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_twenty_dialogues(language: str) -> None:
    document = yaml.safe_load((FOLDER / f"{language}.yml").read_text("utf-8"))

    assert document["language"] == language
    assert len(document["dialogues"]) >= 20
