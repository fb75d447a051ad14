"""What agents and leads see of recommendations: three that fit their customer, and what cards bring."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from balie.orders.demo.personas import JAMES
from balie.settings import PROJECT_ROOT
from tests.e2e.axe import expect_no_violations
from tests.e2e.conftest import NewPage
from tests.e2e.desk import WITHIN_MS, Desk
from tests.e2e.shop import DemoShop
from tests.e2e.widget import ANSWER_WITHIN_MS, Widget

pytestmark = pytest.mark.usefixtures("_learned")

OUTCOMES = json.loads((PROJECT_ROOT / "web/desk/src/outcomes/texts.json").read_text("utf-8"))
PERSON = {
    "nl": "ik wil graag een medewerker spreken over een tent",
    "en": "i'd like to speak to a person about a tent",
}
BARS = {"nl": "welke energierepen raden jullie aan?", "en": "which energy bars do you recommend?"}
LEAD = "Ruben Hoekstra"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_agent_sees_three_that_fit_with_their_pages_and_names_one_in_the_reply(
    language: str, desk: Callable[..., Desk], new_page: NewPage
) -> None:
    agent = desk("Sanne Kuipers", language)
    shop = new_page(language)
    DemoShop(shop, language).log_in(f"{JAMES.first_name} {JAMES.last_name}")
    customer = Widget(shop, language).open()
    customer.send(PERSON[language])
    agent.accept(PERSON[language])
    fitting = agent.part("recommended")
    expect(fitting.get_by_role("listitem")).to_have_count(3, timeout=WITHIN_MS)

    for each in fitting.get_by_role("listitem").all():
        link = each.get_by_role("link")
        assert re.search(r"/products/DD-\d+$", link.get_attribute("href") or "")
        expect(link).to_have_attribute("target", "_blank")
        expect(each).to_contain_text("€")
    agent.button("card", "insert_product", within=fitting).first.click()

    expect(agent.composer).to_have_value(re.compile(r"\w+"))
    expect_no_violations(agent.page)
    agent.step("resolve")


def figure(page: Page, name: str, language: str) -> int:
    """How often, of a tile of the page."""
    tile = page.get_by_role("listitem").filter(has=page.get_by_text(OUTCOMES[name][language], exact=True))
    words = tile.locator(".tile-value" if name == "shown" else ".tile-detail").inner_text()
    found = re.match(r"[\d.,]+", words)
    assert found is not None, words
    return int(re.sub(r"\D", "", found[0]))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_leads_see_what_cards_bring(
    language: str, desk: Callable[..., Desk], chat: Callable[..., Widget]
) -> None:
    lead = desk(LEAD, language)
    title = lead.page.get_by_role("heading", level=1, name=OUTCOMES["title"][language])
    seen = []
    for is_first in (True, False):
        if not is_first:
            put_one_of_three_into_the_basket_and_refuse_another(chat(language), language)
        lead.go_to("recommendations")
        lead.page.reload()
        expect(title).to_be_visible(timeout=WITHIN_MS)
        expect(lead.page.get_by_text(OUTCOMES["shown_detail"][language])).to_be_visible(timeout=WITHIN_MS)
        seen.append({name: figure(lead.page, name, language) for name in ("shown", "baskets", "dismissed")})
    before, after = seen

    assert after["shown"] == before["shown"] + 3
    assert after["baskets"] == before["baskets"] + 1
    assert after["dismissed"] == before["dismissed"] + 1
    expect(lead.page.get_by_role("heading", name=OUTCOMES["by_list"][language])).to_be_visible()
    expect_no_violations(lead.page)


def put_one_of_three_into_the_basket_and_refuse_another(customer: Widget, language: str) -> None:
    customer.ask(BARS[language])
    cards = customer.log.locator(".card")
    expect(cards).to_have_count(3, timeout=ANSWER_WITHIN_MS)
    cards.first.get_by_role("button").first.click()
    customer.expect_answer("€")
    cards.last.get_by_role("button").last.click()
    customer.expect_answer()
