"""Which role may do what: one table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from balie.agents.kinds import Role


class Permission(StrEnum):
    """What may be allowed at the desk."""

    HANDLE = "handle"
    """See the queue, take customers from it, and everything about those one has."""
    SEE_TEAM = "see_team"
    """Conversations of colleagues in one's own teams."""
    SEE_ALL = "see_all"
    """Conversations of everybody."""
    SEE_FIGURES = "see_figures"
    TAKE_OVER = "take_over"
    """A conversation that a colleague has."""
    LISTEN = "listen"
    """To a conversation that a colleague has; it is written down."""
    MANAGE_AGENTS = "manage_agents"


_AGENT: Final = frozenset({Permission.HANDLE})
_LEAD: Final = _AGENT | {
    Permission.SEE_TEAM,
    Permission.SEE_ALL,
    Permission.SEE_FIGURES,
    Permission.TAKE_OVER,
    Permission.LISTEN,
}

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.AGENT: _AGENT,
    Role.LEAD: _LEAD,
    Role.ADMIN: _LEAD | {Permission.MANAGE_AGENTS},
}


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody with this role may do this.

    >>> may(Role.LEAD, Permission.TAKE_OVER), may(Role.LEAD, Permission.MANAGE_AGENTS)
    (True, False)
    """
    return permission in PERMISSIONS[role]


def list_permissions(role: Role) -> tuple[Permission, ...]:
    """Everything that a role may do, in the order of :class:`Permission`."""
    return tuple(permission for permission in Permission if may(role, permission))
