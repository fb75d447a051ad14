"""What can be wrong with the material that Rasa is trained on."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.exceptions import RasaException


class TrainingContentError(RasaException):
    """An article, voice or keyword pattern cannot be used; the text says which and where."""

    def __init__(self, place: Path | str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = str(place)
        self.problem = problem
