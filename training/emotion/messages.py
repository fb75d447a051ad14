"""Reads what is learned from: our own messages by writer, and GoEmotions from a folder outside.

Nothing here needs torch.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import yaml

from training.emotion.labels import EMOTIONS

Part: TypeAlias = Literal["train", "dev", "test"]
PARTS: Final[tuple[Part, ...]] = ("train", "dev", "test")
SPLIT: Final = Path(__file__).with_name("split.yml")


@dataclass(frozen=True)
class Message:
    """One text with what is known about its emotion.

    Attributes:
        text: As it was typed.
        language: ``en``, ``nl``, ``fr`` or ``zh``.
        emotion: Place in :data:`EMOTIONS`; None for a text of GoEmotions.
        labels28: Places in ``LABELS28``; None for a message of our own.
        writer: Whose message it is; empty for GoEmotions.
    """

    text: str
    language: str
    emotion: int | None = None
    labels28: tuple[int, ...] | None = None
    writer: str = ""


def read_own(folder: Path, split: Path = SPLIT) -> dict[Part, list[Message]]:
    """Our messages by part; a message of dev or test that also stands in train is left out there."""
    table = yaml.safe_load(split.read_text("utf-8"))
    parts: dict[Part, list[Message]] = {part: [] for part in PARTS}
    for file in sorted(folder.glob("*_*.yml")):
        writer = yaml.safe_load(file.read_text("utf-8"))
        parts[part_of(writer["language"], writer["writer"], table)] += _messages_of(writer)
    parts["dev"] = without_known(parts["dev"], parts["train"])
    parts["test"] = without_known(parts["test"], [*parts["train"], *parts["dev"]])
    return parts


def part_of(language: str, writer: str, table: dict[str, dict[str, Sequence[str]]]) -> Part:
    """Where a writer belongs: whoever the table does not name trains."""
    if writer in table["test"].get(language, ()):
        return "test"
    return "dev" if writer in table["dev"].get(language, ()) else "train"


def without_known(messages: Iterable[Message], known: Iterable[Message]) -> list[Message]:
    """The messages whose text, whatever its capitals and spaces, does not stand in ``known``."""
    seen = {same_text(message.text) for message in known}
    return [message for message in messages if same_text(message.text) not in seen]


def same_text(text: str) -> str:
    """A key that is equal for texts that differ only in capitals, spaces and width."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_goemotions(folder: Path) -> dict[Part, list[Message]]:
    """GoEmotions' own split; ``folder`` holds ``train.tsv.gz``, ``dev.tsv.gz`` and ``test.tsv.gz``."""
    return {part: _read_tsv(folder / f"{part}.tsv.gz") for part in PARTS}


def _read_tsv(file: Path) -> list[Message]:
    messages = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            text, labels, _ = line.rstrip("\n").split("\t")
            numbers = tuple(int(label) for label in labels.split(","))
            messages.append(Message(text, "en", labels28=numbers))
    return messages


def _messages_of(writer: dict[str, object]) -> list[Message]:
    lists = writer["messages"]
    assert isinstance(lists, dict)
    return [
        Message(text, str(writer["language"]), EMOTIONS.index(emotion), writer=str(writer["writer"]))
        for emotion, texts in lists.items()
        for text in texts
    ]
