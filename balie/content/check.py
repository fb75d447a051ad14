"""The content check: what is missing, doubled or contradictory, with file and line.

Rules are generators of findings over a loaded library, listed in ``RULES``; each can be read on its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from balie.content.articles import OUT_OF_SCOPE, Article, ButtonTemplate
from balie.content.check_answers import ANSWER_RULES
from balie.content.check_canned import CANNED_RULES
from balie.content.check_letters import LETTER_RULES
from balie.content.check_moods import MOOD_RULES
from balie.content.check_teams import TEAM_RULES
from balie.content.errors import ResponseNotRenderedError
from balie.content.findings import (
    Finding,
    PlacedArticle,
    PlacedReply,
    Rule,
    Severity,
    placed_articles,
    placed_replies,
    spoken_languages,
)
from balie.content.keywords import compile_pattern, split_words
from balie.content.library import RESPONSE_PREFIX, Library
from balie.content.render import Renderer

MIN_EXAMPLES = 15
MIN_OUT_OF_SCOPE = 250
MIN_NEAR_MISS_SHARE = 0.4
MAX_ANSWER_WORDS = 90
COLLISION_SHARE = 0.05
"""A pattern may fire on this share of another article's examples before it is called a collision."""


@dataclass(frozen=True, slots=True)
class _PlacedExample:
    path: Path
    line: int
    intent: str
    language: str
    text: str
    near_miss: bool = False


def check_content(library: Library) -> list[Finding]:
    """Every finding of every rule, in the order of the files."""
    findings = {finding for rule in RULES for finding in rule(library)}
    return sorted(findings, key=lambda finding: (finding.path, finding.line, finding.rule, finding.message))


def _placed_examples(library: Library) -> Iterator[_PlacedExample]:
    for placed in placed_articles(library):
        yaml, article = placed.file.yaml, placed.article
        for key, per_language in (("examples", article.examples), ("near_misses", article.near_misses)):
            for language, texts in per_language.items():
                for index, text in enumerate(texts):
                    line = yaml.line_of((*placed.place, key, language, index))
                    yield _PlacedExample(
                        yaml.path, line, article.intent, language, text, near_miss=key == "near_misses"
                    )
    yield from _voice_examples(library)


def _voice_examples(library: Library) -> Iterator[_PlacedExample]:
    for file in library.voices:
        voice, yaml = file.content, file.yaml
        for intent, texts in voice.examples.items():
            for index, text in enumerate(texts):
                line = yaml.line_of(("examples", intent, index))
                yield _PlacedExample(yaml.path, line, intent, voice.language, text)
        for index, text in enumerate(voice.near_misses):
            line = yaml.line_of(("near_misses", index))
            yield _PlacedExample(yaml.path, line, OUT_OF_SCOPE, voice.language, text, near_miss=True)


def _intents_have_one_article(library: Library) -> Iterator[Finding]:
    seen: dict[str, PlacedArticle] = {}
    for placed in placed_articles(library):
        intent = placed.article.intent
        if intent not in library.intents:
            yield placed.finding("unknown-intent", f"{intent} is not in data/taxonomy.yml", "intent")
        if intent in seen:
            first = seen[intent].file.yaml.path.name
            yield placed.finding("two-articles", f"{intent} already has an article in {first}", "intent")
        seen.setdefault(intent, placed)
    folder = library.topics[0].yaml.path.parent if library.topics else Path()
    for intent in sorted(set(library.intents) - set(seen)):
        yield Finding(folder, 1, "no-article", f"{intent} has no article")


def _examples_are_enough(library: Library) -> Iterator[Finding]:
    for placed in placed_articles(library):
        article = placed.article
        if article.intent == OUT_OF_SCOPE:
            continue
        for language in library.languages:
            count = len(article.examples.get(language, []))
            if count < MIN_EXAMPLES:
                message = f"{article.intent} has {count} examples in {language}, {MIN_EXAMPLES} are needed"
                yield placed.finding("few-examples", message, "examples")


