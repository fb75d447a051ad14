"""What is typed as an answer to an errand: variants, stars, what was bought, and what is a story."""

from __future__ import annotations

import pytest

from actions.errand_details import a_thing
from actions.errand_flows import ERRANDS
from actions.named_products import Named, choose_named
from actions.stories import Utterance, adds_to_story, is_first_story, is_story
from actions.typed_answers import AnswerReader
from actions.variant_words import find_colour_said, find_size_said, find_told_apart
from actions.wishes import COLOUR, ITEMS, SIZE, VARIANT, Wish
from balie.catalogue.views import ProductHit
from balie.kernel.money import Money
from balie.orders.options import ItemOption, Options, VariantOption
from balie.orders.policy_facts import Allowed
from balie.orders.remedies import Trouble
from tests.support.content import real_renderer

COLOURS = {"dark blue": "donkerblauw", "light blue": "lichtblauw", "green": "groen", "moss green": "mosgroen"}
BOUGHT = {
    "DD-1": {"nl": "Zandpad wandelschoenen dames", "en": "Zandpad women's hiking boots"},
    "DD-2": {"nl": "Kustpad regenjas", "en": "Kustpad rain jacket"},
    "DD-3": {"nl": "Kustpad fleecetrui", "en": "Kustpad fleece sweater"},
}


def variant(size: str | None, colour: str | None, *, in_stock: int = 0) -> VariantOption:
    colours = {} if colour is None else {"en": colour, "nl": COLOURS[colour]}
    return VariantOption(
        sku=f"{size}-{colour}", size=size, colours=colours, price=Money(1000), in_stock=in_stock
    )


def options_of(*variants: VariantOption) -> Options:
    item = ItemOption(
        position=1,
        names={"nl": "jas"},
        size=None,
        colours={},
        left=1,
        sealed=False,
        verdict=Allowed(),
        trouble=Trouble(in_stock=True, repairable=False),
        variants=variants,
    )
    return Options(order_number="", verdict=Allowed(), items=(item,), choices={"bought": BOUGHT})


JACKET = options_of(*(variant(size, colour) for size in ("M", "XL") for colour in COLOURS))
BIKE = options_of(variant("53 cm", None), variant("57 cm", None))


@pytest.fixture(scope="module")
def reader() -> AnswerReader:
    return AnswerReader(real_renderer().library.words_of_answers)


@pytest.mark.parametrize(
    ("text", "options", "size"),
    [
        ("maat M graag", JACKET, "M"),
        ("extra large please", JACKET, "XL"),
        ("doe maar xl", JACKET, None),
        ("maat xl", JACKET, "XL"),
        ("maat S", JACKET, None),
        ("de 57", BIKE, "57 cm"),
        ("53 cm", BIKE, "53 cm"),
        ("geen idee", BIKE, None),
    ],
)
def test_a_size_is_read_as_the_product_has_it(text: str, options: Options, size: str | None) -> None:
    assert find_size_said(text, options) == size


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("de donkerblauwe", "dark blue"),
        ("light blue", "light blue"),
        ("de blauwe", None),
        ("moss green please", "moss green"),
        ("groen", "green"),
        ("roze", None),
        ("tell me when it is back", None),
    ],
)
def test_a_colour_is_read_when_it_can_only_be_one(text: str, colour: str | None) -> None:
    assert find_colour_said(text, JACKET) == colour


def test_size_and_colour_lead_to_the_variant_and_only_what_has_several_is_asked_for() -> None:
    details = {detail.name: detail for detail in a_thing(lambda one: one.in_stock == 0)}
    options = options_of(variant("M", "green"), variant("M", "dark blue", in_stock=3), variant("XL", "green"))
    wish = Wish().having(SIZE, "M")

    assert details[ITEMS].values(wish, options) == ["1"]
    assert details[SIZE].values(Wish(), options) == ["M", "XL"]
    assert details[COLOUR].values(wish, options) == ["green"]
    assert details[COLOUR].accepts("dark blue", wish, options), "what is there can be said as well"
    assert not details[COLOUR].is_needed(Wish().having(SIZE, "XL"), options)
    assert details[VARIANT].values(wish.having(COLOUR, "dark blue"), options) == ["M-dark blue"]
    assert not details[SIZE].is_needed(Wish(), options_of(variant(None, None)))


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("de regenjas", "DD-2"),
        ("over mijn wandelschoenen", "DD-1"),
        ("the fleece", "DD-3"),
        ("kustpad", None),
        ("de tent", None),
    ],
)
def test_what_was_bought_is_found_by_name(reader: AnswerReader, text: str, sku: str | None) -> None:
    detail = ERRANDS["review"].find_detail("bought")
    assert detail is not None

    assert reader.read(detail, text, Wish(), JACKET, "nl") == sku


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("leave", True), ("Leave!", True), ("laat leeg", False), ("i'd leave it", False), ("", False)],
)
def test_an_answer_word_for_word_is_told_from_a_sentence(
    reader: AnswerReader, text: str, *, is_one: bool
) -> None:
    assert reader.is_phrase_of("newsletter", text) is is_one


