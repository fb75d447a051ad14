"""Takes turns: asks the assistant for every stored message, and stores what it says.

One turn per conversation at a time, in order of arrival; different conversations side by side, up to a
limit. No transaction is open while the assistant thinks. What is not finished stays pending in the
store and is taken up again at the next start.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from balie.advice.suggesting import Suggester
from balie.assistant.errors import AssistantUnavailableError
from balie.assistant.port import Assistant, AssistantReply, AssistantTurn, Understanding
from balie.conversations.service import ConversationService
from balie.conversations.status import ConversationStatus, TurnMode
from balie.conversations.views import NewButton, NewReply, PendingTurn, TurnOutcome, TurnState
from balie.kernel.errors import BalieError
from balie.kernel.ids import ConversationId
from balie.storage.errors import StoreUnavailableError
from balie.turns.apology import apologise
from balie.turns.persons import Persons, Said
from balie.turns.ports import FollowUps, HeardAs, Renderer
from balie.turns.presses import Presses, is_ours

log = logging.getLogger(__name__)
Outcome = TypeVar("Outcome")

STORE_RETRY_DELAYS = (0.5, 1.0, 2.0, 5.0, 15.0)
"""Seconds between tries while the database cannot be used; the last one repeats."""


NOT_READ = Understanding(None, 0.0, None, 0.0, ())
"""Of a button or a photo, and of what nobody could read."""


def patient_delays() -> Iterator[float]:
    """Seconds to wait before each new try, without end."""
    return itertools.chain(STORE_RETRY_DELAYS, itertools.repeat(STORE_RETRY_DELAYS[-1]))


@dataclass(frozen=True, slots=True)
class Pace:
    """How turns are taken.

    Attributes:
        at_once: Most turns that are with the assistant at the same time.
        delays: Waiting times while the database cannot be used.
    """

    at_once: int = 8
    delays: Callable[[], Iterator[float]] = patient_delays


USUAL_PACE = Pace()


@dataclass(frozen=True, slots=True)
class _Result:
    outcome: TurnOutcome
    said: Said


class TurnRunner:
    """Keeps every conversation's turns moving."""

    def __init__(
        self,
        conversations: ConversationService,
        assistant: Assistant,
        renderer: Renderer,
        *,
        persons: Persons | None = None,
        pace: Pace = USUAL_PACE,
    ) -> None:
        """Build the runner.

        Args:
            conversations: Where messages wait and replies go.
            assistant: Who answers.
            renderer: Words for the customer when the assistant fails.
            persons: Calls people; None where there are none.
            pace: How much at once, and how patiently.
        """
        self._conversations = conversations
        self._assistant = assistant
        self._renderer = renderer
        self._persons = persons
        self._presses = None if persons is None else Presses(persons)
        self._suggester: Suggester | None = None
        self._follow_ups: FollowUps | None = None
        self._bell = conversations.bell
        self._places = asyncio.Semaphore(pace.at_once)
        self._delays = pace.delays
        self._wanted: set[ConversationId] = set()
        self._workers: dict[ConversationId, asyncio.Task[None]] = {}
        self._stopping = False

    def suggest_by(self, suggester: Suggester) -> None:
        """Have something suggested, unasked, where the moment is right for it."""
        self._suggester = suggester

    def hear_by(self, follow_ups: FollowUps) -> None:
        """Have what is typed about products that are shown read before the assistant is asked."""
        self._follow_ups = follow_ups

    def submit(self, conversation_id: ConversationId) -> None:
        """Say that a message waits in this conversation; returns at once."""
        if self._stopping:
            return
        self._wanted.add(conversation_id)
        if conversation_id not in self._workers:
            worker = asyncio.create_task(self._work(conversation_id), name=f"turns of {conversation_id}")
            self._workers[conversation_id] = worker

    async def resume_pending(self) -> int:
        """Take up every turn that an earlier run left unfinished.

        Returns:
            In how many conversations.
        """
        waiting = await self._conversations.list_conversations_with_pending_turns()
        for conversation_id in waiting:
            self.submit(conversation_id)
        return len(waiting)

    async def wait_until_idle(self) -> None:
        """Wait until no turn is being taken and none is wanted."""
        while self._workers:
            await asyncio.wait(self._workers.values())

    async def stop(self, grace: timedelta) -> None:
        """Take no new turns, let the running ones end, and break off what is not done by then.

        Args:
            grace: How long to wait. A turn broken off is taken up at the next start.
        """
        self._stopping = True
        self._wanted.clear()
        if not self._workers:
            return
        _, unfinished = await asyncio.wait(self._workers.values(), timeout=grace.total_seconds())
        for worker in unfinished:
            worker.cancel()
        if unfinished:
            await asyncio.wait(unfinished)

    async def _work(self, conversation_id: ConversationId) -> None:
        try:
            while conversation_id in self._wanted:
                self._wanted.discard(conversation_id)
                await self._take_turns(conversation_id)
        except Exception:
            # Outermost loop: the message stays pending, for the next submit or the next start.
            log.exception("The turns of conversation %s broke off.", conversation_id)
        finally:
            del self._workers[conversation_id]

    async def _take_turns(self, conversation_id: ConversationId) -> None:
        while not self._stopping:
            turn = await self._patiently(lambda: self._conversations.find_pending_turn(conversation_id))
            if turn is None:
                return
            await self._take(turn)

    async def _take(self, turn: PendingTurn) -> None:
        if turn.mode is TurnMode.READ and not is_ours(turn.payload):
            async with self._places:
                result = await self._read(turn)
            await self._patiently(partial(self._record, turn, result))
            return
        self._bell.show_typing(turn.conversation_id, active=True)
        try:
            async with self._places:
                result = await self._ask(turn)
            await self._patiently(partial(self._record, turn, result))
        finally:
            self._bell.show_typing(turn.conversation_id, active=False)

    async def _read(self, turn: PendingTurn) -> _Result:
        """Read a message that a person answers; the customer who waits for one may hear where they stand."""
        understood = NOT_READ
        if turn.payload is None:
            try:
                understood = await self._assistant.parse(turn.text)
            except AssistantUnavailableError as error:
                log.warning("Message %s was not read: %s", turn.message_id, error)
        said = Said(())
        if self._persons is not None and turn.status is ConversationStatus.WAITING_FOR_AGENT:
            said = await self._persons.while_waiting(turn, understood)
        outcome = TurnOutcome(TurnState.ANSWERED, understood.language, understood.emotion, understood.intent)
        return _Result(outcome, said)

    async def _ask(self, turn: PendingTurn) -> _Result:
        try:
            said = await self._patiently(partial(self._dealt_with_here, turn))
            if said is not None:
                return _Result(TurnOutcome(TurnState.ANSWERED, turn.likely_language), said)
            if turn.handed_back:
                await self._assistant.begin_again(turn.conversation_id)
            heard = await self._patiently(partial(self._heard_as, turn))
            answer = await self._assistant.reply_to(turn.conversation_id, _question(turn, heard))
            said = Said(tuple(map(_new_reply, answer.replies)))
            if self._persons is not None:
                look = partial(self._persons.after_answer, turn, answer, said.replies)
                said = await self._patiently(look)
            if self._suggester is not None and said.also is None:
                said = Said(await self._suggester.after_answer(turn, answer, said.replies))
        except AssistantUnavailableError as error:
            log.warning("No answer to message %s: %s", turn.message_id, error)
        except Exception:
            # Whatever broke: a message that cannot be answered must not block the ones behind it.
            log.exception("Asking the assistant about message %s broke off.", turn.message_id)
        else:
            # Once it has begun again, the note that it must is no longer true.
            slots = {} if answer.slots is None and turn.handed_back else answer.slots
            outcome = TurnOutcome(TurnState.ANSWERED, answer.language, answer.emotion, answer.intent, slots)
            return _Result(outcome, said)
        return _Result(TurnOutcome(TurnState.FAILED), await self._apology(turn))

    async def _heard_as(self, turn: PendingTurn) -> HeardAs | None:
        """What was typed about the products before the customer; None for everything else."""
        if self._follow_ups is None or turn.payload is not None:
            return None
        return await self._follow_ups.read(turn)

    async def _dealt_with_here(self, turn: PendingTurn) -> Said | None:
        """What is said to a button of ours, and to what such a button asked for; None for everything else."""
        if self._presses is None or self._persons is None:
            return None
        if is_ours(turn.payload):
            return await self._presses.press(turn)
        if turn.payload is not None or not turn.had_handoff:
            return None
        if await self._persons.planner.awaits_remark(turn.conversation_id):
            understood = await self._assistant.parse(turn.text)
            return None if self._persons.is_question(understood) else self._presses.remarked(turn)
        return await self._presses.typed(turn)

    async def _apology(self, turn: PendingTurn) -> Said:
        try:
            apology = apologise(self._renderer, turn.likely_language)
        except BalieError:
            log.exception("The content has no words for a failed turn.")
            return Said(())
        if self._persons is None:
            return Said((apology,))
        return await self._patiently(partial(self._persons.after_failure, turn, apology))

    async def _record(self, turn: PendingTurn, result: _Result) -> None:
        await self._conversations.record_replies(
            turn, result.said.replies, result.outcome, also=result.said.also
        )

    async def _patiently(self, step: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Try until the database can be used again: the answer is kept meanwhile, not asked for twice."""
        for delay in self._delays():
            try:
                return await step()
            except StoreUnavailableError as error:
                log.warning("A turn waits for the database: %s", error)
            await asyncio.sleep(delay)
        raise AssertionError("delays never end")


def _question(turn: PendingTurn, heard: HeardAs | None) -> AssistantTurn:
    return AssistantTurn(
        message_id=turn.message_id,
        text=turn.text,
        payload=turn.payload if heard is None else heard.payload,
        explicit_language=turn.explicit_language or (None if heard is None else heard.language),
        recent_languages=turn.recent_languages,
        page_language=turn.page_language,
    )


def _new_reply(reply: AssistantReply) -> NewReply:
    buttons = tuple(
        NewButton(button.title, button.payload, button.url, button.card) for button in reply.buttons
    )
    return NewReply(
        reply.text,
        buttons,
        reply.response,
        reply.language,
        opening=reply.opening,
        remark=reply.remark,
        cards=reply.cards,
    )
