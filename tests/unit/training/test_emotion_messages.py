"""The messages that the emotion classifier learns from, and who is kept apart."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from training.emotion.labels import EMOTIONS, LABELS28, LANGUAGES
from training.emotion.messages import Message, part_of, read_own, same_text, without_known

FOLDER = Path(__file__).parents[3] / "data" / "emotions"
FEWEST_PER_EMOTION = 200


@pytest.fixture(scope="module")
def parts() -> dict[str, list[Message]]:
    return dict(read_own(FOLDER))


def test_no_writer_is_in_two_parts(parts: dict[str, list[Message]]) -> None:
    writers = {part: {(m.language, m.writer) for m in messages} for part, messages in parts.items()}

    assert not writers["train"] & writers["dev"]
    assert not (writers["train"] | writers["dev"]) & writers["test"]


def test_every_language_has_two_test_writers_and_one_for_dev(parts: dict[str, list[Message]]) -> None:
    for part, expected in (("test", 2), ("dev", 1)):
        found = Counter(language for language, _ in {(m.language, m.writer) for m in parts[part]})

        assert found == dict.fromkeys(LANGUAGES, expected)


def test_no_message_of_dev_or_test_stands_in_train(parts: dict[str, list[Message]]) -> None:
    learned = {same_text(message.text) for message in parts["train"]}

    assert not [m.text for part in ("dev", "test") for m in parts[part] if same_text(m.text) in learned]


def test_every_emotion_has_enough_messages_in_every_language(parts: dict[str, list[Message]]) -> None:
    found = Counter((m.language, m.emotion) for messages in parts.values() for m in messages)

    assert (
        min(found[language, at] for language in LANGUAGES for at in range(len(EMOTIONS)))
        >= FEWEST_PER_EMOTION
    )


def test_a_text_has_one_emotion_within_a_language(parts: dict[str, list[Message]]) -> None:
    emotions: dict[tuple[str, str], set[int | None]] = {}
    for message in (m for messages in parts.values() for m in messages):
        emotions.setdefault((message.language, same_text(message.text)), set()).add(message.emotion)

    assert [text for text, found in emotions.items() if len(found) > 1] == []


def test_a_writer_whom_the_table_does_not_name_trains() -> None:
    table = {"test": {"nl": ["ruud"]}, "dev": {"nl": ["priya"]}}

    assert part_of("nl", "ruud", table) == "test"
    assert part_of("nl", "priya", table) == "dev"
    assert part_of("en", "ruud", table) == "train"


def test_the_same_text_is_recognised_in_capitals_and_full_width() -> None:
    known = [Message("Hoezo?  Nu al", "nl", 6)]

    assert without_known([Message("hoezo？ nu AL", "nl", 6)], known) == []


def test_every_file_has_the_eight_emotions_in_their_order() -> None:
    for file in sorted(FOLDER.glob("*_*.yml")):
        writer = yaml.safe_load(file.read_text("utf-8"))

        assert tuple(writer["messages"]) == EMOTIONS, file.name
        assert file.stem == f"{writer['language']}_{writer['writer']}"


def test_the_labels_of_goemotions_are_twenty_eight() -> None:
    assert len(set(LABELS28)) == 28
