"""The checkout page of the simulated payment provider, as a browser without scripts uses it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from balie.kernel.money import Money
from balie.orders.kinds import PaymentFailure
from balie.payments.kinds import ProviderState
from balie.payments.port import PaymentRequest, ProviderPayment
from balie.payments.simulated import LIFETIME, SimulatedProvider
from tests.support.gateway import BASE_URL, Balie, balie_with

REQUEST = PaymentRequest(
    key="link-1", amount=Money(12_995), description="Duin & Dal DD1048718", return_url="https://a.example"
)


@dataclass
class Checkout:
    """A payment and its page."""

    balie: Balie
    provider: SimulatedProvider
    rings: list[str] = field(default_factory=list)

    async def open(self) -> ProviderPayment:
        return await self.provider.create_payment(REQUEST)

    async def look(self, payment: ProviderPayment, language: str = "nl") -> str:
        answer = await self.balie.http.get(payment.checkout_url, headers={"Accept-Language": language})
        assert answer.status_code == 200, answer.text
        return answer.text

    async def press(self, payment: ProviderPayment, button: int) -> str:
        """Send the form of that button; the page after it."""
        actions = re.findall(r'<form method="post" action="([^"]+)">', await self.look(payment))
        headers = {"Origin": BASE_URL}
        answer = await self.balie.http.post(actions[button], headers=headers, follow_redirects=True)
        return answer.text

    async def state(self, payment: ProviderPayment) -> ProviderPayment:
        return await self.provider.get_payment(payment.provider_id)


@pytest.fixture
async def checkout(database_url: str, static_dir: Path) -> AsyncIterator[Checkout]:
    async with balie_with(database_url, static_dir=static_dir, demo=True) as balie:
        provider = SimulatedProvider(balie.unit_of_work, base_url=BASE_URL, clock=balie.clock)
        shown = Checkout(balie, provider)
        balie.app.state.services = replace(
            balie.app.state.services,
            checkout=provider,
            ring_outgoing=lambda: shown.rings.append("ring"),
        )
        yield shown


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "nagemaakte betaalpagina"), ("en-GB,en", "made-up payment page")]
)
async def test_it_says_what_is_paid_and_for_what(checkout: Checkout, language: str, words: str) -> None:
    page = await checkout.look(await checkout.open(), language)

    assert "129,95" in page or "129.95" in page
    assert "Duin &amp; Dal DD1048718" in page
    assert words in page
    assert page.count("<form") == 2


async def test_it_needs_no_script_and_obeys_the_policy_of_pages(checkout: Checkout) -> None:
    payment = await checkout.open()

    answer = await checkout.balie.http.get(payment.checkout_url)

    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_paying_pays_once_and_rings(checkout: Checkout) -> None:
    payment = await checkout.open()

    page = await checkout.press(payment, 0)

    assert "Betaald" in page
    assert "<form" not in page
    assert (await checkout.state(payment)).state is ProviderState.PAID
    assert checkout.rings == ["ring"]


async def test_letting_it_fail_says_no_and_stays_so(checkout: Checkout) -> None:
    payment = await checkout.open()
    await checkout.press(payment, 1)

    late = await checkout.balie.http.post(f"{payment.checkout_url}/paid", headers={"Origin": BASE_URL})

    assert late.status_code == 303
    known = await checkout.state(payment)
    assert (known.state, known.failure) == (ProviderState.FAILED, PaymentFailure.CARD_DECLINED)
    assert "Niet gelukt" in await checkout.look(payment)


async def test_a_link_that_is_over_cannot_be_paid(checkout: Checkout) -> None:
    payment = await checkout.open()
    checkout.balie.clock.advance(LIFETIME + timedelta(seconds=1))

    page = await checkout.look(payment)

    assert "<form" not in page
    assert "Deze link is voorbij" in page


@pytest.mark.parametrize("name", ["sim_nothing", "%3Cscript%3E", "..%2F..%2Fetc"])
async def test_a_payment_nobody_knows_is_not_found(checkout: Checkout, name: str) -> None:
    answer = await checkout.balie.http.get(f"/demo/pay/{name}")

    assert answer.status_code == 404
    assert "<script" not in answer.text
    assert checkout.rings == []


async def test_other_peoples_pages_cannot_press_the_button(checkout: Checkout) -> None:
    payment = await checkout.open()

    answer = await checkout.balie.http.post(
        f"{payment.checkout_url}/paid", headers={"Origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403
    assert (await checkout.state(payment)).state is ProviderState.OPEN


async def test_a_real_shop_has_no_such_page(balie: Balie) -> None:
    assert (await balie.http.get("/demo/pay/sim_1")).status_code == 404
    assert (await balie.http.post("/demo/pay/sim_1/paid")).status_code in {404, 405}
