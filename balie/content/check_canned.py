"""The part of the content check that is about canned replies: each can be sent, whatever is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from balie.content.articles import CannedFile, CannedReply
from balie.content.errors import ResponseNotRenderedError
from balie.content.findings import Finding, Rule
from balie.content.keywords import split_words
from balie.content.library import Library, SourceFile
from balie.content.render import Renderer

MAX_CANNED_WORDS: Final = 90
_AGENT: Final = {"display_name": "Joris"}
_CUSTOMER: Final = {"first_name": "Sanne"}
_ORDER: Final = {"number": "DD1048213"}


def sample_facts() -> tuple[Mapping[str, Any], ...]:
    """All that may be known when a canned reply is sent: with and without a customer, and an order."""
    return tuple(
        {"agent": _AGENT, "customer": customer, "order": order}
        for customer, order in product((_CUSTOMER, None), (_ORDER, None))
    )


def _canned_replies_can_be_sent(library: Library) -> Iterator[Finding]:
    renderer = Renderer(library)
    first_use: dict[str, str] = {}
    for file in library.canned_files:
        for index, canned in enumerate(file.content.canned):
            here = f"{file.yaml.path.name}:{file.yaml.line_of(('canned', index))}"
            first = first_use.setdefault(canned.shortcut, here)
            if first != here:
                message = f"/{canned.shortcut} already stands in {first}"
                yield _finding(file, index, "two-shortcuts", message, "shortcut")
            yield from _problems_of(library, renderer, file, index)


def _problems_of(
    library: Library, renderer: Renderer, file: SourceFile[CannedFile], index: int
) -> Iterator[Finding]:
    canned = file.content.canned[index]
    for language in library.languages:
        missing = [part for part in ("title", "text") if language not in getattr(canned, part)]
        for part in missing:
            message = f"/{canned.shortcut} has no {part} in {language}"
            yield _finding(file, index, "missing-translation", message, part)
        problem = None if missing else _problem_of_sending(renderer, canned, language)
        if problem is not None:
            yield _finding(file, index, *problem, "text", language)


def _problem_of_sending(renderer: Renderer, canned: CannedReply, language: str) -> tuple[str, str] | None:
    """The rule that is broken, and how; None when all is well."""
    for facts in sample_facts():
        try:
            text = renderer.render_canned(canned, language, facts)
        except (ResponseNotRenderedError, KeyError) as error:
            known = "with all facts" if facts["customer"] and facts["order"] else "while something is unknown"
            return "unknown-placeholder", f"/{canned.shortcut} {known}: {error}"
        if not text:
            return "cannot-be-sent", f"/{canned.shortcut} says nothing in {language}"
        words = len(split_words(text))
        if words > MAX_CANNED_WORDS:
            allowed = f"{MAX_CANNED_WORDS} are allowed"
            return "cannot-be-sent", f"/{canned.shortcut} has {words} words in {language}, {allowed}"
    return None


def _finding(file: SourceFile[CannedFile], index: int, rule: str, message: str, *inside: str) -> Finding:
    place: tuple[str | int, ...] = ("canned", index, *inside)
    return Finding(file.yaml.path, file.yaml.line_of(place), rule, message)


CANNED_RULES: tuple[Rule, ...] = (_canned_replies_can_be_sent,)
