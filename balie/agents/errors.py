"""What can go wrong with the people at the desk. No text names anybody."""

from __future__ import annotations

import math
from typing import ClassVar

from balie.agents.permissions import Permission
from balie.kernel.errors import BalieError, ErrorKind


class SignInRefusedError(BalieError):
    """Unknown address, another password, or an account that is closed: nobody learns which."""

    code: ClassVar[str] = "sign_in_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("The e-mail address and the password do not belong together.")


class TooManyAttemptsError(BalieError):
    """Too many tries to sign in that failed; this one was not looked at.

    Attributes:
        retry_after_s: When the next one will be, in whole seconds.
    """

    code: ClassVar[str] = "too_many_attempts"
    kind: ClassVar[ErrorKind] = ErrorKind.LIMITED

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("Too many tries to sign in: wait before the next one.")
        self.retry_after_s = math.ceil(retry_after_s)
        self.data = {"retry_after_s": self.retry_after_s}


class SessionMissingError(BalieError):
    """Nobody is signed in with this cookie: there is none, it is not ours, or its session is over."""

    code: ClassVar[str] = "session_missing"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("Nobody is signed in, or the session is over: sign in.")


class SessionNotFoundError(BalieError):
    """The agent has no such session, or it is over."""

    code: ClassVar[str] = "session_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no such session, or it is over.")


class NotPermittedError(BalieError):
    """The role does not allow it.

    Attributes:
        permission: What it would have to allow.
    """

    code: ClassVar[str] = "not_permitted"
    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"This needs the permission {permission.value}.")
        self.permission = permission
        self.data = {"permission": permission.value}


class AgentNotFoundError(BalieError):
    """Nobody at the desk has this number."""

    code: ClassVar[str] = "agent_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no such agent.")


class AgentInvalidError(BalieError):
    """What an account was to hold cannot be.

    Attributes:
        field: Which part of it.
    """

    code: ClassVar[str] = "agent_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}.")
        self.field = field
        self.data = {"field": field}


class EmailTakenError(BalieError):
    """Somebody else at the desk signs in with this e-mail address."""

    code: ClassVar[str] = "email_taken"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("Another agent has this e-mail address.")


class LastAdminError(BalieError):
    """Nobody would be left who may look after the accounts."""

    code: ClassVar[str] = "last_admin"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("This is the last admin: make somebody else one first.")


class PasswordWrongError(BalieError):
    """The password that was to be changed is another."""

    code: ClassVar[str] = "password_wrong"
    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN

    def __init__(self) -> None:
        super().__init__("The old password is not right.")


class PasswordRefusedError(BalieError):
    """A password that nobody should have; see the kinds."""

    kind: ClassVar[ErrorKind] = ErrorKind.INVALID


class PasswordTooShortError(PasswordRefusedError):
    """Fewer characters than a password must have."""

    code: ClassVar[str] = "password_too_short"

    def __init__(self, fewest: int) -> None:
        super().__init__(f"A password has at least {fewest} characters.")
        self.data = {"fewest": fewest}


class PasswordTooLongError(PasswordRefusedError):
    """More characters than are hashed."""

    code: ClassVar[str] = "password_too_long"

    def __init__(self, most: int) -> None:
        super().__init__(f"A password has at most {most} characters.")
        self.data = {"most": most}


class PasswordTooSimpleError(PasswordRefusedError):
    """Hardly any different characters, or the e-mail address itself."""

    code: ClassVar[str] = "password_too_simple"

    def __init__(self) -> None:
        super().__init__(
            "This password is too easy to guess: take several words that do not belong together."
        )
