"""Files of messages with the right answer beside them, for the ``balie evaluate`` commands."""

from __future__ import annotations

import csv
from pathlib import Path

from balie.assistant.errors import EvaluationFileError


def read_labelled(file: Path, label: str = "intent") -> list[tuple[str, str]]:
    """The messages and labels of a CSV with the columns text and ``label``; other columns are ignored.

    Raises:
        EvaluationFileError: It is missing, not UTF-8, lacks a column, or is empty.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = {"text", label} - set(reader.fieldnames or ())
            if missing:
                raise EvaluationFileError(file, f"the column {' and '.join(sorted(missing))} is missing")
            rows = [(row["text"] or "", (row[label] or "").strip()) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvaluationFileError(file, str(error)) from error
    if not rows:
        raise EvaluationFileError(file, "it holds no messages")
    return rows
