"""What is said to a customer in any channel: in order, again when it failed, never doubled, as meant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from balie.assistant.port import AssistantAnswer, AssistantButton, AssistantReply
from tests.contract.channels.driver import Rig, Seen, Trouble
from tests.contract.channels.house import House
from tests.support.assistants import saying

PARAGRAPH = "Je pakket is vanmorgen gesorteerd en komt morgen tussen negen en twaalf uur bij je aan. 🧥 "

FAMILY = "👩‍👩‍👧‍👦"
AS_TYPED = (
    "Is het <b>maat M</b> & niet <i>L</i>? &lt;",
    "2 * 3 = 6_000 _en_ [x] (y) ~ ` > # + - = | { } . ! \\",
    "שלום, השם שלי הוא דנה (maat M)",
    "مرحبا، اسمي ليلى <script>alert(1)</script>",
)


def said(seen: list[Seen]) -> list[str]:
    return [one.text for one in seen]


def joined(texts: list[str]) -> str:
    """What was said, without what stands between the words."""
    return "".join("".join(texts).split())


@pytest.mark.parametrize("trouble", Trouble)
async def test_what_did_not_arrive_is_brought_again_and_not_doubled(
    rig: Rig, house: House, trouble: Trouble
) -> None:
    person = await rig.person()
    await person.says("Hoi")
    await house.settle()
    before = said(await person.sees())
    house.answers("twee dingen", saying("Het eerste.", "Het tweede."))

    rig.fails(trouble, trouble, trouble)
    await person.says("twee dingen")
    await house.settle()
    for _ in range(8):
        await house.wait(timedelta(minutes=1))

    assert said(await person.sees()) == [*before, "Het eerste.", "Het tweede."]


async def test_somebody_who_cannot_be_reached_holds_up_nobody_else(rig: Rig, house: House) -> None:
    sanne, ruben = await rig.person("Sanne"), await rig.person("Ruben")
    await ruben.says("Hoi")
    await house.settle()
    await ruben.sees()
    await sanne.says("Hoi")
    await house.settle()
    await sanne.sees()
    rig.fails(Trouble.REFUSED)
    await sanne.says("Een")
    await house.settle()
    await ruben.says("Twee")
    await house.settle()

    assert said(await ruben.sees())[-1] == "U zei: Twee"


async def test_it_is_shown_that_the_assistant_writes(rig: Rig, house: House) -> None:
    person = await rig.person()
    await person.says("Hoi")
    await house.settle()
    house.assistant.gate.clear()

    await person.says("En nu?")
    await person.sees_typing()
    house.assistant.gate.set()
    await house.settle()

    assert said(await person.sees())[-1] == "U zei: En nu?"


async def test_a_long_answer_is_split_and_nothing_is_lost(rig: Rig, house: House) -> None:
    longest = rig.limits.longest_text or 4000
    text = "\n\n".join([(PARAGRAPH * 7).strip()] * (3 * longest // (len(PARAGRAPH) * 7) + 1))
    menu = (AssistantButton("Meer", payload="/more"),)
    answer = AssistantAnswer((AssistantReply(text, menu, "utter_test", "nl"),), "nl")
    house.answers("vertel alles", answer)
    person = await rig.person()
    await person.says("vertel alles")
    await house.settle()

    seen = [one for one in await person.sees() if "pakket is vanmorgen" in one.text]
    assert joined(said(seen)) == joined([text])
    assert all(rig.limits.length(one.text) <= longest for one in seen) or rig.limits.longest_text is None
    assert len(seen) > 1 or rig.limits.longest_text is None
    # What can be pressed stands under the end.
    assert [one.buttons for one in seen] == [()] * (len(seen) - 1) + [("Meer",)]


@pytest.mark.parametrize("sign", ["😀", FAMILY, "字", "é"], ids=["emoji", "family", "chinese", "accent"])
async def test_no_sign_is_torn(rig: Rig, house: House, sign: str) -> None:
    longest = rig.limits.longest_text or 4000
    text = sign * (longest + 1)
    house.answers("teken", saying(text))
    person = await rig.person()
    await person.says("teken")
    await house.settle()

    seen = [one.text for one in await person.sees() if sign in one.text]
    assert joined(seen) == text
    assert all(len(part) % len(sign) == 0 and part == sign * (len(part) // len(sign)) for part in seen)


@pytest.mark.parametrize("text", AS_TYPED, ids=["html", "markdown", "hebrew", "arabic"])
async def test_signs_that_mean_something_elsewhere_come_out_as_they_were_typed(
    rig: Rig, house: House, text: str
) -> None:
    person = await rig.person(name="<b>Dana</b> *_[דנה](x)")
    await person.says(text)
    await house.settle()

    assert await house.texts(await person.conversation_id(), "customer") == [text]
    assert said(await person.sees())[-1] == f"U zei: {text}"


async def test_marks_are_shown_and_not_read_out(rig: Rig, house: House) -> None:
    house.answers(
        "marks", saying("Je hebt **14 dagen**.\n\n- een\n- twee\n\n[Lees meer](https://shop.example/r)")
    )
    person = await rig.person()
    await person.says("marks")
    await house.settle()

    last = said(await person.sees())[-1]
    assert "14 dagen" in last
    assert "**" not in last
    assert "Lees meer" in last
