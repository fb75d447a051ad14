"""Which emotion is read as which, as a picture: rows are what people labelled, columns what was read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from balie.assistant.emotion_evaluation import EmotionReport
from balie.assistant.errors import PictureNotWrittenError
from balie.kernel.emotion import EMOTIONS

_DARK_FROM = 0.55
_SIZE_INCHES = (7.5, 6.5)
_DOTS_PER_INCH = 150


def draw_confusions(report: EmotionReport, file: Path) -> None:
    """Write the picture as PNG; a field's shade is its share of the row, the number in it counts messages.

    Raises:
        PictureNotWrittenError: The file cannot be written.
    """
    # Only this command draws, and importing takes half a second.
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, dpi=_DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    shares = [_shares_of(row) for row in report.confusion]
    shade = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    _write_counts(axes, report.confusion, shares)
    places = range(len(EMOTIONS))
    axes.set_xticks(places, EMOTIONS, rotation=40, ha="right")
    axes.set_yticks(
        places,
        [f"{label} ({sum(row)})" for label, row in zip(EMOTIONS, report.confusion, strict=True)],
    )
    axes.set_xlabel("read as")
    axes.set_ylabel("labelled (messages)")
    figures = f"macro-F1 {report.macro_f1:.3f} · ECE {report.ece:.3f}"
    axes.set_title(f"{report.messages} messages · {figures} · model {report.model}", fontsize=10)
    figure.colorbar(shade, ax=axes, label="share of the labelled messages", shrink=0.8)
    try:
        figure.savefig(file, format="png")
    except OSError as error:
        raise PictureNotWrittenError(file, error.strerror or "unknown reason") from error


def _shares_of(row: Sequence[int]) -> list[float]:
    total = sum(row)
    return [count / total if total else 0.0 for count in row]


def _write_counts(axes: Any, counts: Sequence[Sequence[int]], shares: Sequence[Sequence[float]]) -> None:
    for labelled, row in enumerate(counts):
        for read, count in enumerate(row):
            colour = "white" if shares[labelled][read] >= _DARK_FROM else "black"
            if count:
                axes.text(read, labelled, str(count), ha="center", va="center", color=colour, fontsize=10)
