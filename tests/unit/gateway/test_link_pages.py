"""The pages behind mailed links: looking changes nothing, one press does it once, a forged link nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from sqlalchemy import select

from balie.customers.models import ConsentRow, CustomerRow
from balie.errands.kinds import LinkPurpose
from balie.errands.models import AccountLinkRow, EmailChangeRow
from balie.gateway.link_page import PageWords, draw_page
from balie.gateway.tokens import AccountLinks, DocumentLinks
from tests.support.content import real_renderer
from tests.support.gateway import BASE_URL, SHOP_SECRET, VISITOR_SECRET, Balie, balie_with
from tests.support.store import add_customer, locked_by_somebody_else

EMAIL = "k-1001@voorbeeld.example"
NEW = "nieuw@voorbeeld.example"


class Mailbox:
    """Whoever gets the links, and looks at what they lead to."""

    def __init__(self, balie: Balie, customer: int) -> None:
        self.balie = balie
        self.customer = customer

    async def link(
        self, purpose: LinkPurpose, *, email: str = EMAIL, known: bool = True, language: str = "nl"
    ) -> str:
        """The path of a new link."""
        link_id = await self.add(purpose, email=email, known=known)
        return self.path(link_id, purpose, language)

    async def add(self, purpose: LinkPurpose, *, email: str = EMAIL, known: bool = True) -> UUID:
        now, link_id = self.balie.clock.now, uuid4()
        async with self.balie.unit_of_work.write() as session:
            session.add(
                AccountLinkRow(
                    id=link_id,
                    purpose=purpose.value,
                    customer_id=self.customer if known else None,
                    email=email,
                    created_at=now,
                    expires_at=now + timedelta(hours=1),
                )
            )
        return link_id

    def path(self, link_id: UUID, purpose: LinkPurpose, language: str = "nl") -> str:
        url = self.balie.mailed_links.links.url(link_id, purpose, language)
        assert url.startswith(f"{BASE_URL}/l/")
        return url.removeprefix(BASE_URL)

    async def consents(self) -> list[bool]:
        async with self.balie.unit_of_work.read() as session:
            return list((await session.scalars(select(ConsentRow.granted))).all())

    async def email(self) -> str:
        async with self.balie.unit_of_work.read() as session:
            return (await session.get_one(CustomerRow, self.customer)).email

    async def used_links(self) -> int:
        async with self.balie.unit_of_work.read() as session:
            query = select(AccountLinkRow).where(AccountLinkRow.used_at.is_not(None))
            return len((await session.scalars(query)).all())


@pytest.fixture
async def mailbox(balie: Balie) -> Mailbox:
    return Mailbox(balie, await add_customer(balie.unit_of_work))


@pytest.fixture
async def demo_mailbox(database_url: str, static_dir: Path) -> AsyncIterator[Mailbox]:
    async with balie_with(database_url, static_dir=static_dir, demo=True) as balie:
        yield Mailbox(balie, await add_customer(balie.unit_of_work))


def heading(page: httpx.Response) -> str:
    [found] = re.findall(r"<h1>(.*)</h1>", page.text)
    return str(found)


@pytest.mark.parametrize("purpose", LinkPurpose)
async def test_looking_at_a_link_changes_nothing_however_often(
    mailbox: Mailbox, purpose: LinkPurpose
) -> None:
    path = await mailbox.link(purpose)

    pages = [await mailbox.balie.http.get(path) for _ in range(3)]
    await mailbox.balie.http.head(path)

    assert [page.status_code for page in pages] == [200] * 3
    assert (await mailbox.used_links(), await mailbox.consents(), await mailbox.email()) == (0, [], EMAIL)
    page = pages[0].text
    assert "k•••@voorbeeld.example" in page
    assert EMAIL not in page
    assert page.count("<button") == 1
    assert '<form method="post">' in page


async def test_a_page_is_plain_and_kept_by_nobody(mailbox: Mailbox) -> None:
    page = await mailbox.balie.http.get(await mailbox.link(LinkPurpose.NEWSLETTER))

    assert "<script" not in page.text
    assert "style=" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self';" in policy
    assert "frame-ancestors 'none'" in policy


async def test_the_newsletter_is_joined_with_the_button_and_once(mailbox: Mailbox) -> None:
    path = await mailbox.link(LinkPurpose.NEWSLETTER)

    first = await mailbox.balie.http.post(path)
    second = await mailbox.balie.http.post(path)

    assert (first.status_code, heading(first)) == (200, "Je staat op de lijst")
    assert "<button" not in first.text
    assert (second.status_code, heading(second)) == (410, "Deze link is al gebruikt")
    assert heading(await mailbox.balie.http.get(path)) == "Deze link is al gebruikt"
    assert await mailbox.consents() == [True]


async def test_a_button_that_is_pressed_twice_at_once_does_it_once(mailbox: Mailbox) -> None:
    path = await mailbox.link(LinkPurpose.NEWSLETTER)

    pages = await asyncio.gather(*(mailbox.balie.http.post(path) for _ in range(3)))

    assert sorted(page.status_code for page in pages) == [200, 410, 410]
    assert await mailbox.consents() == [True]


async def test_a_new_address_takes_both_mailboxes(mailbox: Mailbox) -> None:
    purpose = LinkPurpose.CONFIRM_EMAIL
    old, new = await mailbox.add(purpose), await mailbox.add(purpose, email=NEW)
    async with mailbox.balie.unit_of_work.write() as session:
        session.add(
            EmailChangeRow(
                customer_id=mailbox.customer,
                new_email=NEW,
                old_link_id=old,
                new_link_id=new,
                asked_at=mailbox.balie.clock.now,
                done_at=None,
            )
        )

    half = await mailbox.balie.http.post(mailbox.path(new, purpose))
    assert "Nu nog de mail op het andere adres" in half.text
    assert await mailbox.email() == EMAIL
    whole = await mailbox.balie.http.post(mailbox.path(old, purpose))

    assert "je nieuwe e-mailadres" in whole.text
    assert await mailbox.email() == NEW


@pytest.mark.parametrize(
    ("purpose", "known", "page", "subject"),
    [
        (LinkPurpose.NEW_PASSWORD, True, "https://www.duinendal.example/login/forgotten", "K-1001"),
        (LinkPurpose.CREATE_ACCOUNT, False, "https://www.duinendal.example/register", EMAIL),
    ],
)
async def test_passwords_are_chosen_at_the_shop_which_can_check_the_code(
    mailbox: Mailbox, purpose: LinkPurpose, known: bool, page: str, subject: str
) -> None:
    path = await mailbox.link(purpose, known=known)
    shown = await mailbox.balie.http.get(path)
    assert "form-action 'self' https://www.duinendal.example;" in shown.headers["Content-Security-Policy"]

    answer = await mailbox.balie.http.post(path)

    assert answer.status_code == 303
    address = urlsplit(answer.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == page
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    [code] = parse_qs(address.query)["code"]
    # As docs/api.md tells the shop to do it.
    claims = jwt.decode(
        code, SHOP_SECRET, algorithms=["HS256"], audience="balie-account", options={"verify_exp": False}
    )
    assert (claims["sub"], claims["email"], claims["purpose"]) == (subject, EMAIL, purpose)
    assert UUID(claims["jti"])
    now = datetime.fromtimestamp(claims["exp"], UTC) - timedelta(minutes=15)
    assert now == mailbox.balie.clock.now
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(code, SHOP_SECRET, algorithms=["HS256"], audience="balie", options={"verify_exp": False})
    assert (await mailbox.balie.http.post(path)).status_code == 410


@pytest.mark.parametrize("purpose", [LinkPurpose.NEW_PASSWORD, LinkPurpose.CREATE_ACCOUNT])
async def test_the_demo_shop_says_where_the_shops_own_page_begins(
    demo_mailbox: Mailbox, purpose: LinkPurpose
) -> None:
    answer = await demo_mailbox.balie.http.post(await demo_mailbox.link(purpose))

    assert (answer.status_code, heading(answer)) == (200, "Hier begint de winkel")


async def test_a_link_that_has_expired_says_so_and_does_nothing(mailbox: Mailbox) -> None:
    path = await mailbox.link(LinkPurpose.NEWSLETTER)
    mailbox.balie.clock.advance(timedelta(hours=1))

    pages = [await mailbox.balie.http.get(path), await mailbox.balie.http.post(path)]

    assert [(page.status_code, heading(page)) for page in pages] == [(410, "Deze link is verlopen")] * 2
    assert await mailbox.consents() == []


async def test_forged_links_and_other_tokens_open_nothing(mailbox: Mailbox) -> None:
    balie, purpose = mailbox.balie, LinkPurpose.NEWSLETTER
    link_id = await mailbox.add(purpose)
    lifetime = timedelta(hours=1)
    forger = AccountLinks("another secret, which is long enough too", BASE_URL, lifetime=lifetime)
    paper = DocumentLinks(VISITOR_SECRET, lifetime=lifetime).invoice(str(link_id)).rpartition("/")[2]
    conversation = await balie.open()
    real = mailbox.path(link_id, purpose).removeprefix("/l/")
    for token in (
        forger.url(link_id, purpose, "nl").rpartition("/")[2],
        paper.removesuffix(".pdf"),
        conversation.token,
        real[:-2],
        str(link_id),
        "x",
        "%00",
    ):
        for page in (await balie.http.get(f"/l/{token}"), await balie.http.post(f"/l/{token}")):
            assert (page.status_code, heading(page)) == (404, "Deze link werkt niet")
    assert await mailbox.consents() == []


async def test_a_link_whose_row_is_gone_does_not_work(mailbox: Mailbox) -> None:
    answer = await mailbox.balie.http.post(mailbox.path(uuid4(), LinkPurpose.NEWSLETTER))

    assert (answer.status_code, heading(answer)) == (404, "Deze link werkt niet")


async def test_a_page_speaks_the_language_of_its_letter_else_that_of_the_browser(mailbox: Mailbox) -> None:
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    letter = await mailbox.balie.http.get(
        await mailbox.link(LinkPurpose.NEWSLETTER, language="nl"), headers=english
    )
    forged = await mailbox.balie.http.get("/l/x", headers=english)
    french = await mailbox.balie.http.get(await mailbox.link(LinkPurpose.NEWSLETTER, language="fr"))

    assert 'lang="nl"' in letter.text
    assert ('lang="en"' in forged.text, heading(forged)) == (True, "This link does not work")
    assert 'lang="nl"' in french.text


async def test_a_database_that_is_away_is_told_in_a_sentence_and_the_link_still_works(
    mailbox: Mailbox, database_url: str
) -> None:
    path = await mailbox.link(LinkPurpose.NEWSLETTER)
    with locked_by_somebody_else(database_url):
        answer = await mailbox.balie.http.post(path)
    mailbox.balie.unit_of_work.is_down = True
    shown = await mailbox.balie.http.get(path)
    mailbox.balie.unit_of_work.is_down = False

    assert [(page.status_code, heading(page)) for page in (answer, shown)] == [
        (503, "Het lukt nu even niet")
    ] * 2
    assert (await mailbox.balie.http.post(path)).status_code == 200


@pytest.mark.parametrize("language", ["nl", "en"])
def test_whatever_words_hold_is_shown_as_text(language: str) -> None:
    words = PageWords(
        title="link_newsletter_title",
        text="link_newsletter",
        facts={"email": '<script>alert("x")</script>'},
    )

    page = draw_page(real_renderer(), language, words)

    assert "<script" not in page
    assert "&lt;script&gt;" in page


async def test_the_pages_have_a_style_of_their_own(balie: Balie, static_dir: Path) -> None:
    assert (static_dir / "pages" / "page.css").exists()
    answer = await balie.http.get("/pages/page.css")

    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/css")
