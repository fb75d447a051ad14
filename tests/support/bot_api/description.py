"""The published description of the Bot API, and whether a request or an answer keeps to it.

The description is a file beside the repository; without it nothing is checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from balie.settings import PROJECT_ROOT
from tests.support.bot_api.forms import Params

PATH: Final = PROJECT_ROOT.parent / "shared" / "contracts" / "telegram_bot_api.json"
_SIZES: Final = re.compile(r"(\d+)-(\d+) (characters|bytes)(?! after entit)")
_NUMBERS: Final = re.compile(r"(?:between|[;,]|should be) (\d+)-(\d+)(?: are accepted|\.|,|$)")
_ARRAY: Final = "Array of "

Field = Mapping[str, Any]


@cache
def published() -> Description | None:
    """The description, when it is there."""
    return Description(json.loads(PATH.read_text(encoding="utf-8"))) if PATH.exists() else None


class Description:
    """Methods and types, as published."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.version: str = raw["version"]
        self._types: Mapping[str, Any] = raw["types"]
        self._methods = {name.lower(): method for name, method in raw["methods"].items()}

    def has_method(self, name: str) -> bool:
        """Whether there is such a method; capitals do not count."""
        return name.lower() in self._methods

    def check_request(self, name: str, params: Params) -> list[str]:
        """What is wrong with a request, in words; empty when nothing is."""
        method = self._methods.get(name.lower())
        if method is None:
            return [f"{name}: there is no such method"]
        fields = {one["name"]: one for one in method.get("fields", ())}
        attached = {str(value).removeprefix("attach://") for value in _leaves(params)}
        given = {**params.fields, **{key: value for key, value in params.files.items() if key in fields}}
        found = [f"{name}: unknown field {key}" for key in given if key not in fields]
        found += [
            f"{name}: no field refers to the file {key}" for key in params.files
            if key not in fields and key not in attached
        ]  # fmt: skip
        return found + [f"{name}: {problem}" for problem in self._check_fields(fields.values(), given)]

    def check_value(self, kind: str, value: Any, where: str = "") -> list[str]:
        """What is wrong with a value of a type."""
        return list(self._check((kind,), value, where or kind))

    def check_answer(self, name: str, result: Any) -> list[str]:
        """What is wrong with what a method returned."""
        return list(self._check(self._methods[name.lower()]["returns"], result, f"answer of {name}"))

    def _check_fields(
        self, fields: Sequence[Field] | Any, given: Mapping[str, Any], where: str = ""
    ) -> Iterator[str]:
        for field in fields:
            name = f"{where}.{field['name']}" if where else field["name"]
            value = given.get(field["name"])
            if value is None:
                if field["required"]:
                    yield f"{name} is missing"
                continue
            problems = list(self._check(field["types"], value, name))
            yield from problems or _check_limits(field, value, name)

    def _check(self, kinds: Sequence[str], value: Any, where: str) -> Iterator[str]:
        tried = [list(self._check_one(kind, value, where)) for kind in kinds]
        if all(tried):
            yield from min(tried, key=len)

    def _check_one(self, kind: str, value: Any, where: str) -> Iterator[str]:
        if kind in _PLAIN:
            if not _PLAIN[kind](value):
                yield f"{where} is no {kind}"
        elif kind.startswith(_ARRAY):
            yield from self._check_array(kind.removeprefix(_ARRAY), _opened(value), where)
        else:
            yield from self._check_object(kind, _opened(value), where)

    def _check_array(self, kind: str, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} is no array"
            return
        for at, one in enumerate(value):
            yield from self._check_one(kind, one, f"{where}[{at}]")

    def _check_object(self, kind: str, value: Any, where: str) -> Iterator[str]:
        described = self._types[kind]
        if described.get("subtypes"):
            yield from self._check(described["subtypes"], value, where)
        elif not isinstance(value, dict):
            yield f"{where} is no {kind}"
        else:
            fields = described.get("fields", ())
            unknown = value.keys() - {field["name"] for field in fields}
            yield from (f"{where}: {kind} has no field {name}" for name in sorted(unknown))
            yield from self._check_fields(fields, value, where)


def _leaves(params: Params) -> Iterator[Any]:
    waiting: list[Any] = [_opened(value) for value in params.fields.values()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        else:
            yield value


def _opened(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _is_whole(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+", value) is not None
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


_PLAIN: Final[Mapping[str, Callable[[Any], bool]]] = {
    "String": lambda value: isinstance(value, str),
    "Integer": _is_whole,
    "Float": _is_number,
    "Boolean": lambda value: isinstance(value, bool) or value in ("true", "false", "True", "False", "1", "0"),
    "True": lambda value: value is True or value in ("true", "True", "1"),
    "InputFile": lambda value: not isinstance(value, dict | list | int | str),
}


def _check_limits(field: Field, value: Any, where: str) -> Iterator[str]:
    """Limits that the description tells in its sentences: ``1-64 bytes``, ``between 1-100``."""
    words = field["description"]
    sizes, numbers = _SIZES.search(words), _NUMBERS.search(words)
    if sizes is not None and isinstance(value, str):
        size = len(value.encode()) if sizes[3] == "bytes" else len(value)
        if not int(sizes[1]) <= size <= int(sizes[2]):
            yield f"{where} has {size} {sizes[3]}, not {sizes[1]}-{sizes[2]}"
    elif numbers is not None and _is_whole(value) and not int(numbers[1]) <= int(value) <= int(numbers[2]):
        yield f"{where} is {value}, not {numbers[1]}-{numbers[2]}"
