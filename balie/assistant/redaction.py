"""Keeps what identifies a person out of the assistant's memory; pure, and fast on ordinary text."""

from __future__ import annotations

import re
from typing import Final

from stdnum import iban, luhn

EMAIL_WORD: Final = "‹e-mail›"
PHONE_WORD: Final = "‹phone›"
ACCOUNT_WORD: Final = "‹account›"
CODE_WORD: Final = "‹••••••›"
"""Without letters: whatever language the customer speaks, it stays that."""

_DIGITS_OF_A_CODE: Final = 6
_FEWEST_DIGITS: Final = 9

# Ends of words are written out: \b would see no end between a letter and a Chinese character.
_NOT_AFTER: Final = r"(?<![0-9A-Za-z])"
_NOT_BEFORE: Final = r"(?![0-9A-Za-z])"

_EMAIL: Final = re.compile(
    r"[A-Za-z0-9À-ɏ._%+'-]{1,64}@[A-Za-z0-9À-ɏ-]{1,63}(?:\.[A-Za-z0-9À-ɏ-]{1,63}){1,8}"
)
_IBAN: Final = re.compile(
    rf"{_NOT_AFTER}[A-Z]{{2}}[0-9]{{2}}(?:[ -]?[A-Z0-9]{{4}}){{2,7}}(?:[ -]?[A-Z0-9]{{1,3}})?{_NOT_BEFORE}",
    re.IGNORECASE,
)
_GIFT_CARD: Final = re.compile(rf"{_NOT_AFTER}[A-Za-z]{{3,6}}(?:[ -]?[0-9]){{12,16}}{_NOT_BEFORE}")
_CARD: Final = re.compile(rf"{_NOT_AFTER}[0-9](?:[ -]?[0-9]){{12,18}}{_NOT_BEFORE}")

# Six digits anywhere may be an amount; alone, or after the word, they are a one-time code.
_SIX: Final = r"[0-9]{3}[ .-]?[0-9]{3}"
_AROUND: Final = r"""([\s"'“”(.,:;!?)]{0,9})"""
_CODE_ALONE: Final = re.compile(rf"{_AROUND}{_SIX}{_AROUND}")
_CODE_NAMED: Final = re.compile(
    rf"\b(code\b[^0-9]{{0,12}}){_NOT_AFTER}{_SIX}(?![ .-]?[0-9]){_NOT_BEFORE}", re.IGNORECASE
)

_DATE: Final = (
    r"(?!(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:[0-9]{4}|[0-9]{2})(?![0-9]|[-/.][0-9]))"
)
_GAP: Final = r"(?:[ .\-/]|\) ?| ?\()?"
_PHONE: Final = re.compile(
    rf"{_NOT_AFTER}{_DATE}(?:"
    rf"(?:\+|00)[1-9](?:{_GAP}[0-9]){{7,13}}"  # abroad: +31 6 12 34 56 78, 0032 470 12 34 56
    rf"|\(?0[1-9](?:{_GAP}[0-9]){{7,9}}"  # at home: 06-12345678, (033) 123 45 67, 07700 900123
    rf"|1[3-9][0-9](?:[ -]?[0-9]){{8}}"  # China: 138 0013 8000
    rf"){_NOT_BEFORE}"
)


def redact(text: str) -> str:
    """The text with e-mail addresses, phone, bank account and card numbers, and codes replaced by words.

    Order numbers, postcodes, amounts and dates stay: the assistant needs them.

    >>> redact("Mail jan@example.nl of bel 06-12345678 over DD1048213")
    'Mail ‹e-mail› of bel ‹phone› over DD1048213'
    """
    if "@" in text:
        text = _EMAIL.sub(EMAIL_WORD, text)
    digits = sum(character.isdigit() for character in text)
    if digits >= _DIGITS_OF_A_CODE:
        text = _hide_code(text)
    if digits < _FEWEST_DIGITS:
        return text
    text = _IBAN.sub(_hide_account, text)
    text = _CARD.sub(_hide_card, text)
    text = _PHONE.sub(PHONE_WORD, text)
    return _GIFT_CARD.sub(ACCOUNT_WORD, text)


def _hide_code(text: str) -> str:
    alone = _CODE_ALONE.fullmatch(text)
    if alone is not None:
        return f"{alone[1]}{CODE_WORD}{alone[2]}"
    return _CODE_NAMED.sub(rf"\1{CODE_WORD}", text)


def _hide_account(match: re.Match[str]) -> str:
    found = match.group()
    # A mistyped account number is one too, if it is mostly digits; "it10 days late" is none.
    is_account = iban.is_valid(found) or sum(character.isdigit() for character in found) >= 10
    return ACCOUNT_WORD if is_account else found


def _hide_card(match: re.Match[str]) -> str:
    return ACCOUNT_WORD if luhn.is_valid(re.sub("[ -]", "", match.group())) else match.group()