def _out_of_scope_is_broad(library: Library) -> Iterator[Finding]:
    outside = [example for example in _placed_examples(library) if example.intent == OUT_OF_SCOPE]
    for language in library.languages:
        spoken = [example for example in outside if example.language == language]
        near = sum(example.near_miss for example in spoken)
        path = spoken[0].path if spoken else Path("data/faq")
        if len(spoken) < MIN_OUT_OF_SCOPE:
            message = f"{len(spoken)} out-of-scope examples in {language}, {MIN_OUT_OF_SCOPE} are needed"
            yield Finding(path, 1, "few-out-of-scope", message)
        elif near < MIN_NEAR_MISS_SHARE * len(spoken):
            message = f"only {near} of {len(spoken)} out-of-scope examples in {language} are near misses"
            yield Finding(path, 1, "few-near-misses", message)


def _nothing_is_untranslated(library: Library) -> Iterator[Finding]:
    for placed in placed_articles(library):
        for part, translations in _translated_parts(placed.article).items():
            for language in library.languages:
                if not translations.get(language):
                    message = f"{placed.article.intent} has no {part} in {language}"
                    yield placed.finding("missing-translation", message, part)
    for reply in placed_replies(library):
        for language in library.languages:
            if reply.reply.text is not None and language not in reply.reply.text:
                yield reply.finding("missing-translation", f"{reply.name} has no text in {language}", "text")


def _replies_have_one_text(library: Library) -> Iterator[Finding]:
    first_use: dict[str, PlacedReply] = {}
    for reply in placed_replies(library):
        first = first_use.setdefault(reply.name, reply)
        if first is not reply:
            where = f"{first.file.yaml.path.name}, which is not said any more"
            yield reply.finding("two-replies", f"{reply.name} stands in {where}")


def _translated_parts(article: Article) -> dict[str, dict[str, Any]]:
    parts: dict[str, dict[str, Any]] = {"title": article.title, "answer": article.answer}
    return parts if article.intent == OUT_OF_SCOPE else {**parts, "keywords": article.keywords}


def _examples_belong_to_one_intent(library: Library) -> Iterator[Finding]:
    first_use: dict[tuple[str, str], _PlacedExample] = {}
    for example in _placed_examples(library):
        if example.intent not in library.intents:
            message = f"{example.intent} is not in data/taxonomy.yml"
            yield Finding(example.path, example.line, "unknown-intent", message)
        key = (example.language, " ".join(split_words(example.text)) or example.text)
        first = first_use.setdefault(key, example)
        if first is example:
            continue
        where = f"{first.path.name}:{first.line}"
        finding = Finding(example.path, example.line, "duplicate", f'"{example.text}" stands in {where} too')
        if first.intent == example.intent:
            yield replace(finding, severity=Severity.WARNING)
        else:
            message = f'"{example.text}" is {example.intent} here and {first.intent} in {where}'
            yield replace(finding, rule="two-intents", message=message)


def _keywords_do_not_collide(library: Library) -> Iterator[Finding]:
    owners: dict[tuple[str, str], PlacedArticle] = {}
    examples = _examples_by_intent(library)
    for placed in placed_articles(library):
        for language, index, pattern in _patterns_of(placed.article):
            owner = owners.setdefault((language, pattern.casefold()), placed)
            for message, severity in _pattern_problems(pattern, placed, owner, examples[language]):
                finding = placed.finding("keyword-collision", message, "keywords", language, index)
                yield replace(finding, severity=severity)


def _patterns_of(article: Article) -> Iterator[tuple[str, int, str]]:
    for language, patterns in article.keywords.items():
        for index, pattern in enumerate(patterns):
            yield language, index, pattern


def _pattern_problems(
    pattern: str, placed: PlacedArticle, owner: PlacedArticle, examples: dict[str, list[str]]
) -> Iterator[tuple[str, Severity]]:
    if owner is not placed:
        yield f'"{pattern}" is also a keyword of {owner.article.intent}', Severity.ERROR
    try:
        for other, share in _fires_elsewhere(pattern, placed.article.intent, examples):
            yield f'"{pattern}" also fires on {share:.0%} of the examples of {other}', Severity.WARNING
    except ValueError as error:
        yield str(error), Severity.ERROR


