"""What can be wrong with content."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class ContentBrokenError(BalieError):
    """A content file cannot be read or does not have the form of ``docs/content.md``."""

    code = "content_broken"

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class ResponseNotFoundError(BalieError):
    """No article or reply has this name: the dialogue and the content disagree."""

    code: ClassVar[str] = "response_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self, response: str) -> None:
        super().__init__(f"There is no article or reply for {response}.")
        self.response = response


class ResponseNotRenderedError(BalieError):
    """An answer's template asked for a fact that was not there."""

    code: ClassVar[str] = "response_not_rendered"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE

    def __init__(self, response: str, language: str, problem: str) -> None:
        super().__init__(f"{response} cannot be rendered in {language}: {problem}")
        self.response = response
        self.language = language
