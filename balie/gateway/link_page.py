"""The small page that every mailed link has: a title, a text, a button or two; no script, no style."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

from balie.content.render import Renderer

_PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{title} · {shop}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/pages/page.css">
</head>
<body>
<main>
<p class="shop">{shop}</p>
<h1>{title}</h1>
{text}
{form}</main>
</body>
</html>
"""
_FORM: Final = '<form method="post"><button type="submit">{button}</button></form>\n'
_ACTION: Final = '<form method="post" action="{address}"><button type="submit">{button}</button></form>\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Which words a page says.

    Attributes:
        title: Name of the reply (``data/replies/links.yml``).
        text: Likewise.
        button: Likewise; None for a page without one. It posts to the page's own address.
        actions: More buttons: the address each posts to, and the name of its reply.
        facts: What the text may use.
    """

    title: str
    text: str
    button: str | None = None
    actions: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def draw_page(renderer: Renderer, language: str, words: PageWords) -> str:
    """The page as HTML; whatever the words hold, it is shown as text.

    Raises:
        ResponseNotFoundError: The content lacks one of the words.
        ResponseNotRenderedError: They ask for a fact that is not there.
    """

    def say(name: str) -> str:
        return renderer.render(name, language, words.facts).text

    paragraphs = (f"<p>{escape(part)}</p>" for part in say(words.text).split("\n\n"))
    return _PAGE.format(
        language=escape(renderer.language_or_default(language)),
        title=escape(say(words.title)),
        shop=escape(str(renderer.library.shop["name"])),
        text="\n".join(paragraphs),
        form="".join(_forms(words, say)),
    )


def _forms(words: PageWords, say: Callable[[str], str]) -> Iterator[str]:
    if words.button is not None:
        yield _FORM.format(button=escape(say(words.button)))
    for address, button in words.actions.items():
        yield _ACTION.format(address=escape(address), button=escape(say(button)))


def answer_with(page: str, status: int, *, leads_to: str | None = None) -> HTMLResponse:
    """The page as an answer that nobody keeps, and that no other page may show as its own.

    Args:
        page: From :func:`draw_page`.
        status: HTTP status.
        leads_to: An address to which its button may lead in the end, besides our own.
    """
    policy = (
        "default-src 'none'",
        "style-src 'self'",
        "img-src data:",
        f"form-action 'self' {_origin(leads_to)}".rstrip(),
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "; ".join(policy)}
    return HTMLResponse(page, status, headers=headers)


def spoken_on_page(accept_language: str, languages: tuple[str, ...], default: str) -> str:
    """The first language that a browser asks for and the content has.

    >>> spoken_on_page("fr-FR, en-GB;q=0.8, nl;q=0.5", ("nl", "en"), "nl")
    'en'
    >>> spoken_on_page("", ("nl", "en"), "nl")
    'nl'
    """
    wanted = (part.partition(";")[0].strip().partition("-")[0].lower() for part in accept_language.split(","))
    return next((language for language in wanted if language in languages), default)


def _origin(address: str | None) -> str:
    if address is None:
        return ""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
