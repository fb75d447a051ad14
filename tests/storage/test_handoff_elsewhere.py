from uuid import uuid4

import pytest

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
