"""Who may do what at the desk."""

from __future__ import annotations

from balie.agents.kinds import Role
from balie.agents.permissions import PERMISSIONS, Permission, list_permissions, may


def test_every_role_may_do_what_the_one_before_may() -> None:
    agent, lead, admin = (PERMISSIONS[role] for role in (Role.AGENT, Role.LEAD, Role.ADMIN))

    assert agent < lead < admin == frozenset(Permission)


def test_an_agent_handles_and_nothing_else() -> None:
    assert list_permissions(Role.AGENT) == (Permission.HANDLE,)


def test_only_admins_look_after_accounts() -> None:
    assert [role for role in Role if may(role, Permission.MANAGE_AGENTS)] == [Role.ADMIN]
