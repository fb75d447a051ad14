"""How the Bot API says no."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - it is an answer of the server, not an error of ours
    """An answer that is not ``ok``: its HTTP status and the words of the real server."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """As the real server writes it."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(why: str) -> Refusal:
    """400: the request can never succeed as it is."""
    return Refusal(400, f"Bad Request: {why}")


def forbidden(why: str) -> Refusal:
    """403: the bot may not do this in that chat."""
    return Refusal(403, f"Forbidden: {why}")


def too_many(retry_after: int) -> Refusal:
    """429: the bot is too fast."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
