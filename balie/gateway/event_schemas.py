"""The shapes of what the shop's pages tell."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from balie.assistant.redaction import redact
from balie.baskets.limits import MOST_PIECES
from balie.recommendations.events import ShopEvent
from balie.recommendations.kinds import EventKind

MOST_EVENTS = 50
LONGEST_WORDS = 80

# Every number that a shop gives its goods, and nothing that a database could choke on.
_Sku = Annotated[str, StringConstraints(max_length=60, pattern=r"^[ -~]+$")]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WORDS)]


class EventShape(BaseModel):
    """One thing that somebody did on a page of the shop."""

    model_config = ConfigDict(extra="forbid", title="Event")

    id: UUID = Field(description="The page's own: the same event sent again counts once.")
    kind: EventKind
    at: AwareDatetime = Field(description="When, by the clock of the page; one in the future is put right.")
    sku: _Sku | None = Field(
        None, description="The product of a view or a basket: its number, or that of a variant."
    )
    words: _Words | None = Field(None, description="What was searched for.")
    quantity: Annotated[int, Field(strict=True, ge=0, le=MOST_PIECES)] | None = Field(
        None, description="How many of it are in the basket now; 0 when it was taken out."
    )
    exposure: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = Field(
        None, description="The `key` of the recommendation that led there, if one did."
    )

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        given = {name for name in ("sku", "words", "quantity") if getattr(self, name) is not None}
        if given != _PARTS[self.kind]:
            raise ValueError(
                f"a {self.kind.value} has {' and '.join(sorted(_PARTS[self.kind]))}, nothing else"
            )
        return self

    def as_event(self) -> ShopEvent:
        """What is stored of it: who types an address into a search field did not mean to tell it."""
        words = None if self.words is None else redact(self.words)[:LONGEST_WORDS]
        return ShopEvent(
            id=self.id,
            kind=self.kind,
            at=self.at,
            sku=self.sku,
            words=words,
            quantity=self.quantity,
            exposure=self.exposure,
        )


_PARTS = {
    EventKind.VIEW: {"sku"},
    EventKind.BASKET: {"sku", "quantity"},
    EventKind.SEARCH: {"words"},
}


class EventBatch(BaseModel):
    """Up to fifty events of one person."""

    model_config = ConfigDict(extra="forbid")

    consent: bool = Field(description="Whether they let the page use what they do there.")
    events: list[EventShape] = Field(min_length=1, max_length=MOST_EVENTS)


class EventsTaken(BaseModel):
    """What became of them."""

    stored: int
    dropped: dict[str, int] = Field(
        description="How many were not, by why: `unknown_product`, `repeated`, `too_old`."
    )
    consent: bool = Field(
        description="Whether anything may be stored: no, unless the page and a customer's own answer say so."
    )
