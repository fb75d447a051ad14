"""Who may see what."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.assistant.access import Access, decide_access
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Conversation, Proof
from balie.kernel.ids import ConversationId

NUMBER = "DD1048213"


def conversation(
    customer_id: int | None, proof: Proof | None, order_number: str | None = None
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
        last_sequence=0,
        created_at=datetime(2026, 11, 3, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("customer_id", "proof", "order_number", "access"),
    [
        (None, None, None, None),
        (7, None, None, None),
        (None, Proof.SHOP_TOKEN, None, None),
        (7, Proof.SHOP_TOKEN, None, Access(7)),
        (7, Proof.ORDER_EMAIL, NUMBER, Access(7)),
        (7, Proof.ORDER_POSTCODE, NUMBER, Access(7, only_order=NUMBER)),
        (7, Proof.ORDER_POSTCODE, None, None),
    ],
)
def test_what_a_conversation_may_see_follows_from_its_proof(
    customer_id: int | None, proof: Proof | None, order_number: str | None, access: Access | None
) -> None:
    assert decide_access(conversation(customer_id, proof, order_number)) == access


def test_every_kind_of_proof_has_been_decided_about() -> None:
    assert all(decide_access(conversation(7, proof, NUMBER)) is not None for proof in Proof)


def test_a_postcode_covers_its_order_however_it_is_written_and_nothing_else() -> None:
    access = Access(7, only_order=NUMBER)

    assert all(access.covers_order(written) for written in (NUMBER, "dd 1048213", "#1048213"))
    assert not access.covers_customer
    assert not access.covers_order("DD1048214")


@given(st.text())
def test_no_other_text_is_taken_for_the_one_order(written: str) -> None:
    digits = "".join(character for character in written if character.isdigit())

    assert not Access(7, only_order=NUMBER).covers_order(written) or digits == "1048213"
