"""All content in memory, found by the name the dialogue uses for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from balie.content.articles import (
    AnswerWords,
    Article,
    CannedFile,
    CannedReply,
    LetterFile,
    LetterWords,
    MoodWords,
    Reply,
    ReplyFile,
    Topic,
    Voice,
)
from balie.content.errors import ContentBrokenError, ResponseNotFoundError
from balie.content.located_yaml import LocatedYaml, read_located_yaml
from balie.content.teams import Team, TeamFile

Shape = TypeVar("Shape", bound=BaseModel)
RESPONSE_PREFIX = "utter_"
MOOD_WORDS = "openings.yml"
ANSWER_WORDS = "answers.yml"
DESK_REPLIES = ("replies.yml", "actions.yml", "elsewhere.yml")
"""Files of ``data/desk`` with sentences for agents, of the same form as those of ``data/replies``."""
TEAMS = "teams.yml"


@dataclass(frozen=True, slots=True)
class SourceFile(Generic[Shape]):
    """A parsed content file together with the lines its parts stand on."""

    yaml: LocatedYaml
    content: Shape


@dataclass(frozen=True)
class Library:
    """Every article, reply and voice, and the shop's facts.

    Attributes:
        shop: ``data/shop/shop.yml`` as it stands there.
        words: ``data/shop/words.yml``, for the filters.
        intents: From intent to its definition (``data/taxonomy.yml``).
        mood_words: ``data/replies/openings.yml``; None when there is none.
        answer_words: ``data/shop/answers.yml``; None when there is none.
        team_file: ``data/desk/teams.yml``; None when there are no agents.
    """

    shop: Mapping[str, Any]
    words: Mapping[str, Any]
    intents: Mapping[str, str]
    topics: tuple[SourceFile[Topic], ...]
    voices: tuple[SourceFile[Voice], ...]
    reply_files: tuple[SourceFile[ReplyFile], ...]
    mood_words: SourceFile[MoodWords] | None = None
    answer_words: SourceFile[AnswerWords] | None = None
    letter_files: tuple[SourceFile[LetterFile], ...] = ()
    canned_files: tuple[SourceFile[CannedFile], ...] = ()
    team_file: SourceFile[TeamFile] | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which everything must exist."""
        return tuple(self.shop["languages"])

    @property
    def default_language(self) -> str:
        """The language of a customer about whom nothing is known."""
        return str(self.shop["default_language"])

    @cached_property
    def articles(self) -> Mapping[str, Article]:
        """Articles by intent; the content check reports intents that have two."""
        return {article.intent: article for file in self.topics for article in file.content.articles}

    @cached_property
    def replies(self) -> Mapping[str, Reply]:
        """Replies by response name (``utter_order_late``)."""
        return {name: reply for file in self.reply_files for name, reply in file.content.replies.items()}

    @cached_property
    def letters(self) -> Mapping[str, LetterWords]:
        """Letters by name (``letter_invoice``)."""
        return {name: words for file in self.letter_files for name, words in file.content.letters.items()}

    @property
    def teams(self) -> tuple[Team, ...]:
        """The teams of agents, in the order of the file; empty when there are none."""
        return () if self.team_file is None else tuple(self.team_file.content.teams)

    @cached_property
    def topic_of_intent(self) -> Mapping[str, str]:
        """From intent to the topic of its article."""
        return {each.intent: file.content.topic for file in self.topics for each in file.content.articles}

    @cached_property
    def canned(self) -> tuple[CannedReply, ...]:
        """What agents send with a few keystrokes, in the order of the files."""
        return tuple(canned for file in self.canned_files for canned in file.content.canned)

    @cached_property
    def offer_links(self) -> frozenset[str]:
        """Names of the shop's links that sell or promote."""
        return frozenset(self.shop.get("offer_links", ()))

    @property
    def words_of_answers(self) -> AnswerWords:
        """What customers type when a flow asks them something; nothing where the content has none."""
        if self.answer_words is None:
            return AnswerWords(details={}, questions={})
        return self.answer_words.content

    def words_for_mood(self, occasion: str, language: str) -> Sequence[str]:
        """Every way to say an opening or a remark; empty when there is none in this language."""
        if self.mood_words is None:
            return ()
        words = self.mood_words.content
        return (words.openings | words.remarks).get(occasion, {}).get(language, ())

    def get_response(self, response: str) -> Article | Reply:
        """The article or reply behind a response name.

        Raises:
            ResponseNotFoundError: Neither a reply nor an article is called so.
        """
        if response in self.replies:
            return self.replies[response]
        article = self.articles.get(response.removeprefix(RESPONSE_PREFIX))
        if article is None:
            raise ResponseNotFoundError(response)
        return article


def load_library(folder: Path) -> Library:
    """Read all content below ``data/``.

    Raises:
        ContentBrokenError: A file has not the form of ``docs/content.md``; names file and line.
    """
    mood_words, answer_words = folder / "replies" / MOOD_WORDS, folder / "shop" / ANSWER_WORDS
    teams = folder / "desk" / TEAMS
    return Library(
        shop=read_located_yaml(folder / "shop" / "shop.yml").value,
        words=read_located_yaml(folder / "shop" / "words.yml").value,
        intents=_read_taxonomy(folder / "taxonomy.yml"),
        topics=_read_all(folder / "faq", Topic),
        voices=_read_all(folder / "faq" / "voices", Voice),
        reply_files=(
            *_read_all(folder / "replies", ReplyFile, but=MOOD_WORDS),
            *(_read(path, ReplyFile) for path in _list_desk_replies(folder / "desk")),
            *_read_all(folder / "channels", ReplyFile),
        ),
        mood_words=_read(mood_words, MoodWords) if mood_words.exists() else None,
        answer_words=_read(answer_words, AnswerWords) if answer_words.exists() else None,
        letter_files=_read_all(folder / "letters", LetterFile),
        canned_files=_read_all(folder / "desk" / "canned", CannedFile),
        team_file=_read(teams, TeamFile) if teams.exists() else None,
    )


def _list_desk_replies(folder: Path) -> list[Path]:
    return [path for path in (folder / name for name in DESK_REPLIES) if path.exists()]


def _read_taxonomy(path: Path) -> dict[str, str]:
    groups = read_located_yaml(path).value["groups"]
    return {intent: definition for group in groups for intent, definition in group["intents"].items()}


def _read_all(folder: Path, shape: type[Shape], *, but: str = "") -> tuple[SourceFile[Shape], ...]:
    return tuple(_read(path, shape) for path in sorted(folder.glob("*.yml")) if path.name != but)


def _read(path: Path, shape: type[Shape]) -> SourceFile[Shape]:
    located = read_located_yaml(path)
    try:
        return SourceFile(located, shape.model_validate(located.value))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ContentBrokenError(path, located.line_of(first["loc"]), f"{place}: {first['msg']}") from error
