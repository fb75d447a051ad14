from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import sqlite

from balie.storage.base import UtcDateTime, one_of

DIALECT = sqlite.dialect()


def test_naive_moment_is_refused_instead_of_guessed() -> None:
    with pytest.raises(ValueError, match="Naive time"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 3, 14, 5), DIALECT)  # noqa: DTZ001


def test_moments_are_stored_in_utc_and_come_back_aware() -> None:
    moment = datetime(2026, 11, 3, 14, 5, tzinfo=timezone(timedelta(hours=1)))

    written = UtcDateTime().process_bind_param(moment, DIALECT)
    assert written is not None
    read = UtcDateTime().process_result_value(written.replace(tzinfo=None), DIALECT)

    assert (read, read and read.tzinfo) == (moment, UTC)


def test_no_moment_stays_none() -> None:
    assert UtcDateTime().process_bind_param(None, DIALECT) is None
    assert UtcDateTime().process_result_value(None, DIALECT) is None


def test_check_lists_the_words_and_may_allow_none() -> None:
    assert str(one_of("kind", ["a", "b"]).sqltext) == "kind IN ('a', 'b')"
    assert str(one_of("kind", ["a"], optional=True).sqltext) == "kind IS NULL OR kind IN ('a')"
