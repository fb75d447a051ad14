"""A desk with agents, customers who talk to it, and everything in between on a real store, without HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo

from balie.agents.kinds import Presence
from balie.agents.service import AgentService
from balie.agents.views import AgentView
from balie.assistant.port import AssistantAnswer, AssistantReply, AssistantTurn, Understanding
from balie.conversations.bell import Bell
from balie.conversations.service import ConversationService
from balie.conversations.views import Author, Conversation, Message
from balie.handoff.board import DeskBoard
from balie.handoff.book import Tools
from balie.handoff.hours import TeamClock
from balie.handoff.keeper import QueueKeeper
from balie.handoff.lining_up import Experience
from balie.handoff.planner import HandoffPlanner
from balie.handoff.sayings import Sayings
from balie.handoff.service import HandoffService
from balie.handoff.views import OWN_DESK
from balie.kernel.emotion import Emotion
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from balie.turns.persons import Persons
from balie.turns.runner import TurnRunner
from tests.support.agents import add_agent, agent_service
from tests.support.assistants import FakeAssistant, saying
from tests.support.clock import StillClock
from tests.support.content import real_renderer

ASKED = "utter_contact_human_agent"
ASKS = "ik wil een mens"
NOT_UNDERSTOOD = "utter_out_of_scope"
STOP = "laat maar"


@dataclass
class Script:
    """What the assistant says to which words; anything else is answered with an echo."""

    answers: dict[str, AssistantAnswer] = field(default_factory=dict)
    intents: dict[str, str] = field(default_factory=dict)
    emotions: dict[str, Emotion] = field(default_factory=dict)

    def answer(self, turn: AssistantTurn) -> AssistantAnswer:
        if turn.payload == "/contact_human_agent" or turn.text == ASKS:
            return saying("Prima.", response=ASKED)
        return self.answers.get(turn.text) or saying(f"U zei: {turn.text}")

    def read(self, text: str) -> Understanding:
        intent = self.intents.get(text, "stop_flow" if text == STOP else "track_order")
        return Understanding("nl", 1.0, intent, 1.0, (), self.emotions.get(text))


class Desk:
    """Everything about handoffs, put together as the service does."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        *,
        clock: StillClock | None = None,
        always_open: bool = True,
        desk_of: Callable[[str], str] = lambda _channel: OWN_DESK,
    ) -> None:
        self.unit_of_work = unit_of_work
        self.clock = clock or StillClock()
        self.bell = Bell()
        renderer = real_renderer()
        library = renderer.library
        timezone = ZoneInfo(library.shop["timezone"])
        self.teams = {team.id: TeamClock(team, timezone, always_open=always_open) for team in library.teams}
        self.tools = Tools(Sayings(renderer), Experience(), desk_of=desk_of)
        self.agents: AgentService = agent_service(unit_of_work, self.clock)
        self.conversations = ConversationService(unit_of_work, self.bell, clock=self.clock)
        self.handoffs = HandoffService(unit_of_work, self.bell, self.tools, self.teams, clock=self.clock)
        self.board = DeskBoard(unit_of_work, self.tools, self.teams, clock=self.clock)
        self.keeper = QueueKeeper(unit_of_work, self.bell, self.tools, self.teams, clock=self.clock)
        planner = HandoffPlanner(unit_of_work, library, self.tools, self.teams, clock=self.clock)
        persons = Persons(self.conversations, planner, self.tools, library, clock=self.clock)
        self.script = Script()
        self.assistant = FakeAssistant(behaviour=self.script.answer, reading=self.script.read)
        self.turns = TurnRunner(self.conversations, self.assistant, renderer, persons=persons)

    async def hire(self, name: str = "Sanne", **more: Any) -> AgentView:
        """An agent who is online."""
        agent = await add_agent(self.agents, name, **more)
        await self.agents.set_presence(agent.id, Presence.ONLINE)
        return agent

    async def open(self) -> Talk:
        """A customer who has just opened a conversation, in Dutch."""
        return Talk(self, await self.conversations.open_conversation(page_language="nl"))

    async def waiting(self) -> Talk:
        """A customer who waits for a person."""
        talk = await self.open()
        return await talk.say(ASKS)

    async def accepted(self, agent: AgentView) -> Talk:
        """A customer whom this agent has."""
        talk = await self.waiting()
        await self.handoffs.accept(talk.id, agent.id)
        return talk

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**span))


@dataclass
class Talk:
    """One customer's conversation."""

    desk: Desk
    opened: Conversation

    @property
    def id(self) -> ConversationId:
        return self.opened.id

    async def say(self, text: str) -> Self:
        """Type, and let the turn be taken."""
        await self.desk.conversations.record_customer_message(self.id, text, client_message_id=uuid4())
        return await self.take_turns()

    async def press(self, title: str) -> Self:
        """Press the newest button with this title."""
        buttons = [button for message in await self.messages() for button in message.buttons]
        button = next(each for each in reversed(buttons) if each.title == title)
        assert button.id is not None, title
        await self.desk.conversations.record_button_press(self.id, button.id, client_message_id=uuid4())
        return await self.take_turns()

    async def take_turns(self) -> Self:
        self.desk.turns.submit(self.id)
        await self.desk.turns.wait_until_idle()
        return self

    async def messages(self) -> Sequence[Message]:
        return (await self.desk.conversations.list_messages(self.id)).messages

    async def texts(self) -> list[str]:
        return [message.text for message in await self.messages()]

    async def last(self) -> Message:
        return (await self.messages())[-1]

    async def titles(self) -> list[str]:
        return [button.title for button in (await self.last()).buttons]

    async def authors(self) -> list[Author]:
        return [message.author for message in await self.messages()]

    async def status(self) -> str:
        return (await self.desk.conversations.get_conversation(self.id)).status.value


def feeling(text: str, emotion: Emotion, response: str = "utter_test") -> AssistantAnswer:
    """An answer to a message that reads like this."""
    return AssistantAnswer((AssistantReply(text, (), response, "nl"),), "nl", emotion)
