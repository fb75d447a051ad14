from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.baskets.codes import CardDigests, last_four, normalise_code
from balie.baskets.limits import LONGEST_CODE
from balie.baskets.terms import BasketTerms
from balie.orders.errors import ShopTermsError
from tests.support.content import real_renderer

SECRET = "a secret that is long enough for this"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("welkom10", "WELKOM10"),
        (" Welkom 10 ", "WELKOM10"),
        ("welkom-10!", "WELKOM10"),
        ("ＷＥＬＫＯＭ１０", "WELKOM10"),
        ("ddgc 4827-1950 3361", "DDGC482719503361"),
        ("", ""),
        ("🎁\x00\u202e", ""),
        ("A" * 41, ""),
        ("A" * 100_000, ""),
    ],
)
def test_codes_are_compared_in_one_form(typed: str, code: str) -> None:
    assert normalise_code(typed) == code


@given(st.text())
def test_any_text_becomes_something_that_a_database_can_be_asked(typed: str) -> None:
    code = normalise_code(typed)

    assert len(code) <= LONGEST_CODE
    assert code == "" or (code.isascii() and code.isalnum() and code == code.upper())
    assert normalise_code(code) == code


def test_a_digest_depends_on_the_secret_and_does_not_hold_the_code() -> None:
    code = "DDGC482719503361"
    digest = CardDigests(SECRET).digest(code)

    assert digest == CardDigests(SECRET).digest(code)
    assert digest != CardDigests(SECRET + "!").digest(code)
    assert code not in digest
    assert last_four(code) == "3361"


def test_the_terms_are_those_of_the_shops_facts() -> None:
    shop = real_renderer().library.shop

    terms = BasketTerms.from_shop(shop)

    assert terms.delivery.home.price_minor == shop["delivery"]["standard"]["price"]
    assert terms.delivery.bike.countries == frozenset(shop["delivery"]["bike"]["countries"])
    assert terms.combinable is shop["discounts"]["combinable"]
    assert terms.checkout_url == shop["links"]["basket"]


def test_facts_without_a_checkout_are_refused_by_name() -> None:
    shop = {**real_renderer().library.shop, "links": {}}

    with pytest.raises(ShopTermsError, match="basket"):
        BasketTerms.from_shop(shop)
