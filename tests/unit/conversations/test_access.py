"""Who may see what, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.conversations.access import HOLDS, Access, Level, decide_access, has_lapsed, level_of
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Conversation, Proof
from balie.kernel.ids import ConversationId

NUMBER = "DD1048213"
SHOWN_AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
DOCS = Path(__file__).resolve().parents[3] / "docs" / "personal-answers.md"


def conversation(
    customer_id: int | None,
    proof: Proof | None,
    order_number: str | None = None,
    proven_at: datetime | None = SHOWN_AT,
) -> Conversation:
    return Conversation(
        id=ConversationId(uuid4()),
        status=ConversationStatus.WITH_ASSISTANT,
        page_language=None,
        explicit_language=None,
        language=None,
        recent_languages=(),
        customer_id=customer_id,
        proof=proof,
        proven_order_number=order_number,
        proven_at=proven_at,
        last_sequence=0,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("customer_id", "proof", "order_number", "access"),
    [
        (None, None, None, None),
        (7, None, None, None),
        (None, Proof.SHOP_TOKEN, None, None),
        (7, Proof.SHOP_TOKEN, None, Access(7, Level.FRESH)),
        (7, Proof.EMAIL_CODE, None, Access(7, Level.FRESH)),
        (7, Proof.ORDER_EMAIL, NUMBER, Access(7, Level.CUSTOMER)),
        (7, Proof.ORDER_POSTCODE, NUMBER, Access(7, Level.ORDER, only_order=NUMBER)),
        (7, Proof.ORDER_POSTCODE, None, None),
    ],
)
def test_what_a_conversation_may_see_follows_from_its_proof(
    customer_id: int | None, proof: Proof | None, order_number: str | None, access: Access | None
) -> None:
    assert decide_access(conversation(customer_id, proof, order_number), now=SHOWN_AT) == access


@pytest.mark.parametrize(
    ("proof", "minutes", "level"),
    [
        (Proof.SHOP_TOKEN, 0, Level.FRESH),
        (Proof.SHOP_TOKEN, 29.9, Level.FRESH),
        (Proof.SHOP_TOKEN, 30, Level.CUSTOMER),
        (Proof.SHOP_TOKEN, 12 * 60 - 0.1, Level.CUSTOMER),
        (Proof.SHOP_TOKEN, 12 * 60, Level.NOBODY),
        (Proof.EMAIL_CODE, 14.9, Level.FRESH),
        (Proof.EMAIL_CODE, 15, Level.CUSTOMER),
        (Proof.EMAIL_CODE, 59.9, Level.CUSTOMER),
        (Proof.EMAIL_CODE, 60, Level.NOBODY),
        (Proof.ORDER_EMAIL, 0, Level.CUSTOMER),
        (Proof.ORDER_EMAIL, 59.9, Level.CUSTOMER),
        (Proof.ORDER_EMAIL, 60, Level.NOBODY),
        (Proof.ORDER_POSTCODE, 0, Level.ORDER),
        (Proof.ORDER_POSTCODE, 29.9, Level.ORDER),
        (Proof.ORDER_POSTCODE, 30, Level.NOBODY),
        # A clock that was put back makes nobody a stranger.
        (Proof.ORDER_POSTCODE, -5, Level.ORDER),
    ],
)
def test_every_proof_wears_off_from_when_it_was_shown(proof: Proof, minutes: float, level: Level) -> None:
    now = SHOWN_AT + timedelta(minutes=minutes)
    access = decide_access(conversation(7, proof, NUMBER), now=now)

    assert (Level.NOBODY if access is None else access.level) is level
    assert has_lapsed(conversation(7, proof, NUMBER), now=now) is (level is Level.NOBODY)


@pytest.mark.parametrize("proof", list(Proof))
def test_a_proof_of_which_nobody_knows_when_it_was_shown_opens_nothing(proof: Proof) -> None:
    unknown = conversation(7, proof, NUMBER, proven_at=None)

    assert decide_access(unknown, now=SHOWN_AT) is None
    assert has_lapsed(unknown, now=SHOWN_AT)


def test_whoever_never_showed_anything_has_nothing_that_lapsed() -> None:
    assert not has_lapsed(conversation(None, None, proven_at=None), now=SHOWN_AT)
    # The customer was erased.
    assert not has_lapsed(conversation(None, Proof.ORDER_EMAIL, NUMBER), now=SHOWN_AT)


def test_every_kind_of_proof_has_been_decided_about_and_only_ever_wears_off() -> None:
    assert set(HOLDS) == set(Proof)
    for holds in HOLDS.values():
        assert [hold.lasts for hold in holds] == sorted(hold.lasts for hold in holds)
        assert [hold.level for hold in holds] == sorted((hold.level for hold in holds), reverse=True)


@given(st.sampled_from(list(Proof)), st.timedeltas(), st.timedeltas())
def test_time_never_makes_anybody_better_known(proof: Proof, first: timedelta, second: timedelta) -> None:
    assert level_of(proof, max(first, second)) <= level_of(proof, min(first, second))


def test_the_documentation_names_every_duration() -> None:
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    for proof, holds in HOLDS.items():
        [row] = [row for row in rows if row.startswith(f"| `{proof.value}`")]
        for hold in holds:
            minutes = int(hold.lasts.total_seconds()) // 60
            told = f"{minutes // 60} h" if minutes > 60 else f"{minutes} min"
            assert f"{hold.level.name} for {told}" in row


def test_a_postcode_covers_its_order_however_it_is_written_and_nothing_else() -> None:
    access = Access(7, Level.ORDER, only_order=NUMBER)

    assert all(access.covers_order(written) for written in (NUMBER, "dd 1048213", "#1048213"))
    assert not access.covers_customer
    assert not access.covers_order("DD1048214")


@given(st.text())
def test_no_other_text_is_taken_for_the_one_order(written: str) -> None:
    digits = "".join(character for character in written if character.isdigit())

    access = Access(7, Level.ORDER, only_order=NUMBER)
    assert not access.covers_order(written) or digits == "1048213"
