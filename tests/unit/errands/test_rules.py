"""The pure rules of errands: their examples hold, and so does what the shop's facts say."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.errands import (
    account_rules,
    collecting_rules,
    link_requests,
    mailed_links,
    reviews,
    things,
)
from balie.errands.account_rules import erased_email, tidy_name, tidy_phone
from balie.errands.link_requests import read_email
from balie.errands.reviews import LONGEST, tidy_review
from balie.errands.terms import ErrandTerms
from balie.gateway import link_page
from balie.kernel import plain_text
from balie.kernel.mail_address import is_plain_address
from balie.orders.errors import ShopTermsError
from tests.support.content import real_renderer

MODULES = (
    account_rules, collecting_rules, link_page, link_requests, mailed_links, plain_text, reviews, things,
)  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_example_holds(module: ModuleType) -> None:
    result = doctest.testmod(module)

    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    "name",
    [
        "Sanne",
        "Anne-Fleur",
        "d’Artagnan",
        "'t Hart",
        "van der Meer",
        "Łukasz",
        "Ngô Thị",
        "王小明",
        "Zoë",
        "न्दिनी",
    ],
)
def test_names_of_real_people_are_names(name: str) -> None:
    assert tidy_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name", ["", " ", "-", "x@y.example", "www.voordeel.example", "R2D2", "a\nb\x00", "<b>Jan</b>"]
)
def test_what_is_no_name_is_none(name: str) -> None:
    assert tidy_name(name) is None


@given(st.text(max_size=200))
def test_a_name_is_stored_in_one_form_and_holds_no_markup_and_no_address(written: str) -> None:
    name = tidy_name(written)

    if name is not None:
        assert tidy_name(name) == name
        assert len(name) <= 100
        assert not set(name) & set("<>@./:&{}%\n\t")


@given(st.text(max_size=40), st.sampled_from(["NL", "BE", "GB", "LU"]))
def test_a_telephone_number_is_stored_in_one_form(written: str, country: str) -> None:
    phone = tidy_phone(written, country=country)

    if phone is not None:
        assert phone.startswith("+")
        assert phone[1:].isdigit()
        assert tidy_phone(phone, country="NL") == phone


def test_a_number_with_an_extension_cannot_be_stored() -> None:
    assert tidy_phone("+31 33 123 45 67 ext. 12", country="NL") is None


@given(st.text(max_size=80))
def test_an_address_that_is_read_is_plain_and_lower_case(written: str) -> None:
    email = read_email(written)

    if email is not None:
        assert is_plain_address(email)
        assert email == email.lower()


def test_nobody_can_type_the_address_of_somebody_who_was_erased() -> None:
    assert read_email(erased_email(7)) is None


@given(st.text(max_size=3000))
def test_a_review_is_short_and_can_be_stored(text: str) -> None:
    stored = tidy_review(text)

    if stored is not None:
        assert 0 < len(stored) <= LONGEST
        assert "\x00" not in stored
        assert stored == stored.strip()


def test_the_terms_are_those_of_the_shop() -> None:
    terms = ErrandTerms.from_shop(real_renderer().library.shop)

    assert terms == replace(
        terms,
        country="NL",
        collect_ready_hours=2,
        collect_days=7,
        review_working_days=2,
        link_lifetime=timedelta(hours=1),
    )


def test_a_shop_that_does_not_say_its_terms_is_refused() -> None:
    shop = {name: facts for name, facts in real_renderer().library.shop.items() if name != "reviews"}

    with pytest.raises(ShopTermsError):
        ErrandTerms.from_shop(shop)
