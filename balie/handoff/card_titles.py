"""What the content knows of intents and answers, in the language that an agent reads."""

from __future__ import annotations

from balie.content.articles import OUT_OF_SCOPE, Article
from balie.content.errors import ResponseNotFoundError
from balie.content.library import RESPONSE_PREFIX, Library


class ContentTitles:
    """The ``Titles`` of ``card_reading.py``."""

    def __init__(self, library: Library, language: str) -> None:
        """Build it; ``language`` is one of the library's."""
        self._library = library
        self._language = language

    def is_small_talk(self, intent: str) -> bool:
        """Also what is pressed within a flow: it has no article of its own."""
        article = self._library.articles.get(intent)
        return article is None or intent == OUT_OF_SCOPE or article.kind == "small_talk"

    def find_title(self, intent: str) -> str | None:
        """The title of the intent's article; None where there is none."""
        article = self._library.articles.get(intent)
        return None if article is None else article.title.get(self._language)

    def find_subject(self, response: str) -> str | None:
        """The intent that a response is named after: ``utter_cancel_order_done`` after ``cancel_order``."""
        name = f"{response.removeprefix(RESPONSE_PREFIX)}_"
        named = [intent for intent in self._library.articles if name.startswith(f"{intent}_")]
        return max(named, key=len, default=None)

    def is_answer(self, response: str) -> bool:
        """Whether a customer who was told this may have been helped."""
        try:
            content = self._library.get_response(response)
        except ResponseNotFoundError:
            return False
        if isinstance(content, Article):
            return not self.is_small_talk(content.intent)
        return content.solves and content.text is not None
