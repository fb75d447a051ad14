"""Names, telephone numbers and e-mail addresses in sentences."""

from __future__ import annotations

import pytest

from actions.contacts import Contact, Field, find_contact, find_field
from actions.names import PersonName, find_name
from tests.support.content import real_renderer

SAID = [
    ("ik heet nu Anna de Boer", "Anna", "de Boer"),
    ("my surname is now O'Neill-Smith", None, "O'Neill-Smith"),
    ("wijzig mijn naam naar Jan Jansen", "Jan", "Jansen"),
    ("verander mijn achternaam van Jansen naar De Wit", None, "De Wit"),
    ("mijn naam moet Anna de Boer worden", "Anna", "de Boer"),
    ("ben getrouwd en heet nu Van den Berg, waar pas ik dat aan?", None, "Van den Berg"),
    ("ik heet geen Jansen maar Janssen", "Janssen", None),
    ("het moet Janssen zijn", "Janssen", None),
    ("mijn achternaam is nu 't Hart", None, "'t Hart"),
    ("mijn voornaam is Anne Sophie", "Anne Sophie", None),
    ("voornaam: Noor", "Noor", None),
    ("noem me voortaan Bo", "Bo", None),
    ("nieuwe naam Fleur Smit graag", "Fleur", "Smit"),
    ("maak er Sanne Visser van", "Sanne", "Visser"),
    ("mijn naam is jan van der berg", "Jan", "van der Berg"),
    ("please change my last name to Van Dyke", None, "Van Dyke"),
    ("it should be Emma Clarke-Jones please", "Emma", "Clarke-Jones"),
    ("my name is spelled Zoë Müller", "Zoë", "Müller"),
    ("call me Sam", "Sam", None),
    ("just married, my new name is Emma Stone", "Emma", "Stone"),
    ("我叫王小明", "王小明", None),
]
ASKED = [
    ("Anna de Boer", "Anna", "de Boer"),
    ("anna de boer", "Anna", "de Boer"),
    ("doe maar Ben de Vries", "Ben", "de Vries"),
    ("Wil de Boer", "Wil", "de Boer"),
    ("de Wit", None, "de Wit"),
    ("O'Neill", "O'Neill", None),
    ("Jean-Pierre Dupont", "Jean-Pierre", "Dupont"),
    ("I'm Catherine with a C not a K", "Catherine", None),
    ("change it from Smith to Smyth", "Smyth", None),
    ("王小明", "王小明", None),
]
NO_NAMES = [
    "dat weet ik niet",
    "weet ik nog niet",
    "geen idee",
    "nee laat maar",
    "hoe lang duurt dat",
    "ik wil iets terugsturen",
    "mijn naam is veranderd",
    "mijn naam klopt niet meer",
    "mijn naam staat verkeerd geschreven bij jullie",
    "voornaam en achternaam omgedraaid, hoe zet ik dat recht",
    "sinds mijn scheiding gebruik ik weer mijn eigen achternaam",
    "er staat nog meneer bij mij, dat moet mevrouw zijn",
    "bel me maar op 0612345678",
    "jan@voorbeeld.example",
    "Anna123",
    "I don't know",
    "not sure",
    "hello there",
    "my name has changed",
    "there's a letter missing from my surname",
    "first and last name are the wrong way round",
    "it says Mr, should be Mrs",
    "",
    "???",
]


@pytest.mark.parametrize(("text", "first", "last"), SAID)
@pytest.mark.parametrize("is_asked", [True, False])
def test_a_name_is_read_where_a_sentence_says_that_it_is_one(
    text: str, first: str | None, last: str | None, *, is_asked: bool
) -> None:
    assert find_name(text, is_asked=is_asked) == PersonName(first, last)


@pytest.mark.parametrize(("text", "first", "last"), ASKED)
def test_a_bare_name_counts_only_when_it_was_asked_for(
    text: str, first: str | None, last: str | None
) -> None:
    assert find_name(text, is_asked=True) == PersonName(first, last)
    assert find_name(text, is_asked=False) is None


@pytest.mark.parametrize("text", NO_NAMES)
def test_a_sentence_is_no_name(text: str) -> None:
    assert find_name(text, is_asked=True) is None
    assert find_name(text, is_asked=False) is None


def test_hardly_anything_that_customers_ask_is_taken_for_a_name() -> None:
    articles = real_renderer().library.articles.values()
    asked = [
        text
        for article in articles
        if article.intent != "edit_account"
        for texts in article.examples.values()
        for text in texts
        if len(text.split()) > 2
    ]

    taken = [text for text in asked if find_name(text, is_asked=True) is not None]

    assert len(taken) < 0.02 * len(asked), taken


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("mijn nummer is nu 06 12 34 56 78", "NL", "+31612345678"),
        ("06-12345678", "NL", "+31612345678"),
        ("0478 12 34 56", "BE", "+32478123456"),
        ("+32 478 12 34 56", "NL", "+32478123456"),
        ("van 0611111111 naar 0612345678", "NL", "+31612345678"),
        ("0612345678 in plaats van 0611111111", "NL", "+31612345678"),
        ("my number is now +44 20 7946 0000 instead of 0611111111", "NL", "+442079460000"),
        ("0611111111 of 0622222222", "NL", None),
        ("bestelling DD1048213", "NL", None),
        ("0612", "NL", None),
        ("dat weet ik niet", "NL", None),
    ],
)
def test_the_new_number_is_meant(text: str, country: str, phone: str | None) -> None:
    found = find_contact(Field.PHONE, text, country=country)

    assert found == (None if phone is None else Contact(phone=phone))


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("mail naar Jan@Voorbeeld.example.", "jan@voorbeeld.example"),
        ("van a@oud.example naar b@nieuw.example", "b@nieuw.example"),
        ("b@nieuw.example instead of a@oud.example", "b@nieuw.example"),
        ("change it from a@oud.example to b@nieuw.example", "b@nieuw.example"),
        ("jan bij voorbeeld", None),
    ],
)
def test_the_new_address_is_meant(text: str, email: str | None) -> None:
    found = find_contact(Field.EMAIL, text, country="NL")

    assert found == (None if email is None else Contact(email=email))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("gebruik voortaan jan@voorbeeld.example", Field.EMAIL),
        ("je bereikt me op 06 12345678", Field.PHONE),
        ("ik heet nu Anna", None),
    ],
)
def test_what_stands_in_a_sentence_tells_which_field_it_is_about(text: str, field: Field | None) -> None:
    assert find_field(text, country="NL") is field
