"""Keeps track of what customers were promised: which cases are open, which are late, and how they end."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from balie.cases.errors import CaseNotFoundError
from balie.cases.kinds import CaseKind, CaseState, Remedy
from balie.cases.models import CaseRow
from balie.cases.repository import CaseRepository
from balie.cases.views import CaseView
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.storage.unit_of_work import UnitOfWork


class CaseService:
    """Lists cases and notes that a promise was kept."""

    def __init__(
        self, unit_of_work: UnitOfWork, *, clock: Clock = utc_now, timezone: ZoneInfo = DEFAULT_TIMEZONE
    ) -> None:
        """Build it; ``timezone`` is where the shop's days begin and end."""
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._timezone = timezone

    async def list_open(self) -> tuple[CaseView, ...]:
        """Every open case, the one that was promised first first; overdue ones therefore come first."""
        today = local_day(self._clock(), self._timezone)
        async with self._unit_of_work.read() as session:
            cases = await CaseRepository(session).list_open()
        return tuple(_view(case, is_overdue=case.promised_by < today) for case in cases)

    async def count_overdue(self) -> int:
        """How many customers have not heard from us by the promised day."""
        return sum(case.is_overdue for case in await self.list_open())

    async def mark_answered(self, number: str) -> CaseView:
        """Note that the customer has heard from us; once it was noted, the first time counts.

        Raises:
            CaseNotFoundError: There is none with this number.
        """
        async with self._unit_of_work.write() as session:
            case = await CaseRepository(session).find_by_number(number.strip().upper())
            if case is None:
                raise CaseNotFoundError(number)
            if case.state == CaseState.OPEN.value:
                case.state, case.answered_at = CaseState.ANSWERED.value, self._clock()
        return _view(case, is_overdue=False)


def _view(case: CaseRow, *, is_overdue: bool) -> CaseView:
    return CaseView(
        number=case.number,
        kind=CaseKind(case.kind),
        state=CaseState(case.state),
        opened_at=case.opened_at,
        promised_by=case.promised_by,
        wants_person=case.wants_person,
        remedy=None if case.remedy is None else Remedy(case.remedy),
        story=case.story,
        is_overdue=is_overdue,
    )
