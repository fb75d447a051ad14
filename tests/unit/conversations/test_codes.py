"""The pure rules of one-time codes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.conversations.codes import CodeSeal, make_code, may_request, read_code
from balie.kernel.ids import ConversationId

HERE, ELSEWHERE = ConversationId(uuid4()), ConversationId(uuid4())
SEAL = CodeSeal("s" * 32)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913", "482913"),
        (" 482913. ", "482913"),
        ("482 913", "482913"),
        ("482-913", "482913"),
        ("482.913", "482913"),
        ("de code is 482913", "482913"),
        ("My code: 482913!", "482913"),
        ("482913 of nee toch 482913", "482913"),
        ("验证码482913", "482913"),
        ("４８２９１３", "482913"),
        ("000000", "000000"),
        # Two are a guess, or a mistake.
        ("482913 of 482914", None),
        ("48291", None),
        ("4829134", None),
        ("DD1048213", None),
        ("1048213", None),
        ("06 123 456 78", None),
        ("0612345678", None),
        ("+31 6 123 456 78", None),
        ("bel 033-123 456 7", None),
        ("DD482913", None),
        ("482913x", None),
        ("4 8 2 9 1 3", None),
        ("", None),
        ("ik heb geen code", None),
    ],
)
def test_the_one_code_of_a_message_is_read_however_it_is_written(text: str, code: str | None) -> None:
    assert read_code(text) == code


@given(st.text())
def test_whatever_is_typed_a_code_has_six_digits(text: str) -> None:
    code = read_code(text)

    assert code is None or (len(code) == 6 and code.isascii() and code.isdigit())


def test_codes_have_six_digits_and_are_not_all_the_same() -> None:
    made = {make_code() for _ in range(200)}

    assert all(read_code(code) == code for code in made)
    assert len(made) > 190


@given(st.from_regex("[0-9]{6}", fullmatch=True), st.from_regex("[0-9]{6}", fullmatch=True))
def test_a_digest_fits_one_code_in_one_conversation(code: str, other: str) -> None:
    digest = SEAL.of_code(HERE, code)

    assert SEAL.fits(HERE, code, digest)
    assert SEAL.fits(HERE, other, digest) is (other == code)
    assert not SEAL.fits(ELSEWHERE, code, digest)
    assert code not in digest or len(digest) == 64


def test_without_the_secret_no_digest_can_be_made() -> None:
    assert CodeSeal("t" * 32).of_code(HERE, "482913") != SEAL.of_code(HERE, "482913")
    assert SEAL.of_address("482913") != SEAL.of_code(HERE, "482913")


@pytest.mark.parametrize(
    ("here", "for_address", "may"),
    [(0, 0, True), (2, 4, True), (3, 0, False), (0, 5, False), (9, 9, False)],
)
def test_codes_are_limited_here_and_for_the_address(here: int, for_address: int, may: bool) -> None:
    assert may_request(asked_here=here, asked_for_address=for_address) is may
