"""What stands in a request: JSON, a form, or parts with files; and how its fields are read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.support.bot_api.refusals import Refusal, bad_request

_NAME = re.compile(r'\bname="([^"]*)"')
_FILE_NAME = re.compile(r'\bfilename="([^"]*)"')
_WHOLE = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes


@dataclass
class Params:
    """The fields of a request. JSON brings values of any type, a form brings text: both are read alike."""

    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field as text; empty when it is not there."""
        value = self.fields.get(name, "")
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, otherwise: int = 0) -> int:
        """A field as a whole number."""
        value = self.text(name)
        return int(value) if _WHOLE.fullmatch(value) else otherwise

    def flag(self, name: str) -> bool:
        """A field as yes or no."""
        return self.text(name).lower() in {"true", "1", "yes"}

    def value(self, name: str) -> Any:
        """A field that holds JSON: an object, an array; None when it is not there."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file of a field, sent under its name or as ``attach://…``."""
        attached = self.text(name)
        return self.files.get(attached.removeprefix("attach://") if attached else name)


def read(content_type: str, query: str, body: bytes) -> Params:
    """The fields of a request, those of the address included.

    Raises:
        Refusal: The body is not what its type says.
    """
    params = Params(dict(parse_qsl(query, keep_blank_values=True)))
    if not body:
        return params
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        params.fields.update(_json(body))
    elif kind == "multipart/form-data":
        _read_parts(content_type, body, params)
    else:
        params.fields.update(parse_qsl(body.decode(), keep_blank_values=True))
    return params


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refusal(400, "Bad Request: can't parse JSON object")
    return found


def _read_parts(content_type: str, body: bytes, params: Params) -> None:
    boundary = re.search(r'boundary="?([^";]+)', content_type)
    if boundary is None:
        raise bad_request("boundary is missing")
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        headers = head.decode("utf-8", "replace")
        name, file_name = _NAME.search(headers), _FILE_NAME.search(headers)
        if name is None:
            raise bad_request("a part has no name")
        if file_name is None:
            params.fields[name[1]] = content.decode()
        else:
            params.files[name[1]] = Upload(file_name[1], content)
