"""The whole pipeline, trained by Rasa on a tiny project with the real configuration."""

from __future__ import annotations

import asyncio
import os
import tarfile
from pathlib import Path
from typing import Any, Callable, Dict

import pytest
import rasa.model_training
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from tests_support import write_project

from benchmarks.intent_pipeline import IntentPipeline, VectorCache
from nlu.articles import read_content

Parse = Callable[..., Dict[str, Any]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def model(project: Path) -> Path:
    here = Path.cwd()
    os.chdir(project)  # Rasa keeps its cache in the working folder
    try:
        result = rasa.model_training.train(
            str(project / "domain.yml"),
            str(project / "config.yml"),
            [str(project / "data")],
            str(project / "models"),
        )
    finally:
        os.chdir(here)
    assert result.model is not None
    return Path(result.model)


@pytest.fixture(scope="module")
def parse(model: Path) -> Parse:
    agent = Agent.load(str(model))
    assert agent.processor is not None
    processor = agent.processor

    def parse(text: str, **metadata: Any) -> Dict[str, Any]:
        return asyncio.run(processor.parse_message(UserMessage(text, metadata=metadata)))

    return parse


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("waar is mijn pakje gebleven", "track_order", "nl"),
        ("where is my order now", "track_order", "en"),
        ("jazeker", "affirm", "nl"),
        ("tell me a joke please", "out_of_scope", "en"),
    ],
)
def test_messages_of_either_language_are_understood(
    parse: Parse, text: str, intent: str, language: str
) -> None:
    parsed = parse(text)

    assert parsed["intent"]["name"] == intent
    assert parsed["language"]["code"] == language


def test_everything_the_contract_promises_is_in_the_answer(parse: Parse) -> None:
    parsed = parse("waar is mijn pakje dd 1048213, ik woon op 3811mg")

    assert parsed["keywords"][0] == {"intent": "track_order", "pattern": "waar is", "text": "waar is"}
    assert [(each["entity"], each["value"]) for each in parsed["entities"]] == [
        ("order_number", "DD1048213"),
        ("postcode", "3811 MG"),
    ]
    assert parsed["intent_ranking"][0]["name"] == parsed["intent"]["name"] == "track_order"
    assert 0.0 <= parsed["rejected"] <= 1.0


def test_the_customers_switch_decides_the_language(parse: Parse) -> None:
    assert parse("where is my order", language="nl")["language"] == {"code": "nl", "confidence": 1.0}


def test_the_page_decides_where_the_text_says_nothing(parse: Parse) -> None:
    assert parse("DD1048213", languages=[], page_language="en")["language"]["code"] == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "a" * 10_000,
        "waar is mijn pakje " * 600,
        "\x00\x1b[31m\u202e",
        "أين طلبي",
        "😡😡😡",
        "'; DROP TABLE orders; --",
        "<script>alert(1)</script>",
        '{"intent": "track_order"}',
        "我的订单在哪里",
        "où est ma commande ?",
        "\u2060/track_order",
        "\ud83d",
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_odd_messages_get_an_answer_of_the_usual_shape(parse: Parse, text: str) -> None:
    parsed = parse(text)

    assert {"intent", "entities", "language", "keywords", "intent_ranking", "emotion"} <= set(parsed)
    assert parsed["emotion"]["label"] in parsed["emotion"]["probabilities"]
    assert isinstance(parsed["intent"]["name"], str)
    assert 0.0 <= parsed["intent"]["confidence"] <= 1.0


def test_a_typed_command_is_text_and_a_buttons_payload_is_a_command(parse: Parse) -> None:
    typed = parse("\u2060/choose_order")
    pressed = parse('/choose_order{"order_number": "DD1048213"}')

    assert typed["intent"]["name"] != "choose_order"
    assert "emotion" in typed
    assert pressed["intent"]["name"] == "choose_order"
    assert "emotion" not in pressed
    assert pressed["entities"][0]["value"] == "DD1048213"


def test_the_benchmarks_pipeline_decides_as_the_graph_does(project: Path, parse: Parse) -> None:
    content = read_content(project / "data")
    pipeline = IntentPipeline(list(content.examples), list(content.keywords), VectorCache())
    texts = ["waar is mijn pakje gebleven", "jazeker", "vertel eens een mop", "ik wil mijn geld terug"]

    decisions = pipeline.decide(texts, "nl")

    for text, decision in zip(texts, decisions, strict=True):
        parsed = parse(text, language="nl")
        assert parsed["intent"]["name"] == decision.intent
        # An int8 vector depends a little on the batch it was made in.
        assert parsed["intent"]["confidence"] == pytest.approx(decision.confidence, abs=0.02)
        assert parsed["rejected"] == pytest.approx(decision.rejection, abs=0.02)


def test_the_model_holds_no_pickles(model: Path) -> None:
    with tarfile.open(model) as archive:
        names = [name for name in archive.getnames() if "nlu." in name]

    stored = {
        Path(name).suffix
        for name in names
        if Path(name).name in {"document.json", "arrays.npz", "held_out.npz"}
    }
    assert stored == {".json", ".npz"}
    assert not [name for name in names if name.endswith((".pkl", ".pickle", ".joblib"))]
