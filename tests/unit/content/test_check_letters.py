"""Letters: there in every language, and each can be written with each of its samples."""

from __future__ import annotations

from typing import Any

import pytest

from balie.content.errors import ResponseNotFoundError, ResponseNotRenderedError
from balie.content.library import load_library
from balie.content.render import Renderer
from tests.unit.content.support import Shop


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "sample": [{"number": "F1"}],
        "subject": {"nl": "Factuur {{ number }}", "en": "Invoice {{ number }}"},
        "text": {"nl": "Hoi,\n\nvan {{ shop.name }}", "en": "Hello,\n\nfrom {{ shop.name }}"},
        **changes,
    }


def test_letters_without_fault_have_no_findings(shop: Shop) -> None:
    shop.letters = {"letter_invoice": letter()}

    assert shop.check() == []


@pytest.mark.parametrize(
    ("name", "changes", "rule"),
    [
        ("letter_invoice", {"subject": {"nl": "Factuur"}}, "missing-translation"),
        ("letter_invoice", {"text": {"en": "Hello"}}, "missing-translation"),
        ("letter_invoice", {"sample": [{}]}, "cannot-be-written"),
        ("letter_invoice", {"subject": {"nl": "{% if %}", "en": "x"}}, "cannot-be-written"),
        ("letter_invoice", {"subject": {"nl": "een\ntwee", "en": "x"}}, "cannot-be-written"),
        ("letter_invoice", {"subject": {"nl": "lang" * 20, "en": "x"}}, "cannot-be-written"),
        ("letter_invoice", {"text": {"nl": "{{ '' }}", "en": "x"}}, "cannot-be-written"),
        ("letter_invoice", {"text": {"nl": "woord " * 201, "en": "x"}}, "cannot-be-written"),
        ("invoice", {}, "letter-name"),
    ],
)
def test_a_fault_in_a_letter_is_found_where_it_stands(
    shop: Shop, name: str, changes: dict[str, Any], rule: str
) -> None:
    shop.letters = {name: letter(**changes)}

    findings = shop.check()

    assert {(finding.rule, finding.path.parent.name) for finding in findings} == {(rule, "letters")}
    assert all(finding.line > 1 for finding in findings)


def test_a_name_that_stands_in_two_files_is_found(shop: Shop) -> None:
    shop.letters = {"letter_invoice": letter()}
    folder = shop.write()
    (folder / "letters" / "more.yml").write_bytes((folder / "letters" / "all.yml").read_bytes())

    assert [finding.rule for finding in shop.check()] == ["two-letters"]


def test_a_letter_is_rendered_in_a_language_or_in_the_shops_own(shop: Shop) -> None:
    shop.letters = {"letter_invoice": letter()}
    renderer = Renderer(load_library(shop.write()))

    english = renderer.render_letter("letter_invoice", "en", {"number": "F1"})
    other = renderer.render_letter("letter_invoice", "de", {"number": "F1"})

    assert (english.subject, english.text, english.language) == (
        "Invoice F1",
        "Hello,\n\nfrom Duin & Dal",
        "en",
    )
    assert other.language == "nl"
    with pytest.raises(ResponseNotRenderedError):
        renderer.render_letter("letter_invoice", "en", {})
    with pytest.raises(ResponseNotFoundError):
        renderer.render_letter("letter_nobody_wrote", "en", {})
