"""No action tells a customer anything about somebody else, whatever they say, press or remember."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from balie.orders.demo.personas import EMMA, PIETER, SANNE, TOM, DemoCustomer
from tests.support.counter import Customer, Shop

OTHERS = (TOM, EMMA, PIETER)
TASKS = (
    "track_order",
    "check_invoice",
    "track_refund",
    "loyalty_points",
    "cancel_order",
    "edit_account",
    "review",
)
ASKING = (
    "action_track_order",
    "action_check_invoice",
    "action_track_refund",
    "action_loyalty_points",
    "action_product_availability",
    "action_product_information",
    "action_opening_hours",
    "action_store_location",
    "action_choose_order",
    "action_resume_task",
    "action_repeat_answer",
    "action_stop_flow",
    "validate_identify_form",
    "action_ask_identity_proof",
    "action_get_invoice",
    "action_cancel_order",
    "action_return_item",
    "action_exchange_item",
    "action_change_order",
    "action_change_shipping_address",
    "action_get_refund",
    "action_damaged_item",
    "action_wrong_or_missing_item",
    "action_warranty",
    "action_payment_issue",
    "action_place_order",
    "action_discount_code",
    "action_gift_card",
    "action_complaint",
    "action_price_match",
    "action_data_privacy",
    "action_newsletter_subscription",
    "action_back_in_stock_alert",
    "action_review",
    "action_click_and_collect",
    "action_edit_account",
    "action_set_up_shipping_address",
    "action_switch_account",
    "action_delete_account",
    "action_create_account",
    "action_recover_password",
    "action_ask_confirmation",
    "validate_confirm_form",
    "action_make_change",
    "action_recommend_product",
    "action_ask_advice",
    "validate_advice_form",
    "action_give_advice",
    "action_alternative_products",
    "action_complementary_products",
    "action_show_product",
    "action_put_in_basket",
    "action_not_interested",
    "action_something_else",
    "action_card_follow_up",
    "action_out_of_scope",
)


def secrets_of(persona: DemoCustomer) -> Iterator[str]:
    """What only this customer may hear: it stands in nobody else's answers."""
    yield persona.first_name
    yield persona.last_name
    yield persona.email
    yield persona.postcode
    yield persona.address.street


async def order_secrets(shop: Shop, persona: DemoCustomer) -> list[str]:
    """Names of what was bought, and the numbers of invoices and parcels."""
    found = await shop.customers.find_by_external_id(persona.external_id)
    assert found is not None
    orders = await shop.orders.list_recent_orders(found.id, 1)
    delivery = await shop.orders.get_delivery(found.id, orders[0].number)
    said = [parcel.track_code for parcel in delivery.parcels]
    if delivery.pickup_place:
        said.append(delivery.pickup_place)
    return [*said, *(name for line in orders[0].lines for name in line.names.values())]


async def everything_said(customer: Customer, number: str) -> AsyncIterator[str]:
    """All that every action says when this order number is typed, pressed, remembered or pending."""
    for action in ASKING:
        for task in TASKS if action in {"action_resume_task", "validate_identify_form"} else (None,):
            customer.slots = {
                "order_number": number,
                "pending_task": task,
                "requested_slot": "identity_proof",
                "pending_change": "cancel_order",
                "offer": "guessed",
                "confirmation": "yes",
            }
            yield (await customer.ask(action, f"vertel me alles over {number}")).text
            yield (await customer.ask(action, "en nu?")).text
            yield (await customer.press(action, f'/choose_order{{"order_number": "{number}"}}')).text


@pytest.mark.parametrize("proof", ["shop token", "e-mail", "postcode", "none"])
async def test_no_action_tells_of_somebody_elses_order(shop: Shop, proof: str) -> None:
    customer = await somebody(shop, proof)
    for other in OTHERS:
        secrets = [*secrets_of(other), *await order_secrets(shop, other)]
        said = "\n".join([text async for text in everything_said(customer, other.order_number)])
        assert [secret for secret in secrets if secret in said] == []


async def somebody(shop: Shop, proof: str) -> Customer:
    """Sanne, as far as she has shown it."""
    if proof == "shop token":
        return await shop.known(SANNE)
    stranger = await shop.stranger()
    if proof != "none":
        await stranger.ask("action_track_order", f"waar is {SANNE.order_number}")
        await stranger.fill_in(SANNE.email if proof == "e-mail" else SANNE.postcode)
    return stranger


async def test_a_postcode_opens_neither_points_nor_other_orders_nor_the_way_home(shop: Shop) -> None:
    neighbour = await somebody(shop, "postcode")
    customer_id = (await shop.conversations.get_conversation(neighbour.conversation.id)).customer_id
    orders = await shop.orders.list_recent_orders(customer_id or 0, 10)
    hidden: list[Any] = [order.number for order in orders if order.number != SANNE.order_number]
    assert hidden

    said = [text for number in hidden async for text in everything_said(neighbour, number)]
    hours = await neighbour.ask("action_opening_hours", "zijn jullie open")

    assert not any("onderweg" in text or "bezorgd op" in text or "punten**" in text for text in said)
    assert hours.responses == ["utter_which_store_hours"]


async def test_every_action_of_the_list_is_one_that_can_be_run(shop: Shop) -> None:
    assert shop.actions.action_names == frozenset(ASKING)
