import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from balie.agents.kinds import Presence
from balie.assistant.port import AssistantAnswer, AssistantButton, AssistantReply
from balie.cases.kinds import CaseKind
from balie.cases.repository import CaseRepository
from balie.cases.service import CaseService
from balie.cases.views import NewCase
from balie.conversations.errors import MessageTooLongError
from balie.conversations.views import Author
from balie.handoff.book import Book
from balie.handoff.errors import (
    AgentNotAvailableError,
    HandoffMovedOnError,
    HandoffNotFoundError,
    HandoffTakenError,
    NoRoomError,
    NotYourConversationError,
    SnoozeInvalidError,
    TeamNotFoundError,
)
from balie.handoff.kinds import HandoffState, Reason, ResolutionCode, Step, Wish
from balie.handoff.promising import Promise, promise
from balie.handoff.views import HandoffRequest
from balie.outbox.models import OutboxLetterRow
from balie.storage.unit_of_work import UnitOfWork
from tests.support.assistants import saying
from tests.support.clock import StillClock
from tests.support.handoff_desk import ASKS, NOT_UNDERSTOOD, STOP, Desk, Talk, feeling
from tests.support.moods import emotion

FUMING = emotion(anger=0.95)


@pytest.fixture
def desk(unit_of_work: UnitOfWork) -> Desk:
    return Desk(unit_of_work)


async def state_of(desk: Desk, talk: Talk) -> HandoffState:
    handoff = await desk.handoffs.find_latest(talk.id)
    assert handoff is not None
    return handoff.state


async def steps_of(desk: Desk, talk: Talk) -> list[Step]:
    return [event.step for event in await desk.handoffs.list_events(talk.id)]


async def test_whoever_asks_for_a_person_waits_in_line_and_hears_where_they_stand(desk: Desk) -> None:
    await desk.hire()
    await desk.waiting()
    talk = await desk.waiting()

    handoff = await desk.handoffs.get_open(talk.id)
    assert (handoff.state, handoff.reason, handoff.team) == (HandoffState.QUEUED, Reason.ASKED, "service")
    assert await talk.status() == "waiting_for_agent"
    assert "plaats 2" in (await talk.last()).text
    assert "Prima." not in await talk.texts()
    assert await talk.titles() == [
        "Help me zolang",
        "Bericht achterlaten",
        "Bel mij",
        "Terug naar de assistent",
    ]


