"""What happens when an action breaks, hangs, or is asked for wrongly: an apology, never an error."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.registry import build_actions
from actions.server import ActionServer
from balie.orders.demo.personas import SANNE
from tests.support.clock import StillClock
from tests.support.counter import Shop
from tests.support.store import locked_by_somebody_else, opened

SECRET = "sanne@voorbeeld.example"

WITHOUT_THE_STORE = {
    "action_stop_flow",
    "action_resume_task",
    "action_ask_identity_proof",
    "action_ask_confirmation",
    # Nobody said that they want to use it: they are told how it works.
    "action_warranty",
    # Nothing waits for a yes.
    "action_make_change",
    "validate_confirm_form",
    # Nobody asked for advice, no question is open, no card was pressed.
    "action_give_advice",
    "validate_advice_form",
    "action_ask_advice",
    "action_not_interested",
    "action_something_else",
    # What it is not for is refused all the same.
    "action_out_of_scope",
}


class ActionRaises(Action):
    def name(self) -> str:
        return "action_raises"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Any]:
        raise RuntimeError(f"no such customer {SECRET}")


class ActionHangs(Action):
    def name(self) -> str:
        return "action_hangs"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Any]:
        dispatcher.utter_message(text="half an answer")
        await asyncio.Event().wait()
        return []


class ValidateBreaks(ActionRaises):
    def name(self) -> str:
        return "validate_breaks"


def server() -> ActionServer:
    return ActionServer([ActionRaises(), ActionHangs(), ValidateBreaks()], timeout=timedelta(milliseconds=20))


def call(action: str, **message: Any) -> dict[str, Any]:
    latest = {"text": f"ik ben {SECRET}", "intent": {"name": "track_order"}, "entities": [], **message}
    tracker = {"sender_id": str(uuid4()), "slots": {}, "latest_message": latest, "events": []}
    return {"next_action": action, "tracker": tracker, "version": "3.6.21"}


@pytest.mark.parametrize("action", ["action_raises", "action_hangs", "action_unknown"])
async def test_whatever_goes_wrong_becomes_an_apology_with_a_way_on(action: str) -> None:
    result = await server().handle(call(action))

    [response] = result["responses"]
    assert response["response"] == "utter_action_failed"
    assert response["choices"][0]["intent"] == "track_order"
    assert response["choices"][0]["title"] == "title_try_again"
    assert [(event["name"], event["value"]) for event in result["events"]] == [
        ("pending_task", None),
        ("pending_change", None),
    ]


async def test_trying_again_asks_about_the_same_order() -> None:
    entities = [{"entity": "order_number", "value": "DD1048213"}]

    result = await server().handle(call("action_raises", entities=entities))

    assert result["responses"][0]["choices"][0]["slots"] == {"order_number": "DD1048213"}


async def test_the_log_says_what_broke_and_where_but_not_about_whom(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        result = await server().handle(call("action_raises"))

    assert "Action action_raises failed: RuntimeError" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in json.dumps(result)


async def test_a_form_whose_validation_breaks_asks_again_instead_of_being_left() -> None:
    result = await server().handle(call("validate_breaks"))

    assert [event["name"] for event in result["events"]] == ["identity_proof"]
    assert result["responses"][0]["choices"] == []


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"next_action": "action_raises"},
        {"next_action": "action_raises", "tracker": "nonsense"},
        {"next_action": "action_raises", "tracker": {"sender_id": "x", "latest_message": None}},
        {"next_action": "action_hangs", "tracker": {}},
        {"next_action": 12, "tracker": {"sender_id": "x", "latest_message": {"intent": "y"}}},
    ],
)
async def test_a_call_that_makes_no_sense_is_no_error_either(broken: dict[str, Any]) -> None:
    result = await server().handle(broken)

    assert set(result) == {"events", "responses"}


async def test_a_call_with_the_domain_or_without_it_runs(shop: Shop) -> None:
    with_domain = await shop.actions.handle({**call("action_stop_flow"), "domain": {"intents": ["greet"]}})
    without = await shop.actions.handle(call("action_stop_flow"))

    assert with_domain == without


async def test_a_store_that_somebody_else_writes_to_can_still_be_read(database_url: str) -> None:
    async with opened(database_url) as unit_of_work:
        shop = Shop(unit_of_work, StillClock())
        customer = await shop.known(SANNE)
        request = {**call("action_track_order"), "next_action": "action_track_order"}
        request["tracker"]["sender_id"] = str(customer.conversation.id)

        with locked_by_somebody_else(database_url):
            result = await shop.actions.handle(request)

    assert result["responses"][0]["response"] == "utter_order_late_on_its_way"


async def test_a_store_that_is_gone_becomes_an_apology(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'empty.db'}") as unit_of_work:
        shop = Shop(unit_of_work, StillClock())

        for action in shop.actions.action_names - WITHOUT_THE_STORE:
            message = {"intent": {"name": "track_order"}, "metadata": {"message_id": str(uuid4())}}
            result = await shop.actions.handle(call(action, **message))
            assert [one["response"] for one in result["responses"]] == ["utter_action_failed"], action


async def test_a_tries_counter_that_cannot_be_written_is_an_apology_and_shows_nothing(
    database_url: str,
) -> None:
    async with opened(database_url, lock_wait=timedelta(milliseconds=10)) as unit_of_work:
        shop = Shop(unit_of_work, StillClock())
        stranger = await shop.stranger()
        await stranger.ask("action_track_order", f"waar is {SANNE.order_number}")
        stranger.slots["requested_slot"] = "identity_proof"
        recorded = await shop.conversations.record_customer_message(
            stranger.conversation.id, SANNE.email, client_message_id=uuid4()
        )

        with locked_by_somebody_else(database_url):
            answer = await stranger._run("validate_identify_form", SANNE.email, {}, str(recorded.message.id))

        assert answer.responses == ["utter_action_failed"]
        assert (await shop.conversations.get_conversation(stranger.conversation.id)).customer_id is None


async def test_actions_are_built_once_with_every_name_once(shop: Shop) -> None:
    names = [action.name() for action in build_actions(shop.services)]

    assert len(names) == len(set(names))
