"""How well emotions are read, and against what else could be had: ``python -m benchmarks.emotions``.

Messages are those of the writers that ``training/emotion/split.yml`` keeps for the end. Readings come from
Rasa's environment as customers get them (own code, detected language, one thread); the rivals run in an
environment of their own below ``var/``. GoEmotions is looked for in ``--public`` and skipped, with the
reason, where it is not.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from balie.assistant.emotion_evaluation import EmotionReport, report_emotions
from balie.assistant.evaluation import macro_f1
from balie.cli.confusion_picture import draw_confusions
from balie.kernel.emotion import Emotion, EmotionLabel
from benchmarks.emotion_rivals import TONE_OF
from benchmarks.servers import RASA_PYTHON, ROOT

MESSAGES = ROOT / "data" / "emotions"
SPLIT = ROOT / "training" / "emotion" / "split.yml"
CONFIG = ROOT / "models" / "emotion" / "config.json"
PUBLIC = ROOT.parent / "shared" / "data" / "goemotions"
FOLDER = ROOT / "var" / "benchmarks" / "emotions"
RIVALS = ROOT / "benchmarks" / "emotion_rivals"
OURS = "Balie"
# Neither tone nor its absence: a lexicon of polarity is not asked about these.
WITHOUT_TONE = {"confusion", "surprise"}

Message = dict[str, Any]


def main() -> None:
    """Measure everything and print it, or write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--public", type=Path, default=PUBLIC, help="folder with GoEmotions' test.tsv.gz")
    parser.add_argument(
        "--file", type=Path, help="CSV with text, emotion, language instead of the test writers"
    )
    arguments = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    messages = read_csv(arguments.file) if arguments.file else list(read_test_writers())
    figures = measure(messages, read_public(arguments.public))
    text = json.dumps(figures, indent=1)
    if arguments.json:
        arguments.json.write_text(text, encoding="utf-8")
    else:
        print(text)


def measure(messages: Sequence[Message], public: Sequence[tuple[str, set[int]]]) -> dict[str, Any]:
    """All figures of this part."""
    question = {"messages": messages, "public": [text for text, _ in public]}
    print(f"  {len(messages)} messages, {len(public)} of GoEmotions", flush=True)
    answer = ask(
        question,
        lambda files: [str(RASA_PYTHON), "-W", "ignore", "-m", "benchmarks.emotion_readings", *files],
    )
    readings = [Emotion.from_document(each) for each in answer["readings"]]
    reports = dict(by_language(messages, readings))
    for language, report in reports.items():
        draw_confusions(report, FOLDER / f"confusion_{language}.png")
    judged = ask_rivals(messages)
    return {
        "model": readings[0].model,
        "cost": answer["cost"],
        "languages": {language: summary(report) for language, report in reports.items()},
        "language_detected": share_detected(messages, answer["readings"]),
        "goemotions": public_figures(answer["scores28"], public),
        "comparison": list(compare(messages, {OURS: [each.label for each in readings], **judged})),
    }


def read_test_writers() -> Iterator[Message]:
    """Messages of the writers nobody learned from; a text that also stands in training is left out."""
    held = yaml.safe_load(SPLIT.read_text("utf-8"))
    writers = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(MESSAGES.glob("*.yml"))]
    learned = {
        text.casefold()
        for each in writers
        if each["writer"] not in held["test"].get(each["language"], ())
        for texts in each["messages"].values()
        for text in texts
    }
    for each in writers:
        if each["writer"] in held["test"].get(each["language"], ()):
            for emotion, texts in each["messages"].items():
                for text in texts:
                    if text.casefold() not in learned:
                        yield {"text": text, "emotion": emotion, "language": each["language"]}


def read_csv(file: Path) -> list[Message]:
    """Labelled messages with the columns text, emotion and language."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [{key: row[key] for key in ("text", "emotion", "language")} for row in csv.DictReader(lines)]


def read_public(folder: Path) -> list[tuple[str, set[int]]]:
    """GoEmotions' test set with the numbers of its labels; nothing when it is not there."""
    file = folder / "test.tsv.gz"
    if not file.exists():
        print(f"  GoEmotions skipped: {file.name} is not in the folder given", flush=True)
        return []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return [(text, {int(label) for label in labels.split(",")}) for text, labels, _ in rows]


