"""What customers say of goods, and which goods they mean by it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.catalogue.errors import GoodsWordsError
from balie.catalogue.goods_finder import GoodsFinder, MeantGoods
from balie.catalogue.goods_words import Audience, GoodsWords
from balie.catalogue.search import SearchableProduct
from tests.support.content import real_renderer
from tests.support.goods import demo_goods, demo_products, kinds_of

W, M, C, G, B = Audience.WOMEN, Audience.MEN, Audience.CHILDREN, Audience.GIRLS, Audience.BOYS
ALL_JACKETS = "rain_jacket softshell down_jacket"

# Who asks (None where they do not say), what they say, the kinds that come first. What is made for women and
# for men is written once where both are meant.
SAID: list[tuple[Audience | None, str, str]] = [
    (W, "ik zoek een goede regenjas voor mijn vrouw, tot 120 euro", "rain_jacket/women"),
    (M, "a decent raincoat for my husband", "rain_jacket/men"),
    (None, "regenjas", "rain_jacket"),
    (C, "een regenjas voor mijn kinderen", "kids_rain_jacket"),
    (G, "fietshelm voor mijn dochter van 8", "bike_helmet"),
    (B, "a bike for my son", "kids_bike"),
    (G, "hardloopschoenen voor mijn dochter", "running_shoes/women"),
    (B, "trainers for my lad", "running_shoes/men"),
    (None, "kinderfiets voor een kleuter", "kids_bike"),
    (None, "herenfiets gezocht", "city_bike/men touring_bike folding_bike city_e_bike/men trekking_e_bike"),
    (None, "a lightweight dome tent for two people under 200", "dome_tent"),
    (None, "een gravelbike tot 2000 euro", "gravel_bike"),
    (None, "trail running shoes", "trail_shoes"),
    (None, "warme slaapzak voor de winter", "sleeping_bag"),
    (
        None,
        "welke tent raden jullie aan voor een gezin met drie kinderen",
        "dome_tent tunnel_tent trekking_tent",
    ),
    (None, "a family tent please", "tunnel_tent"),
    (None, "what goes with a tent?", "dome_tent tunnel_tent trekking_tent"),
    (None, "welke accessoires horen bij een gravelbike?", "gravel_bike"),
    (
        None,
        "ik heb net een fiets gekocht, wat heb ik er nog bij nodig?",
        "city_bike touring_bike gravel_bike folding_bike",
    ),
    (None, "I just bought a head torch, what else do I need?", "headlamp"),
    (None, "hoofdlampje", "headlamp"),
    (None, "heb je een koplampje voor in de tent", "headlamp"),
    (None, "which rucksack would you take to scotland", "daypack trekking_pack"),
    (None, "een matje om op te slapen", "sleeping_mat"),
    (None, "a cagoule that packs small", "rain_jacket"),
    (None, "a warm jumper", "fleece"),
    (None, "waterproof trousers", "rain_trousers"),
    (None, "regen jas dames", "rain_jacket/women"),
    (None, "women's rainjacket", "rain_jacket/women"),
    (None, "wandelschoenen voor dames", "hiking_boots/women"),
    (None, "welke jas raad je aan, ik fiets elke dag", ALL_JACKETS),
    (None, "ik zoek voor op de fiets een goede jas", ALL_JACKETS),
    (None, "I'm looking for a light, warm jacket", ALL_JACKETS),
    (None, "schoenen om mee te wandelen", "hiking_boots sandals"),
    (None, "a bike light", "bike_light"),
    (None, "bike lights", "bike_light"),
    (None, "fietslampjes", "bike_light"),
    (None, "tas voor achterop mijn fiets", "pannier"),
    (None, "een elektrische fiets voor woon-werk", "city_e_bike trekking_e_bike"),
    (None, "e-bike", "city_e_bike trekking_e_bike"),
    (None, "slaapzak en slaapmat", "sleeping_bag sleeping_mat"),
    (None, "amai zoveel slaapmatjes, met welk ben ik het best af?", "sleeping_mat"),
    (None, "welk fietsslot is stevig genoeg voor Amsterdam", "bike_lock"),
    (None, "help me ff kiezen tussen een dons- en een synthetische slaapzak", "sleeping_bag"),
    (None, "beste hardloopschoen voor een beginner?", "running_shoes"),
    (None, "ben beginnend wielrenner, welke fietsbroek koop ik", "cycling_shorts"),
    (None, "wat is jullie beste regenbroek", "rain_trousers"),
    (None, "which stove makes most sense if its just tea i make", "stove"),
    (None, "what's a good sleeping mat for side sleepers", "sleeping_mat"),
    (None, "recomend me a wetsuit", "wetsuit"),
    (None, "good gloves for someone who falls off a lot", "bike_gloves winter_gloves"),
    (None, "a good bag for weekends away", ""),
    (None, "welk kooktoestel voor twee personen op de fiets door frankrijk", "stove"),
    (
        None,
        "een tent die ik in mijn eentje snel kan opzetten, welke wordt het dan",
        "dome_tent tunnel_tent trekking_tent",
    ),
    (M, "something to keep my dad's head warm, a woolly hat maybe", "beanie"),
    (None, "sokken tegen blaren", "hiking_socks running_socks"),
    (None, "hebben jullie ook badpakken", "swimsuit"),
    (None, "swimming goggles", "goggles"),
    (None, "skibril met sterkte", "ski_goggles"),
    (None, "life jacket for kayaking", "life_jacket"),
    (None, "een reddingsvest", "life_jacket"),
    (None, "drinkbus", "bottle"),
    (None, "which trekking poles fold", "trekking_poles"),
    (None, "velo voor in de stad", "city_bike"),
    (None, "koersbroek", "cycling_shorts"),
    (None, "plooifiets", "folding_bike"),
    (None, "een jas zonder dons", ALL_JACKETS),
    (None, "geen regenjas maar een softshell", "softshell"),
    (None, "do you have cagoules?", "rain_jacket"),
    (None, "wild swimming", ""),
    (M, "something for my husband", ""),
    (None, "een skijas", ALL_JACKETS),
    (None, "help me kiezen", ""),
    (None, "wat raad je aan voor een trektocht, max 100 euro", ""),
    (None, "mijn pakket is nog niet aangekomen", ""),
    (None, "what do you recommend", ""),
    (None, "waar zijn jullie maten te vinden", ""),
    (None, "something for my mum's birthday", ""),
]


@pytest.mark.parametrize(("audience", "text", "kinds"), SAID)
def test_what_is_said_means_goods_of_a_kind(audience: Audience | None, text: str, kinds: str) -> None:
    assert first_kinds(text, audience) == set(kinds.split())


def first_kinds(text: str, audience: Audience | None = None) -> set[str]:
    """The kinds of what suits best; for whom, where it is made for women and for men and one is meant."""
    goods = demo_goods()
    said = goods.find(text, audience)
    if not said.words:
        return set()
    found = kinds_of(goods.narrow(said.words, said.audience, said.categories, "nl")[0].among or ())
    both = {kind.partition("/")[0] for kind in found if kind.endswith("/women")} & {
        kind.partition("/")[0] for kind in found if kind.endswith("/men")
    }
    return {kind.partition("/")[0] if kind.partition("/")[0] in both else kind for kind in found}


@pytest.mark.parametrize(("audience", "text", "kinds"), SAID)
def test_the_words_that_are_kept_name_the_same_goods_again(
    audience: Audience | None, text: str, kinds: str
) -> None:
    said = demo_goods().find(text, audience)
    again = demo_goods().find(" / ".join(said.words), said.audience)

    assert (again.categories, again.audience) == (said.categories, said.audience)


@pytest.mark.parametrize("text", [text for _, text, kinds in SAID if kinds] + ["", "iets leuks"])
@pytest.mark.parametrize("audience", [W, M])
def test_nobody_is_shown_what_is_made_for_somebody_else(text: str, audience: Audience) -> None:
    goods = demo_goods()
    words = goods.find(text).words
    others = {"women", "men"} - {audience.value}

    for meant in goods.narrow(words, audience, (), "nl"):
        assert meant.among
        kinds = kinds_of(meant.among)
        assert not {kind for kind in kinds if kind.rpartition("/")[2] in others}
        assert not kinds & {"kids_bike", "kids_rain_jacket"}


def test_a_kind_that_there_is_not_for_somebody_is_passed_over_and_not_claimed() -> None:
    [meant] = demo_goods().narrow(["zwembroek"], W, ["swimwear"], "nl")

    assert kinds_of(meant.among or ()) == {"swimsuit", "goggles", "travel_towel"}
    assert meant.labels == ()


def test_a_brand_narrows_a_kind_unless_it_makes_none() -> None:
    goods = demo_goods()

    assert _brands(goods, "een tent van Fjellvik") == {"Fjellvik"}
    assert _brands(goods, "iets van Fjellvik") == {"Fjellvik"}
    assert len(_brands(goods, "een tent van Rotsvast")) > 1
    assert _brands(goods, "zwembril Branding & Co") == {"Branding"}


def _brands(goods: GoodsFinder, text: str) -> set[str]:
    words = goods.find(text).words
    return {
        product.names["nl"].split()[0] for product in demo_products() if product.sku in goods.find_skus(words)
    }


@pytest.mark.parametrize(
    ("words", "audience", "language", "label", "said_for"),
    [
        ("regenjas", W, "nl", "regenjas", W),
        ("regenjas", W, "en", "rain jacket", W),
        ("jas", M, "nl", "jas", M),
        ("tent", W, "en", "tent", None),
        ("fjellvik tent", None, "nl", "Fjellvik tent", None),
        ("wandelen schoenen", None, "nl", "schoenen", None),
        ("e bike", None, "nl", "elektrische fietsen", None),
        ("e bike", None, "en", "e-bike", None),
        ("fiets", B, "nl", "kinderfiets", C),
        ("handschoenen", None, "nl", "handschoenen", None),
    ],
)
def test_kinds_are_called_as_the_shop_calls_them(
    words: str, audience: Audience | None, language: str, label: str, said_for: Audience | None
) -> None:
    meant = demo_goods().narrow([words], audience, (), language)[0]

    assert (meant.labels, meant.audience) == ((label,), said_for)


def test_where_nobody_says_for_whom_what_is_for_children_comes_last() -> None:
    first, then = demo_goods().narrow((), None, ["jackets"], "nl")

    assert "kids_rain_jacket" not in kinds_of(first.among or ())
    assert then == MeantGoods(categories=frozenset({"jackets"}))


def test_what_narrows_nothing_leaves_everything() -> None:
    assert demo_goods().narrow((), None, (), "nl") == (MeantGoods(),)


def test_too_many_to_be_named_one_by_one_are_told_by_their_category() -> None:
    many = [
        SearchableProduct(f"S{n}", "Merk", {"nl": f"Merk M{n} fles"}, {"nl": ["flessen"]}, {}, "bottles")
        for n in range(5_001)
    ]
    [meant] = GoodsFinder(many, GoodsWords()).narrow(["fles"], None, (), "nl")

    assert (meant.among, meant.categories, meant.labels) == (None, frozenset({"bottles"}), ("fles",))


def test_of_a_kind_of_which_there_are_too_many_some_from_all_of_it_stand_for_it() -> None:
    many = [
        SearchableProduct(f"S{n}", "Merk", {"nl": f"Merk M{n} fles"}, {"nl": ["flessen"]}, {}, "bottles")
        for n in range(10_000)
    ]

    found = GoodsFinder(many, GoodsWords()).find_skus(["fles"])

    assert found == {f"S{n}" for n in range(0, 10_000, 2)}


@pytest.mark.parametrize("words", [(), ("jas",)])
def test_of_however_many_goods_for_whom_they_are_is_kept(words: tuple[str, ...]) -> None:
    many = [
        SearchableProduct(f"S{n}", "Merk", {"nl": f"Merk M{n} {whom}jas"}, {"nl": ["jassen"]}, {}, "jackets")
        for n, whom in enumerate(["dames ", "heren ", ""] * 5_001)
    ]
    goods = GoodsFinder(many, GoodsWords.from_shop(real_renderer().library.shop))
    meant = goods.narrow(words, W, ["jackets"], "nl")[0]

    assert len(meant.among or ()) == 5_000
    assert not any(int(sku[1:]) % 3 == 1 for sku in meant.among or ())


def test_a_brand_alone_asks_for_none_of_the_categories_of_what_it_makes() -> None:
    said = demo_goods().find("iets van Golfslag")
    [brand, *_] = demo_goods().narrow(said.words, None, (), "nl")
    wetsuits = demo_goods().find("een wetsuit van Golfslag")
    [wetsuit, *_] = demo_goods().narrow(wetsuits.words, None, (), "nl")

    assert brand.among
    assert brand.categories == frozenset()
    assert wetsuit.categories == frozenset(wetsuits.categories) != frozenset()


@pytest.mark.parametrize(
    "text", ["the torsa", "torch", "my order never arrived", "a lot of fun", "mijn pakket is gebroken", "pen"]
)
def test_what_merely_resembles_names_no_kind(text: str) -> None:
    words = GoodsFinder(
        [SearchableProduct("S1", "Merk", {"nl": "Merk Torsa fietsslot"}, {}, {})], GoodsWords()
    )

    assert words.find(text).words == ()


def test_what_something_goes_with_is_told_from_what_is_wanted() -> None:
    goods = demo_goods()

    beside = goods.find_anchors("welke sokken draag je in zulke bergschoenen")
    assert (beside.words, beside.is_beside) == (("wandelschoenen",), True)
    assert goods.find_anchors("een tas voor op de fiets").is_beside
    assert not goods.find_anchors("wat past er bij een tent").is_beside
    assert not goods.find_anchors("ik heb een tent. wat past er bij een slaapzak").is_beside
    assert goods.find_anchors("heb net een tent gekocht, wat heb ik verder nodig").words == ("tent",)


@pytest.mark.parametrize(
    "shop", [{"goods": 7}, {"goods": {"audiences": {"cats": {}}}}, {"goods": {"also_called": 3}}]
)
def test_words_that_cannot_be_read_are_told(shop: dict[str, object]) -> None:
    with pytest.raises(GoodsWordsError):
        GoodsWords.from_shop(shop)


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from([None, *Audience]))
def test_no_text_is_too_strange_to_be_read(text: str, audience: Audience | None) -> None:
    said = demo_goods().find(text, audience)
    for meant in demo_goods().narrow(said.words, said.audience, said.categories, "en"):
        assert meant.among is None or meant.among
