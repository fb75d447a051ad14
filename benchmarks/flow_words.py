"""How the assistant puts its questions, and how simulated customers answer them in words."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from balie.content.render import Renderer
from benchmarks.servers import ROOT

WISHES: Final[Mapping[str, Mapping[str, list[str]]]] = yaml.safe_load(
    (ROOT / "benchmarks" / "data" / "flow_wishes.yml").read_text("utf-8")
)
MISTYPES: Final = 0.15


def _any_of(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


ASKS_YES: Final = _any_of("Zal ik ", "Shall I ")
RECALLS: Final = _any_of(
    r"Zal ik [^?]*\bnog\b", "heb ik nog niet doorgegeven", "Shall I still ", "haven't passed on"
)
"""A question for a yes that does not show everything again."""
ASKS_NUMBER: Final = _any_of(
    r"bestelnummer[^.]*\?", r"order number[^.]*\?", "geef me dan je bestelnummer", "give me your order number"
)
ASKS_EMAIL: Final = _any_of(
    r"e-mailadres[^.]*\?",
    r"e-mail address[^.]*\?",
    "e-mailadres nodig",
    "e-mailadres .*nodig",
    "need the e-mail address",
)
ASKS_CODE: Final = _any_of("zes cijfers", "six-digit", "six digits")
ASKS_ADDRESS: Final = _any_of(
    "straat, huisnummer", "street, number", "Schrijf het zo: Dorps", "like this: Dorps"
)
ASKS_VARIANT: Final = _any_of("Dit is er nu:", "This is available now:")
ASKS_PRODUCT: Final = _any_of(
    "edoel je een van deze", "you mean one of these", r"in je mandje leggen\?", r"put in your basket\?"
)
ASKS_SIZE: Final = _any_of("elke maat", "hich size")
ASKS_COLOUR: Final = _any_of("welke kleur", "which colour")
ASKS_STORY: Final = _any_of("at is er mis", "hat is wrong", "at is er gebeurd", "hat happened")
ASKS_PHONE: Final = _any_of(
    "nieuwe telefoonnummer", "new phone number", "telefoonnummer in lezen", "number in that"
)
IS_LOST: Final = _any_of("niet goed mee helpen", "not something I can help", "weet niet zeker", "not sure")
IS_MAILED: Final = _any_of("is op weg naar", "is on its way to")
SAYS_TOO_LATE: Final = _any_of(
    "annuleren kan niet meer",
    "annuleren kan ik hem niet meer",
    "can't be cancelled any more",
    "can't cancel it any more",
    r"terug te sturen is voorbij",
    r"to send something back from order \w+ is over",
    "Melden als beschadigd kon",
    "De tijd om dit te melden is voorbij",
    "could be reported as damaged until",
    "time to report this is over",
)
NUMBERS: Final = re.compile(r"\bDD\d{7}\b")


class Titles:
    """What buttons say in one language."""

    def __init__(self, renderer: Renderer, language: str) -> None:
        self._renderer, self._language = renderer, language
        plain = {
            name: self.of(name)
            for name, reply in renderer.library.replies.items()
            if name.startswith(("title_confirm_", "title_decline_")) and not reply.sample[0]
        }
        self.confirming = frozenset(text for name, text in plain.items() if name.startswith("title_confirm_"))
        self.declining = frozenset(plain.values()) - self.confirming
        self.of_articles = {renderer.title_of(intent, language) for intent in renderer.library.articles}

    def of(self, name: str, **facts: Any) -> str:
        """The title of this name."""
        return self._renderer.render(name, self._language, facts).text


def mistyped(text: str, chance: random.Random) -> str:
    """The text, now and then with two letters of a longer word the wrong way round."""
    words = list(re.finditer(r"[a-z]{6,}", text))
    if not words or chance.random() > MISTYPES:
        return text
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def written_address(address: tuple[str, str, str, str]) -> str:
    """An address as it is typed."""
    street, number, postcode, city = address
    return f"{street} {number}, {postcode[:4]} {postcode[4:]} {city}"


def written_phone(phone: str, chance: random.Random) -> str:
    """A Dutch mobile number as people write it: with or without the country, in groups or not.

    Args:
        phone: In its international form.
        chance: Decides how.
    """
    digits = phone.removeprefix("+316")
    pairs = " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    return chance.choice((f"06{digits}", f"06-{digits}", f"06 {pairs}", f"+31 6 {pairs}", phone))
