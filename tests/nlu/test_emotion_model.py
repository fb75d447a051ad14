"""The shipped model in ``models/emotion``: that it reads, and that a damaged one is refused at the start."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from nlu.emotion_files import (
    CONFIG,
    EMOTIONS,
    MODEL_FOLDER,
    TOKENIZER,
    WEIGHTS,
    EmotionModelError,
    check_files,
)
from nlu.emotion_model import UNREADABLE_NEUTRAL, EmotionModel, emotion_model
from nlu.weights import MANIFEST

MODEL_MB = 45


@pytest.fixture(scope="module")
def model() -> EmotionModel:
    return emotion_model()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODEL_FOLDER, tmp_path / "emotion"))


def rewrite(folder: Path, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a JSON file of the model and its hash in the manifest."""
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    change(document)
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    if name != MANIFEST:
        digest = sha256((folder / name).read_bytes()).hexdigest()
        rewrite(folder, MANIFEST, lambda manifest: manifest["sha256"].update({name: digest}))


@pytest.mark.parametrize(
    ("text", "language", "emotion"),
    [
        ("This is the third time you got it wrong, absolutely useless!!", "en", "anger"),
        ("thank you so much, you really helped me out", "en", "gratitude"),
        ("so do i click the first one or the second? i don't get it", "en", "confusion"),
        ("do you also sell the tent in green", "en", "neutral"),
        ("Alweer te laat, wat een waardeloze bende zijn jullie", "nl", "anger"),
        ("heel erg bedankt voor je snelle hulp!", "nl", "gratitude"),
        ("ik snap er niks van, waar moet ik nou klikken?", "nl", "confusion"),
        ("hebben jullie de tent ook in het groen", "nl", "neutral"),
        ("C'est inadmissible, trois semaines de retard et personne ne répond !", "fr", "anger"),
        ("merci infiniment pour votre aide", "fr", "gratitude"),
        ("je ne comprends pas, je dois cliquer où ?", "fr", "confusion"),
        ("vous vendez aussi la tente en vert ?", "fr", "neutral"),
        ("都三个星期了还没到，你们这是什么破服务！", "zh", "anger"),
        ("太感谢你了，帮了我大忙", "zh", "gratitude"),
        ("我看不懂，到底要点哪一个？", "zh", "confusion"),
        ("请问帐篷有绿色的吗", "zh", "neutral"),
    ],
)
def test_plain_feelings_are_read_in_every_language(
    model: EmotionModel, text: str, language: str, emotion: str
) -> None:
    reading = model.read(text, language)

    assert reading.label == emotion
    assert reading.known


@pytest.mark.parametrize(
    "text",
    [
        "help",
        "",
        "😡",
        "Где мой заказ?",
        "a" * 10_000,
        "je pakje is laat " * 600,
        "\x00\x1b[31m\u202e",
        "\ud83d",
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_every_text_gets_a_probability_for_each_emotion(model: EmotionModel, text: str) -> None:
    document = model.read(text).as_document()

    assert tuple(document["probabilities"]) == EMOTIONS
    assert sum(document["probabilities"].values()) == pytest.approx(1, abs=0.001)
    assert document["label"] == max(EMOTIONS, key=document["probabilities"].__getitem__)
    assert document["model"] == sha256((MODEL_FOLDER / WEIGHTS).read_bytes()).hexdigest()[:12]
    json.dumps(document)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "1052291",
        "???",
        "Где мой заказ, вы идиоты!",
        "Ich bin stinksauer, wo ist mein Paket",
        "أين طلبي",
    ],
)
def test_what_the_model_was_not_made_for_is_neutral_without_confidence_and_says_so(
    model: EmotionModel, text: str
) -> None:
    reading = model.read(text)

    assert (reading.label, reading.known) == ("neutral", False)
    assert max(reading.probabilities) == UNREADABLE_NEUTRAL


@pytest.mark.parametrize(("text", "emotion"), [("😡😡😡", "anger"), ("🥰🥰", "joy"), ("😭", "sadness")])
def test_emoji_alone_are_read(model: EmotionModel, text: str, emotion: str) -> None:
    reading = model.read(text)

    assert (reading.label, reading.known) == (emotion, True)


def test_an_emoji_that_the_vocabulary_lacks_is_not_guessed_at(model: EmotionModel) -> None:
    assert not model.read("\U0001fae9").known


@pytest.mark.parametrize(
    "text",
    [
        "hi, my parcel is late 😡 en niemand die antwoordt, wat een waardeloze service!!",
        "bonjour, dit is echt belachelijk, trois semaines!!! useless",
        "你们 service 太差了！！！ ridiculous, 气死我了",
    ],
)
def test_anger_is_read_in_mixed_languages(model: EmotionModel, text: str) -> None:
    reading = model.read(text, "nl")

    assert (reading.label, reading.known) == ("anger", True)


