"""Addresses that a link may lead to, written as browsers write them (``safeUrl`` of marks.ts)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import idna

_SCHEME: Final = re.compile(r"(https|mailto|tel):(.*)", re.IGNORECASE | re.DOTALL)
_AUTHORITY: Final = re.compile(
    r"[/\\]*(?P<authority>[^/\\?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?"
)
_PORT: Final = re.compile(r":(\d*)")
_WRONG_IN_HOST: Final = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_NUMBER_AT_END: Final = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$")
_IP: Final = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_NOT_IN_LOGIN: Final = '"<>^`{}/:;=@[\\]|'
_KEPT: Final = "!$%&'()*+,-./:;=@_~[]|\\^`{}\"<>?#"
_USUAL_PORT: Final = 443
_LAST_PORT: Final = 65535


def safe_address(address: str) -> str | None:
    """The address when it is safe to follow, else None.

    Only https, e-mail and telephone leave a conversation.
    """
    found = _SCHEME.fullmatch(address)
    if found is None:
        return None
    scheme, rest = found[1].lower(), found[2]
    if scheme != "https":
        return f"{scheme}:{_escaped(rest, '')}"
    return _https(rest)


def _https(rest: str) -> str | None:
    parts = _AUTHORITY.fullmatch(rest)
    assert parts is not None
    login, _, place = parts["authority"].rpartition("@")
    host, port = _host_and_port(place)
    if not host or port is None:
        return None
    path = _straightened(_escaped(parts["path"].replace("\\", "/"), '"<>^`{}'))
    query, fragment = _escaped(parts["query"] or "", "\"<>'"), _escaped(parts["fragment"] or "", '"<>`')
    return f"https://{_who(login)}{host}{port}{path}{query}{fragment}"


def _who(login: str) -> str:
    name, _, password = (_escaped(part, _NOT_IN_LOGIN) for part in login.partition(":"))
    told = f"{name}:{password}" if password else name
    return f"{told}@" if told else ""


def _host_and_port(place: str) -> tuple[str, str | None]:
    name, colon, digits = place.partition(":")
    host = _host(name)
    if not colon or not digits:
        return host, ""
    is_port = digits.isascii() and digits.isdigit() and int(digits) <= _LAST_PORT
    if not is_port:
        return host, None
    return host, "" if int(digits) == _USUAL_PORT else f":{int(digits)}"


def _host(name: str) -> str:
    """The host in lower case and ASCII; empty when it is none, and for odd ways to write numbers."""
    host = name.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True, transitional=False).decode()
        except idna.IDNAError:
            return ""
    if _WRONG_IN_HOST.search(host) or (_NUMBER_AT_END.search(host) and not _IP.fullmatch(host)):
        return ""
    return host


def _escaped(text: str, also: str) -> str:
    return quote(text, safe="".join(sign for sign in _KEPT if sign not in also))


def _straightened(path: str) -> str:
    """A path without ``.`` and ``..``."""
    found: list[str] = []
    steps: Sequence[str] = path.split("/")[1:]
    for number, step in enumerate(steps, 1):
        plain = step.lower().replace("%2e", ".")
        if plain == "..":
            del found[-1:]
        elif plain != ".":
            found.append(step)
        if plain in {".", ".."} and number == len(steps):
            found.append("")
    return "/" + "/".join(found)
