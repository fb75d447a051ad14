"""Makes the card: everything in hand before an agent's first word. No language model has a part in it.

One transaction reads (``card_loading.py``), pure rules make sense of it, and the content has the words; so it
is the same card every time, and every line of it can be traced to a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Final
from zoneinfo import ZoneInfo

from balie.content.render import Renderer
from balie.conversations.views import Author
from balie.handoff.bands import BandTerms
from balie.handoff.card_loading import CardRecord, load_card, load_scene
from balie.handoff.card_person import (
    Focus,
    PersonReader,
    case_situation,
    order_situation,
    refund_situation,
)
from balie.handoff.card_reading import (
    Spoken,
    find_subject,
    read_mood,
    read_quotes,
    read_tried,
    read_wants,
    spoken_from,
)
from balie.handoff.card_replies import ReplyFacts, write_replies
from balie.handoff.card_steps import explain
from balie.handoff.card_titles import ContentTitles
from balie.handoff.card_views import (
    Card,
    CardNote,
    CardReader,
    CardReason,
    MoodLine,
    SpokenLanguages,
    Tried,
    Wants,
)
from balie.handoff.suggestions import ASKS_THE_POLICY, CaseSituation, Situation, suggest
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.orders.planning import policy_facts
from balie.orders.policy import decide
from balie.orders.policy_facts import Change, Verdict
from balie.orders.terms import Terms
from balie.orders.views import RefundView
from balie.storage.unit_of_work import Session, UnitOfWork

WEIGHED: Final = (Change.CANCEL_ORDER, Change.REFUND, Change.RETURN_ITEM)
"""What the policy is asked of the order that it is about."""


@dataclass(frozen=True, slots=True)
class CardTerms:
    """The shop's conditions that a card goes by."""

    orders: Terms
    bands: BandTerms


@dataclass(frozen=True, slots=True)
class _Found:
    """What one transaction found out."""

    record: CardRecord
    person: PersonReader
    focus: Focus | None
    verdicts: Mapping[Change, Verdict]
    today: date


@dataclass(frozen=True, slots=True)
class _Read:
    """What the messages say."""

    spoken: tuple[Spoken, ...]
    wants: Wants
    subject: str | None
    mood: MoodLine | None
    tried: tuple[Tried, ...]


