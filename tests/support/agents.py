"""The desk's accounts with hashes that cost next to nothing."""

from __future__ import annotations

from typing import Any

from argon2 import PasswordHasher

from balie.agents.accounts import DeskRules
from balie.agents.kinds import Role
from balie.agents.passwords import Passwords
from balie.agents.service import AgentService
from balie.agents.views import AgentView, NewAgent
from balie.kernel.clock import Clock
from balie.storage.unit_of_work import UnitOfWork

DESK_SECRET = "secret of the tests' desk, long enough"
PASSWORD = "zeven gele regenjassen"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class CountingPasswords(Passwords):
    """The real thing, cheap, that says how often a password was looked at."""

    def __init__(self, hasher: PasswordHasher = CHEAP) -> None:
        super().__init__(hasher)
        self.looked_at = 0

    async def fits(self, password: str, stored: str | None) -> bool:
        self.looked_at += 1
        return await super().fits(password, stored)


def agent_service(unit_of_work: UnitOfWork, clock: Clock, **more: Any) -> AgentService:
    more.setdefault("passwords", CountingPasswords())
    return AgentService(unit_of_work, DESK_SECRET, clock=clock, **more)


async def add_agent(agents: AgentService, first_name: str = "Sanne", **more: Any) -> AgentView:
    new = {
        "email": f"{first_name.lower()}@voorbeeld.example",
        "name": f"{first_name} Kuipers",
        "display_name": first_name,
        "role": Role.AGENT,
        "languages": ("nl", "en"),
        "teams": ("service",),
        "password": PASSWORD,
        **more,
    }
    return await agents.create_agent(NewAgent(**new))


__all__ = ["CHEAP", "PASSWORD", "CountingPasswords", "DeskRules", "add_agent", "agent_service"]
