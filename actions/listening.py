"""Hears what a message says of a wish: in words of the content, or in what only our own store may know."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from rasa_sdk.interfaces import Tracker

from actions.addresses import AddressBook
from actions.change_flows import NO_PHOTO
from actions.codes import find_code
from actions.contacts import Field, find_contact, find_field
from actions.dates import Direction, find_day
from actions.flow import Detail, Flow, Source
from actions.messages import MessageBook
from actions.named_products import choose_named
from actions.product_words import find_size
from actions.reading import (
    PRODUCT,
    conversation_id_of,
    intent_of,
    message_id_of,
    named_in_message,
    remembered,
    typed_text,
)
from actions.stories import TROUBLE, Utterance, adds_to_story, is_first_story, is_story
from actions.today import Today
from actions.typed_answers import AnswerReader
from actions.wishes import CANDIDATES, FIELD, QUANTITY, STORY, Wish
from balie.assistant.redaction import EMAIL_WORD, PHONE_WORD
from balie.assistant.spoken_language import Tongue
from balie.catalogue.service import CatalogueService
from balie.content.articles import OUT_OF_SCOPE
from balie.orders.options import Options
from balie.orders.policy_facts import Allowed

_NO_OPTIONS: Final = Options(order_number="", verdict=Allowed())
_MOST_CANDIDATES: Final = 3
_MOST_PARTS: Final = 8
"""Of a story: so many messages are kept."""
_SHORT_ANSWER: Final = 6
"""So few words may answer a question, even when they read like another one."""
_MOST_PHOTOS: Final = 6
_BARE_NUMBER: Final = re.compile(r"(?<![\w.,-])(\d{1,12})(?![\w.,]*\d)")
_PIECES: Final = re.compile(
    r"(?<![\w.,-])(\d{1,12})\s*(?:x|×|stuks?|pieces?|pcs|keer|times)(?!\w)|(?<!\w)[x×]\s*(\d{1,12})(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, heard for one flow.

    Attributes:
        country: Of an address or number that names none, as ISO 3166 code.
        asked: The detail that was asked last; None when something else was.
        begins: Whether it is what the flow begins with, rather than an answer.
        corrects: Whether it may change what was said before.
    """

    tracker: Tracker
    flow: Flow
    country: str
    asked: Detail | None = None
    begins: bool = False
    corrects: bool = False

    @property
    def place(self) -> str | None:
        """The id of the message: what slots keep in place of what it holds."""
        found = message_id_of(self.tracker)
        return None if found is None else str(found)


_Hears = Callable[[Detail, Wish, Heard], Awaitable[Wish]]


