"""The articles of ``data/faq`` as the Rasa half needs them: examples, keyword patterns, kinds.

Answers are none of its business: the service renders them. ``docs/content.md`` describes the files;
``balie content check`` finds gaps and duplicates, here only what would break training is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.errors import TrainingContentError

ARTICLES_WRITER = "articles"
OUT_OF_SCOPE = "out_of_scope"
KINDS = ("answer", "look_up", "small_talk")


@dataclass(frozen=True)
class Example:
    """A sentence that a customer may write.

    Attributes:
        writer: Who wrote it; accuracy is measured on writers that were never seen.
        near_miss: Out of scope, but close to what the assistant is for.
    """

    text: str
    intent: str
    language: str
    writer: str = ARTICLES_WRITER
    near_miss: bool = False


@dataclass(frozen=True)
class KeywordPattern:
    """A pattern in the little language of ``docs/content.md`` that tells one intent."""

    pattern: str
    intent: str
    language: str


@dataclass(frozen=True)
class Article:
    """One intent of the assistant: how it is answered and what it is recognised by."""

    intent: str
    kind: str
    title: str
    examples: tuple[Example, ...]
    keywords: tuple[KeywordPattern, ...]


@dataclass(frozen=True)
class Content:
    """Everything below ``data/`` that Rasa is trained on."""

    intents: tuple[str, ...]
    languages: tuple[str, ...]
    articles: tuple[Article, ...]
    voices: tuple[Example, ...]

    @property
    def examples(self) -> Iterator[Example]:
        """All examples, articles first, then the voices."""
        for article in self.articles:
            yield from article.examples
        yield from self.voices

    @property
    def keywords(self) -> Iterator[KeywordPattern]:
        """All keyword patterns."""
        for article in self.articles:
            yield from article.keywords


def read_content(data: Path, *, voices: bool = True) -> Content:
    """Read taxonomy, articles and voices below ``data/``.

    Args:
        data: The folder with ``taxonomy.yml``, ``shop/shop.yml`` and ``faq/``.
        voices: Whether to read the writers' extra examples too.

    Raises:
        TrainingContentError: A file is missing or broken, an intent is unknown or has two articles.
    """
    intents = tuple(_read_intents(data / "taxonomy.yml"))
    faq = data / "faq"
    articles = tuple(
        article for path in sorted(faq.glob("*.yml")) for article in _read_articles(path, intents)
    )
    _refuse_twins(articles, faq)
    voice_files = sorted((faq / "voices").glob("*.yml")) if voices else []
    return Content(
        intents=intents,
        languages=tuple(_read_yaml(data / "shop" / "shop.yml").get("languages", ())),
        articles=articles,
        voices=tuple(example for path in voice_files for example in _read_voice(path, intents)),
    )


def _read_yaml(path: Path) -> dict[str, Any]:
    # BaseLoader leaves every scalar a string, so that an example "no" stays a word.
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TrainingContentError(path, f"cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise TrainingContentError(path, "holds no mapping")
    return content


def _read_intents(path: Path) -> Iterator[str]:
    for group in _read_yaml(path).get("groups", ()):
        yield from group["intents"]


def _read_articles(path: Path, intents: Iterable[str]) -> Iterator[Article]:
    for article in _read_yaml(path).get("articles") or ():
        intent = article.get("intent")
        if intent not in intents:
            raise TrainingContentError(path, f"intent {intent!r} is not in the taxonomy")
        yield _as_article(article, path)


def _as_article(article: Mapping[str, Any], path: Path) -> Article:
    intent, kind = article["intent"], article.get("kind", "answer")
    if kind not in KINDS:
        raise TrainingContentError(path, f"{intent}: kind {kind!r} is none of {', '.join(KINDS)}")
    near_misses = _examples_of(article.get("near_misses"), intent, near_miss=True)
    patterns = (article.get("keywords") or {}).items()
    return Article(
        intent=intent,
        kind=kind,
        title=next(iter((article.get("title") or {}).values()), intent),
        examples=(*_examples_of(article.get("examples"), intent), *near_misses),
        keywords=tuple(
            KeywordPattern(each, intent, language) for language, many in patterns for each in many
        ),
    )


def _examples_of(
    per_language: Mapping[str, list[str]] | None, intent: str, *, near_miss: bool = False
) -> Iterator[Example]:
    for language, texts in (per_language or {}).items():
        for text in texts:
            yield Example(text, intent, language, near_miss=near_miss)


def _read_voice(path: Path, intents: Iterable[str]) -> Iterator[Example]:
    voice = _read_yaml(path)
    writer, language = voice.get("writer", path.stem), voice.get("language", "")
    for intent, texts in (voice.get("examples") or {}).items():
        if intent not in intents:
            raise TrainingContentError(path, f"intent {intent!r} is not in the taxonomy")
        for text in texts:
            yield Example(text, intent, language, writer)
    for text in voice.get("near_misses") or ():
        yield Example(text, OUT_OF_SCOPE, language, writer, near_miss=True)


def _refuse_twins(articles: Iterable[Article], folder: Path) -> None:
    seen: set[str] = set()
    for article in articles:
        if article.intent in seen:
            raise TrainingContentError(folder, f"intent {article.intent!r} has two articles")
        seen.add(article.intent)
