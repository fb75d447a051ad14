"""The card, on both databases: complete for who has shown to be the customer, and never somebody else's."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from balie.conversations.errors import ConversationNotFoundError
from balie.customers.models import ConsentRow, LoyaltyEntryRow
from balie.handoff.bands import Band
from balie.handoff.card_views import Card
from balie.handoff.kinds import Reason
from balie.handoff.suggestions import Action
from balie.kernel.ids import ConversationId
from balie.kernel.money import Money
from balie.orders.models import RefundRow
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.card_shop import DeskShop, Reader
from tests.storage.changes_shop import NOW, NUMBER
from tests.support.store import add_customer


@pytest.fixture
async def desk(unit_of_work: UnitOfWork) -> DeskShop:
    return await DeskShop(unit_of_work).open()


async def add_neighbour(desk: DeskShop) -> int:
    """Somebody else, with an order and a case of their own."""
    neighbour = await add_customer(desk.unit_of_work, "K-1002")
    await desk.shop.place("DD2000002", {"TENT": 1}, customer_id=neighbour)
    return neighbour


def numbers_on(card: Card) -> set[str]:
    return set() if card.customer is None else {order.number for order in card.customer.orders}


async def test_the_card_tells_who_it_is(desk: DeskShop) -> None:
    shop = desk.shop
    await shop.pay()
    await shop.join_club()
    await shop.add(LoyaltyEntryRow(customer_id=shop.customer, points=180, reason="order", recorded_at=NOW))
    for granted, days in ((True, 9), (False, 2)):
        answered = NOW - timedelta(days=days)
        await shop.add(
            ConsentRow(
                customer_id=shop.customer,
                purpose="newsletter",
                granted=granted,
                source="page",
                recorded_at=answered,
            )
        )
    talk = await desk.talk(shop.customer)

    customer = (await talk.card()).customer

    assert customer is not None
    assert (customer.known, customer.level, customer.lapsed) == (True, "fresh", False)
    assert customer.band is Band.REGULAR
    assert customer.lifetime_total == Money(36395)
    assert [(order.number, order.total) for order in customer.orders] == [(NUMBER, Money(36395))]
    assert customer.consents == {"newsletter": False}
    assert customer.loyalty_points == 180


async def test_money_that_went_back_does_not_count_as_bought(desk: DeskShop) -> None:
    await desk.shop.pay()
    await desk.shop.add(
        RefundRow(
            order_id=desk.shop.order.id,
            method="ideal",
            amount_minor=30000,
            asked_at=NOW,
            approved_at=NOW,
            paid_at=NOW,
        )
    )

    customer = (await (await desk.talk(desk.shop.customer)).card()).customer

    assert customer is not None
    assert (customer.lifetime_total, customer.band) == (Money(6395), Band.NEW)


async def test_nothing_of_a_customer_is_told_while_nobody_is_known(desk: DeskShop) -> None:
    talk = await desk.talk(slots={"order_number": NUMBER})
    await talk.asks("waar is mijn pakket", "track_order")

    card = await talk.card()

    assert card.customer is None
    assert card.suggestion.action is Action.IDENTIFY_CUSTOMER
    assert card.history.earlier_conversations == 0


async def test_somebody_elses_orders_never_come_onto_the_card(desk: DeskShop) -> None:
    neighbour = await add_neighbour(desk)
    theirs = await desk.talk(neighbour)
    await theirs.case("CS100002", date(2026, 11, 1), customer_id=neighbour)
    talk = await desk.talk(desk.shop.customer, slots={"order_number": "DD2000002"})

    card = await talk.card()

    assert numbers_on(card) == {NUMBER}
    assert "DD2000002" not in repr(card.suggestion) + repr(card.replies)
    assert card.customer is not None
    assert card.customer.open_cases == ()
    assert card.history.earlier_conversations == 0


async def test_a_postcode_opens_that_one_order_and_nothing_more(desk: DeskShop) -> None:
    shop = desk.shop
    await shop.pay()
    await shop.place("DD3000003", {"TENT": 1})
    await (await desk.talk(shop.customer)).case("CS100001", date(2026, 11, 1), customer_id=shop.customer)
    talk = await desk.talk(
        shop.customer, "order_postcode", proven_order_number=NUMBER, slots={"order_number": "DD3000003"}
    )

    card = await talk.card()

    assert numbers_on(card) == {NUMBER}
    customer = card.customer
    assert customer is not None
    assert (customer.known, customer.level, customer.band, customer.lifetime_total) == (
        False,
        "order",
        None,
        None,
    )
    assert (customer.consents, customer.loyalty_points, customer.open_cases) == ({}, None, ())
    assert card.history.earlier_conversations == 0
    assert "Sanne" not in "".join(reply.text for reply in card.replies)


async def test_a_proof_that_has_worn_off_is_marked_and_closes_nothing(desk: DeskShop) -> None:
    talk = await desk.talk(desk.shop.customer, "order_email", proven_order_number=NUMBER)
    desk.shop.clock.advance(timedelta(minutes=61))

    customer = (await talk.card()).customer

    assert customer is not None
    assert (customer.known, customer.level, customer.lapsed) == (True, "customer", True)


async def test_the_newest_five_orders_are_told_and_an_older_one_that_was_named(desk: DeskShop) -> None:
    for age in range(1, 7):
        await desk.shop.place(f"DD400000{age}", {"TENT": 1}, placed_at=NOW - timedelta(days=age))
    talk = await desk.talk(desk.shop.customer, slots={"order_number": "DD4000006"})

    customer = (await talk.card()).customer

    assert customer is not None
    assert [order.number for order in customer.orders] == [
        NUMBER,
        "DD4000001",
        "DD4000002",
        "DD4000003",
        "DD4000004",
        "DD4000006",
    ]


async def test_a_late_parcel_is_traced_and_an_angry_customer_is_told_sorry_first(desk: DeskShop) -> None:
    await desk.shop.pay()
    await desk.shop.ship()
    await desk.shop.set_order(promised_on=date(2026, 10, 29))
    talk = await desk.talk(desk.shop.customer)
    await talk.asks("waar blijft mijn pakket", "track_order", feels="anger")
    await talk.told("utter_order_late_on_its_way")
    await talk.asks("dit is echt schandalig", "track_order", feels="anger")
    await talk.handoff(reason="angry", facts={"angry_turns": 2})

    card = await talk.card()

    assert card.suggestion.action is Action.TRACE_PARCEL
    assert [why.code for why in card.suggestion.because] == ["late_underway", "asked", "mood"]
    assert NUMBER in card.suggestion.why
    assert [reply.language for reply in card.replies] == ["nl", "nl"]
    assert card.replies[0].text.startswith(
        "Hoi Sanne, ik ben Joris van Duin & Dal. Ik heb gelezen wat er is gebeurd"
    )
    assert "PostNL" in card.replies[0].text
    assert card.mood is not None
    assert card.mood.leading == "anger"
    assert [mover.sequence for mover in card.mood.moved_by] == [3, 1]
    assert [(one.response, one.helped) for one in card.tried] == []  # it said sorry and solved nothing
    assert [quote.text for quote in card.quotes] == ["waar blijft mijn pakket", "dit is echt schandalig"]
    assert card.reason is not None
    assert (card.reason.code, card.reason.facts) == (Reason.ANGRY, {"angry_turns": 2})


async def test_the_replies_are_in_the_customers_language_and_the_rest_in_the_agents(desk: DeskShop) -> None:
    talk = await desk.talk(desk.shop.customer, explicit_language="en", slots={"order_number": NUMBER})
    await talk.asks("please cancel it", "cancel_order")

    card = await talk.card(Reader(languages=("nl",)))

    assert (card.languages.customer, card.languages.agent) == ("en", "nl")
    assert card.suggestion.action is Action.CANCEL_ORDER
    assert card.suggestion.title == "Annuleer de bestelling"
    assert card.replies[0].text.startswith("Hello Sanne, I'm Joris")


async def test_an_agent_who_has_written_already_does_not_say_hello_again(desk: DeskShop) -> None:
    agent = await desk.agent()
    talk = await desk.talk(desk.shop.customer)
    await talk.asks("hallo", "greet")
    await talk.written(agent)

    assert "ik ben Joris" not in (await talk.card()).replies[0].text


async def test_an_overdue_refund_is_chased(desk: DeskShop) -> None:
    await desk.shop.pay()
    await desk.shop.add(
        RefundRow(
            order_id=desk.shop.order.id,
            method="ideal",
            amount_minor=5000,
            asked_at=NOW - timedelta(days=20),
            approved_at=NOW - timedelta(days=19),
            expected_by=date(2026, 10, 25),
        )
    )
    talk = await desk.talk(desk.shop.customer)
    await talk.asks("waar is mijn geld", "track_refund")

    card = await talk.card()

    assert card.suggestion.action is Action.CHASE_REFUND
    assert "50,00" in card.replies[0].text


async def test_cases_are_told_with_what_was_promised(desk: DeskShop) -> None:
    talk = await desk.talk(desk.shop.customer)
    await talk.case("CS100001", date(2026, 11, 2), customer_id=desk.shop.customer)
    await talk.case("CS100002", date(2026, 11, 9), customer_id=desk.shop.customer, wants_person=True)
    await talk.case("CS100003", date(2026, 11, 1), customer_id=desk.shop.customer, state="answered")

    card = await talk.card()

    assert card.customer is not None
    assert [(one.number, one.overdue, one.wants_person) for one in card.customer.open_cases] == [
        ("CS100001", True, False),
        ("CS100002", False, True),
    ]
    assert card.suggestion.action is Action.ANSWER_CASE


async def test_earlier_conversations_are_counted(desk: DeskShop) -> None:
    for days in (1, 40):
        at = NOW - timedelta(days=days, hours=1)
        await desk.talk(desk.shop.customer, created_at=at, last_active_at=at)
    later = NOW + timedelta(minutes=1)
    await desk.talk(desk.shop.customer, created_at=later, last_active_at=later)
    talk = await desk.talk(desk.shop.customer)

    history = (await talk.card()).history

    assert (history.earlier_conversations, history.last_at) == (2, NOW - timedelta(days=1, hours=1))
    assert history.repeat_within_h == 72


async def test_notes_are_told_with_who_wrote_them(desk: DeskShop) -> None:
    agent = await desk.agent("Femke")
    talk = await desk.talk(desk.shop.customer)
    await talk.note(agent, "Belt liever.")

    [note] = (await talk.card()).notes

    assert (note.text, note.author, note.agent_id) == ("Belt liever.", "Femke", agent)


async def test_a_conversation_that_has_only_begun_has_a_card(desk: DeskShop) -> None:
    card = await (await desk.talk()).card()

    assert card.suggestion.action is Action.ASK_WHAT_IS_MEANT
    assert len(card.replies) == 2
    assert (card.mood, card.quotes, card.tried, card.reason) == (None, (), (), None)


async def test_there_is_no_card_of_a_conversation_that_is_not_there(desk: DeskShop) -> None:
    with pytest.raises(ConversationNotFoundError):
        await desk.in_hand.card.build(ConversationId(uuid4()), Reader())


async def test_canned_replies_are_filled_in_for_the_conversation(desk: DeskShop) -> None:
    talk = await desk.talk(desk.shop.customer)

    filled = {
        one.shortcut: one for one in await desk.in_hand.canned.list_for(talk.id, Reader(), language="en")
    }

    assert filled["hello"].text.startswith("Hello Sanne, I'm Joris")
    assert NUMBER in filled["look"].text
    assert filled["look"].title == "Looking at your order"


async def test_canned_replies_name_nobody_who_is_not_known(desk: DeskShop) -> None:
    stranger = await desk.talk(slots={"order_number": NUMBER})
    neighbour = await desk.talk(desk.shop.customer, "order_postcode", proven_order_number=NUMBER)

    for talk in (None, stranger.id, neighbour.id):
        for reply in await desk.in_hand.canned.list_for(talk, Reader(), language="nl"):
            assert "Sanne" not in reply.text
            assert talk == neighbour.id or NUMBER not in reply.text
