from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import expect_no_violations
from tests.e2e.conftest import NewPage
from tests.e2e.desk import Desk
from tests.e2e.shop import DemoShop
from tests.e2e.widget import Widget

LANGUAGES = ("nl", "en")
NARROW = {"viewport": {"width": 360, "height": 740}}

SAYS = {
    "nl": {
        "person": "ik wil graag een medewerker spreken over mijn rem",
        "hello": "Goedemiddag, ik kijk met u mee.",
        "brake": "mijn rem piept als ik hard rem",
        "note": "rem piept, graag werkplaats",
        "workshop": "Werkplaats",
        "mechanic": "Dat zijn meestal vette schijven.",
        "thanks": "dat ga ik proberen, dank",
        "five": "5 · heel goed",
        "track": "waar is mijn bestelling?",
        "is_here": "{name} is er nu",
        "assistant_again": "Je praat weer met mij",
    },
    "en": {
        "person": "i'd like to speak to a person about my brake",
        "hello": "Good afternoon, let me have a look.",
        "brake": "my brake squeals when i brake hard",
        "note": "brake squeals, workshop please",
        "workshop": "Workshop",
        "mechanic": "That is usually grease on the discs.",
        "thanks": "i will try that, thanks",
        "five": "5 · very good",
        "track": "where is my order?",
        "is_here": "{name} is here now",
        "assistant_again": "You are talking to me again",
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_is_handed_on_and_on_again_and_given_back(
    language: str, desk: Callable[..., Desk], chat: Callable[..., Widget]
) -> None:
    says = SAYS[language]
    sanne = desk("Sanne Kuipers", language)
    customer = chat(language)
    customer.send(says["person"])
    customer.expect_place(1)

    sanne.accept(says["person"])
    expect(customer.announcements.last).to_contain_text(says["is_here"].format(name="Sanne"))
    customer.expect_agent("Sanne")
    sanne.write(says["hello"])
    customer.expect_from_agent("Sanne", says["hello"])
    customer.send(says["brake"])
    sanne.expect_said(says["brake"])
    customer.expect_read()
    assert customer.replies.count() == 0

    youssef = desk("Youssef Amrani", language)
    sanne.note(says["note"])
    sanne.transfer_to_team(says["workshop"], note=says["note"])
    youssef.accept(says["brake"])
    expect(customer.announcements.last).to_contain_text(says["is_here"].format(name="Youssef"))
    expect(youssef.thread.get_by_text(says["note"]).first).to_be_visible()
    youssef.write(says["mechanic"])
    customer.expect_from_agent("Youssef", says["mechanic"])
    customer.send(says["thanks"])
    youssef.expect_said(says["thanks"])
    customer.page.reload()
    customer.open()
    customer.expect_from_agent("Youssef", says["mechanic"])
    assert says["note"] not in customer.log.inner_text()

    youssef.step("return")
    expect(customer.log.get_by_text(says["assistant_again"])).to_be_visible(timeout=20_000)
    customer.send(says["track"])
    expect(customer.replies.first).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agent_accepts_answers_and_resolves_with_the_keyboard_alone(
    language: str, desk: Callable[..., Desk], chat: Callable[..., Widget]
) -> None:
    says = SAYS[language]
    sanne = desk("Sanne Kuipers", language)
    customer = chat(language)
    customer.send(says["person"])
    customer.expect_place(1)
    keys = sanne.page.keyboard
    expect(sanne.waiter(says["person"])).to_be_visible(timeout=20_000)

    keys.press("j")
    keys.press("a")
    expect(sanne.composer).to_be_focused(timeout=20_000)
    keys.type(says["hello"])
    keys.press("Enter")
    customer.expect_from_agent("Sanne", says["hello"])
    keys.press("Escape")
    keys.press("r")
    expect(sanne.dialog).to_be_visible()
    keys.press("Enter")
    expect(sanne.dialog).to_be_hidden(timeout=20_000)

    customer.press(says["five"])
    expect(customer.log).to_contain_text(says["five"])


def test_two_agents_who_accept_the_same_customer_one_gets_it_and_the_other_is_told(
    desk: Callable[..., Desk], chat: Callable[..., Widget]
) -> None:
    says = SAYS["en"]
    desks = [desk(name, "en") for name in ("Sanne Kuipers", "Youssef Amrani")]
    customer = chat("en")
    customer.send(says["person"])
    for each in desks:
        expect(each.waiter(says["person"])).to_be_visible(timeout=20_000)
    conversation = desks[0].waiter(says["person"]).get_attribute("data-waiter")

    answers = [each.post(f"conversations/{conversation}/accept") for each in desks]

    assert sorted(status for status, _ in answers) == [200, 409]
    [refused] = [answer for status, answer in answers if status == 409]
    assert refused["error"]["code"] == "handoff_taken"
    assert refused["error"]["data"]["agent"] in {"Sanne", "Youssef"}
    winner = desks[0 if answers[0][0] == 200 else 1]
    winner.open_conversation(str(conversation))
    expect(winner.composer).to_be_visible(timeout=20_000)
    winner.step("resolve")


@pytest.mark.parametrize("options", [{}, NARROW, {"color_scheme": "dark"}], ids=["wide", "phone", "dark"])
def test_no_page_of_the_desk_has_anything_that_axe_objects_to(
    options: dict[str, object], desk: Callable[..., Desk], chat: Callable[..., Widget]
) -> None:
    says = SAYS["nl"]
    ruben = desk("Ruben Hoekstra", "nl", **options)
    customer = chat("nl")
    customer.send(says["person"])
    customer.expect_place(1)
    expect(ruben.waiter(says["person"])).to_be_visible(timeout=20_000)
    expect_no_violations(ruben.page)
    ruben.accept(says["person"])
    address = ruben.page.url
    expect_no_violations(ruben.page)
    for page in ("promised", "snoozed", "done", "team", "settings", "overview"):
        ruben.go_to(page)
        expect_no_violations(ruben.page)
    ruben.page.goto(address)
    ruben.step("resolve")


def test_a_known_customer_is_known_at_the_desk(new_page: NewPage, desk: Callable[..., Desk]) -> None:
    sanne = desk("Sanne Kuipers", "nl")
    page: Page = new_page("nl")
    DemoShop(page, "nl").log_in("Noor Visser")
    customer = Widget(page, "nl").open()
    customer.send(SAYS["nl"]["person"])
    sanne.accept("Noor Visser")

    expect(sanne.page.get_by_role("heading", name="Noor Visser").first).to_be_visible()
    sanne.open_orders()
    expect(sanne.page.get_by_text("DD1048031").first).to_be_visible(timeout=20_000)
    sanne.step("resolve")