class CardService:
    """Makes cards of conversations; changes nothing."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        renderer: Renderer,
        terms: CardTerms,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build the service; ``timezone`` is where the shop's days begin and end."""
        self._unit_of_work = unit_of_work
        self._renderer = renderer
        self._terms = terms
        self._clock = clock
        self._timezone = timezone

    async def build(
        self, conversation_id: ConversationId, reader: CardReader, *, read_in: str | None = None
    ) -> Card:
        """The card of a conversation, for the agent who reads it.

        Args:
            conversation_id: Which one.
            reader: For whom.
            read_in: The language that their page is in; None: the first of their own.

        Raises:
            ConversationNotFoundError: There is no such conversation.
            StoreUnavailableError: The database cannot be used.
        """
        started = perf_counter()
        found = await self._unit_of_work.run_asking(lambda session: self._look_up(session, conversation_id))
        page_language = self._language_of(reader, read_in)
        read = self._read(found.record, page_language)
        refund = found.person.read_refund(found.focus)
        case = case_situation(found.person.read_cases())
        suggestion = suggest(_situation(found, read, refund, case))
        language = _language_of_customer(found.record, read.spoken)
        known = ReplyFacts(
            language=self._renderer.language_or_default(language),
            agent_name=reader.display_name,
            first_name=_first_name(found.record),
            today=found.today,
            mood="neutral" if read.mood is None else read.mood.leading,
            is_first=not any(message.author is Author.AGENT for message in read.spoken),
            focus=found.focus,
            refund=refund,
            case=case,
        )
        return Card(
            conversation_id=conversation_id,
            customer=found.person.read_customer(),
            wants=read.wants,
            quotes=read_quotes(read.spoken),
            mood=read.mood,
            tried=read.tried,
            reason=_reason(found.record),
            suggestion=explain(self._renderer, suggestion, page_language, found.today),
            replies=write_replies(self._renderer, suggestion.action, known),
            languages=SpokenLanguages(
                language, language if language in reader.languages else self._language_of(reader)
            ),
            notes=_notes(found.record),
            history=found.person.read_history(),
            built_ms=(perf_counter() - started) * 1000,
        )

    async def _look_up(self, session: Session, conversation_id: ConversationId) -> _Found:
        now, terms = self._clock(), self._terms
        record = await load_card(session, conversation_id, currency=terms.bands.currency)
        person = PersonReader(record, terms.bands, now, self._timezone)
        focus = person.find_focus()
        verdicts: dict[Change, Verdict] = {}
        if focus is not None and self._find_subject(record) in ASKS_THE_POLICY:
            scene = await load_scene(session, focus.record.order, now, self._timezone)
            facts = policy_facts(scene, terms.orders)
            verdicts = {change: decide(change, facts, terms.orders) for change in WEIGHED}
        return _Found(record, person, focus, verdicts, person.today)

    def _find_subject(self, record: CardRecord) -> str | None:
        titles = ContentTitles(self._renderer.library, self._renderer.library.default_language)
        return find_subject([spoken_from(row) for row in record.messages], titles)

    def _read(self, record: CardRecord, language: str) -> _Read:
        spoken = tuple(spoken_from(row) for row in record.messages)
        titles = ContentTitles(self._renderer.library, language)
        return _Read(
            spoken=spoken,
            wants=read_wants(spoken, record.slots, titles),
            subject=find_subject(spoken, titles),
            mood=read_mood(spoken),
            tried=read_tried(spoken, titles),
        )

    def _language_of(self, reader: CardReader, read_in: str | None = None) -> str:
        """The first of the agent's languages that the content has; before them, that of their page."""
        has = self._renderer.library.languages
        spoken = next((language for language in (read_in, *reader.languages) if language in has), None)
        return self._renderer.language_or_default(spoken)


def _situation(
    found: _Found, read: _Read, refund: RefundView | None, case: CaseSituation | None
) -> Situation:
    handoff = found.record.handoff
    is_open = handoff is not None and handoff.ended_at is None
    return Situation(
        reason=handoff.reason if handoff is not None and is_open else None,
        intent=read.subject,
        known=found.person.is_known,
        wish=handoff.wish if handoff is not None and is_open else None,
        order=None if found.focus is None else order_situation(found.focus, found.verdicts),
        refund=None if refund is None else refund_situation(refund),
        case=case,
        mood="neutral" if read.mood is None else read.mood.leading,
        flow=read.wants.flow,
        asked_again=bool(read.tried) and read.tried[-1].helped is False,
    )


def _first_name(record: CardRecord) -> str | None:
    """How to greet; whoever knows only an order and its postcode may be a neighbour."""
    if record.person is None or record.access is None or not record.access.covers_customer:
        return None
    return record.person.customer.first_name


def _reason(record: CardRecord) -> CardReason | None:
    return None if record.handoff is None else CardReason(record.handoff.reason, record.handoff.facts)


def _language_of_customer(record: CardRecord, spoken: tuple[Spoken, ...]) -> str | None:
    conversation = record.conversation
    written = (each.language for each in reversed(spoken) if each.author is Author.CUSTOMER)
    return (
        conversation.explicit_language
        or next((language for language in written if language is not None), None)
        or conversation.language
    )


def _notes(record: CardRecord) -> tuple[CardNote, ...]:
    return tuple(
        CardNote(
            id=one.note.id,
            text=one.note.text,
            agent_id=one.note.agent_id,
            author=one.author,
            created_at=one.note.created_at,
            after_sequence=one.note.after_sequence,
        )
        for one in record.notes
    )
