from datetime import timedelta

import pytest
from pydantic import ValidationError

from balie.settings import Settings


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ALLOWED_ORIGINS": "https://a.example/, https://b.example",
        "ASSISTANT_TIMEOUT": "20",
        "RASA_TIMEOUT": "PT9.5S",
        "DEMO": "true",
        "PUBLIC_PORT": "9000",
        "EMOTION": "off",
    }.items():
        monkeypatch.setenv(f"BALIE_{name}", value)

    settings = Settings()

    assert settings.allowed_origins == ["https://a.example", "https://b.example"]
    assert (settings.assistant_timeout, settings.rasa_timeout) == (
        timedelta(seconds=20),
        timedelta(seconds=9.5),
    )
    assert (settings.demo, settings.public_port, settings.emotion) == (True, 9000, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"action_timeout": "8"},
        {"rasa_timeout": "10"},
        {"assistant_timeout": "3"},
        {"assistant_timeout": "soon"},
        {"public_port": 0},
        {"public_port": 70_000},
        {"messages_per_minute": 0},
        {"turns_at_once": 0},
        {"mail_from": "Duin & Dal"},
        {"public_url": "help.shop.example"},
        {"mail_from": "a@a.example, b@b.example"},
        {"smtp_security": "perhaps"},
        {"smtp_timeout": "61"},
        {"smtp_timeout": "0"},
        {"payment_failures": 1.1},
        {"parcel_failures": -0.1},
        {"provider_timeout": "0"},
        {"provider_timeout": "1.5"},
    ],
    ids=str,
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)  # type: ignore[arg-type]


def test_links_lead_to_where_customers_reach_the_gateway() -> None:
    assert (
        Settings(public_url="https://help.shop.example/").resolved_public_url == "https://help.shop.example"
    )
    assert Settings(public_port=9000).resolved_public_url == "http://127.0.0.1:9000"
