"""The emotion part of docs/benchmarks.md: what was to be reached, and what else could be had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Row = tuple[str, str, str]
NAMES = {"en": "English", "nl": "Dutch", "fr": "French", "zh": "Chinese"}
TO_FIND = ("anger", "confusion")


def emotion_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    """Lines of the table on top of the page."""
    if not figures:
        return
    for code, name in NAMES.items():
        report = figures["languages"][code]
        what = f"emotions, {name}, writers never seen ({report['messages']} messages)"
        reached = f"{report['macro_f1']:.3f} / {report['ece']:.4f}"
        yield f"{what}: macro-F1 of 8 / calibration error", "≥ 0.80 / ≤ 0.06", reached
        found = [report["per_class"][emotion] for emotion in TO_FIND]
        reached = ", ".join(f"{each['recall']:.2f} at {each['precision']:.2f}" for each in found)
        yield f"emotions, {name}: recall of anger, of confusion", "≥ 0.80 at precision ≥ 0.75", reached
    public = figures["goemotions"]
    reached = f"{public['macro_f1']:.3f}" if "macro_f1" in public else f"skipped: {public['skipped']}"
    yield "GoEmotions test, 28 labels, shipped thresholds: macro-F1", "≥ 0.53", reached
    cost = figures["cost"]
    reached = f"{cost['p50_ms']:.1f} ms (p95 {cost['p95_ms']:.1f}) / {cost['memory_mb']:.0f} MB"
    what = f"emotion of {cost['sub_words']} sub-words, one thread, p50 / memory added to Rasa's process"
    yield what, "≤ 8 ms / ≤ 150 MB", reached


def emotion_section(figures: Mapping[str, Any]) -> Iterator[str]:
    """The comparison with what a shop could install instead."""
    if not figures:
        return
    yield from (
        "## Emotions: what could be had instead",
        "",
        "Macro-F1 on the same messages. Three tones are the easier task that lexica are made for: joy and",
        "gratitude positive; anger, sadness and fear negative; messages labelled confusion or surprise left",
        "out. For the eight emotions positive counts as joy and negative as anger. The keyword list is ours",
        "(`benchmarks/emotion_rivals.py`).",
        "",
        "| what | language | eight emotions | three tones |",
        "|---|---|---|---|",
    )
    for each in figures["comparison"]:
        name = NAMES[each["language"]]
        yield f"| {each['what']} | {name} | {each['macro_f1']:.2f} | {each['tone_macro_f1']:.2f} |"
    yield ""
