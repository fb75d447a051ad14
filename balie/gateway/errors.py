"""What the gateway itself refuses."""

from __future__ import annotations

from typing import ClassVar

from starlette.exceptions import HTTPException

from balie.kernel.errors import BalieError, ErrorKind


class TokenInvalidError(BalieError):
    """The visitor token is missing, forged, expired or not a token at all."""

    code: ClassVar[str] = "token_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("The token is missing, expired or not ours: open a new conversation.")


class AgentTokenInvalidError(BalieError):
    """The agent token is missing, forged, expired or not a token at all."""

    code: ClassVar[str] = "agent_token_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("The agent token is missing, expired or not ours: `balie agent token` makes one.")


class CustomerTokenInvalidError(BalieError):
    """The shop's token is forged, expired, for somebody else or valid for too long."""

    code: ClassVar[str] = "customer_token_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN

    def __init__(self) -> None:
        super().__init__("The customer token is expired, incomplete or not signed by the shop.")


class CustomerUnknownError(BalieError):
    """No customer has this number."""

    code: ClassVar[str] = "customer_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("No customer has this number.")


class AnotherCustomerError(BalieError):
    """The conversation is with another customer; who is logged in now gets one of their own."""

    code: ClassVar[str] = "another_customer"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("This conversation is with another customer.")


class BodyTooLargeError(HTTPException):
    """A body has more bytes than are read; FastAPI lets no error of another kind out of reading one.

    Attributes:
        code: Stable word for programs; photos have one of their own.
    """

    def __init__(self, most_bytes: int, *, code: str = "body_too_large") -> None:
        super().__init__(413, f"The body is larger than {most_bytes} bytes.")
        self.code = code


class RequestForgedError(BalieError):
    """A request that changes something at the desk did not come from the desk's own page."""

    code: ClassVar[str] = "request_forged"
    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN

    def __init__(self) -> None:
        super().__init__("This did not come from the desk's own page: the header X-Balie-Desk is missing.")


class PhotoUnfinishedError(BalieError):
    """A photo did not arrive as a whole: too slow, or the sender left."""

    code: ClassVar[str] = "photo_unfinished"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self) -> None:
        super().__init__("The photo did not arrive in time: send it again.")


class MetricsTokenInvalidError(BalieError):
    """Whoever asks for the counters has no token for them, or is not on this machine."""

    code: ClassVar[str] = "metrics_token_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("The counters are for whoever has BALIE_METRICS_TOKEN, or else for this machine.")


class LinkInvalidError(BalieError):
    """A link to a paper that is not one of ours, or has expired."""

    code: ClassVar[str] = "link_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("This link does not work any more: ask for a new one in the chat.")


class MailNotFoundError(BalieError):
    """The demo shop has no such mail, or it has no such attachment."""

    code: ClassVar[str] = "mail_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no such mail, or it has no such attachment.")


class TooManyError(BalieError):
    """More than allowed within a minute.

    Attributes:
        retry_after_s: When the next one will be accepted.
    """

    kind: ClassVar[ErrorKind] = ErrorKind.LIMITED

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("Too many in a short time: try again in a moment.")
        self.retry_after_s = retry_after_s


class TooManyMessagesError(TooManyError):
    """Too many messages in one conversation."""

    code: ClassVar[str] = "too_many_messages"


class TooManyConversationsError(TooManyError):
    """Too many new conversations from one address."""

    code: ClassVar[str] = "too_many_conversations"


class TooManyBasketChangesError(TooManyError):
    """Too many changes of one conversation's basket."""

    code: ClassVar[str] = "too_many_basket_changes"


class TooManyCardsFollowedError(TooManyError):
    """More cards of one conversation were followed than a person can look at."""

    code: ClassVar[str] = "too_many_cards_followed"


class TooManyEventsError(TooManyError):
    """The shop's page told more of somebody than a person can do."""

    code: ClassVar[str] = "too_many_events"


class EventInvalidError(BalieError):
    """What came over the socket is no event we know."""

    code: ClassVar[str] = "event_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, problem: str) -> None:
        super().__init__(f"Not an event: {problem}.")


class PortTakenError(BalieError):
    """Somebody else listens on a port that the service needs.

    Attributes:
        port: Which one.
    """

    code: ClassVar[str] = "port_taken"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE

    def __init__(self, host: str, port: int, setting: str) -> None:
        super().__init__(f"Cannot listen on {host}:{port}: is it in use? Set {setting} to another port.")
        self.port = port


class ChannelNotAvailableError(BalieError):
    """The messenger is not set up here, or it is not known yet what our name there is."""

    code: ClassVar[str] = "channel_not_available"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("Conversations cannot be gone on with there.")
