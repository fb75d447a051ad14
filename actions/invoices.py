"""What an invoice says, and the invoice itself."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.answers import say
from actions.documents import Documents
from actions.look_up import PersonalLookUp
from actions.reading import (
    DETAIL,
    ORDER_NUMBER,
    conversation_id_of,
    message_id_of,
    named_in_message,
    order_mention,
    typed_text,
)
from actions.records import Records, RecordsOffice
from actions.today import Today
from actions.typed_answers import AnswerReader
from balie.assistant.redaction import EMAIL_WORD
from balie.assistant.speech import APOLOGY, Choice
from balie.audit.turns import Turn
from balie.orders.errors import InvoiceNotFoundError, OrderNotFoundError
from balie.orders.status import PaymentState
from balie.orders.views import InvoiceView

MAIL: Final = "mail"
"""What the button means that has an invoice mailed, and words that ask for the same."""
_HOW: Final = "paper"
"""Of ``data/shop/answers.yml``: how a paper is wanted."""


class ActionCheckInvoice(PersonalLookUp):
    """Tells the amount, tax and payment of the invoice of the order that was named, or of the newest."""

    task = "check_invoice"

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """See :class:`PersonalLookUp`."""
        invoice = await _find_invoice(dispatcher, tracker, records)
        if not isinstance(invoice, InvoiceView):
            return invoice
        reply = "utter_invoice_paid" if invoice.payment_state is PaymentState.PAID else "utter_invoice_due"
        say(dispatcher, reply, today=self._today(), **_describe(invoice))
        return invoice.order_number


class ActionGetInvoice(PersonalLookUp):
    """Hands out the invoice of the order that was named, or the newest: a link that expires, or a letter."""

    task = "get_invoice"
    explains_first = True

    def __init__(
        self, office: RecordsOffice, documents: Documents, reader: AnswerReader, *, today: Today
    ) -> None:
        super().__init__(office, today=today)
        self._documents = documents
        self._reader = reader

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """See :class:`PersonalLookUp`."""
        invoice = await _find_invoice(dispatcher, tracker, records)
        if not isinstance(invoice, InvoiceView):
            return invoice
        if self._is_to_be_mailed(tracker):
            await self._mail(invoice, records, dispatcher, tracker)
            return invoice.order_number
        slots = {ORDER_NUMBER: invoice.order_number, DETAIL: MAIL}
        by_mail = Choice(intent=self.task, slots=slots, title="title_invoice_by_mail")
        choices = [*self._documents.for_invoice(invoice.number), by_mail]
        say(dispatcher, "utter_invoice_ready", choices=choices, **_describe(invoice))
        return invoice.order_number

    def _is_to_be_mailed(self, tracker: Tracker) -> bool:
        """Whether it was pressed, or said where it is certain which invoice, and to which address."""
        text = typed_text(tracker)
        if not text:
            return named_in_message(tracker, DETAIL) == MAIL
        is_certain = order_mention(tracker).number is not None and EMAIL_WORD not in text
        return is_certain and not self._reader.is_question(text) and self._reader.find(_HOW, text) == MAIL

    async def _mail(
        self, invoice: InvoiceView, records: Records, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> None:
        conversation_id, message_id = conversation_id_of(tracker), message_id_of(tracker)
        if conversation_id is None or message_id is None:
            say(dispatcher, APOLOGY)
            return
        turn = Turn(conversation_id=conversation_id, message_id=message_id)
        sent_to = await records.mail_invoice(invoice, turn=turn)
        say(dispatcher, "utter_invoice_mailed", sent_to=sent_to, **_describe(invoice))


async def _find_invoice(
    dispatcher: CollectingDispatcher, tracker: Tracker, records: Records
) -> InvoiceView | str | None:
    """The invoice that is meant; else, after saying why there is none, the order that it was about."""
    number = order_mention(tracker).number
    try:
        return await records.get_invoice(number)
    except OrderNotFoundError:
        say(dispatcher, "utter_order_not_found", number=number)
        return None
    except InvoiceNotFoundError as error:
        say(dispatcher, "utter_invoice_not_yet", number=error.order_number)
        return error.order_number


def _describe(invoice: InvoiceView) -> dict[str, Any]:
    return {
        "invoice_number": invoice.number,
        "number": invoice.order_number,
        "total": invoice.total,
        "tax": invoice.tax,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "paid_on": invoice.paid_on,
        "method": invoice.payment_method,
    }
