"""The graph component: what it writes on messages, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Optional

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.emotion_reader import EMOTION, EmotionReader
from nlu.language_detector import LANGUAGE


def make_reader(folder: Path) -> EmotionReader:
    return EmotionReader.create(
        EmotionReader.get_default_config(),
        LocalModelStorage(folder),
        Resource("emotion"),
        ExecutionContext(GraphSchema({}), model_id="test"),
    )


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
