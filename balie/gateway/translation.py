"""From errors to HTTP answers; nothing else in the service knows a status code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from balie.agents.errors import TooManyAttemptsError
from balie.gateway.errors import BodyTooLargeError, TooManyError
from balie.gateway.wire import error_json, public_text
from balie.kernel.errors import BalieError, ErrorKind
from balie.storage.errors import StoreUnavailableError

STATUS_OF_KIND: Final[Mapping[ErrorKind, int]] = {
    ErrorKind.UNAUTHENTICATED: 401,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.INVALID: 422,
    ErrorKind.LIMITED: 429,
    ErrorKind.UNAVAILABLE: 503,
}

_CODE_OF_STATUS: Final[Mapping[int, str]] = {
    404: "not_found",
    405: "method_not_allowed",
}

RETRY_UNAVAILABLE_S: Final = 2


def error_answer(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error in the one shape all of them have."""
    return JSONResponse(error_json(code, message), status, headers=headers)


def translate_errors(app: FastAPI) -> None:
    """Register a translation for everything that can be raised."""
    app.add_exception_handler(BalieError, _on_our_error)
    app.add_exception_handler(RequestValidationError, _on_wrong_shape)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_bug)


async def _on_our_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BalieError)
    if isinstance(error, StoreUnavailableError):
        request.app.state.services.measures.store_failed()
    body = error_json(error.code, public_text(error), error.data)
    return JSONResponse(body, STATUS_OF_KIND[error.kind], headers=_headers_for(error))


async def _on_wrong_shape(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = error.errors()
    code = (
        "json_invalid"
        if any(problem["type"] == "json_invalid" for problem in problems)
        else "request_invalid"
    )
    return error_answer(422, code, "; ".join(map(_problem_text, problems)))


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        # FastAPI's word for a body that broke its JSON parser: nested too deep, or not even text.
        return error_answer(422, "json_invalid", "The body cannot be read as JSON.")
    code = (
        error.code
        if isinstance(error, BodyTooLargeError)
        else _CODE_OF_STATUS.get(error.status_code, "request_refused")
    )
    return error_answer(error.status_code, code, str(error.detail), error.headers)


async def _on_bug(_request: Request, _error: Exception) -> JSONResponse:
    return error_answer(500, "internal_error", "Something went wrong on our side.")


def _headers_for(error: BalieError) -> dict[str, str] | None:
    if isinstance(error, TooManyError | TooManyAttemptsError):
        return {"Retry-After": str(math.ceil(error.retry_after_s))}
    if error.kind is ErrorKind.UNAVAILABLE:
        return {"Retry-After": str(RETRY_UNAVAILABLE_S)}
    if error.kind is ErrorKind.UNAUTHENTICATED:
        return {"WWW-Authenticate": "Bearer"}
    return None


def _problem_text(problem: Mapping[str, Any]) -> str:
    """Where and what, without quoting what was sent."""
    place = ".".join(str(step) for step in problem["loc"][1:])
    return f"{place}: {problem['msg']}" if place else str(problem["msg"])
