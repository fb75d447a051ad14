"""What every flow has in common: details that must be known, asked one after another. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from actions.wishes import CANDIDATES, FIRST, ORDER, Wish
from balie.conversations.access import Level
from balie.orders.changes_asked import DeliveryAddress
from balie.orders.options import Options

Values: TypeAlias = Callable[[Wish, Options], Sequence[str]]

FULL_STORY: Final = 8
"""A first sentence of so many words tells what happened."""
_KEPT: Final = (CANDIDATES, FIRST)
"""What is no detail and stays while the rest is settled."""


class Source(Enum):
    """Where in a message a detail is found (``actions.listening``)."""

    WORDS = "words"
    """Words of the content, a number, or the name of something that can be chosen."""
    STORY = "story"
    """The message itself."""
    ADDRESS = "address"
    CONTACT = "contact"
    """A name, a telephone number or an e-mail address."""
    PRODUCT = "product"
    """Something of the catalogue."""
    STORE = "store"
    DAY = "day"
    PHOTO = "photo"
    PIECES = "pieces"
    """A number of pieces, where one that is not named means one."""
    CODE = "code"
    OTHERS = "others"
    """In no message: it follows from what else was said."""


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in the messages that a wish names.

    Attributes:
        texts: By detail.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    address: DeliveryAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Something that has to be known before a change can be shown.

    Attributes:
        values: What can be said; each gets a button. Empty where anything can be, such as an address.
        is_needed: Whether it matters, given what was said.
        is_open: Whether more than the listed values can be said.
        allows: Whether a value is one that can be said; those of ``values`` are.
        fills_itself: Whether the only value that is possible need not be asked for.
        is_told: Of a story, whether a first sentence tells it, so that it is not asked for again.
        grows: Of a story, whether more can be added once it was told.
    """

    name: str
    values: Values
    source: Source = Source.WORDS
    is_needed: Callable[[Wish, Options], bool] = lambda _wish, _options: True
    is_open: bool = False
    allows: Callable[[str, Wish, Options], bool] = lambda _value, _wish, _options: False
    fills_itself: bool = True
    is_told: Callable[[str], bool] = lambda text: len(text.split()) >= FULL_STORY
    grows: bool = False

    def accepts(self, value: str, wish: Wish, options: Options) -> bool:
        """Whether this can be said now."""
        return value in self.values(wish, options) or self.allows(value, wish, options)


def anything(name: str, source: Source, is_needed: Callable[[Wish, Options], bool] | None = None) -> Detail:
    """A detail for which there is nothing to choose from."""
    return Detail(
        name=name,
        values=lambda _wish, _options: [],
        source=source,
        is_needed=is_needed or (lambda _wish, _options: True),
        is_open=True,
        allows=lambda _value, _wish, _options: True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Something that is done after a yes.

    Attributes:
        intent: What the customer asks for.
        level: How sure we must be of who asks.
        explains: Whether a stranger is told how it works before they are asked who they are.
        is_meant: Whether a first sentence wants it done; one that does not may only want to know how it
            works, and gets the article with a button to begin.
        offers_to_begin: Whether the article gets that button.
    """

    intent: str
    level: Level
    details: tuple[Detail, ...] = ()
    explains: bool = True
    is_meant: Callable[[Wish], bool] = lambda _wish: True
    offers_to_begin: bool = False

    def settle(self, wish: Wish, options: Options) -> Wish:
        """The wish with what is no longer possible taken out, and what can only be one thing filled in.

        What was said of another order is forgotten.
        """
        if wish.get(ORDER) not in {None, options.order_number}:
            wish = Wish()
        settled = Wish({name: value for name, value in wish.said.items() if name in _KEPT})
        settled = settled.having(ORDER, options.order_number)
        for detail in self.details:
            value = wish.get(detail.name)
            if not detail.is_needed(settled, options):
                continue
            if value is None or not detail.accepts(value, settled, options):
                value = _only(detail.values(settled, options)) if detail.fills_itself else None
            if value is not None:
                settled = settled.having(detail.name, value)
        return settled

    def next_detail(self, wish: Wish, options: Options) -> Detail | None:
        """What has to be asked next; None when the change can be shown."""
        unsaid = (detail for detail in self.details if wish.get(detail.name) is None)
        return next((detail for detail in unsaid if detail.is_needed(wish, options)), None)

    def find_detail(self, name: str) -> Detail | None:
        """The detail of this name, or None."""
        return next((detail for detail in self.details if detail.name == name), None)

    @property
    def reads_messages(self) -> bool:
        """Whether anything has to be known that is not said in words of the content."""
        return any(detail.source is not Source.WORDS for detail in self.details)


def _only(values: Sequence[str]) -> str | None:
    return values[0] if len(values) == 1 else None
