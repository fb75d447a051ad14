"""Signed tokens: ours for browsers and for agents, and the shop's, by which it vouches for a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import jwt

from balie.errands.kinds import LinkPurpose
from balie.errands.links import LinkUsed
from balie.gateway.errors import (
    AgentTokenInvalidError,
    CustomerTokenInvalidError,
    LinkInvalidError,
    TokenInvalidError,
)
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId

ALGORITHM: Final = "HS256"
VISITOR_AUDIENCE: Final = "balie-visitor"
CUSTOMER_AUDIENCE: Final = "balie"
AGENT_AUDIENCE: Final = "balie-agent"
LABEL_AUDIENCE: Final = "balie-label"
INVOICE_AUDIENCE: Final = "balie-invoice"
ACCOUNT_LINK_AUDIENCE: Final = "balie-link"
ACCOUNT_CODE_AUDIENCE: Final = "balie-account"
DOCUMENTS_PATH: Final = "/api/v1/documents"
LABEL_PATH: Final = f"{DOCUMENTS_PATH}/labels"
INVOICE_PATH: Final = f"{DOCUMENTS_PATH}/invoices"
ACCOUNT_LINKS_PATH: Final = "/l"
ACCOUNT_CODE_LIFETIME: Final = timedelta(minutes=15)
"""As long as it takes to get to the shop's page and to choose a password there."""
LONGEST_CUSTOMER_TOKEN: Final = timedelta(hours=1)
CLOCK_SKEW: Final = timedelta(seconds=60)
"""How far the shop's clock may be from ours."""
LONGEST_EXTERNAL_ID: Final = 64


class VisitorTokens:
    """Tokens that open exactly one conversation."""

    def __init__(self, secret: str, *, lifetime: timedelta, clock: Clock = utc_now) -> None:
        self._secret = secret
        self._lifetime = lifetime
        self._clock = clock

    def issue(self, conversation_id: ConversationId) -> str:
        """A token for this conversation, valid from now for the whole lifetime."""
        expires_at = self._clock() + self._lifetime
        return _signed(str(conversation_id), self._secret, VISITOR_AUDIENCE, expires_at)

    def read(self, token: str) -> ConversationId:
        """The conversation that a token opens.

        Raises:
            TokenInvalidError: Not one of ours, or expired.
        """
        try:
            claims = _verified(token, self._secret, VISITOR_AUDIENCE)
            _check_expiry(claims["exp"], self._clock(), leeway=timedelta())
            return ConversationId(UUID(claims["sub"]))
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenInvalidError from error


class CustomerTokens:
    """Tokens that the shop signs for a customer who is logged in there."""

    def __init__(self, shop_secret: str, *, clock: Clock = utc_now) -> None:
        self._secret = shop_secret
        self._clock = clock

    def read(self, token: str) -> str:
        """The shop's own number of the customer.

        Raises:
            CustomerTokenInvalidError: Not signed by the shop, expired, or valid for more than an hour.
        """
        try:
            claims = _verified(token, self._secret, CUSTOMER_AUDIENCE)
            now = self._clock()
            _check_expiry(claims["exp"], now, leeway=CLOCK_SKEW)
            _check_not_before_long(claims["exp"], now)
            return _external_id(claims["sub"])
        except (jwt.PyJWTError, ValueError) as error:
            raise CustomerTokenInvalidError from error

    def issue(self, external_id: str) -> str:
        """What the shop's own server does; here for the demo shop and for tests."""
        expires_at = self._clock() + timedelta(minutes=15)
        return _signed(external_id, self._secret, CUSTOMER_AUDIENCE, expires_at)


class AgentTokens:
    """Tokens that let an agent read conversations, with how customers feel in them."""

    def __init__(self, secret: str, *, clock: Clock = utc_now) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, agent: str, *, lifetime: timedelta) -> str:
        """A token for an agent of this name, valid from now for a lifetime."""
        return _signed(agent, self._secret, AGENT_AUDIENCE, self._clock() + lifetime)

    def read(self, token: str) -> str:
        """The name of the agent.

        Raises:
            AgentTokenInvalidError: Not one of ours, or expired.
        """
        try:
            claims = _verified(token, self._secret, AGENT_AUDIENCE)
            _check_expiry(claims["exp"], self._clock(), leeway=timedelta())
            return _external_id(claims["sub"])
        except (jwt.PyJWTError, ValueError) as error:
            raise AgentTokenInvalidError from error


@dataclass(frozen=True, slots=True)
class SignedLink:
    """What stands in the token of a mailed link.

    Attributes:
        language: Of the letter that it stood in.
    """

    link_id: UUID
    language: str


