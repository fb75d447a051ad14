"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import asyncio
import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters

from balie.agents.errors import PasswordTooLongError, PasswordTooShortError, PasswordTooSimpleError
from balie.agents.passwords import USUAL_HASHER, Passwords, _hash_of_nothing, check_password
from tests.support.agents import CHEAP, PASSWORD

EMAIL = "sanne.kuipers@voorbeeld.example"


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(CHEAP)


async def test_a_password_fits_its_own_hash_and_no_other(passwords: Passwords) -> None:
    stored, again = await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)

    assert stored != again
    assert await passwords.fits(PASSWORD, stored)
    assert not await passwords.fits(PASSWORD + " ", stored)
    assert not await passwords.fits("", stored)


async def test_the_same_keys_on_another_machine_are_the_same_password(passwords: Passwords) -> None:
    typed = "crème brûlée voor zeven"
    stored = await passwords.hash(unicodedata.normalize("NFD", typed))

    assert await passwords.fits(unicodedata.normalize("NFC", typed), stored)


async def test_nothing_fits_where_there_is_no_password(passwords: Passwords) -> None:
    assert not await passwords.fits(PASSWORD, None)
    assert not await passwords.fits("", None)


async def test_half_a_character_is_only_a_wrong_password(passwords: Passwords) -> None:
    assert not await passwords.fits("\ud800", await passwords.hash(PASSWORD))


@pytest.mark.parametrize("hasher", [USUAL_HASHER, CHEAP, PasswordHasher(salt_len=8, hash_len=20)])
def test_looking_at_nobodys_password_costs_what_a_real_one_costs(hasher: PasswordHasher) -> None:
    nobodys = extract_parameters(_hash_of_nothing(hasher))

    assert nobodys == extract_parameters(hasher.hash("any"))
    assert not hasher.check_needs_rehash(_hash_of_nothing(hasher))


def test_the_usual_cost_is_what_is_recommended() -> None:
    usual = extract_parameters(USUAL_HASHER.hash("any"))

    assert (usual.type.name, usual.memory_cost, usual.time_cost) == ("ID", 64 * 1024, 3)


async def test_a_hash_of_another_cost_is_outdated(passwords: Passwords) -> None:
    assert not passwords.is_outdated(await passwords.hash(PASSWORD))
    assert passwords.is_outdated(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD))


async def test_the_service_goes_on_while_passwords_are_looked_at(passwords: Passwords) -> None:
    stored = USUAL_HASHER.hash(PASSWORD)
    looking = asyncio.create_task(Passwords().fits(PASSWORD, stored))
    turns = 0
    while not looking.done():
        turns += 1
        await asyncio.sleep(0)

    assert turns > 10
    assert looking.result()


@pytest.mark.parametrize("password", [PASSWORD, "twaalf tekens", "🌧🧥🧥🌂☔👢🌊🐟🦆🛶⛺🔦"])
def test_twelve_characters_are_enough(password: str) -> None:
    check_password(password, email=EMAIL)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("", PasswordTooShortError),
        ("elf letters", PasswordTooShortError),
        ("x y" * 100, PasswordTooLongError),
        ("aaaaaaaaaaaaaaaa", PasswordTooSimpleError),
        (EMAIL, PasswordTooSimpleError),
        (EMAIL.upper(), PasswordTooSimpleError),
    ],
)
def test_what_is_too_easy_to_guess_is_refused(password: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_password(password, email=EMAIL)