def test_words_that_stand_there_come_before_words_that_resemble(reader: AnswerReader) -> None:
    assert reader.find("newsletter", "schrijf me in") == "join"
    assert reader.find("newsletter", "schrijf me uit") == "leave"
    assert reader.find("newsletter", "ik wil me afmlden") == "leave"


@pytest.mark.parametrize(
    ("detail", "text", "value"),
    [
        ("data", "verwijder alles wat jullie over mij hebben", "erase"),
        ("data", "ik wil inzage in mijn persoonsgegevens", "export"),
        ("data", "i want a copy of the personal data you process", "export"),
        ("data", "wordt dit gesprek bewaard", None),
        ("account_type", "van particulier naar zakelijk", "business"),
        ("account_type", "van zakelijk naar particulier graag", "personal"),
        ("account_type", "from business to a personal account", "personal"),
        ("account_type", "hoe wissel ik van account", None),
        ("field", "mijn gsm-nummer", "phone"),
        ("field", "my last name", "name"),
        ("field", "e-mail", "email"),
        ("other", "nee, de andere", "other"),
        ("other", "no, the other one", "other"),
    ],
)
def test_words_of_the_content_say_what_is_wanted(
    reader: AnswerReader, detail: str, text: str, value: str | None
) -> None:
    assert reader.find(detail, text) == value


def test_of_a_few_things_the_one_is_meant_whose_name_is_said_most() -> None:
    few = {sku: BOUGHT[sku] for sku in ("DD-2", "DD-3")}

    assert find_told_apart("die fleecetrui", few) == "DD-3"
    assert find_told_apart("de kustpad", few) is None
    assert find_told_apart("iets anders", few) is None


def hit(sku: str, name: str, score: float) -> ProductHit:
    return ProductHit(sku, name, "", "", Money(1000), score)


MEN, WOMEN = hit("m", "Alto men's boots", 0.78), hit("w", "Alto women's boots", 0.81)


@pytest.mark.parametrize(
    ("text", "hits", "loosely", "named"),
    [
        ("I'd like the Alto women's boots", [WOMEN, MEN], False, Named("w")),
        ("the boots", [WOMEN, MEN], False, Named(candidates=("w", "m"))),
        ("de regenjas", [hit("a", "Kustpad regenjas", 0.9)], False, Named("a")),
        ("het regent", [hit("a", "Kustpad regenjas", 0.4)], False, Named()),
        ("het regent", [hit("a", "Kustpad regenjas", 0.4)], True, Named(candidates=("a",))),
        ("tell me when it's back", [hit("b", "Baken backpack", 0.61)], False, Named()),
        ("de helm", [hit("h", "Otter fietshelm", 0.65)], False, Named("h")),
        ("DD-10080", [hit("DD-10080", "Haven regenjas", 1.0)], False, Named("DD-10080")),
        ("", [], True, Named()),
    ],
)
def test_a_find_is_meant_when_its_name_is_said(
    text: str, hits: list[ProductHit], named: Named, *, loosely: bool
) -> None:
    assert choose_named(text, hits, loosely=loosely) == named


def said(text: str, intent: str = "complaint", *, asks: bool = False, contact: bool = False) -> Utterance:
    return Utterance(text, intent, intent in {"complaint", "out_of_scope"}, contact, asks)


@pytest.mark.parametrize(
    ("utterance", "first", "answer", "addition"),
    [
        (said("jullie zijn te laat"), True, True, True),
        (said("schandalig"), True, True, False),
        (said("wanneer hoor ik iets", asks=True), False, False, False),
        (said("waarom belt nooit iemand " * 4, asks=True), True, True, False),
        (said("mijn pakket is nog niet aangekomen", "track_order"), True, True, False),
        (said("ik wil iets ruilen", "exchange_item"), True, False, False),
        (said("nee", "deny"), True, False, False),
        (said("nee want ik wacht al meer dan drie hele weken", "deny"), True, True, True),
        (said("mijn mail is ‹e-mail›", "edit_account", contact=True), True, False, True),
        (said(""), False, False, False),
    ],
)
def test_what_tells_a_story_and_what_goes_on_with_one(
    utterance: Utterance, *, first: bool, answer: bool, addition: bool
) -> None:
    told = (is_first_story(utterance), is_story(utterance), adds_to_story(utterance))

    assert told == (first, answer, addition)
