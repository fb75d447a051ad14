from __future__ import annotations

import pytest

from balie.advice.page_links import link_with_key


def test_the_key_stands_behind_what_the_address_asks_already() -> None:
    link = link_with_key("https://shop.example/tent?size=2#facts", "0a1b")

    assert link == "https://shop.example/tent?size=2&balie=0a1b#facts"


@pytest.mark.parametrize("stored", ["https://[x", "https://exa℀mple.com/"])
def test_a_stored_address_that_is_none_makes_no_link(stored: str) -> None:
    assert link_with_key(stored, "0a1b") is None
