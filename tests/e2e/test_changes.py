"""A customer changes something in the chat: shown first, done after a yes, and only then."""

import re
from collections.abc import Callable

import pytest

from tests.e2e.service import RunningBalie
from tests.e2e.widget import Widget

Chat = Callable[..., Widget]


WORDS = {
    "nl": {
        "wish": "Ik wil mijn bestelling annuleren",
        "question": "Zal ik bestelling",
        "digression": "Kan ik met iDEAL betalen?",
        "no": "nee",
        "kept": "blijft staan",
        "yes": "ja graag",
        "done": "is geannuleerd",
    },
    "en": {
        "wish": "I want to cancel my order",
        "question": "Shall I cancel order",
        "digression": "How long does delivery take?",
        "no": "no",
        "kept": "stays as it is",
        "yes": "yes please",
        "done": "is cancelled",
    },
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_stranger_cancels_after_showing_whose_order_it_is_a_digression_and_a_change_of_mind(
    chat: Chat, balie: RunningBalie, language: str
) -> None:
    words, order, widget = WORDS[language], balie.find_order_to_cancel(), chat(language)
    question = re.compile(f"{words['question']} {order.number}")

    widget.ask(words["wish"])
    widget.ask(order.number)
    widget.ask(order.email, question)
    widget.ask(words["digression"], order.number)
    widget.ask(words["no"], words["kept"])
    assert not balie.is_cancelled(order.number)

    widget.ask(f"{words['wish']} {order.number}", question)
    widget.ask(words["yes"], words["done"])

    assert balie.is_cancelled(order.number)