class Listener:
    """Finds details in what was typed, pressed or sent."""

    def __init__(
        self,
        reader: AnswerReader,
        tongue: Tongue,
        messages: MessageBook,
        catalogue: CatalogueService,
        *,
        today: Today,
    ) -> None:
        self.reader = reader
        self._today = today
        self._tongue = tongue
        self.messages = messages
        self._addresses = AddressBook(messages)
        self._catalogue = catalogue
        self._by_source: Mapping[Source, _Hears] = {
            Source.STORY: self._story,
            Source.ADDRESS: self._address,
            Source.CONTACT: self._contact,
            Source.PRODUCT: self._product,
            Source.STORE: self._store,
            Source.PHOTO: self._photo,
            Source.PIECES: self._pieces,
            Source.CODE: self._code,
            Source.DAY: self._day,
        }

    def hears(self, detail: Detail, text: str, options: Options, tracker: Tracker) -> str | None:
        """What a text says of one detail by its words; None when nothing, or nothing certain."""
        return self.reader.read(detail, text, Wish(), options, self.language(tracker))

    def hears_all(self, flow: Flow, text: str, wish: Wish, options: Options, tracker: Tracker) -> Wish:
        """The wish with everything that a sentence says of it by its words."""
        return self.reader.read_all(flow, text, wish, options, self.language(tracker))

    def names_day(self, tracker: Tracker) -> date | None:
        """The day in the past that a message names, such as that of an order."""
        return find_day(typed_text(tracker), self._today(), direction=Direction.PAST)

    def language(self, tracker: Tracker) -> str:
        """In which language names are read."""
        return self._tongue.of(tracker.latest_message)

    async def hears_message(self, wish: Wish, heard: Heard) -> Wish:
        """The wish with everything that a message says of it in ways other than by words."""
        for detail in heard.flow.details:
            hears = self._by_source.get(detail.source)
            if hears is not None:
                wish = await hears(detail, wish, heard)
        return wish

    async def _story(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        said = self._utterance(heard)
        told = wish.get(detail.name)
        if not said.text or heard.place is None:
            return wish
        if heard.asked is detail and told is None:
            nothing = self._says_nothing(detail, said, wish)
            if nothing is not None:
                return wish.having(detail.name, nothing)
            return wish.having(detail.name, heard.place) if is_story(said) else wish
        if heard.begins and told is None:
            tells = is_first_story(said) and detail.is_told(said.text)
            return wish.having(detail.name, heard.place) if tells else wish
        parts = (told or "").split(",")
        if not (heard.corrects and told and detail.grows and adds_to_story(said)) or heard.place in parts:
            return wish
        return wish.having(detail.name, ",".join([*parts, heard.place][-_MOST_PARTS:]))

    def _says_nothing(self, detail: Detail, said: Utterance, wish: Wish) -> str | None:
        """What stands for a story that is not told, where that is possible and it is what was said."""
        nothing = next(iter(detail.values(wish, _NO_OPTIONS)), None)
        if nothing is None:
            return None
        is_no = said.intent == "deny" and said.is_small_talk
        says_so = said.length <= _SHORT_ANSWER and self.reader.find(STORY, said.text) == nothing
        return nothing if is_no or says_so else None

    def _utterance(self, heard: Heard) -> Utterance:
        text, intent = typed_text(heard.tracker), intent_of(heard.tracker) or ""
        alike = TROUBLE if heard.flow.intent in TROUBLE else {heard.flow.intent}
        is_own = intent in alike or intent == OUT_OF_SCOPE
        has_contact = EMAIL_WORD in text or PHONE_WORD in text
        return Utterance(text, intent, is_own, has_contact, asks=self.reader.is_question(text))

    async def _address(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        address = await self._addresses.read(
            conversation_id_of(heard.tracker), heard.place, country=heard.country
        )
        return wish if address is None or heard.place is None else wish.having(detail.name, heard.place)

    async def _contact(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        """A name, number or address; when nobody said which of them changes, what stands there tells."""
        text = await self.messages.read(conversation_id_of(heard.tracker), heard.place)
        if not typed_text(heard.tracker) or text is None or heard.place is None:
            return wish
        field, chooses = wish.get(FIELD), heard.flow.find_detail(FIELD) is not None
        if field is None and chooses:
            field = find_field(text, country=heard.country)
            wish = wish if field is None else wish.having(FIELD, field)
        if field is None and chooses:
            return wish
        field, is_asked = Field(field or Field.EMAIL), heard.asked is detail and self._may_be_name(heard)
        found = find_contact(field, text, country=heard.country, is_asked=is_asked)
        return wish if found is None else wish.having(detail.name, f"{field}:{heard.place}")

    def _may_be_name(self, heard: Heard) -> bool:
        """Whether a bare name may be meant: names read like anything, whole sentences tell what they are."""
        said = self._utterance(heard)
        return said.is_own or said.is_small_talk or said.length <= _SHORT_ANSWER

    async def _product(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        """The product that is named; where several may be meant, they are kept to choose from."""
        is_asked, said = heard.asked is detail, wish.get(detail.name)
        if not detail.is_needed(wish, _NO_OPTIONS):
            return wish
        if said is not None and not is_asked and not heard.corrects:
            return wish
        named = named_in_message(heard.tracker, PRODUCT)
        before = remembered(heard.tracker, PRODUCT) if heard.begins else None
        for words in filter(None, (named or typed_text(heard.tracker), before)):
            found = await self._catalogue.search_products(
                words, self.language(heard.tracker), _MOST_CANDIDATES
            )
            meant = choose_named(words, found, loosely=is_asked and self._is_answer(heard))
            if meant.sku is not None:
                return wish.having(detail.name, meant.sku).without(CANDIDATES)
            if meant.candidates and said is None:
                return wish.having(CANDIDATES, ",".join(meant.candidates))
        return wish

    def _is_answer(self, heard: Heard) -> bool:
        """Whether a message that could be anything is taken for an answer to what was asked."""
        said = self._utterance(heard)
        return not said.is_small_talk and (said.is_own or said.length <= _SHORT_ANSWER)

    async def _store(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        text, is_open = typed_text(heard.tracker), wish.get(detail.name) is None
        if not text or not (is_open or heard.asked is detail or heard.corrects):
            return wish
        near = await self._catalogue.find_stores_near(text, country=heard.country or "NL")
        return wish.having(detail.name, near[0].store.code) if near else wish

    async def _day(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        day = find_day(typed_text(heard.tracker), self._today(), direction=Direction.FUTURE)
        return wish if day is None else wish.having(detail.name, day.isoformat())

    async def _pieces(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        text = typed_text(heard.tracker)
        is_short = len(text.split()) <= _SHORT_ANSWER
        # "Make it 2", to what is shown; a number that is a size of the product was heard as one.
        is_meant = heard.asked is detail or (heard.corrects and is_short and find_size(text, ()) is None)
        bare = _BARE_NUMBER.search(text) if is_meant else None
        named = _PIECES.search(text) or bare
        spoken = None if named else self.reader.find(QUANTITY, text)
        # "Een" and "a" stand before most things and count nothing.
        value = next(filter(None, named.groups())) if named else spoken
        is_said = value is not None and (named is not None or value != "1")
        return wish.having(detail.name, str(int(value))) if is_said and value is not None else wish

    async def _code(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        text = await self.messages.read(conversation_id_of(heard.tracker), heard.place)
        if not typed_text(heard.tracker) or text is None or heard.place is None:
            return wish
        found = find_code(text, is_asked=heard.asked is detail)
        return wish if found is None else wish.having(detail.name, heard.place)

    async def _photo(self, detail: Detail, wish: Wish, heard: Heard) -> Wish:
        photo = named_in_message(heard.tracker, "photo")
        if photo is None:
            has_none = heard.asked is detail and self.reader.find(detail.name, typed_text(heard.tracker))
            return wish.having(detail.name, NO_PHOTO) if has_none else wish
        sent = [one for one in (wish.get(detail.name) or "").split(",") if one and one != NO_PHOTO]
        return wish.having(detail.name, ",".join([*sent, photo][-_MOST_PHOTOS:]))
