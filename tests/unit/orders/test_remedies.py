"""What can be had for an item that is not as it should be."""

from __future__ import annotations

import pytest

from balie.cases.kinds import CaseKind, Remedy
from balie.orders.remedies import REMEDIES, Trouble, possible_remedies

NEW, MONEY, MEND = Remedy.REPLACEMENT, Remedy.REFUND, Remedy.REPAIR


@pytest.mark.parametrize(
    ("problem", "in_stock", "repairable", "remedies"),
    [
        (CaseKind.DAMAGED, True, True, (NEW, MONEY, MEND)),
        (CaseKind.DAMAGED, True, False, (NEW, MONEY)),
        (CaseKind.DAMAGED, False, True, (MONEY, MEND)),
        (CaseKind.DAMAGED, False, False, (MONEY,)),
        (CaseKind.WRONG_ITEM, True, True, (NEW, MONEY)),
        (CaseKind.WRONG_ITEM, False, True, (MONEY,)),
        (CaseKind.MISSING_ITEM, True, False, (NEW, MONEY)),
        (CaseKind.MISSING_ITEM, False, False, (MONEY,)),
        (CaseKind.WARRANTY, True, True, (MEND,)),
        (CaseKind.WARRANTY, True, False, (NEW,)),
        (CaseKind.WARRANTY, False, False, (MONEY,)),
    ],
)
def test_the_remedies_are_those_of_the_table(
    problem: CaseKind, *, in_stock: bool, repairable: bool, remedies: tuple[Remedy, ...]
) -> None:
    assert possible_remedies(problem, Trouble(in_stock=in_stock, repairable=repairable)) == remedies


@pytest.mark.parametrize("problem", list(REMEDIES))
@pytest.mark.parametrize("in_stock", [True, False])
@pytest.mark.parametrize("repairable", [True, False])
def test_something_can_always_be_done(problem: CaseKind, *, in_stock: bool, repairable: bool) -> None:
    assert possible_remedies(problem, Trouble(in_stock=in_stock, repairable=repairable))
