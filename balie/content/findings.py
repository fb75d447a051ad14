"""What a content check says, and where: findings, and the content with the lines it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from balie.content.articles import Article, Reply, ReplyFile, Topic
from balie.content.library import Library, SourceFile
from balie.content.located_yaml import Place


class Severity(Enum):
    """Errors fail the build; warnings are for the writer to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to repair, and where."""

    path: Path
    line: int
    rule: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity.value}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article and where it stands."""

    file: SourceFile[Topic]
    place: Place
    article: Article

    def finding(self, rule: str, message: str, *inside: str | int) -> Finding:
        """A finding about it, or about a part of it."""
        yaml = self.file.yaml
        return Finding(yaml.path, yaml.line_of((*self.place, *inside)), rule, message)


@dataclass(frozen=True, slots=True)
class PlacedReply:
    """A reply and where it stands."""

    file: SourceFile[ReplyFile]
    name: str
    reply: Reply

    def finding(self, rule: str, message: str, *inside: str | int) -> Finding:
        """A finding about it, or about a part of it."""
        yaml = self.file.yaml
        return Finding(yaml.path, yaml.line_of(("replies", self.name, *inside)), rule, message)


def placed_articles(library: Library) -> Iterator[PlacedArticle]:
    """Every article, in the order of the files."""
    for file in library.topics:
        for index, article in enumerate(file.content.articles):
            yield PlacedArticle(file, ("articles", index), article)


def placed_replies(library: Library) -> Iterator[PlacedReply]:
    """Every reply, in the order of the files."""
    for file in library.reply_files:
        for name, reply in file.content.replies.items():
            yield PlacedReply(file, name, reply)


def spoken_languages(library: Library, texts: dict[str, str] | None) -> list[str]:
    """The shop's languages that a text stands in."""
    return [language for language in library.languages if texts and language in texts]


Rule = Callable[[Library], Iterator[Finding]]
