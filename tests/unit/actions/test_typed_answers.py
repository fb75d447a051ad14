"""What is typed as an answer: the words of the content, products by name, sizes and colours, numbers."""

from __future__ import annotations

import pytest

from actions.change_flows import FLOWS
from actions.typed_answers import AnswerReader
from actions.wishes import Wish
from balie.kernel.money import Money
from balie.orders.options import ItemOption, Options, VariantOption
from balie.orders.policy_facts import Allowed
from balie.orders.remedies import Trouble
from tests.support.content import real_renderer

BLACK, BLUE = {"nl": "zwart", "en": "black"}, {"nl": "donkerblauw", "en": "dark blue"}


def variant(size: str, colours: dict[str, str]) -> VariantOption:
    return VariantOption(
        sku=f"{size}-{colours['en']}", size=size, colours=colours, price=Money(1000), in_stock=3
    )


def item(position: int, nl: str, en: str, *variants: VariantOption, left: int = 1) -> ItemOption:
    return ItemOption(
        position=position,
        names={"nl": nl, "en": en},
        size="M",
        colours=BLACK,
        left=left,
        sealed=False,
        verdict=Allowed(),
        trouble=Trouble(in_stock=True, repairable=False),
        variants=variants,
    )


JACKET = item(
    1, "Kustpad regenjas", "Kustpad rain jacket",
    variant("S", BLACK), variant("L", BLACK), variant("L", BLUE), variant("M", BLUE),
)  # fmt: skip
BOOTS = item(2, "Zandpad wandelschoenen", "Zandpad hiking boots", left=2)
FLEECE = item(3, "Kustpad fleecetrui", "Kustpad fleece sweater")
OPTIONS = Options(order_number="DD1", verdict=Allowed(), items=(JACKET, BOOTS, FLEECE))


@pytest.fixture(scope="module")
def reader() -> AnswerReader:
    return AnswerReader(real_renderer().library.words_of_answers)


def read(
    reader: AnswerReader, detail: str, text: str, *, flow: str = "return_item", items: str = "1"
) -> str | None:
    found = FLOWS[flow].find_detail(detail)
    assert found is not None
    return reader.read(found, text, Wish().having("items", items), OPTIONS, "nl")


@pytest.mark.parametrize(
    "text",
    [
        "no, i'd rather have my money back",
        "can you send it back to me",
        "nee, stuur me maar een nieuwe",
        "nee, stuur het terug",
        "i'll hand it in",
    ],
)
def test_what_names_no_item_is_not_taken_for_one_that_begins_alike(reader: AnswerReader, text: str) -> None:
    bags = (
        item(1, "Kettingkast Kaldur stuurtas", "Kettingkast Kaldur handlebar bag"),
        item(2, "Fjellvik Baken trekkingrugzak", "Fjellvik Baken trekking backpack"),
        item(3, "Kaapstorm handschoenen", "Kaapstorm gloves"),
    )
    options = Options(order_number="DD1", verdict=Allowed(), items=bags)
    found = FLOWS["return_item"].find_detail("items")
    assert found is not None

    assert reader.read(found, text, Wish(), options, "en") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hij is te klein", "too_small"),
        ("veel te strak bij de schouders", "too_small"),
        ("it's way too big", "too_large"),
        ("TE GROOT!!", "too_large"),
        ("de rits is kapot", "damaged"),
        ("it came broken", "damaged"),
        ("beschadgid", "damaged"),
        ("jullie stuurden het verkeerde artikel", "wrong_item"),
        ("changed my mind", "changed_mind"),
        ("toch niet nodig", "changed_mind"),
        ("te klein of te groot, weet ik niet", None),
        ("zomaar", "changed_mind"),
        ("tja", None),
        ("", None),
    ],
)
def test_a_reason_is_read_from_the_words_of_the_content(
    reader: AnswerReader, text: str, reason: str | None
) -> None:
    assert read(reader, "reason", text) == reason


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("de regenjas", "1"),
        ("the hiking boots please", "2"),
        ("regenjas en wandelschoenen", "1,2"),
        ("alles", "1,2,3"),
        ("the whole order", "1,2,3"),
        ("kustpad", None),
        ("de tent", None),
    ],
)
def test_items_are_found_by_name_and_what_could_be_two_is_asked_again(
    reader: AnswerReader, text: str, items: str | None
) -> None:
    assert read(reader, "items", text) == items


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("doe maar L", "L-black"),
        ("maat s graag", "S-black"),
        ("in het donkerblauw", "M-dark blue"),
        ("size L in dark blue", "L-dark blue"),
        ("XXL", None),
        ("een andere", None),
    ],
)
def test_a_size_or_colour_is_enough_and_the_rest_stays_as_it_was(
    reader: AnswerReader, text: str, sku: str | None
) -> None:
    assert read(reader, "variant", text, flow="exchange_item") == sku


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", "2"),
        ("doe er maar 12", "12"),
        ("twee", "2"),
        ("both of them", "2"),
        ("2 of 3", None),
        ("2,5", None),
        ("-1", None),
        ("1000000000000", None),
    ],
)
def test_a_number_of_pieces_is_one_whole_number(reader: AnswerReader, text: str, number: str | None) -> None:
    assert read(reader, "quantity", text, items="2") == number


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("hoe werkt dat", True),
        ("kan het ook in de winkel", True),
        ("in de winkel?", True),
        ("what does that cost", True),
        ("in de winkel", False),
        ("te klein", False),
        ("", False),
    ],
)
def test_a_question_back_is_told_from_an_answer(reader: AnswerReader, text: str, asks: bool) -> None:
    assert reader.is_question(text) is asks


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ik wil er nog een bidon bij in mijn bestelling", "add"),
        ("kunnen jullie er nog sokken bij doen", "add"),
        ("ben vergeten een slot mee te bestellen", "add"),
        ("voeg de regenjas in maat M toe", "add"),
        ("zet er nog een paar handschoenen bij", "add"),
        ("can you put a water bottle in with my order", "add"),
        ("i forgot to order socks, can i still add them", "add"),
        ("please add the rain jacket, size L", "add"),
        ("de regenjas mag eruit", "remove"),
        ("another size please", "swap"),
        ("een ander aantal", "pieces"),
        ("wijzig mijn bestelling", None),
    ],
)
def test_what_is_to_be_changed_of_an_order_is_read(reader: AnswerReader, text: str, kind: str | None) -> None:
    assert read(reader, "kind", text, flow="change_order") == kind
