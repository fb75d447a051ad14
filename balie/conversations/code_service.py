"""Who reads the customer's mail is the customer: sends a code there, and checks what is typed."""

from __future__ import annotations

from typing import Final

from balie.conversations.code_repository import CodeRepository, CountedTry, NewCode
from balie.conversations.codes import (
    ADDRESS_WINDOW,
    CODE_LASTS,
    CONVERSATION_WINDOW,
    TRIES_PER_CODE,
    Addressee,
    CodeAccepted,
    CodeChecked,
    CodeMaker,
    CodeRefused,
    CodeRequested,
    CodeSeal,
    NoCode,
    make_code,
    may_request,
)
from balie.conversations.errors import CodesLimitedError, ConversationNotFoundError
from balie.conversations.steps import Shown
from balie.conversations.views import Proof
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.outbox.letters import Letter, PostBell
from balie.outbox.repository import OutboxRepository
from balie.storage.unit_of_work import Session, UnitOfWork

LETTER: Final = "letter_one_time_code"


class CodeService:
    """Makes one-time codes and checks them.

    An address that nobody has is treated as any other but for the letter: the same rows, the same limits, the
    same answers. So nobody learns here who is a customer.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        secret: str,
        *,
        post_bell: PostBell,
        clock: Clock = utc_now,
        codes: CodeMaker = make_code,
    ) -> None:
        """Build the service.

        Args:
            unit_of_work: The store.
            secret: The service's own; codes are stored sealed with it.
            post_bell: Wakes whoever sends letters.
            clock: The present moment.
            codes: Makes the codes.
        """
        self._unit_of_work = unit_of_work
        self._seal = CodeSeal(secret)
        self._post_bell = post_bell
        self._clock = clock
        self._codes = codes

    async def request_code(
        self, conversation_id: ConversationId, *, customer: Addressee | None, recipient: str
    ) -> CodeRequested:
        """Make a code, and promise the letter that brings it; older codes of the conversation are void.

        Args:
            conversation_id: Where it may be typed.
            customer: Whose mailbox it is; None when nobody's: then no letter is written.
            recipient: The normalised address that was asked for.

        Raises:
            ConversationNotFoundError: No such conversation.
            CodesLimitedError: Too many codes for this conversation or this address; nothing was made.
        """
        async with self._unit_of_work.write() as session:
            requested = await self._make_code(session, conversation_id, customer, recipient)
        self._post_bell.ring()
        return requested

    async def check_code(self, conversation_id: ConversationId, typed: str) -> CodeChecked:
        """Try a code in a conversation; when it is right, the conversation's customer is known from then on.

        The try is counted, and that is committed, before anything is compared: a hundred at once are a
        hundred tries.

        Args:
            conversation_id: Where it was typed.
            typed: Six digits (:func:`balie.conversations.codes.read_code`).
        """
        now = self._clock()
        async with self._unit_of_work.write() as session:
            counted = await CodeRepository(session).count_try(conversation_id, now=now, most=TRIES_PER_CODE)
        if counted is None:
            return NoCode()
        is_right = self._seal.fits(conversation_id, typed, counted.code_digest)
        if counted.customer_id is None or not is_right:
            return CodeRefused(TRIES_PER_CODE - counted.tries)
        return await self._use(conversation_id, counted, Shown(counted.customer_id, Proof.EMAIL_CODE, now))

    async def _make_code(
        self, session: Session, conversation_id: ConversationId, customer: Addressee | None, recipient: str
    ) -> CodeRequested:
        repository, now = CodeRepository(session), self._clock()
        address = self._seal.of_address(recipient)
        if not await repository.lock_conversation(conversation_id):
            raise ConversationNotFoundError
        if not may_request(
            asked_here=await repository.count_here(conversation_id, since=now - CONVERSATION_WINDOW),
            asked_for_address=await repository.count_for_address(address, since=now - ADDRESS_WINDOW),
        ):
            raise CodesLimitedError(conversation_id)
        code = self._codes()
        made = NewCode(
            conversation_id=conversation_id,
            customer_id=None if customer is None else customer.customer_id,
            address_digest=address,
            code_digest=self._seal.of_code(conversation_id, code),
            created_at=now,
            expires_at=now + CODE_LASTS,
        )
        code_id = await repository.insert_code(made)
        await repository.forget_before(now - ADDRESS_WINDOW)
        if customer is not None:
            key = f"code:{code_id}"
            await OutboxRepository(session).put(_letter(customer, code), key=key, at=now)
        return CodeRequested(made.expires_at)

    async def _use(
        self, conversation_id: ConversationId, counted: CountedTry, shown: Shown
    ) -> CodeAccepted | NoCode:
        async with self._unit_of_work.write() as session:
            repository = CodeRepository(session)
            if not await repository.use_code(counted.code_id, at=shown.at):
                return NoCode()  # the same code was typed twice at once, and the other one came first
            await repository.recognise(conversation_id, shown)
        return CodeAccepted(shown.customer_id)


def _letter(customer: Addressee, code: str) -> Letter:
    return Letter(
        name=LETTER,
        recipient=customer.email,
        language=customer.language,
        facts={"code": code, "minutes": int(CODE_LASTS.total_seconds()) // 60},
        customer_id=customer.customer_id,
    )
