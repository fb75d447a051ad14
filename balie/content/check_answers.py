"""The part of the content check that is about what customers type when a flow asks them something."""

from __future__ import annotations

from collections.abc import Iterator

from balie.content.articles import AnswerWords
from balie.content.findings import Finding, Rule
from balie.content.keywords import split_words
from balie.content.library import Library, SourceFile


def _every_answer_can_be_typed(library: Library) -> Iterator[Finding]:
    file = library.answer_words
    if file is None:
        return
    for detail, values in file.content.details.items():
        for value, spoken in values.items():
            for language in library.languages:
                if not spoken.get(language):
                    message = f"{detail} {value} has no words in {language}"
                    yield _finding(file, "missing-translation", message, ("details", detail, value))
    for language in library.languages:
        if not file.content.questions.get(language):
            message = f"no words that begin a question in {language}"
            yield _finding(file, "missing-translation", message, ("questions",))


def _answers_are_told_apart(library: Library) -> Iterator[Finding]:
    """The same words must not mean two things: then they mean nothing, and the question comes again."""
    file = library.answer_words
    if file is None:
        return
    for detail, values in file.content.details.items():
        meant: dict[str, str] = {}
        for value, spoken in values.items():
            for phrase in {" ".join(split_words(text)) for texts in spoken.values() for text in texts}:
                first = meant.setdefault(phrase, value)
                if first != value:
                    message = f'"{phrase}" means {first} and {value} of {detail}'
                    yield _finding(file, "two-meanings", message, ("details", detail, value))


def _finding(file: SourceFile[AnswerWords], rule: str, message: str, place: tuple[str | int, ...]) -> Finding:
    return Finding(file.yaml.path, file.yaml.line_of(place), rule, message)


ANSWER_RULES: tuple[Rule, ...] = (_every_answer_can_be_typed, _answers_are_told_apart)
