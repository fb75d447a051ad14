"""Passwords: which ones are taken, and how they are kept (Argon2id, ADR 0080)."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from balie.agents.errors import PasswordTooLongError, PasswordTooShortError, PasswordTooSimpleError

FEWEST_CHARACTERS: Final = 12
MOST_CHARACTERS: Final = 200
FEWEST_DIFFERENT: Final = 5
AT_ONCE: Final = 2
"""Each takes 64 MiB and a core for a moment; customers have to be served meanwhile."""

USUAL_HASHER: Final = PasswordHasher(
    time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, salt_len=16, type=Type.ID
)
"""The second recommendation of RFC 9106, section 4."""


class Passwords:
    """Makes and checks what is stored of passwords, in threads, so few at a time that nothing starves."""

    def __init__(self, hasher: PasswordHasher = USUAL_HASHER) -> None:
        """Build it; ``hasher`` sets what a hash costs."""
        self._hasher = hasher
        self._places = asyncio.Semaphore(AT_ONCE)
        self._nobodys = _hash_of_nothing(hasher)

    async def hash(self, password: str) -> str:
        """What is stored of a password."""
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, _as_bytes(password))

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether a password is the one of which this is stored.

        Args:
            password: As it was typed.
            stored: None where there is none: that takes as long, and the answer is False.
        """
        async with self._places:
            fits = await asyncio.to_thread(self._verify, _as_bytes(password), stored or self._nobodys)
        return fits and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether it was stored at another cost than is usual by now."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, password: bytes, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def check_password(password: str, *, email: str) -> None:
    """Refuse a password that is too easy to guess; length is what counts (NIST SP 800-63B, 3.1.1).

    Args:
        password: As it was typed.
        email: Of whoever is to have it.

    Raises:
        PasswordTooShortError: Fewer than ``FEWEST_CHARACTERS``.
        PasswordTooLongError: More than ``MOST_CHARACTERS``.
        PasswordTooSimpleError: Few different characters, or the e-mail address.
    """
    characters = _tidied(password)
    if len(characters) < FEWEST_CHARACTERS:
        raise PasswordTooShortError(FEWEST_CHARACTERS)
    if len(characters) > MOST_CHARACTERS:
        raise PasswordTooLongError(MOST_CHARACTERS)
    if len(set(characters)) < FEWEST_DIFFERENT or characters.casefold() == email.casefold():
        raise PasswordTooSimpleError


def _tidied(password: str) -> str:
    # The same keys give other code points on another machine: é is one or two of them.
    return unicodedata.normalize("NFKC", password)


def _as_bytes(password: str) -> bytes:
    return _tidied(password).encode("utf-8", "surrogatepass")


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """A hash that no password has; to check it takes as long as to check a real one."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = ("A" * -(-size * 8 // 6) for size in (hasher.salt_len, hasher.hash_len))
    return f"$argon2id$v=19${cost}${salt}${digest}"
