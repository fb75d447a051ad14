from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from balie.gateway.errors import CustomerTokenInvalidError, TokenInvalidError
from balie.gateway.tokens import CustomerTokens, VisitorTokens
from balie.kernel.ids import ConversationId
from tests.support.clock import StillClock

SECRET = "a secret of at least thirty-two bytes, and long enough for SHA-512 as well"
OTHER = "another secret of at least thirty-two"
CONVERSATION = ConversationId(uuid4())


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def visitors(clock: StillClock) -> VisitorTokens:
    return VisitorTokens(SECRET, lifetime=timedelta(days=30), clock=clock)


@pytest.fixture
def customers(clock: StillClock) -> CustomerTokens:
    return CustomerTokens(SECRET, clock=clock)


def signed_by_the_shop(
    clock: StillClock, *, secret: str = SECRET, algorithm: str = "HS256", **claims: Any
) -> str:
    usual = {"sub": "K-1001", "aud": "balie", "exp": int((clock.now + timedelta(minutes=10)).timestamp())}
    wanted = {name: claim for name, claim in {**usual, **claims}.items() if claim is not None}
    return jwt.encode(wanted, secret, algorithm=algorithm)


def test_a_visitor_token_opens_its_conversation_until_it_expires(
    visitors: VisitorTokens, clock: StillClock
) -> None:
    token = visitors.issue(CONVERSATION)

    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert visitors.read(token) == CONVERSATION

    clock.advance(timedelta(seconds=1))
    with pytest.raises(TokenInvalidError):
        visitors.read(token)


def test_a_visitor_token_of_somebody_else_is_refused(clock: StillClock, visitors: VisitorTokens) -> None:
    forged = VisitorTokens(OTHER, lifetime=timedelta(days=30), clock=clock).issue(CONVERSATION)
    header, claims, signature = visitors.issue(CONVERSATION).split(".")

    for token in (
        forged,
        f"{header}.{claims}.",
        f"{header}.{claims}.{signature[:-2]}AA",
        "",
        "x",
        "a.b.c",
        "é.é.é",
    ):
        with pytest.raises(TokenInvalidError):
            visitors.read(token)


def test_an_unsigned_token_is_refused(visitors: VisitorTokens, clock: StillClock) -> None:
    claims = {"sub": str(CONVERSATION), "aud": "balie-visitor", "exp": clock.now.timestamp() + 60}
    with pytest.raises(TokenInvalidError):
        visitors.read(jwt.encode(claims, None, algorithm="none"))


def test_the_two_kinds_of_tokens_are_not_mixed_up(visitors: VisitorTokens, customers: CustomerTokens) -> None:
    with pytest.raises(CustomerTokenInvalidError):
        customers.read(visitors.issue(CONVERSATION))
    with pytest.raises(TokenInvalidError):
        visitors.read(customers.issue(str(CONVERSATION)))


def test_the_shop_vouches_for_a_customer(customers: CustomerTokens, clock: StillClock) -> None:
    assert customers.read(signed_by_the_shop(clock)) == "K-1001"
    assert customers.read(customers.issue("K-1001")) == "K-1001"


def test_the_shops_clock_may_be_a_minute_wrong(customers: CustomerTokens, clock: StillClock) -> None:
    token = signed_by_the_shop(clock, iat=int(clock.now.timestamp()) + 50)
    clock.advance(timedelta(minutes=10, seconds=59))

    assert customers.read(token) == "K-1001"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"sub": None},
        {"aud": None},
        {"aud": "another shop"},
        {"sub": ""},
        {"sub": "x" * 65},
        {"sub": "K-\x00"},
        {"exp": 0},
        {"exp": -1},
        {"exp": 1e300},
        {"exp": True},
        {"secret": OTHER},
        {"algorithm": "HS512"},
    ],
    ids=str,
)
def test_a_customer_token_that_is_not_complete_is_refused(
    customers: CustomerTokens, clock: StillClock, claims: dict[str, Any]
) -> None:
    with pytest.raises(CustomerTokenInvalidError):
        customers.read(signed_by_the_shop(clock, **claims))


@pytest.mark.parametrize("exp", ["soon", float("nan"), [1], None])
def test_an_expiry_that_is_no_time_is_refused(customers: CustomerTokens, exp: object) -> None:
    token = jwt.PyJWS().encode(
        b'{"sub": "K-1001", "aud": "balie", "exp": %s}' % _json(exp), SECRET, algorithm="HS256"
    )
    with pytest.raises(CustomerTokenInvalidError):
        customers.read(token)


def _json(value: object) -> bytes:
    return {"soon": b'"soon"', "[1]": b"[1]", "None": b"null", "nan": b"NaN"}[str(value)]


def test_a_customer_token_may_be_valid_for_an_hour_and_not_longer(
    customers: CustomerTokens, clock: StillClock
) -> None:
    hour = int((clock.now + timedelta(hours=1)).timestamp())

    assert customers.read(signed_by_the_shop(clock, exp=hour)) == "K-1001"
    with pytest.raises(CustomerTokenInvalidError):
        customers.read(signed_by_the_shop(clock, exp=hour + 61))
