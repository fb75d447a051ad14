"""Rules of accounts: what they may hold, and how a row is told. Pure but for the row's class."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from balie.agents.errors import AgentInvalidError
from balie.agents.kinds import Presence, Role
from balie.agents.models import AgentRow
from balie.agents.views import AgentChanges, AgentView, NewAgent
from balie.kernel.mail_address import is_plain_address

LONGEST_NAME: Final = 120
LONGEST_DISPLAY_NAME: Final = 60
MOST_CAPACITY: Final = 50


@dataclass(frozen=True, slots=True)
class DeskRules:
    """What there is to choose from, as content says it; None: anything goes.

    Attributes:
        languages: Codes, such as ``nl``.
        topics: Of the taxonomy.
        teams: Ids.
        barred: Addresses that cannot sign in whatever their account says: the demo's, where there is no demo.
    """

    languages: Collection[str] | None = None
    topics: Collection[str] | None = None
    teams: Collection[str] | None = None
    barred: Collection[str] = field(default_factory=frozenset)


def normalise_email(email: str) -> str:
    """An address as it is stored.

    >>> normalise_email(" Sanne@Voorbeeld.example ")
    'sanne@voorbeeld.example'
    """
    return email.strip().lower()


def columns_of(asked: NewAgent | AgentChanges, rules: DeskRules) -> dict[str, Any]:
    """The columns that are to be set, checked.

    Raises:
        AgentInvalidError: One of them cannot be so.
    """
    columns: dict[str, Any] = {}
    if asked.email is not None:
        columns["email"] = _email(asked.email)
    for name, longest in (("name", LONGEST_NAME), ("display_name", LONGEST_DISPLAY_NAME)):
        if (text := getattr(asked, name)) is not None:
            columns[name] = _one_line(name, text, longest)
    for name, known in (("languages", rules.languages), ("topics", rules.topics), ("teams", rules.teams)):
        if (words := getattr(asked, name)) is not None:
            columns[name] = _words(name, words, known)
    if asked.capacity is not None:
        columns["capacity"] = _capacity(asked.capacity)
    if asked.role is not None:
        columns["role"] = asked.role.value
    return columns


def view_of(row: AgentRow) -> AgentView:
    """An account as others may know it."""
    return AgentView(
        id=row.id,
        email=row.email,
        name=row.name,
        display_name=row.display_name,
        role=Role(row.role),
        languages=tuple(row.languages),
        topics=tuple(row.topics),
        teams=tuple(row.teams),
        capacity=row.capacity,
        presence=Presence(row.presence),
        presence_at=row.presence_at,
        active=row.active,
    )


def _email(email: str) -> str:
    normalised = normalise_email(email)
    if not is_plain_address(normalised):
        raise AgentInvalidError("email", "must be one plain address")
    return normalised


def _one_line(field_name: str, text: str, longest: int) -> str:
    line = " ".join(text.split())
    if not 0 < len(line) <= longest or not line.isprintable():
        raise AgentInvalidError(field_name, f"must be one line of at most {longest} characters")
    return line


def _words(field_name: str, words: tuple[str, ...], known: Collection[str] | None) -> list[str]:
    chosen = list(dict.fromkeys(words))
    if known is not None and not set(chosen) <= set(known):
        raise AgentInvalidError(field_name, f"must be some of {', '.join(sorted(known))}")
    return chosen


def _capacity(capacity: int) -> int:
    if not 0 <= capacity <= MOST_CAPACITY:
        raise AgentInvalidError("capacity", f"must be between 0 and {MOST_CAPACITY}")
    return capacity
