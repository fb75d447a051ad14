"""What can be done about an item that is not as it should be. Pure: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from balie.cases.kinds import CaseKind, Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What the table looks at.

    Attributes:
        in_stock: Whether there is another of exactly the same.
        repairable: Whether our workshop mends such things.
    """

    in_stock: bool
    repairable: bool


_Holds = Callable[[Trouble], bool]


def _always(_trouble: Trouble) -> bool:
    return True


def _another_is_there(trouble: Trouble) -> bool:
    return trouble.in_stock


def _can_be_mended(trouble: Trouble) -> bool:
    return trouble.repairable


def _cannot_be_mended(trouble: Trouble) -> bool:
    return not trouble.repairable


REMEDIES: Final[Mapping[CaseKind, tuple[tuple[Remedy, _Holds], ...]]] = {
    CaseKind.DAMAGED: (
        (Remedy.REPLACEMENT, _another_is_there),
        (Remedy.REFUND, _always),
        (Remedy.REPAIR, _can_be_mended),
    ),
    CaseKind.WRONG_ITEM: ((Remedy.REPLACEMENT, _another_is_there), (Remedy.REFUND, _always)),
    CaseKind.MISSING_ITEM: ((Remedy.REPLACEMENT, _another_is_there), (Remedy.REFUND, _always)),
    # The law lets the shop mend first; what cannot be mended is replaced, or looked at by a person.
    CaseKind.WARRANTY: (
        (Remedy.REPAIR, _can_be_mended),
        (Remedy.REPLACEMENT, lambda trouble: _cannot_be_mended(trouble) and trouble.in_stock),
        (Remedy.REFUND, lambda trouble: _cannot_be_mended(trouble) and not trouble.in_stock),
    ),
}
"""For each kind of trouble what can be had, best first."""


def possible_remedies(problem: CaseKind, trouble: Trouble) -> tuple[Remedy, ...]:
    """What can be had, best first.

    >>> possible_remedies(CaseKind.DAMAGED, Trouble(in_stock=False, repairable=False))
    (<Remedy.REFUND: 'refund'>,)
    """
    return tuple(remedy for remedy, holds in REMEDIES[problem] if holds(trouble))
