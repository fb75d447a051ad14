from datetime import date
from uuid import uuid4

import pytest

from balie.cases.kinds import CaseKind
from balie.cases.repository import CaseRepository
from balie.cases.service import CaseService
from balie.cases.views import NewCase
from balie.conversations.views import Author
from balie.handoff.elsewhere import HandoffsElsewhere
from balie.handoff.kinds import HandoffState, Step
from balie.storage.unit_of_work import UnitOfWork
from tests.support.handoff_desk import Desk

CHATWOOT = "chatwoot"


@pytest.fixture
def desk(unit_of_work: UnitOfWork) -> Desk:
    return Desk(unit_of_work, desk_of=lambda channel: CHATWOOT)


@pytest.fixture
def elsewhere(desk: Desk) -> HandoffsElsewhere:
    return HandoffsElsewhere(desk.unit_of_work, desk.bell, desk.tools, "service", clock=desk.clock)


async def test_whoever_asks_waits_for_the_other_desk_and_not_for_ours(desk: Desk) -> None:
    await desk.hire()
    talk = await desk.waiting()

    await desk.keeper.keep()

    handoff = await desk.handoffs.get_open(talk.id)
    assert (handoff.desk, handoff.state) == (CHATWOOT, HandoffState.QUEUED)
    assert (await desk.board.look()).waiting == ()
    assert await talk.status() == "waiting_for_agent"


async def test_what_happens_at_the_other_desk_is_kept_once(desk: Desk, elsewhere: HandoffsElsewhere) -> None:
    talk = await desk.waiting()
    message_id, note_id = uuid4(), uuid4()
    for _ in range(2):
        await elsewhere.take_elsewhere(talk.id, CHATWOOT)
        await elsewhere.record_elsewhere(talk.id, CHATWOOT, "Hoi, met Bo.", message_id=message_id)
        await elsewhere.note_elsewhere(talk.id, CHATWOOT, "lastig", note_id=note_id)
    await talk.say("dank je")
    assert await talk.status() == "with_agent"
    for _ in range(2):
        await elsewhere.resolve_elsewhere(talk.id, CHATWOOT, code=None, note="klaar")

    steps = [event.step for event in await desk.handoffs.list_events(talk.id)]
    assert steps == [Step.REQUEST, Step.ACCEPT, Step.RESOLVE]
    assert await talk.status() == "resolved"
    authors = await talk.authors()
    assert authors.count(Author.AGENT) == 1
    assert authors.count(Author.ASSISTANT) == 1
    assert [note.text for note in await desk.handoffs.list_notes(talk.id)] == ["lastig"]


async def test_a_person_who_writes_unasked_has_the_conversation(
    desk: Desk, elsewhere: HandoffsElsewhere
) -> None:
    talk = await desk.open()
    await talk.say("waar is mijn pakket?")

    await elsewhere.take_elsewhere(talk.id, CHATWOOT)
    await talk.say("hallo?")

    assert await talk.status() == "with_agent"
    assert (await talk.authors())[-1] is Author.CUSTOMER


async def test_given_back_untaken_the_assistant_goes_on(desk: Desk, elsewhere: HandoffsElsewhere) -> None:
    talk = await desk.waiting()

    for _ in range(2):
        await elsewhere.return_elsewhere(talk.id, CHATWOOT, note=None)

    assert await talk.status() == "with_assistant"
    assert (await talk.last()).response == "handoff_returned"
    await talk.say("waar is mijn pakket?")
    assert (await talk.last()).text == "U zei: waar is mijn pakket?"


async def test_who_waits_for_another_desk_takes_nobodys_place_at_ours(unit_of_work: UnitOfWork) -> None:
    away = Desk(unit_of_work, desk_of=lambda channel: CHATWOOT)
    await away.hire()
    await away.waiting()
    own = Desk(unit_of_work, clock=away.clock)

    talk = await own.waiting()

    standing = await own.board.find_standing(talk.id)
    assert standing.place is not None
    assert standing.place.position == 1
    assert (await own.board.get_item(talk.id)).position == 1


async def test_a_case_is_answered_whoevers_desk_it_was_decided_at(
    desk: Desk, elsewhere: HandoffsElsewhere
) -> None:
    talk = await desk.open()
    case = NewCase(
        kind=CaseKind.DAMAGED,
        customer_id=None,
        conversation_id=talk.id,
        message_id=uuid4(),
        promised_by=date(2026, 11, 5),
        wants_person=True,
    )
    async with desk.unit_of_work.write() as session:
        await CaseRepository(session).open(case, at=desk.clock.now)
    await desk.keeper.promise_cases()

    await elsewhere.take_elsewhere(talk.id, CHATWOOT)
    await elsewhere.resolve_elsewhere(talk.id, CHATWOOT, code="solved", note=None)

    assert await CaseService(desk.unit_of_work).list_open() == ()
