import pytest

from balie.content.errors import ResponseNotRenderedError
from balie.content.library import load_library
from balie.content.render import RenderedButton, Renderer
from tests.unit.content.support import Shop, article


def renderer_for(shop: Shop, **changes: object) -> Renderer:
    shop.articles[0] = article(**changes)
    return Renderer(load_library(shop.write()))


@pytest.mark.parametrize(
    ("template", "dutch", "english"),
    [
        ("{{ 395 | money }}", "€\u00a03,95", "£3.95".replace("£", "€")),
        ("{{ [1, 2] | working_days }}", "1–2 werkdagen", "1–2 working days"),
        ("{{ [1, 1] | working_days }}", "1 werkdag", "1 working day"),
        ("{{ 5 | working_days }}", "5 werkdagen", "5 working days"),
        ("{{ '2026-11-03' | date }}", "3 november", "3 November"),
        ("{{ '2026-11-03T10:00:00+01:00' | weekday }}", "dinsdag", "Tuesday"),
        ("{{ shop.delivery.countries | map('country') | join_and }}", "Nederland, België en Duitsland",
         "Netherlands, Belgium and Germany"),
        ("{{ ['a', 'b'] | join_or }}", "a of b", "a or b"),
        ("{{ {'nl': 'fiets', 'en': 'bike'} | t }}", "fiets", "bike"),
    ],
)  # fmt: skip
def test_filters_speak_each_language(shop: Shop, template: str, dutch: str, english: str) -> None:
    renderer = renderer_for(shop, answer={"nl": template, "en": template})

    assert renderer.render("utter_return_item", "nl", {}).text == dutch
    assert renderer.render("utter_return_item", "en", {}).text == english


def test_an_unknown_language_gets_the_shops_own(shop: Shop) -> None:
    rendered = renderer_for(shop).render("utter_return_item", "xx", {})

    assert (rendered.language, rendered.text) == ("nl", "Binnen 30 dagen.")


def test_a_stranger_is_not_a_customer(shop: Shop) -> None:
    text = "{% if customer %}Dag {{ customer.first_name }}{% else %}Dag{% endif %}"
    renderer = renderer_for(shop, facts=["customer"], answer={"nl": text, "en": text})

    assert renderer.render("utter_return_item", "nl", {}).text == "Dag"
    assert (
        renderer.render("utter_return_item", "nl", {"customer": {"first_name": "Sanne"}}).text == "Dag Sanne"
    )


def test_buttons_bear_the_title_of_their_article(shop: Shop) -> None:
    shop.articles.append(article("get_refund"))
    renderer = renderer_for(
        shop, buttons=[{"intent": "get_refund"}, {"link": "returns", "title": {"nl": "Terug", "en": "Back"}}]
    )

    assert renderer.render("utter_return_item", "en", {}).buttons == (
        RenderedButton("Title get_refund", intent="get_refund"),
        RenderedButton("Back", url="https://shop.example/returns"),
    )


@pytest.mark.parametrize(
    "template",
    [
        "{{ missing }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ shop.update({'name': 'x'}) }}",
        "{% for i in range(999999999) %}{% endfor %}",
        "{{ 'x' | money }}",
    ],
)
def test_a_template_can_neither_break_out_nor_fail_silently(shop: Shop, template: str) -> None:
    renderer = renderer_for(shop, answer={"nl": template, "en": template})

    with pytest.raises(ResponseNotRenderedError):
        renderer.render("utter_return_item", "nl", {})


def test_what_a_customer_is_called_is_never_run_as_a_template(shop: Shop) -> None:
    text = "Dag {{ customer.first_name }}"
    renderer = renderer_for(shop, facts=["customer"], answer={"nl": text, "en": text})

    rendered = renderer.render("utter_return_item", "nl", {"customer": {"first_name": "{{ shop }}"}})

    assert rendered.text == "Dag {{ shop }}"


def test_a_choice_inside_a_line_keeps_the_line_and_one_around_lines_leaves_none(shop: Shop) -> None:
    text = "- a {% if shop %}yes{% endif %}\n- b\n{% if customer %}\n- c\n{% endif %}\n- d"
    renderer = renderer_for(shop, answer={"nl": text, "en": text})

    assert renderer.render("utter_return_item", "nl", {}).text == "- a yes\n- b\n- d"
