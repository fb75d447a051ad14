"""The part of the content check that is about moods: short forms, offers, and words for a mood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from balie.content.articles import Article, MoodWords
from balie.content.errors import ResponseNotRenderedError
from balie.content.findings import Finding, Rule, placed_articles, placed_replies, spoken_languages
from balie.content.keywords import split_words
from balie.content.library import RESPONSE_PREFIX, Library, SourceFile
from balie.content.render import Renderer

OPENINGS: Final = ("anger", "anger_again", "sadness", "fear", "confusion", "joy", "gratitude")
REMARKS: Final = ("person", "review")
MIN_OPENINGS: Final = 6
MIN_REMARKS: Final = 3
MAX_OPENING_WORDS: Final = 14
MAX_REMARK_WORDS: Final = 20
MAX_SHORT_WORDS: Final = 60
WORDS_OF_A_WORD: Final = {"zh": 2}
"""Every Chinese character counts as a word."""


def _short_forms_ask_one_thing(library: Library) -> Iterator[Finding]:
    renderer = Renderer(library)
    for placed in placed_articles(library):
        article = placed.article
        for language in spoken_languages(library, article.answer):
            if article.short is not None and language not in article.short:
                yield placed.finding(
                    "missing-translation", f"{article.intent} has no short in {language}", "short"
                )
                continue
            problem = _problem_of_shortening(renderer, article, language)
            if problem is not None:
                yield placed.finding("short-form", problem, "answer", language)


def _problem_of_shortening(renderer: Renderer, article: Article, language: str) -> str | None:
    response = RESPONSE_PREFIX + article.intent
    try:
        short = renderer.render(response, language, {}, brief=True)
    except (ResponseNotRenderedError, KeyError) as error:
        return str(error)
    if not short.is_cut:
        return None
    if sum(short.text.count(mark) for mark in "?？") > 1:
        return f"the first part of {response} asks more than one question in {language}: write a `short`"
    words = len(split_words(short.text))
    if words > MAX_SHORT_WORDS:
        return f"the first part of {response} has {words} words in {language}, {MAX_SHORT_WORDS} are allowed"
    return None


def _offers_are_marked(library: Library) -> Iterator[Finding]:
    for placed in placed_articles(library):
        if not placed.article.offer:
            for link in _offer_links_in(library, placed.article.answer.values()):
                message = f"{placed.article.intent} links to {link}, which sells: mark it `offer: true`"
                yield placed.finding("unmarked-offer", message, "answer")
    for reply in placed_replies(library):
        if not reply.reply.offer:
            for link in _offer_links_in(library, (reply.reply.text or {}).values()):
                message = f"{reply.name} links to {link}, which sells: mark it `offer: true`"
                yield reply.finding("unmarked-offer", message, "text")


def _offer_links_in(library: Library, texts: Iterable[str]) -> Iterator[str]:
    for link in sorted(library.offer_links):
        if link not in library.shop["links"]:
            continue
        if any(f"shop.links.{link} " in text.replace("}}", " ") for text in texts):
            yield link


def _offer_links_exist(library: Library) -> Iterator[Finding]:
    for link in sorted(library.offer_links - set(library.shop["links"])):
        yield Finding(
            Path("data/shop/shop.yml"), 1, "dead-button", f"offer_links names {link}, which links lacks"
        )


def _mood_words_are_complete(library: Library) -> Iterator[Finding]:
    file = library.mood_words
    if file is None:
        yield Finding(Path("data/replies/openings.yml"), 1, "few-openings", "there are no words for moods")
        return
    words = file.content
    for part, occasions, found, least in (
        ("openings", OPENINGS, words.openings, MIN_OPENINGS),
        ("remarks", REMARKS, words.remarks, MIN_REMARKS),
    ):
        for occasion in sorted({*occasions, *found}):
            if occasion not in occasions:
                yield _mood_finding(file, "unknown-mood", f"no mood calls for {occasion}", part, occasion)
                continue
            for language in sorted({*library.languages, *found.get(occasion, {})}):
                count = len(set(found.get(occasion, {}).get(language, ())))
                if count < least:
                    message = f"{occasion} has {count} different ways in {language}, {least} are needed"
                    yield _mood_finding(file, "few-openings", message, part, occasion, language)


def _mood_words_are_fit(library: Library) -> Iterator[Finding]:
    """They are said as they stand, so they hold no facts; they are short; and they promise nothing."""
    file = library.mood_words
    if file is None:
        return
    for part, found, longest in (
        ("openings", file.content.openings, MAX_OPENING_WORDS),
        ("remarks", file.content.remarks, MAX_REMARK_WORDS),
    ):
        for occasion, per_language in found.items():
            for language, ways in per_language.items():
                for index, way in enumerate(ways):
                    limit = longest * WORDS_OF_A_WORD.get(language, 1)
                    for problem in _problems_of(way, file.content.promises.get(language, ()), limit):
                        message = f'"{way}" {problem}'
                        yield _mood_finding(file, "unfit-opening", message, part, occasion, language, index)


def _problems_of(way: str, promises: Iterable[str], longest: int) -> Iterator[str]:
    if "{" in way or "\n" in way:
        yield "holds a place for a fact, or a new line"
    if "!" in way or "！" in way:
        yield "shouts"
    if len(split_words(way)) > longest:
        yield f"has more than {longest} words"
    yield from (f'promises: "{promise}"' for promise in promises if promise in way.casefold())


def _mood_finding(file: SourceFile[MoodWords], rule: str, message: str, *place: str | int) -> Finding:
    return Finding(file.yaml.path, file.yaml.line_of(place), rule, message)


MOOD_RULES: Final[tuple[Rule, ...]] = (
    _short_forms_ask_one_thing,
    _offers_are_marked,
    _offer_links_exist,
    _mood_words_are_complete,
    _mood_words_are_fit,
)
