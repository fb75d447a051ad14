from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.orders.identification import (
    MAX_POSTCODES_PER_TRY,
    ProofKind,
    check_proof,
    order_number_candidates,
    read_proof,
)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("sanne@voorbeeld.example", "sanne@voorbeeld.example"),
        ("Mijn mail: <Sanne.de.Vries@Voorbeeld.example>, dank!", "sanne.de.vries@voorbeeld.example"),
        ("it's emma+shop@mail.example!", "emma+shop@mail.example"),
        ("我的邮箱是 wei@voorbeeld.example", "wei@voorbeeld.example"),
    ],
)
def test_address_is_found_in_the_sentence_around_it(text: str, email: str) -> None:
    assert read_proof(text).emails == (email,)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("3811BK", "3811BK"),
        ("3811 bk", "3811BK"),
        ("postcode 3811bk Amersfoort", "3811BK"),
        ("2000", "2000"),
        ("B-2000 Antwerpen", "2000"),
        ("2000 Antwerpen", "2000"),
        ("nw3 2lp", "NW32LP"),
        ("10115", "10115"),
        ("L-1234", "1234"),
    ],
)
def test_postcode_is_found_in_the_sentence_around_it(text: str, postcode: str) -> None:
    assert postcode in read_proof(text).postcodes


@pytest.mark.parametrize("text", ["", "hallo", "DD1048213", "weet ik niet", "12"])
def test_text_without_a_proof_offers_none(text: str) -> None:
    proof = read_proof(text)

    assert check_proof(proof, emails=["a@b.example"], postcodes=["3811BK", "2000"]) is None


def test_list_of_guesses_is_cut_short() -> None:
    guesses = " ".join(f"{number}AB" for number in range(1000, 1020))

    assert len(read_proof(guesses).postcodes) == MAX_POSTCODES_PER_TRY


def test_two_addresses_are_one_guess() -> None:
    assert read_proof("a@b.example c@d.example").emails == ("a@b.example",)


def test_proof_is_checked_against_what_is_stored() -> None:
    stored = {"emails": ["sanne@voorbeeld.example"], "postcodes": ["3811BK"]}

    assert check_proof(read_proof("SANNE@voorbeeld.example"), **stored) is ProofKind.EMAIL
    assert check_proof(read_proof("3811 BK"), **stored) is ProofKind.POSTCODE
    assert check_proof(read_proof("3811 BL"), **stored) is None


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    assert len(read_proof(text).postcodes) <= MAX_POSTCODES_PER_TRY
    assert order_number_candidates(text)
