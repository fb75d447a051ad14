"""The people at the demo shop's desk. Their password is shown with the demo, and only then opens anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

from balie.agents.kinds import Role
from balie.agents.service import AgentService
from balie.agents.views import NewAgent

_BOTH: Final = ("nl", "en")

DEMO_AGENTS: Final = (
    NewAgent(
        email="sanne@voorbeeld.example",
        name="Sanne Kuipers",
        display_name="Sanne",
        languages=_BOTH,
        teams=("service",),
    ),
    NewAgent(
        email="youssef@voorbeeld.example",
        name="Youssef Amrani",
        display_name="Youssef",
        languages=_BOTH,
        teams=("service", "workshop"),
    ),
    NewAgent(
        email="emma@voorbeeld.example",
        name="Emma Clarke",
        display_name="Emma",
        languages=_BOTH,
        teams=("workshop",),
    ),
    NewAgent(
        email="ruben@voorbeeld.example",
        name="Ruben Hoekstra",
        display_name="Ruben",
        role=Role.LEAD,
        languages=_BOTH,
        teams=("service", "workshop"),
    ),
)
DEMO_EMAILS: Final = frozenset(agent.email for agent in DEMO_AGENTS)


def demo_password(secret: str) -> str:
    """The password of all of them: the same as long as the service's secret is, and another in every shop.

    >>> len(demo_password("a secret of the service"))
    19
    """
    digest = hmac.new(secret.encode(), b"password of the demo's agents", hashlib.sha256).digest()
    letters = base64.b32encode(digest[:10]).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


async def load_demo_agents(agents: AgentService, password: str) -> int:
    """Add those who are not there yet, with this password; answers how many that were.

    Who is there stays as they are, except for the password: the one that is shown always works.
    """
    added = 0
    for agent in DEMO_AGENTS:
        found = await agents.find_by_email(agent.email)
        if found is None:
            found, added = await agents.create_agent(agent), added + 1
        if not await agents.has_password(found.id, password):
            await agents.set_password(found.id, password)
    return added
