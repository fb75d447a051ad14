"""Suggestions in words, for the agent who reads them."""

from __future__ import annotations

from datetime import date
from typing import Any

from balie.content.render import Renderer
from balie.handoff.card_titles import ContentTitles
from balie.handoff.card_views import CardSuggestion
from balie.handoff.suggestions import Action, Suggestion, Why


def step_name(action: Action) -> str:
    """The name of a step in the content."""
    return f"desk_step_{action.value}"


def why_name(why: Why) -> str:
    """The name of a reason in the content."""
    return f"desk_why_{why.code}"


def explain(renderer: Renderer, suggestion: Suggestion, language: str, today: date) -> CardSuggestion:
    """A suggestion with its words.

    Args:
        renderer: The content.
        suggestion: What to do next.
        language: Of the agent; one that the content has.
        today: The day in the shop's time zone.

    Raises:
        ResponseNotRenderedError: The words miss a fact; the tests of the table find that before.
    """
    titles = ContentTitles(renderer.library, language)
    said = [
        renderer.render(why_name(why), language, {**why.facts, **_titled(why, titles), "today": today}).text
        for why in suggestion.why
    ]
    return CardSuggestion(
        action=suggestion.action,
        title=renderer.render(step_name(suggestion.action), language, {}).text,
        why=" ".join(said),
        because=suggestion.why,
    )


def _titled(why: Why, titles: ContentTitles) -> dict[str, Any]:
    """What a question, or a flow, is called."""
    intent = why.facts.get("intent") or why.facts.get("flow")
    return {} if intent is None else {"title": titles.find_title(intent) or intent}
