"""From a response name, a language and facts to the text and buttons a customer sees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from balie.content.articles import Article, ButtonTemplate, CannedReply, Reply
from balie.content.errors import ResponseNotFoundError, ResponseNotRenderedError
from balie.content.filters import LOCALES, Filters
from balie.content.library import Library

# A line that holds nothing but tags is no line of the answer.
_LINE_OF_TAGS = re.compile(r"^[ \t]*((?:\{%[^%]*%\}[ \t]*)+)\n", re.MULTILINE)
# What an {% if %} leaves behind.
_EXTRA_BLANK_LINES = re.compile(r"\n[ \t]*\n\s+")

NO_PERSONAL_FACTS: Mapping[str, Any] = {"customer": None, "latest_order": None}


@dataclass(frozen=True, slots=True)
class RenderedButton:
    """A button as it will be shown: it either asks for an intent or opens a page.

    Attributes:
        is_offer: Whether it leads to something that sells or promotes.
    """

    title: str
    intent: str | None = None
    url: str | None = None
    is_offer: bool = False


@dataclass(frozen=True, slots=True)
class RenderedReply:
    """What is said; an empty text means that the assistant deliberately says nothing.

    Attributes:
        is_cut: Whether there is more to the answer than the text.
    """

    text: str
    buttons: tuple[RenderedButton, ...]
    language: str
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """What stands in a letter."""

    subject: str
    text: str
    language: str


class Renderer:
    """Renders articles and replies; templates run in a sandbox and are compiled once.

    Args:
        library: What there is to say.
        emotion_is_read: Whether messages are read for their mood; texts must not claim otherwise.
    """

    def __init__(self, library: Library, *, emotion_is_read: bool = True) -> None:
        self.library = library
        self._environments = {language: _open_environment(library, language) for language in LOCALES}
        for environment in self._environments.values():
            environment.globals["emotion_is_read"] = emotion_is_read
        self._compile = lru_cache(maxsize=4096)(self._compile_template)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which everything can be said."""
        return self.library.languages

    def language_or_default(self, language: str | None) -> str:
        """The language to answer in: the one asked for if the content has it, else the shop's own."""
        return language if language in self.library.languages else self.library.default_language

    def required_facts(self, response: str) -> Sequence[str]:
        """Which personal facts a response may use, so that only those are looked up."""
        return self.library.get_response(response).facts

    def render(
        self, response: str, language: str | None, facts: Mapping[str, Any], *, brief: bool = False
    ) -> RenderedReply:
        """Render one response.

        Args:
            response: Name such as ``utter_delivery_period``.
            language: Code of the customer's language; an unknown one falls back to the shop's.
            facts: Whatever the template may use besides ``shop``.
            brief: Only the first part, where the article allows it.

        Raises:
            ResponseNotFoundError: No such article or reply.
            ResponseNotRenderedError: The template misses a fact or is broken.
        """
        spoken = self.language_or_default(language)
        template = self.library.get_response(response)
        source = _text_of(template, spoken)
        text = self._fill(response, spoken, source, facts) if source else ""
        buttons = tuple(self._button(button, spoken) for button in template.buttons)
        short = self._shortened(response, spoken, text, facts) if brief else text
        return RenderedReply(short, buttons, spoken, is_cut=short != text)

    def render_letter(self, name: str, language: str | None, facts: Mapping[str, Any]) -> RenderedLetter:
        """Render one letter.

        Args:
            name: Such as ``letter_invoice``.
            language: As for :meth:`render`.
            facts: Whatever its words may use besides ``shop``.

        Raises:
            ResponseNotFoundError: No such letter.
            ResponseNotRenderedError: The words miss a fact, or are broken.
        """
        words = self.library.letters.get(name)
        if words is None:
            raise ResponseNotFoundError(name)
        spoken = self.language_or_default(language)
        subject = self._fill(name, spoken, words.subject[spoken], facts)
        return RenderedLetter(subject, self._fill(name, spoken, words.text[spoken], facts), spoken)

    def render_canned(self, canned: CannedReply, language: str | None, facts: Mapping[str, Any]) -> str:
        """What an agent is about to send.

        Args:
            canned: The reply.
            language: As for :meth:`render`.
            facts: ``agent``, and ``customer`` and ``order``, which are None while they are not known.

        Raises:
            ResponseNotRenderedError: The words miss a fact, or are broken.
        """
        spoken = self.language_or_default(language)
        return self._fill(canned.shortcut, spoken, canned.text[spoken], facts)

    def title_of(self, intent: str, language: str | None) -> str:
        """What a button that asks for this intent says."""
        return self.library.articles[intent].title[self.language_or_default(language)]

    def _shortened(self, response: str, language: str, text: str, facts: Mapping[str, Any]) -> str:
        template = self.library.get_response(response)
        if not isinstance(template, Article) or not template.may_be_shortened:
            return text
        if template.short is not None:
            return self._fill(response, language, template.short[language], facts)
        return first_part(text)

    def _fill(self, response: str, language: str, source: str, facts: Mapping[str, Any]) -> str:
        try:
            text = self._compile(language, source).render({**NO_PERSONAL_FACTS, **facts})
            return _EXTRA_BLANK_LINES.sub("\n\n", text.strip())
        except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
            raise ResponseNotRenderedError(response, language, str(error)) from error

    def _compile_template(self, language: str, source: str) -> Template:
        return self._environments[language].from_string(_LINE_OF_TAGS.sub(r"\1", source))

    def _button(self, button: ButtonTemplate, language: str) -> RenderedButton:
        if button.intent is not None:
            title = button.title[language] if button.title else self.title_of(button.intent, language)
            article = self.library.articles.get(button.intent)
            return RenderedButton(title, button.intent, is_offer=article is not None and article.offer)
        # ButtonTemplate refuses a button that has neither an intent nor a link with a title.
        assert button.link is not None
        assert button.title is not None
        url = self.library.shop["links"][button.link]
        return RenderedButton(
            button.title[language], url=url, is_offer=button.link in self.library.offer_links
        )


def first_part(text: str) -> str:
    r"""The first paragraph of an answer, with the list it announces: answers begin with what was asked.

    >>> first_part("Binnen 30 dagen.\n\nBel ons anders.")
    'Binnen 30 dagen.'
    >>> first_part("Zo bereik je ons:\n\n- telefoon\n- mail\n\nHoud je nummer bij de hand.")
    'Zo bereik je ons:\n\n- telefoon\n- mail'
    """
    paragraphs = text.split("\n\n")
    end = 1
    while end < len(paragraphs) and (paragraphs[end - 1].endswith(":") or paragraphs[end].startswith("- ")):
        end += 1
    return "\n\n".join(paragraphs[:end])


def _text_of(template: Article | Reply, language: str) -> str | None:
    if isinstance(template, Article):
        return template.answer[language]
    return template.text[language] if template.text is not None else None


def _open_environment(library: Library, language: str) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=False,
    )
    environment.filters.update(Filters(language, library.words, library.shop["currency"]).named())
    environment.globals["shop"] = library.shop
    return environment
