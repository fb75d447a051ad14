"""Customers, agents and the queue's keeper who do whatever they like at a desk, on a real store.

Commands come twice and too late, several at once and in the middle of a turn, and the process dies before,
in the middle of, and just after a transaction. What must be true afterwards stands in ``walk_checks.py``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

from sqlalchemy import Connection

from balie.agents.kinds import Presence
from balie.assistant.port import AssistantAnswer, AssistantTurn, Understanding
from balie.conversations.views import Author, RecordedMessage
from balie.handoff.kinds import ResolutionCode
from balie.kernel.errors import BalieError
from balie.kernel.ids import ConversationId
from tests.support.clock import StillClock
from tests.support.handoff_desk import ASKS, STOP, Desk
from tests.support.walk_checks import find_violations, fingerprints
from tests.support.walk_moves import Do, Move, Together, Turn
from tests.support.walk_store import DiedError, WatchedUnitOfWork

SPACE: Final = UUID("6f1c4a52-0a53-4b5e-9d3b-0e6c3a1d7f10")
TEXTS: Final = (ASKS, ASKS, STOP, "hoi", "waar is mijn pakket?", "0612345678", "sanne@voorbeeld.example")
TEAMS: Final = ("service", "workshop", "nobody")
SPANS: Final = (
    *[timedelta(seconds=5)] * 4,
    *[timedelta(seconds=46)] * 3,
    *[timedelta(minutes=3)] * 2,
    timedelta(minutes=11),
    timedelta(days=31),
)
PRESENCES: Final = (*[Presence.ONLINE] * 4, Presence.AWAY, Presence.OFFLINE)

_Prints: TypeAlias = Mapping[UUID, tuple[Any, ...]]


@dataclass
class Ledger:
    """What somebody was told is stored, by the sender's own ids."""

    stored: dict[UUID, tuple[ConversationId, str, str]] = field(default_factory=dict)
    resend: list[tuple[UUID, Callable[[], Awaitable[RecordedMessage]]]] = field(default_factory=list)


