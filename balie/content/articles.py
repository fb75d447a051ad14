"""The shapes of content files, exactly as ``docs/content.md`` describes them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Language = str
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
PerLanguage = dict[Language, Sentence]
FactName = Literal["customer", "latest_order"]
OUT_OF_SCOPE = "out_of_scope"
"""The intent of what the assistant is not for."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Manner = Literal["usual", "own", "none"]
"""Words for the customer's mood before a text: usual, its own instead, or none."""


class ButtonTemplate(_Part):
    """What a button leads to: another intent (whose title it then bears) or a link of the shop."""

    intent: str | None = None
    link: str | None = None
    title: dict[Language, Title] | None = None

    @model_validator(mode="after")
    def _leads_to_one_thing(self) -> ButtonTemplate:
        if (self.intent is None) == (self.link is None):
            raise ValueError("a button has either an intent or a link")
        if self.link is not None and self.title is None:
            raise ValueError("a button with a link needs a title")
        return self


class Article(_Part):
    """Everything about one intent.

    Attributes:
        kind: ``look_up`` articles are answered by an action that looks into the store;
            their own answer is what is said when nothing can be looked up.
        keywords: Patterns per language, in the little language of ``balie.content.keywords``.
        facts: Personal facts the answer may use, besides the shop's own.
        opening: Whether words for the customer's mood may come before it; ``own``: it says sorry itself.
            Small talk has none unless it says so.
        offer: Whether it sells or promotes: only said when asked for, or when the mood allows it.
        solves: Whether a customer who was told this may have been helped. Small talk solves nothing.
        may_be_shortened: Whether a confused customer may be given its first part, and the rest at a button.
        short: What they are given instead of the first part.
    """

    intent: str
    kind: Literal["answer", "look_up", "small_talk"] = "answer"
    title: dict[Language, Title]
    keywords: dict[Language, list[Sentence]] = Field(default_factory=dict)
    examples: dict[Language, list[Sentence]] = Field(default_factory=dict)
    near_misses: dict[Language, list[Sentence]] = Field(default_factory=dict)
    facts: list[FactName] = Field(default_factory=list)
    answer: PerLanguage
    buttons: list[ButtonTemplate] = Field(default_factory=list, max_length=3)
    opening: Manner = "usual"
    offer: bool = False
    solves: bool = True
    may_be_shortened: bool = True
    short: PerLanguage | None = None

    @model_validator(mode="before")
    @classmethod
    def _small_talk_is_small(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("kind") == "small_talk":
            return {"opening": "none", "solves": False, "may_be_shortened": False, **given}
        return given


class Topic(_Part):
    """One file of ``data/faq``."""

    topic: str
    articles: list[Article]


class Voice(_Part):
    """Example questions by one writer (``data/faq/voices``)."""

    writer: str
    language: Language
    about: str = ""
    examples: dict[str, list[Sentence]]
    near_misses: list[Sentence] = Field(default_factory=list)


class Reply(_Part):
    """A sentence of a flow or a look-up.

    Attributes:
        sample: Example facts, one set for each way the text can turn out; the content check
            renders every one of them in every language.
        opening: As for articles.
        offer: As for articles.
        solves: As for articles; questions and failures solve nothing.
    """

    facts: list[FactName] = Field(default_factory=list)
    sample: list[dict[str, Any]] = [{}]
    text: PerLanguage | None = None
    buttons: list[ButtonTemplate] = Field(default_factory=list, max_length=3)
    opening: Manner = "usual"
    offer: bool = False
    solves: bool = True


class ReplyFile(_Part):
    """One file of ``data/replies``; a reply without text is deliberate silence."""

    topic: str
    replies: dict[str, Reply]


class LetterWords(_Part):
    """The words of a letter that is sent by mail: plain text, without the marks of answers.

    Attributes:
        sample: Example facts, as for replies.
    """

    sample: list[dict[str, Any]] = [{}]
    subject: PerLanguage
    text: PerLanguage


class LetterFile(_Part):
    """One file of ``data/letters``."""

    topic: str
    letters: dict[str, LetterWords]


class CannedReply(_Part):
    """What an agent sends with a few keystrokes.

    Attributes:
        shortcut: What is typed after the slash; the same in every language.
    """

    shortcut: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,19}$")]
    title: dict[Language, Title]
    text: PerLanguage


class CannedFile(_Part):
    """One file of ``data/desk/canned``."""

    topic: str
    canned: list[CannedReply]


class MoodWords(_Part):
    """``data/replies/openings.yml``: what is said for a customer's mood, before and after an answer.

    Attributes:
        openings: By mood (``balie.assistant.emotion_policy.Opening``), then by language.
        remarks: By what they bring up: ``person``, ``review``.
        promises: Words that promise what nobody keeps; no opening and no remark may hold one.
    """

    topic: str
    openings: dict[str, dict[Language, list[Sentence]]]
    remarks: dict[str, dict[Language, list[Sentence]]]
    promises: dict[Language, list[Sentence]] = Field(default_factory=dict)


class AnswerWords(_Part):
    """``data/shop/answers.yml``: what customers type when a flow asks them something.

    Attributes:
        details: By what was asked, then by what it means, then by language.
        questions: Words with which a question back begins, by language.
    """

    details: dict[str, dict[str, dict[Language, list[Sentence]]]]
    questions: dict[Language, list[Sentence]]
