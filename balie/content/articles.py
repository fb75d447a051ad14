"""The shapes of content files, exactly as ``docs/content.md`` describes them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Language = str
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
PerLanguage = dict[Language, Sentence]
FactName = Literal["customer", "latest_order"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    """

    facts: list[FactName] = Field(default_factory=list)
    sample: list[dict[str, Any]] = [{}]
    text: PerLanguage | None = None
    buttons: list[ButtonTemplate] = Field(default_factory=list, max_length=3)


class ReplyFile(_Part):
    """One file of ``data/replies``; a reply without text is deliberate silence."""

    topic: str
    replies: dict[str, Reply]