async def test_whoever_is_put_in_line_is_not_asked_again_for_what_was_asked_before(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.open()
    asked = saying("Prima.", response="utter_contact_human_agent")
    recalled = saying("Zal ik nog iets opzoeken?", response="utter_ask_again_order_number")
    desk.script.answers["een mens graag"] = replace(asked, replies=(*asked.replies, *recalled.replies))
    await talk.say("een mens graag")

    said = [message.response for message in await talk.messages() if message.author is Author.ASSISTANT]
    assert said == ["handoff_queued"]


async def test_without_anybody_at_the_desk_the_answer_names_the_telephone(desk: Desk) -> None:
    talk = await desk.waiting()

    assert await talk.status() == "with_assistant"
    assert (await talk.last()).text == "Prima."


async def test_the_assistant_is_silent_while_a_person_is_waited_for_until_it_is_asked_to_help(
    desk: Desk,
) -> None:
    await desk.hire()
    talk = await desk.waiting()
    await talk.say("hallo?")
    assert (await talk.authors())[-1] is Author.CUSTOMER

    await talk.press("Help me zolang")
    await talk.say("hoe lang duurt bezorgen?")

    assert (await talk.last()).text == "U zei: hoe lang duurt bezorgen?"
    assert await talk.status() == "waiting_for_agent"


async def test_what_was_said_while_waiting_is_read_for_the_agent(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.waiting()
    desk.script.emotions["dit is belachelijk"] = FUMING
    desk.script.intents["dit is belachelijk"] = "complaint"
    await talk.say("dit is belachelijk")

    said = await talk.last()
    assert (said.language, said.intent, said.emotion) == ("nl", "complaint", FUMING)


async def test_never_mind_gives_the_customer_back_to_the_assistant(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.waiting()
    await talk.say(STOP)

    assert await state_of(desk, talk) is HandoffState.WITHDRAWN
    assert await talk.status() == "with_assistant"
    assert (await talk.last()).author is Author.ASSISTANT
    await talk.say("waar is mijn pakket?")
    assert (await talk.last()).text == "U zei: waar is mijn pakket?"


async def test_asking_again_does_not_change_the_place(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.waiting()
    desk.script.intents["hoe lang nog?"] = "contact_human_agent"
    await talk.say("hoe lang nog?")

    assert "al in de rij" in (await talk.last()).text
    assert await steps_of(desk, talk) == [Step.REQUEST]


async def test_the_one_who_accepts_has_it_and_the_other_is_told_who(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    talk = await desk.waiting()

    results = await asyncio.gather(
        desk.handoffs.accept(talk.id, sanne.id),
        desk.handoffs.accept(talk.id, emma.id),
        return_exceptions=True,
    )

    taken = [result for result in results if isinstance(result, HandoffTakenError)]
    assert len(taken) == 1
    handoff = await desk.handoffs.get_open(talk.id)
    assert handoff.agent_id == taken[0].by
    assert await talk.status() == "with_agent"
    assert await steps_of(desk, talk) == [Step.REQUEST, Step.ACCEPT]
    assert (await talk.texts())[-1].endswith("is er nu en ziet wat je hierboven hebt verteld.")


async def test_to_accept_twice_is_to_accept_once(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.waiting()
    await desk.handoffs.accept(talk.id, sanne.id)
    await desk.handoffs.accept(talk.id, sanne.id)

    assert await steps_of(desk, talk) == [Step.REQUEST, Step.ACCEPT]


async def test_nobody_has_more_conversations_than_they_take(desk: Desk) -> None:
    sanne = await desk.hire(capacity=1)
    await desk.accepted(sanne)
    talk = await desk.waiting()

    with pytest.raises(NoRoomError):
        await desk.handoffs.accept(talk.id, sanne.id)
    assert await talk.status() == "waiting_for_agent"


async def test_the_assistant_never_talks_while_a_person_has_the_conversation(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.open()
    desk.assistant.gate.clear()
    await desk.conversations.record_customer_message(talk.id, ASKS, client_message_id=uuid4())
    desk.assistant.gate.set()
    desk.turns.submit(talk.id)
    await desk.turns.wait_until_idle()
    desk.assistant.gate.clear()
    await talk.desk.conversations.record_customer_message(talk.id, "en nu?", client_message_id=uuid4())
    await desk.handoffs.accept(talk.id, sanne.id)
    desk.turns.submit(talk.id)
    desk.assistant.gate.set()
    await desk.turns.wait_until_idle()
    await talk.say("bent u er?")

    assert await talk.authors() == [
        Author.CUSTOMER,
        Author.ASSISTANT,
        Author.CUSTOMER,
        Author.SYSTEM,
        Author.CUSTOMER,
    ]


async def test_an_agents_message_reaches_the_customer_once(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.accepted(sanne)
    own_id = uuid4()

    first = await desk.handoffs.record_agent_message(talk.id, sanne.id, "Hoi!", client_message_id=own_id)
    again = await desk.handoffs.record_agent_message(talk.id, sanne.id, "Hoi!", client_message_id=own_id)

    assert (first.duplicate, again.duplicate) == (False, True)
    assert again.message.id == first.message.id
    said = await talk.last()
    assert (said.author, said.text, said.agent_id) == (Author.AGENT, "Hoi!", sanne.id)
    assert (await talk.texts()).count("Hoi!") == 1
    assert (await desk.handoffs.get_open(talk.id)).first_reply_at == desk.clock.now


async def test_only_the_owner_writes_to_the_customer(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    talk = await desk.accepted(sanne)

    with pytest.raises(NotYourConversationError):
        await desk.handoffs.record_agent_message(talk.id, emma.id, "Hoi!", client_message_id=uuid4())
    with pytest.raises(MessageTooLongError):
        await desk.handoffs.record_agent_message(talk.id, sanne.id, "a" * 4001, client_message_id=uuid4())
    with pytest.raises(HandoffNotFoundError):
        await desk.handoffs.record_agent_message(
            (await desk.open()).id, sanne.id, "Hoi!", client_message_id=uuid4()
        )


async def test_a_note_is_kept_apart_from_what_the_customer_reads(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.accepted(sanne)
    note_id = uuid4()
    before = await talk.texts()

    for _ in range(2):
        await desk.handoffs.record_note(talk.id, sanne.id, "lastig geval", note_id=note_id)

    assert [note.text for note in await desk.handoffs.list_notes(talk.id)] == ["lastig geval"]
    assert await talk.texts() == before


async def test_a_transfer_to_a_team_keeps_the_place_and_the_story(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.waiting()
    asked_at = desk.clock.now
    desk.later(minutes=4)
    await desk.handoffs.accept(talk.id, sanne.id)
    desk.later(minutes=4)

    handoff = await desk.handoffs.transfer_to_team(talk.id, sanne.id, "workshop", "rem loopt aan")

    assert (handoff.team, handoff.state, handoff.agent_id) == ("workshop", HandoffState.QUEUED, None)
    assert (handoff.requested_at, handoff.note) == (asked_at, "rem loopt aan")
    assert await talk.status() == "waiting_for_agent"
    said = (await talk.last()).text
    assert "Werkplaats" in said
    assert "rem loopt aan" not in said
    snapshot = await desk.board.look()
    assert {because.code for because in snapshot.waiting[0].why} >= {"waiting", "passed_on"}
    with pytest.raises(TeamNotFoundError):
        await desk.handoffs.transfer_to_team(talk.id, sanne.id, "moon")


async def test_a_transfer_to_a_colleague_is_an_offer(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    talk = await desk.accepted(sanne)

    handoff = await desk.handoffs.transfer_to_agent(talk.id, sanne.id, emma.id, "kent u al")
    assert (handoff.state, handoff.offered_to) == (HandoffState.OFFERED, emma.id)
    with pytest.raises(HandoffTakenError):
        await desk.handoffs.accept(talk.id, sanne.id)

    assert (await desk.handoffs.accept(talk.id, emma.id)).agent_id == emma.id


async def test_nobody_is_passed_on_to_an_agent_who_is_not_there(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    talk = await desk.accepted(sanne)
    await desk.agents.set_presence(emma.id, Presence.AWAY)

    for nobody in (emma.id, sanne.id, 999):
        with pytest.raises(AgentNotAvailableError):
            await desk.handoffs.transfer_to_agent(talk.id, sanne.id, nobody)
    assert await talk.status() == "with_agent"


async def test_a_lead_takes_over_and_the_customer_is_told(desk: Desk) -> None:
    sanne, ruben = await desk.hire("Sanne"), await desk.hire("Ruben")
    talk = await desk.accepted(sanne)

    await desk.handoffs.take_over(talk.id, ruben.id)

    assert (await desk.handoffs.get_open(talk.id)).agent_id == ruben.id
    assert "Ruben is er nu en neemt het over van Sanne" in (await talk.last()).text
    with pytest.raises(NotYourConversationError):
        await desk.handoffs.resolve(talk.id, sanne.id, ResolutionCode.SOLVED)


async def test_what_is_put_aside_comes_back_at_its_time_and_when_the_customer_writes(desk: Desk) -> None:
    sanne = await desk.hire()
    talks = [await desk.accepted(sanne) for _ in range(2)]
    for talk in talks:
        await desk.handoffs.record_agent_message(
            talk.id, sanne.id, "Ik zoek het uit.", client_message_id=uuid4()
        )
        await desk.handoffs.snooze(talk.id, sanne.id, desk.clock.now + timedelta(hours=1))
    await talks[0].say("is er al nieuws?")

    await desk.keeper.keep()
    awake = [(await desk.handoffs.get_open(talk.id)).snoozed_until is None for talk in talks]
    assert awake == [True, False]

    desk.later(hours=1)
    await desk.keeper.keep()
    assert (await desk.handoffs.get_open(talks[1].id)).snoozed_until is None
    with pytest.raises(SnoozeInvalidError):
        await desk.handoffs.snooze(talk.id, sanne.id, desk.clock.now - timedelta(hours=1))


async def test_the_end_asks_once_how_it_went(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.accepted(sanne)
    await desk.handoffs.resolve(talk.id, sanne.id, ResolutionCode.SOLVED, "geregeld")

    assert await talk.status() == "resolved"
    assert len(await talk.titles()) == 5
    assert "geregeld" not in " ".join(await talk.texts())
    await talk.press("5 · heel goed")
    assert await talk.status() == "resolved"
    await talk.say("Sanne was heel geduldig")
    assert await talk.status() == "with_assistant"

    await talk.say(ASKS)
    await desk.handoffs.accept(talk.id, sanne.id)
    await desk.handoffs.resolve(talk.id, sanne.id, ResolutionCode.SOLVED)
    responses = [message.response for message in await talk.messages()]
    assert responses.count("rating_question") == 1


async def test_a_sentence_after_the_rating_belongs_to_it_and_a_question_is_answered(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.accepted(sanne)
    await desk.handoffs.resolve(talk.id, sanne.id, ResolutionCode.SOLVED)
    await talk.press("2")
    desk.script.intents["duurde wel lang"] = "out_of_scope_like"
    await talk.say("duurde wel lang")
    assert await talk.status() == "resolved"
    assert (await talk.last()).response == "rating_text_thanks"

    await talk.say("waar is mijn pakket?")
    assert (await talk.last()).text == "U zei: waar is mijn pakket?"


async def test_given_back_the_assistant_says_so_and_begins_again(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.accepted(sanne)
    await desk.handoffs.return_to_assistant(talk.id, sanne.id, "klant wil korting", solved=False)

    said = await talk.last()
    assert said.author is Author.ASSISTANT
    assert "digitale assistent" in said.text
    assert "korting" not in said.text
    await talk.say("waar is mijn pakket?")
    await talk.say("en de rekening?")
    assert desk.assistant.begun_again == [talk.id]
    assert await talk.status() == "with_assistant"


async def test_what_comes_too_late_is_refused(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.accepted(sanne)
    number = (await desk.board.get_item(talk.id)).number

    await desk.handoffs.transfer_to_team(talk.id, sanne.id, "workshop", as_of=number)
    with pytest.raises(HandoffMovedOnError):
        await desk.handoffs.resolve(talk.id, sanne.id, ResolutionCode.SOLVED, as_of=number)
    assert await talk.status() == "waiting_for_agent"


async def test_a_waiting_customer_is_offered_to_whoever_has_most_room(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    await desk.accepted(sanne)
    talk = await desk.waiting()

    await desk.keeper.keep()

    assert (await desk.handoffs.get_open(talk.id)).offered_to == emma.id


async def test_an_offer_that_nobody_answers_goes_to_somebody_else(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    talk = await desk.waiting()
    await desk.keeper.keep()
    first = (await desk.handoffs.get_open(talk.id)).offered_to
    desk.later(seconds=46)
    await desk.keeper.keep()
    await desk.keeper.keep()
    second = (await desk.handoffs.get_open(talk.id)).offered_to
    assert {first, second} == {sanne.id, emma.id}

    assert second is not None
    await desk.handoffs.decline(talk.id, second)
    await desk.keeper.keep()
    assert (await desk.handoffs.get_open(talk.id)).state is HandoffState.QUEUED


async def test_the_customer_of_an_agent_who_is_gone_gets_another(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    talk = await desk.accepted(sanne)
    await talk.say("hallo?")
    await desk.agents.set_presence(sanne.id, Presence.OFFLINE)
    await desk.keeper.keep()
    assert await talk.status() == "with_agent"

    desk.later(minutes=3)
    await desk.keeper.keep()
    assert await talk.status() == "waiting_for_agent"
    assert "weggevallen" in (await talk.last()).text
    await desk.keeper.keep()
    assert (await desk.handoffs.get_open(talk.id)).offered_to == emma.id


async def test_whoever_waits_long_is_told_so_in_other_words_each_time(desk: Desk) -> None:
    await desk.hire(capacity=0)
    talk = await desk.waiting()
    for minutes in (1, 3, 1, 10):
        desk.later(minutes=minutes)
        await desk.keeper.keep()

    told = [message.text for message in await talk.messages() if message.response == "handoff_still_waiting"]
    assert len(told) == len(set(told)) == 2
    assert "Ik wacht" in await talk.titles()


async def test_outside_hours_the_customer_chooses_how_to_hear_from_us(unit_of_work: UnitOfWork) -> None:
    sunday = StillClock(datetime(2026, 11, 8, 9, 0, tzinfo=UTC))
    desk = Desk(unit_of_work, clock=sunday, always_open=False)
    await desk.hire()
    talk = await desk.waiting()
    assert await talk.status() == "with_assistant"
    assert "vanaf 8.30 uur" in (await talk.last()).text

    await talk.press("Bel mij")
    assert await state_of(desk, talk) is HandoffState.PROMISED
    await talk.say("bel me op 06 12345678")

    handoff = await desk.handoffs.get_open(talk.id)
    assert (handoff.wish, handoff.contact) == (Wish.CALL, "+31612345678")
    assert handoff.promised_at == datetime(2026, 11, 9, 11, 30, tzinfo=UTC)
    said = (await talk.last()).text
    assert "5678" in said
    assert "612345678" not in said


async def test_a_promise_is_taken_up_by_an_agent(unit_of_work: UnitOfWork) -> None:
    sunday = StillClock(datetime(2026, 11, 8, 9, 0, tzinfo=UTC))
    desk = Desk(unit_of_work, clock=sunday, always_open=False)
    sanne = await desk.hire()
    talk = await desk.waiting()
    await talk.press("Bericht achterlaten")
    await talk.say("mijn rem piept")
    assert (await talk.last()).text == "U zei: mijn rem piept"
    desk.later(days=1)
    assert [item.handoff.conversation_id for item in (await desk.board.look()).promised] == [talk.id]

    await desk.handoffs.accept(talk.id, sanne.id)

    assert await talk.status() == "with_agent"


async def test_something_else_instead_of_a_number_is_answered_and_the_promise_stands(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.waiting()
    await talk.press("Bel mij")
    await talk.say("hoe laat zijn jullie open?")
    assert (await talk.last()).text == "U zei: hoe laat zijn jullie open?"
    await talk.say("0612")
    assert await state_of(desk, talk) is HandoffState.PROMISED


async def test_a_number_that_nobody_can_call_is_asked_for_again(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.waiting()
    await talk.press("Bel mij")
    await talk.say("0612345")
    assert "kunnen bellen" in (await talk.last()).text
    await talk.say("+32 470 12 34 56")
    assert (await desk.handoffs.get_open(talk.id)).contact == "+32470123456"


async def test_who_still_waits_when_the_team_goes_home_is_promised_an_answer(
    unit_of_work: UnitOfWork,
) -> None:
    evening = StillClock(datetime(2026, 11, 3, 19, 50, tzinfo=UTC))
    desk = Desk(unit_of_work, clock=evening, always_open=False)
    await desk.hire(capacity=0)
    talk = await desk.waiting()
    assert await talk.status() == "waiting_for_agent"

    desk.later(minutes=15)
    await desk.keeper.keep()

    assert await state_of(desk, talk) is HandoffState.PROMISED
    assert await talk.status() == "with_assistant"
    assert "Afgesproken" in (await talk.last()).text


async def test_what_is_not_understood_is_asked_differently_then_chosen_then_handed_on(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.open()
    for text in ("blub", "blab", "blib"):
        desk.script.answers[text] = saying("Dat ken ik niet.", response=NOT_UNDERSTOOD)
        await talk.say(text)

    said = [message for message in await talk.messages() if message.author is Author.ASSISTANT]
    assert [message.response for message in said] == [NOT_UNDERSTOOD, "assistant_choose", "handoff_queued"]
    assert len({message.text for message in said}) == 3
    assert (await desk.handoffs.get_open(talk.id)).reason is Reason.NOT_UNDERSTOOD


async def test_asking_back_about_goods_keeps_its_words_and_counts_as_not_understood(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.open()
    about = (AssistantButton("Is er een op voorraad?", payload="/product_availability"),)
    for text in ("mijn tent", "de tent dus", "tent!"):
        reply = AssistantReply(f"Gaat het over een tent ({text})?", about, "utter_about_kind", "nl")
        desk.script.answers[text] = AssistantAnswer((reply,), "nl")
        await talk.say(text)

    first, second, third = [each for each in await talk.messages() if each.author is Author.ASSISTANT]
    assert [each.response for each in (first, second)] == ["utter_about_kind", "utter_about_kind"]
    assert "de tent dus" in second.text
    assert [button.title for button in first.buttons] == ["Is er een op voorraad?"]
    assert [button.title for button in second.buttons] == [
        "Is er een op voorraad?",
        "Met een medewerker spreken",
    ]
    assert third.response == "handoff_queued"
    assert (await desk.handoffs.get_open(talk.id)).reason is Reason.NOT_UNDERSTOOD


async def test_the_third_angry_turn_in_a_row_calls_a_person(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.open()
    for text in ("schandalig", "belachelijk", "nu is het genoeg"):
        desk.script.answers[text] = feeling("Dit weet ik ervan.", FUMING)
        await talk.say(text)

    handoff = await desk.handoffs.get_open(talk.id)
    assert (handoff.reason, handoff.mood, handoff.facts["angry_turns"]) == (Reason.ANGRY, "high", 3)
    assert (await talk.texts())[-2] == "Dit weet ik ervan."


async def test_a_second_failure_in_a_row_calls_a_person(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.open()
    desk.assistant.is_up = False
    await talk.say("waar is mijn pakket?")
    assert await talk.status() == "with_assistant"
    await talk.say("en nu?")

    assert (await desk.handoffs.get_open(talk.id)).reason is Reason.FAILED
    assert await talk.status() == "waiting_for_agent"


async def test_the_wait_is_told_as_a_range_once_enough_customers_were_helped(desk: Desk) -> None:
    sanne = await desk.hire(capacity=50)
    for _ in range(20):
        talk = await desk.waiting()
        desk.later(minutes=4)
        await desk.handoffs.accept(talk.id, sanne.id)
    await desk.keeper.learn()

    talk = await desk.waiting()

    assert "ongeveer 3 tot 5 minuten" in (await talk.last()).text
    standing = await desk.board.find_standing(talk.id)
    assert standing.place is not None
    assert standing.place.position == 1


async def test_a_case_that_a_person_decides_is_promised_at_the_desk_and_answered_with_the_end(
    desk: Desk,
) -> None:
    sanne = await desk.hire()
    talk = await desk.open()
    number = await open_case(desk, talk, wants_person=True)
    await open_case(desk, await desk.open(), wants_person=False)

    await desk.keeper.promise_cases()
    await desk.keeper.promise_cases()

    assert await steps_of(desk, talk) == [Step.REQUEST, Step.PROMISE]
    handoff = await desk.handoffs.get_open(talk.id)
    assert (handoff.reason, handoff.facts["case"]) == (Reason.POLICY, number)
    assert handoff.promised_at == datetime(2026, 11, 5, 16, 0, tzinfo=UTC)
    assert await talk.messages() == ()
    await desk.handoffs.accept(talk.id, sanne.id)
    await desk.handoffs.resolve(talk.id, sanne.id, ResolutionCode.SOLVED)
    assert [case.number for case in await CaseService(desk.unit_of_work).list_open()] != [number]
    await desk.keeper.promise_cases()
    assert await state_of(desk, talk) is HandoffState.RESOLVED


async def open_case(desk: Desk, talk: Talk, *, wants_person: bool) -> str:
    case = NewCase(
        kind=CaseKind.DAMAGED,
        customer_id=None,
        conversation_id=talk.id,
        message_id=uuid4(),
        promised_by=date(2026, 11, 5),
        wants_person=wants_person,
    )
    async with desk.unit_of_work.write() as session:
        return (await CaseRepository(session).open(case, at=desk.clock.now)).number


async def test_who_wanted_mail_and_is_not_looking_gets_the_answer_by_mail_once(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.waiting()
    await talk.press("Bericht achterlaten")
    await talk.say("mail liever")
    await (await talk.say(ASKS)).press("Bericht achterlaten")
    other = await desk.waiting()
    await desk.conversations.record_customer_message(other.id, "x", client_message_id=uuid4())
    await mail_wish(desk, other, "noor@voorbeeld.example")
    own_id = uuid4()

    for each in (talk, other):
        await desk.handoffs.accept(each.id, sanne.id)
        for _ in range(2):
            await desk.handoffs.record_agent_message(
                each.id, sanne.id, "Hij komt morgen.", client_message_id=own_id
            )

    letters = await letters_in(desk)
    assert [(letter.letter, letter.recipient) for letter in letters if "answer" in letter.letter] == [
        ("letter_answer_waiting", "noor@voorbeeld.example")
    ]


async def mail_wish(desk: Desk, talk: Talk, address: str) -> None:
    desk.turns.submit(talk.id)
    await desk.turns.wait_until_idle()
    buttons = [button for message in await talk.messages() for button in message.buttons]
    assert buttons
    await desk.handoffs.get_open(talk.id)
    wanted = HandoffRequest(reason=Reason.ASKED, team="service", language="nl")
    promised = Promise(wish=Wish.MAIL, at=desk.clock.now + timedelta(hours=4), contact=address)
    await desk.unit_of_work.run_writing(
        lambda connection: promise(Book(connection, desk.tools, desk.clock.now), talk.id, wanted, promised)
    )


async def letters_in(desk: Desk) -> list[OutboxLetterRow]:
    async with desk.unit_of_work.read() as session:
        return list((await session.scalars(select(OutboxLetterRow))).all())


async def test_with_nobody_at_work_nobody_is_made_to_wait(desk: Desk) -> None:
    sanne = await desk.hire()
    await desk.agents.set_presence(sanne.id, Presence.OFFLINE)
    talk = await desk.waiting()

    assert await talk.status() == "with_assistant"
    assert await talk.titles() == ["Bericht achterlaten", "Bel mij", "Mail mij"]
    await desk.agents.set_presence(sanne.id, Presence.AWAY)
    await talk.say(ASKS)
    assert await talk.status() == "waiting_for_agent"


async def test_who_leaves_while_being_accepted_is_either_gone_or_with_the_agent(desk: Desk) -> None:
    sanne = await desk.hire(capacity=50)
    for _ in range(5):
        talk = await desk.waiting()
        await desk.conversations.record_customer_message(talk.id, STOP, client_message_id=uuid4())
        results = await asyncio.gather(
            talk.take_turns(), desk.handoffs.accept(talk.id, sanne.id), return_exceptions=True
        )

        left = isinstance(results[1], HandoffNotFoundError | HandoffMovedOnError)
        assert await talk.status() == ("with_assistant" if left else "with_agent")
        assert await state_of(desk, talk) is (HandoffState.WITHDRAWN if left else HandoffState.ACCEPTED)


async def test_who_comes_back_after_a_day_finds_somebody(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    talk = await desk.accepted(sanne)
    await desk.handoffs.record_agent_message(talk.id, sanne.id, "Tot zo.", client_message_id=uuid4())
    await desk.agents.set_presence(sanne.id, Presence.OFFLINE)
    desk.later(days=1)
    await desk.keeper.keep()
    assert await talk.status() == "with_agent"

    await talk.say("ik ben er weer")
    await desk.keeper.keep()
    await desk.keeper.keep()

    assert (await desk.handoffs.get_open(talk.id)).offered_to == emma.id


async def test_a_clock_that_jumps_loses_and_doubles_nothing(desk: Desk) -> None:
    sanne = await desk.hire()
    talks = [await desk.waiting() for _ in range(2)]
    for hours in (-5, 30, -20):
        desk.later(hours=hours)
        await desk.keeper.keep()
        await talks[0].say("hallo?")
    await desk.handoffs.accept(talks[0].id, sanne.id)
    desk.later(hours=-3)
    await desk.handoffs.record_agent_message(talks[0].id, sanne.id, "Hoi.", client_message_id=uuid4())

    messages = await talks[0].messages()
    assert [message.sequence for message in messages] == list(range(1, len(messages) + 1))
    assert await talks[0].status() == "with_agent"
    assert await talks[1].status() == "waiting_for_agent"
