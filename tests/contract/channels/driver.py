"""What every rig offers: a customer on one channel, as they are, and the way between them and us.

The tests of this folder know channels by nothing else. A rig works with the real service on a real port; what
it plays is the other side: a browser, a provider of text messages, Telegram.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from balie.channels.port import ChannelLimits
from balie.kernel.ids import ConversationId

if TYPE_CHECKING:
    from tests.contract.channels.house import House


@dataclass(frozen=True)
class Seen:
    """One bubble that the customer has before them, without markup.

    Attributes:
        buttons: Titles of those that can be pressed now.
        photos: The files that are shown.
    """

    text: str
    buttons: tuple[str, ...] = ()
    photos: tuple[bytes, ...] = ()


@dataclass
class Sent:
    """Something that the customer did.

    Attributes:
        id: What their side calls it.
        send: Brings it to us, again if it was brought before; answers the HTTP status.
        status: What it was answered last; 0: it has not arrived yet.
        refusal: The code of the error that their side was given, if it was given one.
    """

    id: str
    send: Callable[[], Awaitable[int]]
    status: int = 0
    refusal: str | None = None


class Trouble(Enum):
    """What goes wrong with the next thing that is brought to the customer."""

    REFUSED = "nothing was shown, and we are told so (a 500)"
    UNANSWERED = "it was shown, and we never hear of it (a time-out, a lost line)"


class Person(Protocol):
    """A customer. What they do is brought to us at once, or as soon as we can be reached again."""

    async def says(self, text: str) -> Sent:
        """Type."""
        ...

    async def presses(self, title: str) -> Sent:
        """Press the newest button with this title, whether it is still shown or not."""
        ...

    async def presses_button_of(self, other: Person, title: str) -> Sent:
        """Press a button that somebody else was shown."""
        ...

    async def sends_photo(self, content: bytes) -> Sent:
        """Send a photo."""
        ...

    async def edits(self, sent: Sent, text: str) -> Sent:
        """Write something else in the place of what was said; only where ``limits.can_edit``."""
        ...

    async def leaves(self, *, silently: bool = False) -> None:
        """Block us, or close the page; ``silently``: in a way that nobody tells us."""
        ...

    async def returns(self) -> None:
        """Unblock us, or open the page again."""
        ...

    async def continues(self, code: str) -> Sent:
        """Go on here with a conversation that was begun elsewhere."""
        ...

    async def sees(self) -> list[Seen]:
        """Everything that was said to them and is shown now, oldest first; not what they said themselves."""
        ...

    async def sees_typing(self) -> None:
        """Wait until they are shown that somebody writes to them."""
        ...

    async def conversation_id(self) -> ConversationId:
        """Our conversation with them."""
        ...


class Rig(Protocol):
    """One channel with its other side.

    Attributes:
        house: Our side.
    """

    house: House

    def move_in(self, house: House) -> None:
        """Learn where we are."""
        ...

    @property
    def channel(self) -> str:
        """Its name, as it stands in the tables."""
        ...

    @property
    def limits(self) -> ChannelLimits:
        """What can be said in it."""
        ...

    async def person(self, name: str = "Sanne", *, language: str = "nl") -> Person:
        """Somebody who has not written yet, with an interface in a language."""
        ...

    async def forge(self, text: str) -> int:
        """Bring us a message that is not from the other side; answers the HTTP status."""
        ...

    def fails(self, *troubles: Trouble) -> None:
        """The next things that are brought to customers go wrong, in this order."""
        ...

    async def carry(self) -> int:
        """Bring over what lies between the two sides; answers how much that was."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


class Courier:
    """Brings what customers did to us, in order, until each was answered by something that is no failure."""

    def __init__(self) -> None:
        self._waiting: list[Sent] = []

    async def bring(self, sent: Sent) -> Sent:
        """Bring something now, behind what waits already."""
        self._waiting.append(sent)
        await self.carry()
        return sent

    async def carry(self) -> int:
        """Bring what waits; answers how much was taken."""
        brought = 0
        while self._waiting:
            status = await self._waiting[0].send()
            if status >= 500:
                break
            self._waiting.pop(0).status = status
            brought += 1
        return brought
