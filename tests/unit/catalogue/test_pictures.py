"""What stands on the drawing of a product: its kind where its category would show something else."""

import re

import pytest

from balie.catalogue.kind_drawings import KINDS, find_drawing
from balie.catalogue.pictures import ICONS, draw_picture
from balie.orders.demo.kinds import load_kinds

WRITTEN_AS_A_PATH = re.compile(r"M[MmLlHhVvAaCcSsZz0-9 .-]+")


@pytest.mark.parametrize(
    ("category", "names"),
    [
        ("camp_kitchen", {"nl": "Kampvuur Torsa hoofdlamp", "en": "Kampvuur Torsa headlamp"}),
        ("camp_kitchen", {"en": "TORSA WATER BOTTLE 0.7 L"}),
        ("winter_sports", {"nl": "Sneeuwhaas Halde winterhandschoenen dames"}),
    ],
)
def test_a_kind_has_its_own_drawing_whatever_its_category(category: str, names: dict[str, str]) -> None:
    assert draw_picture(category, "DD-1", names) != draw_picture(category, "DD-1", {})
    assert draw_picture(category, "DD-1", names) == draw_picture("another", "DD-1", names)


@pytest.mark.parametrize("name", ["Fjellvik Halde koepeltent", "Slotermeer stadsfiets", "", "Pumpkin"])
def test_other_kinds_have_the_drawing_of_their_category(name: str) -> None:
    assert draw_picture("tents", "DD-1", {"nl": name}) == draw_picture("tents", "DD-1", {})


def test_an_unknown_category_is_a_parcel() -> None:
    assert draw_picture("books", "DD-1", {}) == draw_picture("records", "DD-1", {})
    assert draw_picture("books", "DD-1", {}) != draw_picture("tents", "DD-1", {})


def test_the_longest_words_say_best_what_it_is() -> None:
    assert find_drawing({"en": "Noordwal winter gloves"}) != find_drawing({"en": "Rijwind cycling gloves"})
    assert find_drawing({"en": "Rijwind cycling gloves"}) == find_drawing({"en": "Rijwind gloves"})


def test_both_languages_of_a_kind_lead_to_the_same_drawing() -> None:
    differ = [
        kind.code
        for kind in load_kinds()
        if find_drawing({"nl": kind.name["nl"]}) != find_drawing({"en": kind.name["en"]})
    ]

    assert differ == []


def test_every_word_names_one_kind_and_every_drawing_is_a_path() -> None:
    words = [word for said, _ in KINDS for word in said]

    assert len(words) == len(set(words))
    assert all(word == word.lower() for word in words)
    assert all(WRITTEN_AS_A_PATH.fullmatch(path) for path in [*ICONS.values(), *(path for _, path in KINDS)])
