"""What can go wrong with a conversation."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind
from balie.kernel.ids import ConversationId


class ConversationNotFoundError(BalieError):
    """No such conversation, or it is somebody else's."""

    code: ClassVar[str] = "conversation_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("This conversation does not exist.")


class ButtonNotFoundError(BalieError):
    """No such button in this conversation."""

    code: ClassVar[str] = "button_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("This conversation has no such button.")


class MessageNotFoundError(BalieError):
    """No such message in this conversation."""

    code: ClassVar[str] = "message_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("This conversation has no such message.")


class MessageEmptyError(BalieError):
    """There is nothing to read in the message."""

    code: ClassVar[str] = "message_empty"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self) -> None:
        super().__init__("The message is empty.")


class MessageTooLongError(BalieError):
    """The message is longer than allowed.

    Attributes:
        limit: Most characters that are accepted.
    """

    code: ClassVar[str] = "message_too_long"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, limit: int) -> None:
        super().__init__(f"The message is longer than {limit} characters.")
        self.limit = limit


class PhotoUnreadableError(BalieError):
    """What was sent as a photo is none, or none that is safe to open."""

    code: ClassVar[str] = "photo_unreadable"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self) -> None:
        super().__init__("No photo that can be read: send a whole JPEG, PNG or WebP file (HEIC is not read).")


class PhotosLimitedError(BalieError):
    """This conversation has sent as many photos as it may within ``PHOTO_WINDOW``."""

    code: ClassVar[str] = "photo_too_many"
    kind: ClassVar[ErrorKind] = ErrorKind.LIMITED

    def __init__(self) -> None:
        super().__init__("Too many photos in one conversation: try again later.")


class PhotoNotFoundError(BalieError):
    """No such photo in this conversation."""

    code: ClassVar[str] = "photo_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("This conversation has no such photo.")


class StatusChangeRefusedError(BalieError):
    """The status table has no such step."""

    code: ClassVar[str] = "status_change_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, now: str, wanted: str) -> None:
        super().__init__(f"A conversation that is {now} cannot become {wanted}.")
        self.now = now
        self.wanted = wanted


class IdentificationLimitedError(BalieError):
    """Too many tries to prove who somebody is; the answer is the same whether the order exists or not.

    Attributes:
        conversation_id: Where the tries were made.
    """

    code: ClassVar[str] = "identification_limited"
    kind: ClassVar[ErrorKind] = ErrorKind.LIMITED

    def __init__(self, conversation_id: ConversationId) -> None:
        super().__init__("Too many tries to identify a customer.")
        self.conversation_id = conversation_id


class CodesLimitedError(BalieError):
    """Too many one-time codes for one conversation or one address; the answer is the same for every address.

    Attributes:
        conversation_id: Where one more was asked for.
    """

    code: ClassVar[str] = "codes_limited"
    kind: ClassVar[ErrorKind] = ErrorKind.LIMITED

    def __init__(self, conversation_id: ConversationId) -> None:
        super().__init__("Too many one-time codes were asked for.")
        self.conversation_id = conversation_id


class ContinuationInvalidError(BalieError):
    """No conversation can be gone on with by this code: unknown, used, expired, or good elsewhere."""

    code: ClassVar[str] = "continuation_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("No conversation goes on with this code: it is too old, was used, or is none.")


class ConversationBusyError(BalieError):
    """An agent has the conversation: it cannot be erased under their hands."""

    code: ClassVar[str] = "conversation_busy"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("An agent has this conversation: it can be erased once they are done.")
