"""The graph component: what it writes on messages, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Optional, Type, TypeVar

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

import nlu.emotion_reader
from nlu.emotion_reader import BEGUN, EMOTION, EmotionReader, EmotionStarter, has_idle_core
from nlu.language_detector import LANGUAGE

Component = TypeVar("Component", EmotionReader, EmotionStarter)


def make(kind: Type[Component], folder: Path) -> Component:
    return kind.create(
        kind.get_default_config(),
        LocalModelStorage(folder),
        Resource("emotion"),
        ExecutionContext(GraphSchema({}), model_id="test"),
    )


def make_reader(folder: Path) -> EmotionReader:
    return make(EmotionReader, folder)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> EmotionReader:
    return make_reader(tmp_path_factory.mktemp("storage"))


def message(text: Optional[str], **properties: Any) -> Message:
    return Message({TEXT: text, **properties})


def test_a_message_gets_its_emotion_in_the_output(reader: EmotionReader) -> None:
    angry = message(
        "Alweer te laat, wat een waardeloze bende!", **{LANGUAGE: {"code": "nl", "confidence": 1}}
    )

    reader.process([angry])

    assert angry.get(EMOTION)["label"] == "anger"
    assert EMOTION in angry.as_dict(only_output_properties=True)


def test_a_buttons_payload_is_never_read(reader: EmotionReader) -> None:
    pressed = message('/choose_order{"order_number": "DD1048213"}')

    reader.process([pressed])

    assert pressed.get(EMOTION) is None


def test_a_typed_slash_is_a_text_like_any_other(reader: EmotionReader) -> None:
    typed = message("\u2060/restart, you useless machine!!!")

    reader.process([typed])

    assert typed.get(EMOTION)["label"] == "anger"


@pytest.mark.parametrize("language", [None, {}, {"code": "xx"}])
def test_a_message_of_unknown_language_is_read_too(reader: EmotionReader, language: object) -> None:
    some = message("thank you so much for your help", **{LANGUAGE: language})

    reader.process([some, message(None)])

    assert some.get(EMOTION)["label"] == "gratitude"


@pytest.mark.parametrize("switch", ["off", "OFF", "0", "false", "no"])
def test_switched_off_no_message_gets_an_emotion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    monkeypatch.setenv("BALIE_EMOTION", switch)
    some = message("thank you so much")

    make_reader(tmp_path).process([some])

    assert some.get(EMOTION) is None


@pytest.mark.parametrize("switch", ["", "on", "1"])
def test_any_other_value_leaves_emotions_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    monkeypatch.setenv("BALIE_EMOTION", switch)
    some = message("thank you so much")

    make_reader(tmp_path).process([some])

    assert some.get(EMOTION) is not None


def test_switched_off_the_model_is_not_even_loaded() -> None:
    question = (
        "import os, sys; os.environ['BALIE_EMOTION'] = 'off'; from nlu.emotion_reader import EmotionReader;"
        " EmotionReader({}, None, None); print('transformers' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", question], capture_output=True, text=True, check=True
    )

    assert answer.stdout.split()[-1] == "False"


def loadavg(folder: Path, text: str) -> Path:
    file = folder / "loadavg"
    file.write_text(text, encoding="ascii")
    return file


@pytest.mark.parametrize(("running", "idle"), [(1, True), (2, False), (7, False)])
def test_a_core_is_idle_when_fewer_threads_run_than_there_are_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, running: int, idle: bool
) -> None:
    monkeypatch.setattr(nlu.emotion_reader.os, "cpu_count", lambda: 2)

    assert has_idle_core(loadavg(tmp_path, f"0.31 0.20 0.12 {running}/213 4711\n")) is idle


@pytest.mark.parametrize("text", ["", "0.31 0.20", "0.31 0.20 0.12 many/213 4711"])
def test_a_machine_that_does_not_say_counts_as_busy(tmp_path: Path, text: str) -> None:
    assert not has_idle_core(loadavg(tmp_path, text))
    assert not has_idle_core(tmp_path / "nowhere")


@pytest.mark.parametrize("idle", [True, False])
def test_begun_early_or_not_the_reading_is_the_same(
    tmp_path: Path, reader: EmotionReader, monkeypatch: pytest.MonkeyPatch, idle: bool
) -> None:
    monkeypatch.setattr(nlu.emotion_reader, "has_idle_core", lambda: idle)
    some, plain = message("thank you so much for your help"), message("thank you so much for your help")

    make(EmotionStarter, tmp_path).process([some])
    assert (some.get(BEGUN) is not None) is idle
    reader.process([some])
    reader.process([plain])

    assert some.get(EMOTION) == plain.get(EMOTION)
    assert some.get(BEGUN) is None


def test_neither_a_button_nor_anything_when_switched_off_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nlu.emotion_reader, "has_idle_core", lambda: True)
    pressed, typed = message("/track_order"), message("hello")

    make(EmotionStarter, tmp_path).process([pressed])
    monkeypatch.setenv("BALIE_EMOTION", "off")
    make(EmotionStarter, tmp_path).process([typed])

    assert pressed.get(BEGUN) is None
    assert typed.get(BEGUN) is None