def _examples_by_intent(library: Library) -> dict[str, dict[str, list[str]]]:
    texts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for example in _placed_examples(library):
        texts[example.language][example.intent].append(" " + " ".join(split_words(example.text)) + " ")
    return texts


def _fires_elsewhere(pattern: str, owner: str, texts: dict[str, list[str]]) -> Iterator[tuple[str, float]]:
    search = compile_pattern(pattern).search
    for intent, examples in texts.items():
        if intent == owner:
            continue
        share = sum(search(text) is not None for text in examples) / len(examples)
        if share > COLLISION_SHARE:
            yield intent, share


def _buttons_lead_somewhere(library: Library) -> Iterator[Finding]:
    for placed in placed_articles(library):
        first = placed.finding("dead-button", "", "buttons")
        for button in placed.article.buttons:
            yield from _button_findings(library, button, first.path, first.line)
    for reply in placed_replies(library):
        first = reply.finding("dead-button", "", "buttons")
        for button in reply.reply.buttons:
            yield from _button_findings(library, button, first.path, first.line)


def _button_findings(library: Library, button: ButtonTemplate, path: Path, line: int) -> Iterator[Finding]:
    if button.intent is not None and button.intent not in library.articles:
        yield Finding(path, line, "dead-button", f"a button leads to {button.intent}, which has no article")
    if button.link is not None and button.link not in library.shop["links"]:
        yield Finding(
            path, line, "dead-button", f"a button leads to the link {button.link}, which shop.yml lacks"
        )
    for language in library.languages:
        if button.title is not None and language not in button.title:
            yield Finding(path, line, "missing-translation", f"a button has no title in {language}")


SAMPLE_FACTS: dict[str, dict[str, object]] = {
    "customer": {"first_name": "Sanne", "points": 180, "points_to_voucher": 70},
    "latest_order": {"number": "DD1048213", "placed_on": "2026-11-03"},
}


def _answers_can_be_said(library: Library) -> Iterator[Finding]:
    for renderer in (Renderer(library), Renderer(library, emotion_is_read=False)):
        yield from _unsayable_answers(library, renderer)


def _unsayable_answers(library: Library, renderer: Renderer) -> Iterator[Finding]:
    for placed in placed_articles(library):
        article = placed.article
        known: dict[str, Any] = {name: SAMPLE_FACTS[name] for name in article.facts}
        for language in spoken_languages(library, article.answer):
            for problem in _problems(renderer, RESPONSE_PREFIX + article.intent, language, [{}, known]):
                yield placed.finding("cannot-be-said", problem, "answer", language)
    for reply in placed_replies(library):
        for language in spoken_languages(library, reply.reply.text):
            for problem in _problems(renderer, reply.name, language, reply.reply.sample):
                yield reply.finding("cannot-be-said", problem, "text", language)


def _problems(
    renderer: Renderer, response: str, language: str, samples: list[dict[str, Any]]
) -> Iterator[str]:
    for sample in samples:
        problem = _problem_of_saying(renderer, response, language, sample)
        if problem is not None:
            yield problem


def _problem_of_saying(renderer: Renderer, response: str, language: str, facts: dict[str, Any]) -> str | None:
    try:
        text = renderer.render(response, language, facts).text
    except (ResponseNotRenderedError, KeyError) as error:
        return str(error)
    if not text:
        return f"{response} says nothing in {language}"
    words = len(split_words(text))
    if words > MAX_ANSWER_WORDS:
        return f"{response} has {words} words in {language}, {MAX_ANSWER_WORDS} are allowed"
    return None


RULES: tuple[Rule, ...] = (
    _intents_have_one_article,
    _examples_are_enough,
    _out_of_scope_is_broad,
    _nothing_is_untranslated,
    _replies_have_one_text,
    _examples_belong_to_one_intent,
    _keywords_do_not_collide,
    _buttons_lead_somewhere,
    _answers_can_be_said,
    *MOOD_RULES,
    *ANSWER_RULES,
    *LETTER_RULES,
    *CANNED_RULES,
    *TEAM_RULES,
)
