"""One customer for every errand: what they type, what they are shown, what is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from balie.audit.models import AuditEntryRow
from balie.orders.demo.personas import DAVID, EMMA, NOOR, SANNE, DemoCustomer
from balie.outbox.models import OutboxLetterRow
from tests.support.counter import Answer, Customer, Shop

NEW_EMAIL, NEW_PHONE, NEW_NAME = "nieuw.adres@voorbeeld.example", "06 55 12 34 56", "Roosmarijn van Loon"
STREET = "Zonnebloemstraat"


@dataclass(frozen=True, slots=True)
class Errand:
    """A conversation that leads to an offer.

    Attributes:
        first: What begins it.
        answers: What is typed then, until the offer is shown.
        says: What the offer names.
        private: What Rasa must never see of it.
    """

    intent: str
    language: str
    first: str
    answers: tuple[str, ...] = ()
    persona: DemoCustomer = SANNE
    says: str = ""
    private: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.intent}-{self.language}"


ERRANDS = (
    Errand(
        "complaint", "nl", "ik wil een klacht indienen",
        ("de bezorger gooide mijn pakket over de schutting en lachte me uit",),
        says="donderdag 5 november",
    ),
    Errand(
        "complaint", "en", "I want to make a complaint",
        ("your driver threw my parcel over the fence and laughed at me",), EMMA,
        says="Thursday 5 November",
    ),
    Errand(
        "price_match", "nl", "de Fjellvik Varen koepeltent is elders goedkoper",
        ("bij Kampeerhuis kost hij 30 euro minder",), says="Fjellvik Varen koepeltent",
    ),
    Errand(
        "price_match", "en", "the Fjellvik Varen dome tent is cheaper elsewhere",
        ("it is 30 euros less at Camping House",), EMMA, says="Fjellvik Varen dome tent",
    ),
    Errand("data_privacy", "nl", "ik wil inzage in mijn gegevens", says="3 december"),
    Errand("data_privacy", "en", "please erase all the data you hold on me", (), EMMA, says="7 years"),
    Errand("newsletter_subscription", "nl", "meld me aan voor de nieuwsbrief", says="mail met een link"),
    Errand(
        "newsletter_subscription", "en", "sign me up for the newsletter", (), EMMA, says="a mail with a link"
    ),
    Errand(
        "back_in_stock_alert", "nl", "mail me als de Duinroos Haven regenjas dames er weer is",
        ("XXL", "zwart"), says="maat XXL, zwart",
    ),
    Errand(
        "back_in_stock_alert", "en", "tell me when the Duinroos Haven rain jacket is back",
        ("the women's one", "XXL", "the black one"), EMMA, says="size XXL, black",
    ),
    Errand(
        "review", "nl", "ik wil een review schrijven over de wandelschoenen",
        ("4", "Heerlijke schoenen, ze lopen als pantoffels"), NOOR, says="**4 sterren**",
    ),
    Errand(
        "review", "en", "I'd like to review the hiking boots",
        ("four stars", "Lovely boots, they feel like slippers"), NOOR, says="**4 stars**",
    ),
    Errand(
        "click_and_collect", "nl", "ik haal de Duinroos Haven regenjas dames liever op in Utrecht",
        ("maat M", "zwart"), says="**Duin & Dal Utrecht**",
    ),
    Errand(
        "click_and_collect", "en", "I'd like to collect the Duinroos Haven rain trousers in Amersfoort",
        ("size M",), EMMA, says="**Duin & Dal Amersfoort**",
    ),
    Errand(
        "edit_account", "nl", "ik wil mijn telefoonnummer wijzigen", (NEW_PHONE,), says="+31655123456",
        private=("655123456",),
    ),
    Errand(
        "edit_account", "en", "change my name", (NEW_NAME,), EMMA, says=NEW_NAME,
        private=(NEW_NAME, "Roosmarijn"),
    ),
    Errand(
        "set_up_shipping_address", "nl", "nieuw adres opslaan", (f"{STREET} 12, 3512 AB Utrecht",),
        says=f"**{STREET} 12**", private=(STREET,),
    ),
    Errand(
        "set_up_shipping_address", "en", "add a delivery address", (f"{STREET} 12, 3512 AB Utrecht",), EMMA,
        says=f"**{STREET} 12**", private=(STREET,),
    ),
    Errand("switch_account", "nl", "account omzetten naar zakelijk", says="zakelijk account"),
    Errand(
        "switch_account", "en", "change my account from personal to business", (), EMMA,
        says="business account",
    ),
    Errand("delete_account", "nl", "hef mijn account op", (), NOOR, says="**3 december 2026**"),
    Errand("delete_account", "en", "delete my account", (), NOOR, says="**3 December 2026**"),
    Errand(
        "create_account", "nl", f"maak een account voor {NEW_EMAIL}", says="n•••@voorbeeld.example",
        private=("nieuw.adres",),
    ),
    Errand(
        "create_account", "en", f"make me an account with {NEW_EMAIL}", says="n•••@voorbeeld.example",
        private=("nieuw.adres",),
    ),
    Errand(
        "recover_password", "nl", "wachtwoord vergeten", (DAVID.email,), says="d•••@voorbeeld.example",
        private=("david",),
    ),
    Errand(
        "recover_password", "en", "forgot my password", (DAVID.email,), says="d•••@voorbeeld.example",
        private=("david",),
    ),
)  # fmt: skip


async def brought_to_the_offer(shop: Shop, errand: Errand) -> tuple[Customer, Answer]:
    """The customer of an errand, and what they are shown."""
    customer = await shop.known(errand.persona, errand.language)
    shown = await customer.wants(errand.intent, errand.first)
    for answer in errand.answers:
        shown = await customer.says(answer)
    assert shown.responses == [f"utter_confirm_{errand.intent}"], shown.text
    return customer, shown


async def count_audits(shop: Shop) -> int:
    async with shop.unit_of_work.read() as session:
        return await session.scalar(select(func.count()).select_from(AuditEntryRow)) or 0


async def letters_of(shop: Shop) -> list[tuple[str, str]]:
    """Names and recipients of the letters that were promised."""
    async with shop.unit_of_work.read() as session:
        query = select(OutboxLetterRow.letter, OutboxLetterRow.recipient).order_by(OutboxLetterRow.id)
        return [(letter, recipient) for letter, recipient in await session.execute(query)]
