"""What every paper has in common: type that can print any name, and the shop's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PLAIN, BOLD, CHINESE = "DejaVuSans", "DejaVuSans-Bold", "STSong-Light"
_CHINESE: Final = re.compile(r"[⺀-鿿豈-﫿＀-￯]")


@cache
def load_fonts() -> None:
    """Make the fonts known: DejaVu comes with matplotlib, the Chinese one with every PDF reader."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def font_for(text: str, *, bold: bool = False) -> str:
    """A font that has the characters of a text."""
    if _CHINESE.search(text):
        return CHINESE
    return BOLD if bold else PLAIN


@dataclass(frozen=True, slots=True)
class Type:
    """How lines are set: size and width in points."""

    size: float
    width: float
    bold: bool = False


def write(page: Canvas, at: tuple[float, float], text: str, size: float, *, bold: bool = False) -> None:
    """Write one line; what does not fit the page is the caller's to know (:func:`fit`)."""
    page.setFont(font_for(text, bold=bold), size)
    page.drawString(*at, text)


def write_lines(page: Canvas, at: tuple[float, float], lines: Sequence[str], type_: Type) -> float:
    """Write lines one below the other, cut where they are too wide; answers the height of the next."""
    x, y = at
    for line in lines:
        text = fit(line, type_.size, type_.width, bold=type_.bold)
        write(page, (x, y), text, type_.size, bold=type_.bold)
        y -= type_.size * 1.4
    return y


def fit(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than ``width`` points."""
    font = font_for(text, bold=bold)
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    while text and pdfmetrics.stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text: str, size: float, width: float) -> list[str]:
    """The text in lines no wider than ``width`` points."""
    font, lines, line = font_for(text), [""], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and pdfmetrics.stringWidth(longer, font, size) > width:
            lines.append("")
            longer = word
        line = lines[-1] = longer
    return lines
