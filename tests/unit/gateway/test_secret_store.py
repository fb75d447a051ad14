import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from balie.gateway.secret_store import SECRETS, with_secrets
from balie.settings import Settings


def values(settings: Settings) -> list[str]:
    return [getattr(settings, name).get_secret_value() for name in SECRETS]


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path / "var")

    first = with_secrets(settings)

    assert all(len(value) >= 32 for value in values(first))
    assert len(set(values(first))) == 3
    assert values(with_secrets(settings)) == values(first)
    assert with_secrets(first) is first


def test_only_we_can_read_them(tmp_path: Path) -> None:
    with_secrets(Settings(var_dir=tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_secret_that_was_given_is_used(tmp_path: Path) -> None:
    given = "a secret that the operator chose, long enough"

    settings = with_secrets(Settings(var_dir=tmp_path, shop_secret=given))

    assert settings.shop_secret.get_secret_value() == given
    assert given not in (tmp_path / "secrets.json").read_text()


def test_nothing_is_written_when_all_are_given(tmp_path: Path) -> None:
    given = "x" * 32

    with_secrets(Settings(var_dir=tmp_path, secret=given, internal_token=given, shop_secret=given))

    assert list(tmp_path.iterdir()) == []


def test_two_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: values(with_secrets(Settings(var_dir=tmp_path))), range(16)))

    assert all(one == made[0] for one in made)


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = with_secrets(Settings(var_dir=tmp_path))

    assert not any(value in repr(settings) for value in values(settings))


def test_a_short_secret_is_refused_and_not_quoted() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(secret="too short")
    assert "too short" not in str(refused.value)
