"""In which language to answer, from what Rasa knows of the latest message. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

LEAST_CONFIDENCE: Final = 0.5
"""Below it the guess of the language detector counts for less than what was spoken before."""


def spoken_language(latest_message: Mapping[str, Any], languages: Collection[str]) -> str | None:
    """The first language of the best reasons that the shop can answer in; None when there is no reason.

    What the customer switched to beats what the message is in, then comes what they spoke before, and the
    page's language last (docs/architecture.md, "The seam").

    >>> spoken_language({"language": {"code": "en", "confidence": 0.9}}, ["nl", "en"])
    'en'
    """
    return next((code for code in _reasons(latest_message) if code in languages), None)


def _reasons(latest_message: Mapping[str, Any]) -> Iterator[Any]:
    metadata = latest_message.get("metadata") or {}
    detected = latest_message.get("language") or {}
    yield metadata.get("language")
    if detected.get("confidence", 0.0) >= LEAST_CONFIDENCE:
        yield detected.get("code")
    yield from reversed(metadata.get("languages") or [])
    yield metadata.get("page_language")


class Tongue:
    """In which language to speak to a customer, out of those the shop has.

    Args:
        languages: Codes in which the shop answers.
        default: For a customer about whom nothing is known.
    """

    def __init__(self, languages: Collection[str], default: str) -> None:
        self._languages = languages
        self._default = default

    def of(self, latest_message: Mapping[str, Any]) -> str:
        """The language in which to answer Rasa's latest message."""
        return spoken_language(latest_message, self._languages) or self._default
