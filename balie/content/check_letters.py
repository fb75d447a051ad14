"""The part of the content check that is about letters: there in every language, and each can be written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from balie.content.articles import LetterFile
from balie.content.errors import ResponseNotRenderedError
from balie.content.findings import Finding, Rule
from balie.content.keywords import split_words
from balie.content.library import Library, SourceFile
from balie.content.render import Renderer

LETTER_PREFIX: Final = "letter_"
MAX_SUBJECT_CHARACTERS: Final = 78
"""A header of one line (RFC 5322, 2.1.1)."""
MAX_LETTER_WORDS: Final = 200


def _letters_can_be_written(library: Library) -> Iterator[Finding]:
    renderer = Renderer(library)
    named: dict[str, str] = {}
    for file in library.letter_files:
        for name in file.content.letters:
            first = named.setdefault(name, file.yaml.path.name)
            if not name.startswith(LETTER_PREFIX):
                yield _finding(file, "letter-name", f"{name} has to begin with {LETTER_PREFIX}", name)
            if first != file.yaml.path.name:
                yield _finding(file, "two-letters", f"{name} already stands in {first}", name)
            yield from _problems_of(library, renderer, file, name)


def _problems_of(
    library: Library, renderer: Renderer, file: SourceFile[LetterFile], name: str
) -> Iterator[Finding]:
    words = file.content.letters[name]
    for language in library.languages:
        missing = [part for part in ("subject", "text") if language not in getattr(words, part)]
        for part in missing:
            yield _finding(file, "missing-translation", f"{name} has no {part} in {language}", name, part)
        if missing:
            continue
        for sample in words.sample:
            problem = _problem_of_writing(renderer, name, language, sample)
            if problem is not None:
                yield _finding(file, "cannot-be-written", problem, name, "text", language)


def _problem_of_writing(renderer: Renderer, name: str, language: str, facts: dict[str, Any]) -> str | None:
    try:
        letter = renderer.render_letter(name, language, facts)
    except (ResponseNotRenderedError, KeyError) as error:
        return str(error)
    if not letter.subject or not letter.text:
        return f"{name} says nothing in {language}"
    if "\n" in letter.subject or len(letter.subject) > MAX_SUBJECT_CHARACTERS:
        return f"the subject of {name} is not one line of {MAX_SUBJECT_CHARACTERS} characters in {language}"
    words = len(split_words(letter.text))
    if words > MAX_LETTER_WORDS:
        return f"{name} has {words} words in {language}, {MAX_LETTER_WORDS} are allowed"
    return None


def _finding(file: SourceFile[LetterFile], rule: str, message: str, name: str, *inside: str) -> Finding:
    place = ("letters", name, *inside)
    return Finding(file.yaml.path, file.yaml.line_of(place), rule, message)


LETTER_RULES: tuple[Rule, ...] = (_letters_can_be_written,)
