import pytest

from balie.gateway.limits import RateLimit, client_key
from balie.kernel import rate_limit


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def test_so_many_are_allowed_at_once_and_then_one_by_one(seconds: Seconds) -> None:
    limit = RateLimit(30, seconds=seconds)

    assert [limit.take("a") for _ in range(30)] == [0.0] * 30
    assert limit.take("a") == pytest.approx(2.0)

    seconds.now += 2.0
    assert limit.take("a") == 0.0
    assert limit.take("a") > 0


def test_a_refused_one_is_not_counted(seconds: Seconds) -> None:
    limit = RateLimit(1, seconds=seconds)
    limit.take("a")
    for _ in range(10):
        assert limit.take("a") == pytest.approx(60.0)

    seconds.now += 60.0
    assert limit.take("a") == 0.0


def test_everybody_has_a_limit_of_their_own(seconds: Seconds) -> None:
    limit = RateLimit(1, seconds=seconds)

    assert [limit.take(key) for key in "abca"][:3] == [0.0] * 3


def test_a_quiet_minute_gives_everything_back(seconds: Seconds) -> None:
    limit = RateLimit(5, seconds=seconds)
    for _ in range(5):
        limit.take("a")

    seconds.now += 60.0
    assert [limit.take("a") for _ in range(5)] == [0.0] * 5


def test_those_who_are_quiet_are_forgotten(seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "TIDY_ABOVE", 10)
    limit = RateLimit(60, seconds=seconds)
    for number in range(10):
        limit.take(number)
        seconds.now += 2.0

    limit.take("one more")
    assert len(limit._paid_until) == 1


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_one_subscriber_is_one_client(host: str, key: str) -> None:
    assert client_key(host) == key