class AccountLinks:
    """Links that are mailed: whoever has one may use it, once, for a while."""

    def __init__(self, secret: str, public_url: str, *, lifetime: timedelta, clock: Clock = utc_now) -> None:
        self._secret = secret
        self._public_url = public_url
        self._lifetime = lifetime
        self._clock = clock

    def url(self, link_id: UUID, purpose: LinkPurpose, language: str) -> str:
        """Where the link leads, as a whole address."""
        claims = {"purpose": purpose.value, "lang": language}
        expires_at = self._clock() + self._lifetime
        token = _signed(str(link_id), self._secret, ACCOUNT_LINK_AUDIENCE, expires_at, claims)
        return f"{self._public_url}{ACCOUNT_LINKS_PATH}/{token}"

    def read(self, token: str) -> SignedLink:
        """What a link stands for. Whether it is too late for it, the store says too.

        Raises:
            LinkInvalidError: Not one of ours.
        """
        try:
            claims = _verified(token, self._secret, ACCOUNT_LINK_AUDIENCE)
            return SignedLink(UUID(claims["sub"]), _external_id(claims.get("lang")))
        except (jwt.PyJWTError, ValueError) as error:
            raise LinkInvalidError from error


class AccountCodes:
    """Codes by which the shop's own pages learn that somebody used a mailed link: our word to the shop."""

    def __init__(self, shop_secret: str, *, clock: Clock = utc_now) -> None:
        self._secret = shop_secret
        self._clock = clock

    def issue(self, link_id: UUID, used: LinkUsed) -> str:
        """A code for the shop; docs/api.md says how it is checked there."""
        claims = {"purpose": used.purpose.value, "email": used.email, "jti": str(link_id)}
        expires_at = self._clock() + ACCOUNT_CODE_LIFETIME
        subject = used.external_id or used.email
        return _signed(subject, self._secret, ACCOUNT_CODE_AUDIENCE, expires_at, claims)


class DocumentLinks:
    """Links to papers of a customer: whoever has one may read that paper, for a while."""

    def __init__(self, secret: str, *, lifetime: timedelta, clock: Clock = utc_now) -> None:
        self._secret = secret
        self._lifetime = lifetime
        self._clock = clock

    def label(self, return_number: str) -> str:
        """Where the label of a return can be downloaded, from the service's own host."""
        return self._link(return_number, LABEL_AUDIENCE, LABEL_PATH)

    def invoice(self, invoice_number: str) -> str:
        """Where an invoice can be downloaded, from the service's own host."""
        return self._link(invoice_number, INVOICE_AUDIENCE, INVOICE_PATH)

    def read_label(self, token: str) -> str:
        """The number of the return whose label a link opens.

        Raises:
            LinkInvalidError: Not one of ours, or expired.
        """
        return self._read(token, LABEL_AUDIENCE)

    def read_invoice(self, token: str) -> str:
        """The number of the invoice that a link opens.

        Raises:
            LinkInvalidError: Not one of ours, or expired.
        """
        return self._read(token, INVOICE_AUDIENCE)

    def _link(self, number: str, audience: str, path: str) -> str:
        token = _signed(number, self._secret, audience, self._clock() + self._lifetime)
        return f"{path}/{token}.pdf"

    def _read(self, token: str, audience: str) -> str:
        try:
            claims = _verified(token, self._secret, audience)
            _check_expiry(claims["exp"], self._clock(), leeway=timedelta())
            return _external_id(claims["sub"])
        except (jwt.PyJWTError, ValueError) as error:
            raise LinkInvalidError from error


def _signed(
    subject: str, secret: str, audience: str, expires_at: datetime, more: Mapping[str, str] | None = None
) -> str:
    claims = {"sub": subject, "aud": audience, "exp": int(expires_at.timestamp()), **(more or {})}
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def _verified(token: str, secret: str, audience: str) -> dict[str, Any]:
    # Times are compared by us, with the clock that was handed in.
    return jwt.decode(
        token,
        secret,
        algorithms=[ALGORITHM],
        audience=audience,
        options={"require": ["sub", "aud", "exp"], "verify_exp": False, "verify_iat": False},
    )


def _check_expiry(exp: object, now: datetime, *, leeway: timedelta) -> None:
    if not _seconds(exp) > (now - leeway).timestamp():  # also true of NaN
        raise ValueError("expired")


def _check_not_before_long(exp: object, now: datetime) -> None:
    if not _seconds(exp) <= (now + LONGEST_CUSTOMER_TOKEN + CLOCK_SKEW).timestamp():
        raise ValueError("valid for too long")


def _seconds(exp: object) -> float:
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        raise ValueError("exp is not a number")  # noqa: TRY004 (what a token holds is a value)
    return float(exp)


def _external_id(sub: object) -> str:
    if not isinstance(sub, str) or not 0 < len(sub) <= LONGEST_EXTERNAL_ID or not sub.isprintable():
        raise ValueError("sub is not a customer number")
    return sub
