"""What every payment provider must do, run on the simulated one; an adapter of a real one joins the list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from balie.kernel.money import Money
from balie.kernel.simulated_trouble import Troubles
from balie.orders.kinds import PaymentFailure
from balie.payments.absent import AbsentProvider
from balie.payments.errors import PaymentProviderDownError, PaymentRefusedError
from balie.payments.kinds import ProviderState, RefundProgress
from balie.payments.port import PaymentProvider, PaymentRequest, ProviderPayment, TimedProvider
from balie.payments.simulated import LIFETIME, SimulatedProvider
from tests.support.clock import StillClock
from tests.support.store import copy_database, opened

PRICE = Money(12_995)
REQUEST = PaymentRequest(
    key="link-1", amount=PRICE, description="Duin & Dal DD1", return_url="https://a.example"
)


@dataclass
class World:
    """A provider, and how to play the customer, the network and time."""

    provider: PaymentProvider
    simulated: SimulatedProvider
    clock: StillClock

    @property
    def troubles(self) -> Troubles:
        return self.simulated.troubles

    async def pay(self, payment: ProviderPayment, failure: PaymentFailure | None = None) -> None:
        await self.simulated.decide(payment.provider_id, failure=failure)

    async def paid(self) -> ProviderPayment:
        payment = await self.provider.create_payment(REQUEST)
        await self.pay(payment)
        return payment


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = StillClock()
    async with opened(copy_database(tmp_path)) as unit_of_work:
        simulated = SimulatedProvider(unit_of_work, base_url="https://balie.example/", clock=clock)
        yield World(TimedProvider(simulated, timedelta(seconds=30)), simulated, clock)


async def test_a_payment_can_be_made_at_its_address_until_it_expires(world: World) -> None:
    payment = await world.provider.create_payment(REQUEST)

    assert (payment.state, payment.amount) == (ProviderState.OPEN, PRICE)
    assert payment.checkout_url.startswith("https://balie.example/")
    assert payment.expires_at == world.clock() + LIFETIME
    assert await world.provider.get_payment(payment.provider_id) == payment


async def test_the_same_key_is_the_same_payment(world: World) -> None:
    first = await world.provider.create_payment(REQUEST)
    world.clock.advance(timedelta(hours=1))

    assert await world.provider.create_payment(REQUEST) == first


async def test_the_same_key_for_another_amount_is_refused(world: World) -> None:
    await world.provider.create_payment(REQUEST)
    other = PaymentRequest(key="link-1", amount=Money(1), description="", return_url="")

    with pytest.raises(PaymentRefusedError) as refused:
        await world.provider.create_payment(other)

    assert refused.value.reason == "key_taken"


async def test_what_was_paid_is_paid_with_its_moment(world: World) -> None:
    payment = await world.paid()

    known = await world.provider.get_payment(payment.provider_id)
    assert (known.state, known.paid_at) == (ProviderState.PAID, world.clock())


async def test_what_failed_says_why(world: World) -> None:
    payment = await world.provider.create_payment(REQUEST)
    await world.pay(payment, PaymentFailure.CARD_DECLINED)

    known = await world.provider.get_payment(payment.provider_id)
    assert (known.state, known.failure) == (ProviderState.FAILED, PaymentFailure.CARD_DECLINED)


async def test_what_nobody_paid_expires_and_cannot_be_paid_any_more(world: World) -> None:
    payment = await world.provider.create_payment(REQUEST)
    world.clock.advance(LIFETIME)
    await world.pay(payment)

    assert (await world.provider.get_payment(payment.provider_id)).state is ProviderState.EXPIRED


async def test_what_was_cancelled_cannot_be_paid_any_more(world: World) -> None:
    payment = await world.provider.create_payment(REQUEST)

    assert (await world.provider.cancel_payment(payment.provider_id)).state is ProviderState.CANCELLED
    await world.pay(payment)

    assert (await world.provider.get_payment(payment.provider_id)).state is ProviderState.CANCELLED


async def test_what_was_paid_before_it_was_cancelled_stays_paid(world: World) -> None:
    payment = await world.paid()

    assert (await world.provider.cancel_payment(payment.provider_id)).state is ProviderState.PAID


async def test_a_refund_goes_back_once_however_often_it_is_asked_for(world: World) -> None:
    payment = await world.paid()

    refunds = [
        await world.provider.refund(payment.provider_id, Money(5_000), key="refund-1") for _ in range(3)
    ]

    assert refunds == [refunds[0]] * 3
    assert (refunds[0].progress, refunds[0].amount) == (RefundProgress.DONE, Money(5_000))
    await world.provider.refund(payment.provider_id, Money(7_995), key="the rest")


@pytest.mark.parametrize(
    ("amount", "key", "reason"),
    [
        (Money(12_996), "more", "more_than_paid"),
        (Money(12_995), "all of it after a part", "more_than_paid"),
        (Money(1, "GBP"), "another currency", "more_than_paid"),
        (Money(2), "a part", "key_taken"),
    ],
    ids=str,
)
async def test_never_more_goes_back_than_was_paid(world: World, amount: Money, key: str, reason: str) -> None:
    payment = await world.paid()
    await world.provider.refund(payment.provider_id, Money(1), key="a part")

    with pytest.raises(PaymentRefusedError) as refused:
        await world.provider.refund(payment.provider_id, amount, key=key)

    assert refused.value.reason == reason


async def test_money_that_never_came_does_not_go_back(world: World) -> None:
    payment = await world.provider.create_payment(REQUEST)

    with pytest.raises(PaymentRefusedError) as refused:
        await world.provider.refund(payment.provider_id, PRICE, key="refund-1")

    assert refused.value.reason == "not_paid"


async def test_a_payment_nobody_made_is_unknown(world: World) -> None:
    for ask in (world.provider.get_payment, world.provider.cancel_payment):
        with pytest.raises(PaymentRefusedError) as refused:
            await ask("sim_nothing")
        assert refused.value.reason == "unknown_payment"


async def test_a_provider_that_is_down_has_done_nothing(world: World) -> None:
    payment = await world.paid()
    world.troubles.down_for = 1

    with pytest.raises(PaymentProviderDownError):
        await world.provider.refund(payment.provider_id, PRICE, key="refund-1")

    # All of it is still there for another one.
    await world.provider.refund(payment.provider_id, PRICE, key="refund-2")


async def test_an_answer_that_was_lost_is_given_again_and_nothing_is_done_twice(world: World) -> None:
    world.troubles.lose_answers = 1
    with pytest.raises(PaymentProviderDownError):
        await world.provider.create_payment(REQUEST)
    payment = await world.paid()
    world.troubles.lose_answers = 1
    with pytest.raises(PaymentProviderDownError):
        await world.provider.refund(payment.provider_id, PRICE, key="refund-1")

    again = await world.provider.refund(payment.provider_id, PRICE, key="refund-1")

    assert again.amount == PRICE
    with pytest.raises(PaymentRefusedError):
        await world.provider.refund(payment.provider_id, Money(1), key="refund-2")


async def test_equal_refunds_at_the_same_time_go_back_once(world: World) -> None:
    payment = await world.paid()

    await asyncio.gather(
        *(world.provider.refund(payment.provider_id, PRICE, key="refund-1") for _ in range(5))
    )

    with pytest.raises(PaymentRefusedError):
        await world.provider.refund(payment.provider_id, Money(1), key="refund-2")


class Silent(AbsentProvider):
    """Never answers."""

    async def get_payment(self, provider_id: str) -> ProviderPayment:
        await asyncio.Event().wait()
        return await super().get_payment(provider_id)


async def test_a_provider_that_takes_too_long_is_down() -> None:
    provider = TimedProvider(Silent(), timedelta(milliseconds=1))

    with pytest.raises(PaymentProviderDownError):
        await provider.get_payment("sim_1")


async def test_a_shop_without_a_provider_promises_nothing() -> None:
    provider = AbsentProvider()

    for refused in (
        provider.create_payment(REQUEST),
        provider.get_payment("1"),
        provider.cancel_payment("1"),
        provider.refund("1", PRICE, key="1"),
    ):
        with pytest.raises(PaymentRefusedError) as error:
            await refused
        assert error.value.reason == "no_provider"