class Walk:
    """Does what it is told, and keeps account of what must be found afterwards."""

    def __init__(self, unit_of_work: WatchedUnitOfWork, *, clock: StillClock | None = None) -> None:
        self.store = unit_of_work
        self.desk = Desk(unit_of_work, clock=clock)
        self.talks: list[ConversationId] = []
        self.agents: list[int] = []
        self.ledger = Ledger()
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._last: Callable[[], Awaitable[Any]] | None = None
        self._looked_at: _Prints = {}
        self._ids = 0
        self._thinking: dict[ConversationId, tuple[Do, ...]] = {}
        self._recording: dict[ConversationId, tuple[Do, ...]] = {}
        self._nested = 0
        answer, parse = self.desk.assistant.reply_to, self.desk.assistant.parse

        async def reply_to(conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
            await self._meanwhile(conversation_id)
            return await answer(conversation_id, turn)

        async def read(text: str) -> Understanding:
            for conversation_id in list(self._thinking):
                await self._meanwhile(conversation_id)
            return await parse(text)

        self.desk.assistant.reply_to = reply_to  # type: ignore[method-assign]
        self.desk.assistant.parse = read  # type: ignore[method-assign]

    async def begin(self, *, talks: int = 3, capacities: Sequence[int] = (1, 2, 3)) -> None:
        """Open conversations, and hire agents who take so many at once."""
        for number, capacity in enumerate(capacities):
            agent = await self.desk.hire(f"Agent{number}", capacity=capacity, teams=("service", "workshop"))
            self.agents.append(agent.id)
        for _ in range(talks):
            await self.open_talk()

    async def open_talk(self) -> ConversationId:
        """One more customer."""
        talk = await self.desk.open()
        self.talks.append(talk.id)
        return talk.id

    async def go(self, move: Move) -> None:
        """Make one move."""
        match move:
            case Do():
                await self._attempt(move)
            case Together(commands):
                self.store.compares = False
                await asyncio.gather(*map(self._attempt, commands))
                self.store.compares = True
            case Turn():
                await self._turn(move)
        self.store.crashes.clear()
        self.store.interlude = None

    async def settle(self) -> None:
        """Let every turn that waits be taken; afterwards none does."""
        for _ in range(3):
            await self.desk.turns.resume_pending()
            await self.desk.turns.wait_until_idle()
        left = await self.desk.conversations.list_conversations_with_pending_turns()
        self.wrong += [f"{talk}: a message is never answered" for talk in left]

    async def check(self, *, fully: bool = True) -> list[str]:
        """Everything that is wrong by now.

        Args:
            fully: Whether to look at every conversation, or only where something has happened since.
        """
        looked_at = {} if fully else self._looked_at
        found, self._looked_at = await self.store.run_reading(partial(self._look, looked_at))
        found += self.store.wrong + self.wrong
        self.store.wrong, self.wrong = [], []
        return found

    def _look(self, before: _Prints, connection: Connection) -> tuple[list[str], _Prints]:
        prints = fingerprints(connection)
        changed = [talk for talk in prints if prints[talk] != before.get(talk)]
        return find_violations(connection, changed, self.ledger.stored), prints

    async def _turn(self, turn: Turn) -> None:
        talk = self._talk(turn.talk)
        self._thinking = {talk: turn.thinking}
        if turn.recording or turn.crash is not None:
            self.store.interlude = partial(self._before_recording, turn)
        self.desk.turns.submit(talk)
        await self.desk.turns.wait_until_idle()
        self._thinking = {}
        self.done["turn"] += 1

    async def _meanwhile(self, talk: ConversationId) -> None:
        commands = self._thinking.pop(talk, ())
        interlude, self.store.interlude = self.store.interlude, None
        await self._nest(commands)
        self.store.interlude = interlude

    async def _before_recording(self, turn: Turn) -> None:
        await self._nest(turn.recording)
        if turn.crash is not None:
            self.store.crashes.append(turn.crash)

    async def _nest(self, commands: Sequence[Do]) -> None:
        self._nested += 1
        for command in commands:
            await self._attempt(command)
            self.store.crashes.clear()
        self._nested -= 1

    async def _attempt(self, command: Do) -> None:
        if command.crash is not None:
            self.store.crashes.append(command.crash)
        try:
            await self._do(command)
        except DiedError:
            self.refused["crash"] += 1
        except BalieError as error:
            self.refused[error.code] += 1
        self.done[command.what] += 1

    async def _do(self, command: Do) -> None:
        table: dict[str, Callable[[Do], Awaitable[object]]] = {
            "say": self._say,
            "press": self._press,
            "turn": self._submit,
            "write": self._write,
            "again": self._again,
            "resend": self._resend,
            "keep": lambda _: self.desk.keeper.keep(),
            "later": self._later,
            "presence": self._presence,
        }
        await table.get(command.what, self._command_of_agent)(command)

    async def _submit(self, command: Do) -> None:
        # Within a turn nobody waits for turns.
        if not self._nested:
            self.desk.turns.submit(self._talk(command.talk))
            await self.desk.turns.wait_until_idle()

    async def _again(self, _: Do) -> None:
        if self._last is not None:
            await self._last()

    async def _later(self, command: Do) -> None:
        self.desk.clock.advance(SPANS[command.pick % len(SPANS)])

    async def _presence(self, command: Do) -> None:
        there = PRESENCES[command.pick % len(PRESENCES)]
        await self.desk.agents.set_presence(await self._agent(command), there)

    async def _command_of_agent(self, command: Do) -> None:
        self._last = await self._command(command)
        await self._last()

    async def _command(self, command: Do) -> Callable[[], Awaitable[Any]]:
        """A command of an agent, with what they know of the conversation at this moment."""
        handoffs, talk, agent = self.desk.handoffs, self._talk(command.talk), await self._agent(command)
        known: dict[str, Any] = {}
        if command.late is not None:
            number = (await self.desk.conversations.get_conversation(talk)).handoff_number
            known["as_of"] = max(0, number - command.late)
        colleague = self.agents[command.pick % len(self.agents)]
        until = self.desk.clock.now + timedelta(minutes=1 + command.pick % 30)
        code = list(ResolutionCode)[command.pick % len(ResolutionCode)]
        team = TEAMS[command.pick % len(TEAMS)]
        note_id = self._new_id()
        table: dict[str, Callable[[], Awaitable[Any]]] = {
            "accept": lambda: handoffs.accept(talk, agent, **known),
            "decline": lambda: handoffs.decline(talk, agent, **known),
            "to_team": lambda: handoffs.transfer_to_team(talk, agent, team, "kent u al", **known),
            "to_agent": lambda: handoffs.transfer_to_agent(talk, agent, colleague, **known),
            "take_over": lambda: handoffs.take_over(talk, agent, **known),
            "snooze": lambda: handoffs.snooze(talk, agent, until, **known),
            "wake": lambda: handoffs.wake(talk, agent, **known),
            "resolve": lambda: handoffs.resolve(talk, agent, code, **known),
            "give_back": lambda: handoffs.return_to_assistant(talk, agent, "gedaan", **known),
            "note": lambda: handoffs.record_note(talk, agent, "lastig", note_id=note_id),
            "read": lambda: self._read(talk, command.pick),
        }
        return table[command.what]

    async def _read(self, talk: ConversationId, sequence: int) -> None:
        conversations = self.desk.conversations
        await conversations.note_read(talk, sequence, by=Author.AGENT)

    async def _say(self, command: Do) -> None:
        talk, text, own_id = self._talk(command.talk), TEXTS[command.pick % len(TEXTS)], self._new_id()
        send = partial(self.desk.conversations.record_customer_message, talk, text, client_message_id=own_id)
        await self._send(own_id, send, (talk, "customer", text))

    async def _press(self, command: Do) -> None:
        talk = self._talk(command.talk)
        page = await self.desk.conversations.list_messages(talk)
        # Old buttons stay where they are: the newest twelve.
        buttons = [each for message in page.messages for each in message.buttons if each.id is not None][-12:]
        if not buttons:
            return
        button, own_id = buttons[command.pick % len(buttons)], self._new_id()
        send = partial(self.desk.conversations.record_button_press, talk, button.id, client_message_id=own_id)
        await self._send(own_id, send, (talk, "customer", button.title))

    async def _write(self, command: Do) -> None:
        talk, agent, own_id = self._talk(command.talk), await self._agent(command), self._new_id()
        text = f"Antwoord {self._ids}"
        send = partial(self.desk.handoffs.record_agent_message, talk, agent, text, client_message_id=own_id)
        await self._send(own_id, send, (talk, "agent", text))

    async def _send(
        self,
        own_id: UUID,
        send: Callable[[], Awaitable[RecordedMessage]],
        told: tuple[ConversationId, str, str],
    ) -> None:
        async def noting() -> RecordedMessage:
            recorded = await send()
            self.ledger.stored[own_id] = told
            return recorded

        self.ledger.resend.append((own_id, noting))
        await noting()

    async def _resend(self, command: Do) -> None:
        """Send something once more: whoever did not hear the answer does not know whether it arrived."""
        if not self.ledger.resend:
            return
        recent = self.ledger.resend[-20:]
        own_id, send = recent[command.pick % len(recent)]
        was_stored = own_id in self.ledger.stored
        try:
            recorded = await send()
        except BalieError as error:
            if was_stored:
                self.wrong.append(f"{own_id} was stored, and sent again it is refused: {error.code}")
            raise
        if was_stored and not recorded.duplicate:
            self.wrong.append(f"{own_id} was stored twice")

    def _talk(self, number: int) -> ConversationId:
        return self.talks[number % len(self.talks)]

    async def _agent(self, command: Do) -> int:
        """One of the agents; every second time the one whom it concerns, if there is one."""
        if command.agent % 2:
            handoff = await self.desk.handoffs.find_latest(self._talk(command.talk))
            concerned = None if handoff is None else handoff.agent_id or handoff.offered_to
            if concerned is not None:
                return concerned
        return self.agents[command.agent // 2 % len(self.agents)]

    def _new_id(self) -> UUID:
        self._ids += 1
        return uuid5(SPACE, str(self._ids))
