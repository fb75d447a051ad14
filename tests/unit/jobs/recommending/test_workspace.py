from __future__ import annotations

import pytest

from balie.jobs.recommending.workspace import open_workspace
from balie.recommendations.errors import ListTrainingFailedError


def sort_too_much() -> None:
    with open_workspace(memory="32MB", threads=1) as workspace:
        raw = workspace.engine.con
        raw.execute("SET max_temp_directory_size = '1MB'")
        raw.execute("SELECT list(range), sum(range) FROM range(20000000) GROUP BY range % 5000000").fetchone()


def test_a_full_disk_is_told_by_its_place() -> None:
    with pytest.raises(ListTrainingFailedError, match="no room to work in /"):
        sort_too_much()


def test_what_is_wrong_with_our_own_work_is_not_called_a_full_disk() -> None:
    with pytest.raises(FileNotFoundError), open_workspace(threads=1):
        raise FileNotFoundError