def ask(question: object, command: Callable[[list[str]], list[str]]) -> Any:
    """Hand a question to another Python and read its answer."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "question.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(question), encoding="utf-8")
        subprocess.run(command([str(asked), str(answered)]), cwd=ROOT, check=True)
        return json.loads(answered.read_text("utf-8"))


def ask_rivals(messages: Sequence[Message]) -> dict[str, list[str | None]]:
    """What the packages somebody would install instead make of the messages."""
    python = FOLDER / "rivals" / "bin" / "python"
    uv = subprocess.run(
        ["tools/setup/uv.sh"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    if not python.exists():
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(python.parent.parent)], check=True)
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), "-r", f"{RIVALS}.in"], check=True)
    judged: dict[str, list[str | None]] = ask(
        messages, lambda files: [str(python), "-W", "ignore", f"{RIVALS}.py", *files]
    )
    return judged


def by_language(
    messages: Sequence[Message], readings: Sequence[Emotion]
) -> Iterator[tuple[str, EmotionReport]]:
    """One report for each language."""
    for language in sorted({each["language"] for each in messages}):
        rows = [row for row, each in enumerate(messages) if each["language"] == language]
        labels: list[EmotionLabel] = [messages[row]["emotion"] for row in rows]
        yield language, report_emotions(labels, [readings[row] for row in rows])


def summary(report: EmotionReport) -> dict[str, Any]:
    """A report, rounded, with its confusions."""
    return json.loads(json.dumps(report.as_json()), parse_float=lambda number: round(float(number), 4))  # type: ignore[no-any-return]


def share_detected(messages: Sequence[Message], readings: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How often the language was detected, which decides the temperature."""
    hits: dict[str, list[bool]] = {}
    for message, reading in zip(messages, readings, strict=True):
        hits.setdefault(message["language"], []).append(reading["language"] == message["language"])
    return {language: round(sum(each) / len(each), 4) for language, each in sorted(hits.items())}


def public_figures(
    scores: Sequence[Sequence[float]] | None, public: Sequence[tuple[str, set[int]]]
) -> dict[str, Any]:
    """Macro-F1 over GoEmotions' 28 labels at the thresholds that the model ships."""
    if scores is None:
        return {"skipped": "GoEmotions is not there (--public FOLDER)"}
    thresholds = json.loads(CONFIG.read_text("utf-8"))["thresholds28"]
    figures = []
    for label, threshold in enumerate(thresholds):
        said = [row[label] >= threshold for row in scores]
        wanted = [label in labels for _, labels in public]
        hits = sum(a and b for a, b in zip(said, wanted, strict=True))
        figures.append(2 * hits / max(1, sum(said) + sum(wanted)))
    return {"messages": len(public), "macro_f1": round(sum(figures) / len(figures), 4)}


def compare(messages: Sequence[Message], judged: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Each rival in each language it knows: eight emotions, and the easier three tones."""
    for name, labels in judged.items():
        for language in ("en", "nl", "fr", "zh"):
            rows = [
                (each["emotion"], label)
                for each, label in zip(messages, labels, strict=True)
                if each["language"] == language and label is not None
            ]
            if rows:
                yield {"what": name, "language": language, **_figures(rows)}


def _figures(rows: Sequence[tuple[str, str]]) -> dict[str, float]:
    toned = [(_tone(wanted), _tone(said)) for wanted, said in rows if wanted not in WITHOUT_TONE]
    return {
        "macro_f1": round(macro_f1([wanted for wanted, _ in rows], [said for _, said in rows]), 3),
        "accuracy": round(sum(wanted == said for wanted, said in rows) / len(rows), 3),
        "tone_macro_f1": round(macro_f1([wanted for wanted, _ in toned], [said for _, said in toned]), 3),
    }


def _tone(emotion: str) -> str:
    return TONE_OF.get(emotion, "neutral")


if __name__ == "__main__":
    main()
