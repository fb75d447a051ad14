"""Which payment provider and which carrier stand behind the ports, and what keeps the promises towards them.

The demo shop has simulated ones. A real shop has none until an adapter of its own is put in here: then there
are no links to pay, and refunds and returns are handed over by the shop's own people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from balie.jobs.outgoing import Outgoing, OutgoingRunner
from balie.kernel.clock import Clock, utc_now
from balie.kernel.simulated_trouble import Troubles
from balie.parcels.announcing import ReturnAnnouncer
from balie.parcels.port import TimedCarrier
from balie.parcels.simulated import SimulatedCarrier
from balie.payments.absent import AbsentProvider
from balie.payments.links import PaymentLinks
from balie.payments.money_back import MoneyBack
from balie.payments.port import PaymentProvider, TimedProvider
from balie.payments.service import PaymentService
from balie.payments.simulated import SimulatedProvider
from balie.payments.terms import PaymentTerms
from balie.settings import Settings
from balie.storage.unit_of_work import UnitOfWork

PATIENCE: Final = timedelta(seconds=10)
"""How long a provider or carrier may take when no customer is waiting in the chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWorlds:
    """What is behind the ports.

    Attributes:
        runner: Keeps what was promised; to be started with the service.
        simulated: The payment provider of the demo shop; None in a real one.
    """

    payments: PaymentService
    runner: OutgoingRunner
    simulated: SimulatedProvider | None


def open_outside_worlds(
    settings: Settings,
    unit_of_work: UnitOfWork,
    shop: Mapping[str, Any],
    *,
    clock: Clock = utc_now,
    after_work: Callable[[], None] = lambda: None,
) -> OutsideWorlds:
    """Put together what the settings ask for; asks nobody.

    Args:
        settings: Whether it is the demo shop, and how much goes wrong there.
        unit_of_work: The store.
        shop: The shop's facts (``data/shop/shop.yml``, as parsed).
        clock: The present moment.
        after_work: Called when a promise was kept, which may have left letters to send.

    Raises:
        ShopTermsError: The shop's facts lack its conditions.
    """
    terms, timezone = PaymentTerms.from_shop(shop), ZoneInfo(str(shop["timezone"]))
    simulated = _simulated_provider(settings, unit_of_work, clock) if settings.demo else None
    provider: PaymentProvider = simulated or AbsentProvider()

    def links(time_out: timedelta) -> PaymentLinks:
        timed = TimedProvider(provider, time_out)
        return PaymentLinks(unit_of_work, timed, terms, clock=clock, timezone=timezone)

    outgoing: dict[str, Outgoing] = {}
    if simulated is not None:
        carrier = TimedCarrier(_simulated_carrier(settings, unit_of_work, clock, timezone), PATIENCE)
        outgoing = {
            "refunds": MoneyBack(unit_of_work, TimedProvider(provider, PATIENCE), clock=clock),
            "links to pay": links(PATIENCE),
            "returns": ReturnAnnouncer(unit_of_work, carrier, terms.orders, clock=clock),
        }
    in_the_chat = links(settings.provider_timeout)
    return OutsideWorlds(
        payments=PaymentService(unit_of_work, in_the_chat, terms, clock=clock, timezone=timezone),
        runner=OutgoingRunner(outgoing, after_work=after_work),
        simulated=simulated,
    )


def _simulated_provider(settings: Settings, unit_of_work: UnitOfWork, clock: Clock) -> SimulatedProvider:
    troubles = Troubles(share=settings.payment_failures)
    base_url = settings.resolved_public_url
    return SimulatedProvider(unit_of_work, base_url=base_url, clock=clock, troubles=troubles)


def _simulated_carrier(
    settings: Settings, unit_of_work: UnitOfWork, clock: Clock, timezone: ZoneInfo
) -> SimulatedCarrier:
    troubles = Troubles(share=settings.parcel_failures)
    return SimulatedCarrier(unit_of_work, clock=clock, timezone=timezone, troubles=troubles)
