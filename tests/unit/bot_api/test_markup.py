"""The stand-in reads HTML and MarkdownV2 as Telegram does, errors included."""

from __future__ import annotations

import pytest

from tests.support.bot_api.html import HtmlReader
from tests.support.bot_api.markdown import MarkdownReader
from tests.support.bot_api.refusals import Refusal

Marks = list[tuple[str, int, int, str]]


def read_html(markup: str) -> tuple[str, Marks]:
    text, entities = HtmlReader(markup).read()
    return text, [(one.type, one.offset, one.length, one.argument) for one in entities]


def read_markdown(markup: str) -> tuple[str, Marks]:
    text, entities = MarkdownReader(markup).read()
    return text, [(one.type, one.offset, one.length, one.argument) for one in entities]


@pytest.mark.parametrize(
    ("markup", "text", "marks"),
    [
        ("a &lt;b&gt; &amp; &quot;c&quot; &#39;&#x1F600;", "a <b> & \"c\" '😀", []),
        ("&nbsp; &copy; & &lt", "&nbsp; &copy; & <", []),
        ("😀<b>dik</b>", "😀dik", [("bold", 2, 3, "")]),
        ("<STRONG>a</strong><em>b</em>", "ab", [("bold", 0, 1, ""), ("italic", 1, 1, "")]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2, ""), ("italic", 1, 1, "")]),
        ("<b>a</>", "a", [("bold", 0, 1, "")]),
        ("<b></b>leeg", "leeg", []),
        ('<a href="https://x.example/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1, "https://x.example/?a=1&b=2")]),
        ("<a href='https://x.example'>x</a>", "x", [("text_link", 0, 1, "https://x.example")]),
        ("<a>https://x.example</a>", "https://x.example", [("text_link", 0, 17, "https://x.example")]),
        ('<a href="mailto:a@b.example">mail</a>', "mail", []),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1, "py")]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1, "")]),
        ("<blockquote expandable>x</blockquote>", "x", [("blockquote", 0, 1, "")]),
    ],
)  # fmt: skip
def test_html_is_read(markup: str, text: str, marks: Marks) -> None:
    assert read_html(markup) == (text, marks)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<div>a</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("1 < 2", "Unsupported start tag \"\" at byte offset 2"),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", "Can't find end tag corresponding to start tag \"b\""),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>",
         'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ],
)  # fmt: skip
def test_html_that_is_wrong_is_refused(markup: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_html(markup)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("markup", "text", "marks"),
    [
        (r"a\.b \*c\*", "a.b *c*", []),
        ("*dik* _schuin_", "dik schuin", [("bold", 0, 3, ""), ("italic", 4, 6, "")]),
        ("__onder__ ~door~ ||stil||", "onder door stil",
         [("underline", 0, 5, ""), ("strikethrough", 6, 4, ""), ("spoiler", 11, 4, "")]),
        ("*a _b_*", "a b", [("bold", 0, 3, ""), ("italic", 2, 1, "")]),
        ("`a*b` ```py\nx```", "a*b x", [("code", 0, 3, ""), ("pre", 4, 1, "py")]),
        (r"[x](https://x.example/\))", "x", [("text_link", 0, 1, "https://x.example/)")]),
        ("[x](mailto:a@b.example)", "x", []),
        (">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4, "")]),
        ("😀*a*", "😀a", [("bold", 2, 1, "")]),
    ],
)  # fmt: skip
def test_markdown_is_read(markup: str, text: str, marks: Marks) -> None:
    assert read_markdown(markup) == (text, marks)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a|b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("é*a", "Can't find end of Bold entity at byte offset 2"),
        ("[x](https://x.example", "Can't find end of a URL at byte offset 4"),
    ],
)
def test_markdown_that_is_wrong_is_refused(markup: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_markdown(markup)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"
