"""Canned replies: each can be sent whatever is known, and what is wrong with one is found and placed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from balie.content.check_canned import CANNED_RULES, sample_facts
from balie.content.errors import ContentBrokenError
from balie.content.findings import Finding
from balie.content.library import load_library
from balie.content.render import Renderer
from balie.settings import PROJECT_ROOT
from tests.support.content import real_renderer

Check = Callable[..., list[Finding]]

GOOD = """\
topic: talking
canned:
  - shortcut: hello
    title: {nl: Hoi, en: Hello}
    text: {nl: "Hoi, ik ben {{ agent.display_name }}.", en: "Hello, I'm {{ agent.display_name }}."}
"""


@pytest.fixture
def findings(tmp_path: Path) -> Check:
    def check(*texts: str) -> list[Finding]:
        folder = tmp_path / "canned"
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            (folder / f"{number}.yml").write_text(text, encoding="utf-8")
        library = load_library(_data_with(tmp_path, folder))
        return [finding for rule in CANNED_RULES for finding in rule(library)]

    return check


def _data_with(tmp_path: Path, canned: Path) -> Path:
    """The content that ships, with other canned replies."""
    data = tmp_path / "data"
    data.mkdir()
    for part in ("faq", "replies", "letters", "shop", "taxonomy.yml"):
        (data / part).symlink_to(PROJECT_ROOT / "data" / part)
    (data / "desk").mkdir()
    (data / "desk" / "canned").symlink_to(canned)
    return data


def test_the_canned_replies_that_ship_can_all_be_sent() -> None:
    library = real_renderer().library

    assert [finding for rule in CANNED_RULES for finding in rule(library)] == []
    assert len(library.canned) >= 20


def test_a_canned_reply_in_order_has_no_findings(findings: Check) -> None:
    assert findings(GOOD) == []


def test_a_shortcut_that_stands_twice_is_found_in_the_second_place(findings: Check) -> None:
    [finding] = findings(GOOD, GOOD)

    assert (finding.rule, finding.path.name, finding.line) == ("two-shortcuts", "1.yml", 3)
    assert "0.yml:3" in finding.message


@pytest.mark.parametrize("part", ["title", "text"])
def test_a_missing_language_is_found(findings: Check, part: str) -> None:
    lines = (
        GOOD.replace(", en: Hello}", "}") if part == "title" else GOOD.replace(', en: "Hello', ', fr: "Hello')
    )

    [finding] = findings(lines)

    assert (finding.rule, part in finding.message) == ("missing-translation", True)


@pytest.mark.parametrize(
    "gap", ["{{ agent.phone }}", "{{ order.total }}", "{{ customer.first_name }}", "{{ shop.nothing }}", "{{"]
)
def test_a_gap_that_is_not_always_filled_is_found(findings: Check, gap: str) -> None:
    found = findings(GOOD.replace("{{ agent.display_name }}", gap))

    assert {finding.rule for finding in found} == {"unknown-placeholder"}
    assert {finding.line for finding in found} == {5}


def test_a_gap_behind_a_question_may_be_empty(findings: Check) -> None:
    gap = "{% if customer %}{{ customer.first_name }}{% endif %}"

    assert findings(GOOD.replace("{{ agent.display_name }}", gap)) == []


def test_a_text_that_says_nothing_without_an_order_is_found(findings: Check) -> None:
    text = 'text: {nl: "{% if order %}{{ order.number }}{% endif %}", en: "Order"}'

    [finding] = findings("\n".join([*GOOD.splitlines()[:4], f"    {text}", ""]))

    assert finding.rule == "cannot-be-sent"


@pytest.mark.parametrize("shortcut", ["Hello", "1", "with space", "x" * 21])
def test_a_shortcut_is_a_short_word_in_small_letters(findings: Check, shortcut: str) -> None:
    with pytest.raises(ContentBrokenError, match="shortcut"):
        findings(GOOD.replace("shortcut: hello", f'shortcut: "{shortcut}"'))


def test_the_gaps_are_filled_with_what_is_known() -> None:
    renderer: Renderer = real_renderer()
    [hello] = [canned for canned in renderer.library.canned if canned.shortcut == "hello"]
    full, *_, bare = sample_facts()

    assert renderer.render_canned(hello, "nl", full).startswith("Hoi Sanne, ik ben Joris van Duin & Dal.")
    assert renderer.render_canned(hello, "en", bare).startswith("Hello, I'm Joris from Duin & Dal.")
