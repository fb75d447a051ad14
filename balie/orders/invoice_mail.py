"""Sends an invoice to the address that the store knows, once per turn that asks for it."""

from __future__ import annotations

from balie.audit.repository import AuditRepository, Entry
from balie.audit.turns import Turn
from balie.customers.masking import mask_email
from balie.customers.repository import CustomerRepository
from balie.kernel.clock import Clock, utc_now
from balie.orders.errors import InvoiceNotFoundError
from balie.orders.repository import OrderRepository
from balie.outbox.letters import Letter, Paper, PostBell
from balie.outbox.repository import OutboxRepository
from balie.storage.unit_of_work import UnitOfWork

MAIL_INVOICE = "mail_invoice"
"""The undertaking, for keys and audit."""


class InvoiceMail:
    """Puts invoices into the outbox."""

    def __init__(self, unit_of_work: UnitOfWork, post: PostBell, *, clock: Clock = utc_now) -> None:
        """Build it; ``post`` is rung when there is something to send."""
        self._unit_of_work = unit_of_work
        self._post = post
        self._clock = clock

    async def send(self, customer_id: int, invoice_number: str, order_number: str, *, turn: Turn) -> str:
        """Mail an invoice; the same turn again mails nothing and answers the same.

        Args:
            customer_id: Whose invoice it is.
            invoice_number: Of the invoice or credit note.
            order_number: Of its order.
            turn: The turn that asks for it: the key.

        Returns:
            The address that it goes to, shown in part.

        Raises:
            InvoiceNotFoundError: There is none, or it is somebody else's.
            ChangeKeyTakenError: The turn has asked for another customer's.
        """
        now = self._clock()
        async with self._unit_of_work.write() as session:
            audit = AuditRepository(session)
            if not await audit.claim(turn, MAIL_INVOICE, customer_id, now):
                said = await audit.get_outcome(turn, MAIL_INVOICE, customer_id)
                return str(said["sent_to"])
            order = await OrderRepository(session).find_by_number((order_number,))
            customer = await CustomerRepository(session).find_by_id(customer_id)
            if order is None or order.customer_id != customer_id or customer is None:
                raise InvoiceNotFoundError(order_number)
            letter = Letter(
                name="letter_invoice",
                recipient=customer.email,
                language=customer.language,
                facts={"number": invoice_number, "order_number": order.number},
                papers=(Paper("invoice", invoice_number),),
                customer_id=customer.id,
            )
            key = f"invoice:{turn.conversation_id.hex}:{turn.message_id.hex}"
            await OutboxRepository(session).put(letter, key=key, at=now)
            shown = mask_email(customer.email)
            await audit.record_outcome(turn, MAIL_INVOICE, {"sent_to": shown})
            entry = Entry(
                undertaking=MAIL_INVOICE,
                customer_id=customer_id,
                order_id=order.id,
                after={"invoice": invoice_number},
            )
            audit.record(turn, entry, now)
        self._post.ring()
        return shown
