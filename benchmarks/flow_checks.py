"""Whether the store holds in the end what a simulated customer wanted, and nothing else.

A change belongs to the conversation in which it was made. Anything that is written where nobody wanted it is
wrong, and so is what was wanted but is not as it was wanted.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.flow_kinds import CODE, TOO_LATE, Goal, Play


def judge(database: Path, plays: Sequence[Play]) -> tuple[list[bool], list[str]]:
    """Of each play whether the goal was reached; and everything that the store should not hold."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        judges = {play.conversation: _Judge(connection, play) for play in plays}
        reached = [judges[play.conversation].is_reached() for play in plays]
        wrong = [
            *_never_wanted(connection, set(judges)),
            *(problem for one in judges.values() for problem in one.list_problems()),
            *_letters_to_others(connection, {play.goal.email for play in plays}),
        ]
        return reached, wrong


@dataclass(frozen=True, slots=True)
class _Judge:
    """Looks at what came of one conversation."""

    connection: sqlite3.Connection
    play: Play

    @property
    def goal(self) -> Goal:
        return self.play.goal

    def is_reached(self) -> bool:
        """What was wanted is done, once, and the customer was told whatever had to be said."""
        kind, changes = self.goal.of, self._changes()
        if kind.undertaking is None:
            was_told = self.play.was_refused if self.goal.kind in TOO_LATE else self.play.was_offered
            return was_told and not changes
        is_done = [one.undertaking for one in changes] == [kind.undertaking]
        return is_done and self._letters() == Counter(self.goal.letters) and not list(self.list_problems())

    def list_problems(self) -> Iterator[str]:
        """All that is in the store because of this conversation, and should not be."""
        goal, changes = self.goal, self._changes()
        for one in changes:
            if one.undertaking != goal.of.undertaking:
                yield self._tell(f"{one.undertaking} was not wanted")
            elif one.customer not in self._owners() or one.order not in {None, goal.order_number}:
                yield self._tell(f"{one.undertaking} of somebody else, or of another order: {one}")
            elif not _CHECKS[goal.kind](self.connection, self.play):
                yield self._tell(f"{one.undertaking} is not as it was wanted")
        if len(changes) > 1:
            yield self._tell(f"{len(changes)} changes")
        wanted = Counter([goal.of.case] if goal.of.case and changes else [])
        for kind, count in (Counter(self._cases()) - wanted).items():
            yield self._tell(f"{count} x case {kind}")
        # What goes with a change that was wanted.
        letters = Counter(goal.letters if changes else ())
        for letter, count in (self._letters() - letters).items():
            yield self._tell(f"{count} x {letter} too many")

    def _tell(self, what: str) -> str:
        return f"{self.goal.kind} {self.goal.order_number} {self.play.conversation}: {what}"

    def _owners(self) -> set[str | None]:
        """Whose the change may be; nobody's where nobody has to be known."""
        return {self.goal.external_id} | ({None} if not self.goal.known and self.goal.needs_nobody else set())

    def _changes(self) -> list[_Change]:
        rows = self.connection.execute(_AUDITS, (self.play.conversation,))
        return [_Change(*row) for row in rows]

    def _cases(self) -> list[str]:
        query = "SELECT kind FROM cases WHERE conversation_id = ?"
        return [row[0] for row in self.connection.execute(query, (self.play.conversation,))]

    def _letters(self) -> Counter[str]:
        """What the customer was mailed, but for codes."""
        query = "SELECT letter FROM outbox_letters WHERE recipient = ? AND letter <> ?"
        return Counter(row[0] for row in self.connection.execute(query, (self.goal.email, CODE)))


@dataclass(frozen=True, slots=True)
class _Change:
    """One audit entry."""

    undertaking: str
    customer: str | None
    order: str | None


def _never_wanted(connection: sqlite3.Connection, conversations: set[str]) -> Iterator[str]:
    """What was written outside all conversations."""
    for table in ("audit_entries", "cases"):
        for (conversation,) in connection.execute(f"SELECT conversation_id FROM {table}"):
            if conversation not in conversations:
                yield f"{table}: {conversation} is nobody's"


def _letters_to_others(connection: sqlite3.Connection, customers: set[str]) -> Iterator[str]:
    for letter, recipient in connection.execute("SELECT letter, recipient FROM outbox_letters"):
        if recipient not in customers:
            yield f"{letter} to somebody else"


def _rows(connection: sqlite3.Connection, query: str, *values: Any) -> list[Any]:
    return connection.execute(query, values).fetchall()


def _is_cancelled(connection: sqlite3.Connection, play: Play) -> bool:
    query = "SELECT cancelled_at IS NOT NULL FROM orders WHERE number = ?"
    return _rows(connection, query, play.goal.order_number) == [(1,)]


def _comes_back(reason: str, *, swapped: bool) -> _Check:
    """One piece comes back for this reason; the same or another is kept aside where it is swapped."""

    def check(connection: sqlite3.Connection, play: Play) -> bool:
        goal = play.goal
        day = goal.day.isoformat() if goal.details["method"] == "pick_up" else None
        wanted = (goal.details["method"], day, goal.position, reason, int(swapped))
        return [row[:5] for row in _returns(connection, goal)] == [wanted]

    return check


def _is_put_right(reason: str, *, swapped: bool) -> _Check:
    """The same, with a case; what is kept aside is the very thing that was bought, else money waits."""

    def check(connection: sqlite3.Connection, play: Play) -> bool:
        if not _comes_back(reason, swapped=swapped)(connection, play) or not _has_case(connection, play):
            return False
        kept_aside, refunds = _returns(connection, play.goal)[0][5:]
        return bool(kept_aside == play.goal.sku if swapped else refunds == 1)

    return check


