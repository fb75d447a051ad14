"""Sends calls: piece by piece, each noted when Telegram has it, and none a second time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from balie.channels.customer_planning import BLOCKED, MESSAGE, has_left
from balie.channels.errors import (
    CustomerGoneError,
    NotWantedAnyMoreError,
    OutsideRefusedError,
    OutsideUnavailableError,
)
from balie.channels.telegram.composing import Composer, Piece, find_message
from balie.channels.telegram.house import TelegramHouse
from balie.channels.telegram.pacing import Pacer
from balie.channels.telegram.proving import Prover
from balie.channels.telegram.saying import ERASE, KEYBOARD_OFF
from balie.channels.views import ClaimedCall, Link
from balie.conversations.errors import ConversationBusyError, PhotoNotFoundError
from balie.kernel.errors import BalieError

SENT: Final = "sent"
"""Among the facts of a call: numbers of the messages that it has become so far."""
AFTER: Final = "after"
"""Among the facts of a call: the newest number that was known before it was sent."""
WAITS: Final = "waits"
"""Among the facts of a call: whether nothing of it has gone out yet, whoever may have claimed it."""
LATELY: Final = 20
"""Numbers: so far behind may that be."""
SENT_ID: Final = "sent_id"
"""Among the facts of a link: number of our last message in this chat."""


class TelegramSender:
    """See :meth:`balie.channels.port.OutsideChannel.send`."""

    def __init__(self, house: TelegramHouse, pacer: Pacer) -> None:
        self._house = house
        self._pacer = pacer
        self._composer = Composer(house)
        self._prover = Prover(house.client, pacer, house.numbers)

    async def send(self, call: ClaimedCall) -> None:
        """Send a call."""
        try:
            if call.kind == KEYBOARD_OFF:
                await self._take_keyboard_away(call)
                return
            await self._send_pieces(call)
        except CustomerGoneError:
            await self._note_gone(call)
            raise
        except OutsideUnavailableError as error:
            if error.reason == "answered_429" and error.retry_after is not None:
                self._pacer.note_flood(call.external_id, error.retry_after)
            raise
        if call.kind == ERASE:
            await self._erase(call)

    async def _take_keyboard_away(self, call: ClaimedCall) -> None:
        if has_left(call.link_facts):
            raise NotWantedAnyMoreError
        await self._pacer.wait()
        await self._house.client.change_keyboard(call.external_id, call.facts["message"], None)

    async def _send_pieces(self, call: ClaimedCall) -> None:
        if call.kind == MESSAGE and has_left(call.link_facts):
            await self._hold(call)
            raise NotWantedAnyMoreError
        try:
            pieces = await self._composer.compose(call)
        except PhotoNotFoundError as error:
            raise NotWantedAnyMoreError from error
        except BalieError as error:
            if isinstance(error, NotWantedAnyMoreError) or error.kind.value == "unavailable":
                raise
            raise OutsideRefusedError(error.code) from error
        sent: list[int] = list(call.facts.get(SENT) or ())
        if call.maybe_sent and not call.facts.get(WAITS) and len(sent) < len(pieces):
            sent += await self._prove(call, pieces, sent)
        for piece in pieces[len(sent) :]:
            await self._pacer.wait_for(call.external_id)
            call = await self._note_what_was_before(call, sent)
            sent.append(await self._send_piece(call.external_id, piece))
            await self._note(call, sent)

    async def _prove(self, call: ClaimedCall, pieces: Sequence[Piece], sent: Sequence[int]) -> list[int]:
        """The number of the first piece that is not known to have arrived, where it has."""

        async def keep_it() -> None:
            await self._house.store.note_progress(call, call.facts, link_facts={})

        found = await self._prover.find(
            call.external_id, _known(call, sent), pieces[len(sent)].keyboard, goes_on=keep_it
        )
        if found is None:
            await keep_it()
            return []
        await self._note(call, [*sent, found])
        return [found]

    async def _note_what_was_before(self, call: ClaimedCall, sent: Sequence[int]) -> ClaimedCall:
        """The call, which knows the last numbers that were given before it goes out, and that it does now.

        Usually it does: it was planned a moment ago. One that had to wait would be looked for too far back.
        """
        newest = self._house.numbers.newest
        if not call.facts.get(WAITS) and newest - _known(call, sent) <= LATELY:
            return call
        call = replace(call, facts={**call.facts, AFTER: newest, WAITS: False})
        await self._house.store.note_progress(call, call.facts, link_facts={})
        return call

    async def _send_piece(self, chat: str, piece: Piece) -> int:
        client = self._house.client
        if piece.jpeg is not None:
            return await client.send_photo(chat, piece.jpeg, piece.keyboard)
        try:
            return await client.send_text(chat, piece.html, piece.keyboard)
        except OutsideRefusedError:
            # Something in its form is not to Telegram's liking: better without it than never.
            return await client.send_plain(chat, piece.plain)

    async def _note(self, call: ClaimedCall, sent: Sequence[int]) -> None:
        self._house.numbers.account_for(sent)
        await self._house.store.note_progress(
            call, {**call.facts, SENT: list(sent)}, link_facts={SENT_ID: sent[-1]}, number=sent[-1]
        )

    async def _note_gone(self, call: ClaimedCall) -> None:
        await self._house.leaving.note(_link_of(call), BLOCKED, told_by=call.key)
        if call.kind == MESSAGE:
            await self._hold(call)

    async def _hold(self, call: ClaimedCall) -> None:
        """What an agent wrote is sent once the customer is back."""
        message = await find_message(self._house.conversations, call)
        if message is not None:
            await self._house.leaving.hold(call, message)

    async def _erase(self, call: ClaimedCall) -> None:
        try:
            await self._house.conversations.erase_conversation(call.conversation_id)
        except ConversationBusyError:
            # An agent has taken it in this very moment; they can be asked to have it erased.
            return


def _known(call: ClaimedCall, sent: Sequence[int]) -> int:
    """The highest number that was surely given before the next piece is sent."""
    return max([*sent, int(call.facts.get(AFTER) or 0), int(call.link_facts.get(SENT_ID) or 0)])


def _link_of(call: ClaimedCall) -> Link:
    link = Link(conversation_id=call.conversation_id, channel=call.channel, external_id=call.external_id)
    return replace(link, facts=call.link_facts)
