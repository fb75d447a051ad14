"""Names, telephone, e-mail, address, type and end of an account; the newsletter; links by mail."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from balie.audit.models import AuditEntryRow
from balie.customers.kinds import AccountType, AddressKind
from balie.customers.models import ConsentRow, CustomerAddressRow
from balie.errands.asked import (
    DeleteAccount,
    EditAccount,
    MailLink,
    SetAddress,
    Subscribe,
    SwitchAccount,
)
from balie.errands.kinds import LinkPurpose, LinkTrouble, Obstacle
from balie.errands.links import LinkRefused, LinkUsed, LinkView
from balie.errands.models import AccountDeletionRow, EmailChangeRow
from balie.errands.outcomes import ErrandDone
from balie.orders.changes_asked import DeliveryAddress
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, NUMBER
from tests.storage.errands_shop import EMAIL, ErrandShop

MASKED = "k•••@voorbeeld.example"
NEW = "nieuw@voorbeeld.example"
TOMS = "k-2002@voorbeeld.example"
HOME = DeliveryAddress(
    street="Beukenlaan", house_number="12", postcode="3811BK", city="Amersfoort", country="NL"
)


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ErrandShop:
    return await ErrandShop(unit_of_work).open()


# --- newsletter


async def test_the_newsletter_is_joined_only_when_the_mailed_link_is_used(shop: ErrandShop) -> None:
    done = await shop.done(Subscribe(wanted=True))

    assert done.facts == {"wanted": True, "email": MASKED}
    assert await shop.count(ConsentRow) == 0
    letter, link = await shop.letter(), await shop.link()
    assert (letter.letter, letter.recipient, letter.customer_id) == (
        "letter_newsletter_confirm",
        EMAIL,
        shop.customer,
    )
    assert letter.facts == {"url": f"https://balie.example/l/{link.id}", "hours": 1}
    assert await shop.links.open(link.id) == LinkView(LinkPurpose.NEWSLETTER, MASKED)
    assert await shop.count(ConsentRow) == 0

    used = await shop.links.use(link.id)

    assert used == LinkUsed(purpose=LinkPurpose.NEWSLETTER, email=EMAIL)
    [consent] = await shop.rows(ConsentRow)
    assert (consent.purpose, consent.granted, consent.source) == ("newsletter", True, "mail")
    refused = await shop.refused(Subscribe(wanted=True))
    assert (refused.obstacle, refused.facts["email"]) == (Obstacle.ALREADY_SO, MASKED)


async def test_the_newsletter_is_left_at_once_and_earlier_answers_stay(shop: ErrandShop) -> None:
    await shop.consent(granted=True)
    shop.clock.advance(timedelta(minutes=1))

    await shop.done(Subscribe(wanted=False))

    assert [(row.granted, row.source) for row in await shop.rows(ConsentRow)] == [
        (True, "shop"),
        (False, "chat"),
    ]
    assert await shop.letters() == []
    assert (await shop.refused(Subscribe(wanted=False))).obstacle is Obstacle.ALREADY_SO


async def test_the_newsletter_mails_three_links_a_day(shop: ErrandShop) -> None:
    for _ in range(3):
        await shop.done(Subscribe(wanted=True))

    assert (await shop.refused(Subscribe(wanted=True))).obstacle is Obstacle.TOO_MANY

    shop.clock.advance(timedelta(days=1, seconds=1))
    await shop.done(Subscribe(wanted=True))


async def test_a_newsletter_link_of_an_address_that_was_left_behind_does_nothing(shop: ErrandShop) -> None:
    await shop.done(Subscribe(wanted=True))
    await shop.set_customer(email=NEW)

    assert await shop.links.use((await shop.link()).id) == LinkRefused(LinkTrouble.UNKNOWN)
    assert await shop.count(ConsentRow) == 0


# --- links


async def test_a_link_works_once_and_for_an_hour(shop: ErrandShop) -> None:
    await shop.done(Subscribe(wanted=True))
    first = await shop.link()
    await shop.links.use(first.id)
    shop.clock.advance(timedelta(minutes=1))
    await shop.consent(granted=False)
    await shop.done(Subscribe(wanted=True))
    second = await shop.link()

    assert await shop.links.use(first.id) == LinkRefused(LinkTrouble.USED)
    assert await shop.links.open(first.id) == LinkRefused(LinkTrouble.USED)
    shop.clock.advance(timedelta(hours=1))
    assert await shop.links.open(second.id) == LinkRefused(LinkTrouble.EXPIRED)
    assert await shop.links.use(second.id) == LinkRefused(LinkTrouble.EXPIRED)
    shop.clock.advance(timedelta(seconds=1))
    assert await shop.links.forget_expired(shop.clock.now) == 2
    assert await shop.links.open(second.id) == LinkRefused(LinkTrouble.UNKNOWN)


async def test_a_link_that_is_pressed_twice_at_once_is_used_once(shop: ErrandShop) -> None:
    await shop.done(Subscribe(wanted=True))
    link = await shop.link()

    outcomes = await asyncio.gather(*(shop.links.use(link.id) for _ in range(3)))

    assert sorted(isinstance(outcome, LinkUsed) for outcome in outcomes) == [False, False, True]
    assert await shop.count(ConsentRow) == 1


@pytest.mark.parametrize(
    ("email", "creates", "purpose", "said"),
    [
        (TOMS, False, LinkPurpose.NEW_PASSWORD, "password"),
        (TOMS, True, LinkPurpose.NEW_PASSWORD, "password"),
        (NEW, True, LinkPurpose.CREATE_ACCOUNT, "create"),
        (NEW, False, None, None),
    ],
)
async def test_an_answer_about_a_link_does_not_tell_who_has_an_account(
    shop: ErrandShop, email: str, creates: bool, purpose: LinkPurpose | None, said: str | None
) -> None:
    done = await shop.done(MailLink(f" {email.upper()} ", creates=creates), asker=shop.asker(None))

    assert done.facts == {"creates": creates, "email": f"{email[0]}•••@voorbeeld.example", "hours": 1}
    [entry] = await shop.rows(AuditEntryRow)
    assert (entry.before, entry.after) == ({}, {"link": "create" if creates else "password"})
    letters = await shop.letters()
    assert [(letter.recipient, letter.facts["purpose"]) for letter in letters] == (
        [] if said is None else [(email, said)]
    )
    if purpose is not None:
        used = await shop.links.use((await shop.link()).id)
        external_id = "K-2002" if purpose is LinkPurpose.NEW_PASSWORD else None
        assert used == LinkUsed(purpose=purpose, email=email, external_id=external_id)


async def test_the_fourth_link_of_a_day_is_answered_alike_and_not_mailed(shop: ErrandShop) -> None:
    answers = [
        await shop.done(MailLink(TOMS, creates=creates), asker=shop.asker(None))
        for creates in (True, False, True, False, True)
    ]

    assert answers[4] == answers[0]
    assert len(await shop.letters()) == 3
    shop.clock.advance(timedelta(days=1, seconds=1))
    await shop.done(MailLink(TOMS, creates=False), asker=shop.asker(None))
    assert len(await shop.letters()) == 4


@pytest.mark.parametrize(
    "written", ["tom", "tom@", "a@b.example, c@d.example", "a@b.example\nBcc: x@y.example", ""]
)
async def test_a_link_goes_to_one_plain_address(shop: ErrandShop, written: str) -> None:
    refused = await shop.refused(MailLink(written, creates=True), asker=shop.asker(None))

    assert refused.obstacle is Obstacle.INVALID_EMAIL


# --- names, telephone, e-mail


async def test_names_and_telephone_change_at_once_and_the_audit_says_how(shop: ErrandShop) -> None:
    done = await shop.done(EditAccount(first_name=" Anne-Fleur ", last_name="’t Hart", phone="06 1234 5678"))

    assert done.facts == {"field": "name", "value": "Anne-Fleur ’t Hart, +31612345678"}
    sanne = await shop.sanne()
    assert (sanne.first_name, sanne.last_name, sanne.phone) == ("Anne-Fleur", "’t Hart", "+31612345678")
    [entry] = await shop.rows(AuditEntryRow)
    assert entry.before == {"first_name": "Sanne", "last_name": "de Wit", "phone": None}
    assert entry.after == {"first_name": "Anne-Fleur", "last_name": "’t Hart", "phone": "+31612345678"}


async def test_a_first_name_is_named_with_the_last_name_that_stays(shop: ErrandShop) -> None:
    offer = await shop.offered(EditAccount(first_name="Sanna", last_name="de Wit"))

    assert offer.facts == {"field": "name", "value": "Sanna de Wit"}


async def test_a_telephone_number_is_read_as_in_the_country_where_they_live(shop: ErrandShop) -> None:
    await shop.set_address("home", country="BE", postcode="2000")

    await shop.done(EditAccount(phone="0470 12 34 56"))

    assert (await shop.sanne()).phone == "+32470123456"


@pytest.mark.parametrize(
    ("errand", "obstacle"),
    [
        (EditAccount(first_name="R2D2"), Obstacle.INVALID_NAME),
        (EditAccount(last_name=""), Obstacle.INVALID_NAME),
        (EditAccount(first_name="a" * 101), Obstacle.INVALID_NAME),
        (EditAccount(phone="12"), Obstacle.INVALID_PHONE),
        (EditAccount(email="geen"), Obstacle.INVALID_EMAIL),
        (EditAccount(email="Sanne <s@a.example>"), Obstacle.INVALID_EMAIL),
        (EditAccount(email=EMAIL.upper()), Obstacle.ALREADY_SO),
        (EditAccount(first_name="Sanne"), Obstacle.ALREADY_SO),
        (EditAccount(), Obstacle.ALREADY_SO),
        (EditAccount(first_name="Sanna", phone="12"), Obstacle.INVALID_PHONE),
    ],
)
async def test_what_an_account_cannot_say_is_refused(
    shop: ErrandShop, errand: EditAccount, obstacle: Obstacle
) -> None:
    assert (await shop.refused(errand)).obstacle is obstacle
    assert (await shop.sanne()).first_name == "Sanne"


@pytest.mark.parametrize("first", ["old", "new"])
async def test_an_e_mail_address_changes_when_both_have_confirmed_it(shop: ErrandShop, first: str) -> None:
    done = await shop.done(EditAccount(email=f" {NEW.upper()}"))

    assert done.facts == {"field": "email", "value": NEW, "old": MASKED}
    assert sorted((letter.letter, letter.recipient) for letter in await shop.letters()) == [
        ("letter_email_change_confirm", NEW),
        ("letter_email_change_old", EMAIL),
    ]
    links = {"old": (await shop.link(EMAIL)).id, "new": (await shop.link(NEW)).id}
    second = "new" if first == "old" else "old"

    half = await shop.links.use(links[first])
    assert isinstance(half, LinkUsed)
    assert not half.is_complete
    assert (await shop.sanne()).email == EMAIL

    whole = await shop.links.use(links[second])
    assert isinstance(whole, LinkUsed)
    assert whole.is_complete
    assert (await shop.sanne()).email == NEW
    [change] = await shop.rows(EmailChangeRow)
    assert change.done_at == NOW
    assert await shop.links.use(links[first]) == LinkRefused(LinkTrouble.USED)


async def test_both_links_pressed_at_once_change_the_address_once(shop: ErrandShop) -> None:
    await shop.done(EditAccount(email=NEW))
    links = [(await shop.link(email)).id for email in (EMAIL, NEW)]

    outcomes = await asyncio.gather(*map(shop.links.use, links))

    assert sorted(outcome.is_complete for outcome in outcomes if isinstance(outcome, LinkUsed)) == [
        False,
        True,
    ]
    assert (await shop.sanne()).email == NEW


async def test_the_address_of_another_customer_is_answered_alike_and_gets_no_mail(shop: ErrandShop) -> None:
    free = await shop.done(EditAccount(email=NEW))
    taken = await shop.done(EditAccount(email=TOMS))

    assert taken == replace(free, facts={**free.facts, "value": TOMS})
    [_, _, letter] = await shop.letters()
    assert (letter.letter, letter.recipient) == ("letter_email_change_old", EMAIL)
    await shop.links.use((await shop.link(EMAIL)).id)
    assert (await shop.sanne()).email == EMAIL


async def test_an_address_that_somebody_took_meanwhile_stays_theirs(shop: ErrandShop) -> None:
    await shop.done(EditAccount(email=NEW))
    await shop.links.use((await shop.link(EMAIL)).id)
    await shop.set_customer_of(shop.tom, email=NEW)

    assert await shop.links.use((await shop.link(NEW)).id) == LinkRefused(LinkTrouble.UNKNOWN)
    assert (await shop.sanne()).email == EMAIL


async def test_a_later_wish_for_an_address_takes_the_place_of_an_earlier_one(shop: ErrandShop) -> None:
    await shop.done(EditAccount(email=NEW))
    earlier = [(await shop.link(email)).id for email in (EMAIL, NEW)]
    shop.clock.advance(timedelta(seconds=1))
    await shop.done(EditAccount(email="nieuwer@voorbeeld.example"))

    assert [await shop.links.use(link) for link in earlier] == [LinkRefused(LinkTrouble.EXPIRED)] * 2
    for email in (EMAIL, "nieuwer@voorbeeld.example"):
        await shop.links.use((await shop.link(email)).id)
    assert (await shop.sanne()).email == "nieuwer@voorbeeld.example"


async def test_an_address_is_changed_three_times_a_day(shop: ErrandShop) -> None:
    for number in range(3):
        await shop.done(EditAccount(email=f"nieuw{number}@voorbeeld.example"))

    assert (await shop.refused(EditAccount(email=NEW))).obstacle is Obstacle.TOO_MANY


# --- address, type


async def test_the_delivery_address_is_tidied_and_replaced(shop: ErrandShop) -> None:
    for number in ("5", "6"):
        address = replace(
            HOME, street=" Kerkstraat ", house_number=number, postcode="1012 ab", city="Amsterdam"
        )
        done = await shop.done(SetAddress(address))

    assert done.facts == {"street": "Kerkstraat 6", "place": "1012AB Amsterdam", "country": "NL"}
    rows = {row.kind: row for row in await shop.rows(CustomerAddressRow)}
    assert (rows["delivery"].house_number, rows["delivery"].postcode) == ("6", "1012AB")
    assert rows["home"].street == "Beukenlaan"
    assert (await shop.one_order()).street == "Beukenlaan"
    entry = (await shop.rows(AuditEntryRow))[1]
    assert (entry.before["house_number"], entry.after["house_number"]) == ("5", "6")
    assert (await shop.refused(SetAddress(address))).obstacle is Obstacle.ALREADY_SO


@pytest.mark.parametrize(
    ("address", "obstacle"),
    [
        (HOME, Obstacle.ALREADY_SO),
        (replace(HOME, postcode="38"), Obstacle.INVALID_ADDRESS),
        (replace(HOME, city=""), Obstacle.INVALID_ADDRESS),
        (replace(HOME, country="US", postcode="", city=""), Obstacle.COUNTRY_NOT_SERVED),
    ],
)
async def test_an_address_where_nothing_can_go_is_refused(
    shop: ErrandShop, address: DeliveryAddress, obstacle: Obstacle
) -> None:
    assert (await shop.refused(SetAddress(address))).obstacle is obstacle


async def test_home_can_be_made_the_delivery_address_again(shop: ErrandShop) -> None:
    await shop.address(AddressKind.DELIVERY, street="Kerkstraat")

    await shop.done(SetAddress(HOME))

    assert (await shop.refused(SetAddress(HOME))).obstacle is Obstacle.ALREADY_SO


async def test_an_account_is_switched_there_and_back(shop: ErrandShop) -> None:
    for wanted in (AccountType.BUSINESS, AccountType.PERSONAL):
        await shop.done(SwitchAccount(wanted))
        assert (await shop.sanne()).account_type == wanted
        assert (await shop.refused(SwitchAccount(wanted))).obstacle is Obstacle.ALREADY_SO


# --- deletion


async def test_an_account_is_closed_in_thirty_days_unless_that_is_withdrawn(shop: ErrandShop) -> None:
    await shop.set_order(cancelled_at=NOW)

    done = await shop.done(DeleteAccount())

    days = {"delete_on": "2026-12-03", "kept_until": "2033-12-31"}
    assert done.facts == {**days, "withdraws": False}
    letter = await shop.letter()
    assert (letter.letter, letter.recipient, letter.facts) == ("letter_account_deletion", EMAIL, days)

    withdrawn = await shop.done(DeleteAccount())

    assert withdrawn.facts["withdraws"]
    assert await shop.count(AccountDeletionRow) == 0
    await shop.done(DeleteAccount())
    assert len(await shop.letters()) == 2


async def test_open_orders_are_named_before_an_account_can_go_three_of_them(shop: ErrandShop) -> None:
    for number in range(4):
        await shop.place(f"DD{number}", {"TENT": 1}, placed_at=NOW + timedelta(minutes=number))

    refused = await shop.refused(DeleteAccount())

    assert (refused.obstacle, refused.instead) == (Obstacle.OPEN_ORDERS, "track_order")
    assert refused.facts == {"orders": ["DD3", "DD2", "DD1"]}


async def test_money_on_its_way_keeps_an_account(shop: ErrandShop) -> None:
    await shop.set_order(cancelled_at=NOW)
    await shop.refund(approved_at=NOW, paid_at=None)

    refused = await shop.refused(DeleteAccount())

    assert (refused.obstacle, refused.instead) == (Obstacle.MONEY_ON_ITS_WAY, "track_refund")


@pytest.mark.parametrize("end", [{"approved_at": NOW, "paid_at": NOW}, {"refused_at": NOW}, {}])
async def test_money_that_has_come_or_never_will_does_not_keep_an_account(
    shop: ErrandShop, end: dict[str, object]
) -> None:
    await shop.set_order(cancelled_at=NOW)
    await shop.refund(**end)

    await shop.done(DeleteAccount())


async def test_somebody_elses_orders_keep_nobodys_account(shop: ErrandShop) -> None:
    outcome = await shop.done(DeleteAccount(), asker=shop.asker(shop.tom))

    assert isinstance(outcome, ErrandDone)
    assert (await shop.refused(DeleteAccount())).facts == {"orders": [NUMBER]}