def _returns(connection: sqlite3.Connection, goal: Goal) -> list[Any]:
    return _rows(connection, _RETURNS, goal.order_number)


def _has_case(connection: sqlite3.Connection, play: Play) -> bool:
    """One case of the right kind, with all that the customer told and showed."""
    rows = _rows(connection, _CASES, play.conversation)
    if len(rows) != 1:
        return False
    kind, remedy, story, facts = rows[0]
    return (
        kind == play.goal.of.case
        and remedy == play.goal.details.get("remedy")
        and all(part in (story or "") for part in play.told)
        and len(json.loads(facts).get("photos", ())) == play.photos
    )


def _is_paid_back(connection: sqlite3.Connection, play: Play) -> bool:
    """Money goes back for what never came; nothing has to come back for it."""
    money = _rows(connection, _REFUNDS, play.goal.order_number)
    return len(money) == 1 and not _returns(connection, play.goal) and _has_case(connection, play)


def _has_pieces(connection: sqlite3.Connection, play: Play) -> bool:
    return _quantity(connection, play.goal) == [(play.goal.pieces,)]


def _is_removed(connection: sqlite3.Connection, play: Play) -> bool:
    return _quantity(connection, play.goal) == []


def _quantity(connection: sqlite3.Connection, goal: Goal) -> list[Any]:
    return _rows(connection, _QUANTITY, goal.order_number, goal.position)


def _goes_there(connection: sqlite3.Connection, play: Play) -> bool:
    query = "SELECT street, house_number, postcode, city FROM orders WHERE number = ?"
    return _rows(connection, query, play.goal.order_number) == [play.goal.address]


def _is_mailed(connection: sqlite3.Connection, play: Play) -> bool:
    query = (
        "SELECT json_extract(facts, '$.order_number') FROM outbox_letters WHERE letter = ? AND recipient = ?"
    )
    rows = _rows(connection, query, "letter_invoice", play.goal.email)
    return rows == [(play.goal.order_number,)]


def _lies_in_basket(connection: sqlite3.Connection, play: Play) -> bool:
    goal = play.goal
    # Theirs, or the conversation's: who was known in the end, nobody wrote down.
    rows = _rows(connection, _BASKET, goal.external_id, play.conversation)
    return rows == [(goal.sku, goal.pieces)]


def _has_left(connection: sqlite3.Connection, play: Play) -> bool:
    rows = _rows(connection, _CONSENTS, play.goal.external_id)
    return rows[:1] == [(0, "chat")]


def _is_heard(connection: sqlite3.Connection, play: Play) -> bool:
    return bool(play.told) and _has_case(connection, play)


def _has_phone(connection: sqlite3.Connection, play: Play) -> bool:
    query = "SELECT phone FROM customers WHERE external_id = ?"
    return _rows(connection, query, play.goal.external_id) == [(play.goal.phone,)]


_Check = Callable[[sqlite3.Connection, Play], bool]
_CHECKS: Final[Mapping[str, _Check]] = {
    "cancel": _is_cancelled,
    "return": _comes_back("too_small", swapped=False),
    "exchange": _comes_back("too_small", swapped=True),
    "pieces": _has_pieces,
    "remove": _is_removed,
    "address": _goes_there,
    "damaged_new": _is_put_right("damaged", swapped=True),
    "damaged_money": _is_put_right("damaged", swapped=False),
    "missing_money": _is_paid_back,
    "wrong_swap": _is_put_right("wrong_item", swapped=True),
    "pick_up": _comes_back("too_small", swapped=False),
    "invoice_by_mail": _is_mailed,
    "basket": _lies_in_basket,
    "newsletter_leave": _has_left,
    "complaint": _is_heard,
    "phone": _has_phone,
}
"""How what was done has to be."""

_AUDITS = """
SELECT undertaking, customers.external_id, orders.number
FROM audit_entries
LEFT JOIN customers ON customers.id = audit_entries.customer_id
LEFT JOIN orders ON orders.id = audit_entries.order_id
WHERE conversation_id = ?
"""
_RETURNS = """
SELECT returns.method, returns.pick_up_on, order_lines.position, return_lines.reason,
  reservations.id IS NOT NULL, product_variants.sku,
  (SELECT count(*) FROM refunds WHERE refunds.return_id = returns.id AND refunds.approved_at IS NULL)
FROM returns JOIN orders ON orders.id = returns.order_id
JOIN return_lines ON return_lines.return_id = returns.id
JOIN order_lines ON order_lines.id = return_lines.order_line_id
LEFT JOIN reservations ON reservations.return_line_id = return_lines.id
LEFT JOIN product_variants ON product_variants.id = reservations.variant_id
WHERE orders.number = ?
"""
_CASES = "SELECT kind, remedy, story, facts FROM cases WHERE conversation_id = ?"
_REFUNDS = """
SELECT amount_minor FROM refunds JOIN orders ON orders.id = order_id
WHERE orders.number = ? AND return_id IS NULL AND approved_at IS NOT NULL
"""
_QUANTITY = """
SELECT quantity FROM order_lines WHERE order_id = (SELECT id FROM orders WHERE number = ?) AND position = ?
"""
_BASKET = """
SELECT product_variants.sku, basket_lines.quantity
FROM baskets
JOIN basket_lines ON basket_lines.basket_id = baskets.id
JOIN product_variants ON product_variants.id = basket_lines.variant_id
LEFT JOIN customers ON customers.id = baskets.customer_id
WHERE customers.external_id = ? OR baskets.conversation_id = ?
"""
_CONSENTS = """
SELECT granted, source FROM consents JOIN customers ON customers.id = customer_id
WHERE external_id = ? AND purpose = 'newsletter' ORDER BY recorded_at DESC, consents.id DESC
"""