def test_the_anger_of_somebody_else_is_not_the_customers(model: EmotionModel) -> None:
    quoted = "> This is outrageous, you idiots, I want my money back NOW!!!\n"
    reported = "my neighbour wrote: 'you are thieves, worst shop ever!!!'. "
    said_now = "do you also sell the tent in green"

    assert model.read(quoted).label == "anger"
    assert model.read(quoted + said_now).label == "neutral"
    assert model.read(reported + said_now).label != "anger"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_feeling_at_the_end_of_a_long_message_is_found(model: EmotionModel, language: str) -> None:
    flat = {
        "en": "I ordered a tent on Monday and the shop sent me an e-mail with the order number. ",
        "nl": "Ik heb maandag een tent besteld en kreeg een e-mail met het bestelnummer. ",
    }
    angry = {
        "en": "Nobody answers, this is an absolute disgrace, I am furious with you!!",
        "nl": "Niemand die reageert, een regelrechte schande, ik ben woedend op jullie!!",
    }

    reading = model.read(flat[language] * 120 + angry[language], language)

    assert reading.label == "anger"


def test_the_language_decides_how_sure_it_is_but_not_what_is_read(copy: Path) -> None:
    rewrite(copy, CONFIG, lambda config: config["temperatures"].update(en=0.5, nl=4.0, other=1.0))
    model = EmotionModel(copy)
    text = "where is my parcel, it is late again"

    english, dutch, other = (model.read(text, language) for language in ("en", "nl", "pl"))

    assert english.label == dutch.label == other.label
    assert max(english.probabilities) > max(other.probabilities) > max(dutch.probabilities)


def test_one_message_takes_one_thread(model: EmotionModel) -> None:
    # How long it takes is for `make bench` to say: it depends on the machine.
    options = model._session.get_session_options()

    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


def test_the_model_is_small_and_holds_no_pickles() -> None:
    files = [file for file in MODEL_FOLDER.rglob("*") if file.is_file()]

    assert sum(file.stat().st_size for file in files) <= MODEL_MB * 2**20
    assert {file.suffix for file in files} <= {".onnx", ".json", ".md", ".txt", ".png", ""}


def test_a_whole_model_is_accepted_and_tells_its_version() -> None:
    assert check_files().version == sha256((MODEL_FOLDER / WEIGHTS).read_bytes()).hexdigest()[:12]


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER, CONFIG, MANIFEST])
def test_a_missing_file_is_named_at_the_start(copy: Path, name: str) -> None:
    (copy / name).unlink()

    with pytest.raises(EmotionModelError, match=f"emotion_model_unusable: .*{name} cannot be read"):
        EmotionModel(copy)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER, CONFIG, MANIFEST])
def test_a_truncated_file_is_named_at_the_start(copy: Path, name: str) -> None:
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: len(content) // 2])

    with pytest.raises(EmotionModelError, match=name) as refused:
        EmotionModel(copy)

    assert refused.value.file == copy / name
    assert "BALIE_EMOTION=off" in str(refused.value)


def test_a_swapped_file_is_named_at_the_start(copy: Path) -> None:
    shutil.copy(MODEL_FOLDER.parent / "encoder" / "encoder.onnx", copy / WEIGHTS)

    with pytest.raises(EmotionModelError, match=f"{WEIGHTS} is damaged or belongs to another model"):
        EmotionModel(copy)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_a_file_with_the_right_hash_that_is_no_model_is_named_too(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"{}")
    digest = sha256(b"{}").hexdigest()
    rewrite(copy, MANIFEST, lambda manifest: manifest["sha256"].update({name: digest}))

    with pytest.raises(EmotionModelError, match=name):
        EmotionModel(copy)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda config: config["emotions"].reverse(), "other emotions"),
        (lambda config: config.pop("temperatures"), "cannot be understood"),
        (lambda config: config["temperatures"].update(nl="warm"), "cannot be understood"),
        (lambda config: config["temperatures"].update(nl=0), "not positive"),
        (lambda config: config.update(longest=None), "cannot be understood"),
    ],
)
def test_a_config_that_cannot_be_used_is_refused(
    copy: Path, change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    rewrite(copy, CONFIG, change)

    with pytest.raises(EmotionModelError, match=problem):
        EmotionModel(copy)


@pytest.mark.parametrize("manifest", ["[]", '{"sha256": {}}', '{"sha256": ["a"]}', "{"])
def test_a_manifest_that_names_no_files_is_refused(copy: Path, manifest: str) -> None:
    (copy / MANIFEST).write_text(manifest, encoding="utf-8")

    with pytest.raises(EmotionModelError, match=MANIFEST):
        check_files(copy)
