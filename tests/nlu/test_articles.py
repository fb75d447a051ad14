from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from tests_support import write_project

from nlu.articles import Example, read_content
from nlu.errors import TrainingContentError
from nlu.faq_importer import KEYWORD_PATTERN, FaqImporter


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path)


def importer(project: Path, **options: object) -> FaqImporter:
    paths = [str(project / "data")]
    return FaqImporter(str(project / "config.yml"), str(project / "domain.yml"), paths, **options)  # type: ignore[arg-type]


def test_examples_of_articles_and_voices_are_read_with_language_and_writer(project: Path) -> None:
    content = read_content(project / "data")

    assert Example("waar is mijn pakje", "track_order", "nl") in list(content.examples)
    assert (
        Example("kan dit nog mee in de trommel", "out_of_scope", "nl", "ria", near_miss=True)
        in content.voices
    )
    assert content.languages == ("nl", "en")


def test_an_example_that_yaml_takes_for_a_truth_value_stays_a_word(project: Path) -> None:
    texts = [example.text for example in read_content(project / "data").examples]

    assert {"no", "yes"} <= set(texts)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("faq/shop.yml", "intent: track_order", "intent: fly_to_mars", "not in the taxonomy"),
        ("faq/shop.yml", "kind: look_up", "kind: magic", "none of answer, look_up, small_talk"),
        ("faq/shop.yml", "intent: affirm", "intent: track_order", "two articles"),
        ("faq/shop.yml", "topic: shop", "topic: [", "cannot be read"),
        ("faq/voices/ria.yml", "out_of_scope:", "fly_to_mars:", "not in the taxonomy"),
    ],
)
def test_broken_content_is_refused_with_its_place(
    project: Path, file: str, old: str, new: str, problem: str
) -> None:
    path = project / "data" / file
    path.write_text(path.read_text().replace(old, new, 1))

    with pytest.raises(TrainingContentError, match=problem):
        read_content(project / "data")


def test_a_file_in_latin_1_is_refused(project: Path) -> None:
    (project / "data/faq/shop.yml").write_bytes("topic: café".encode("latin-1"))

    with pytest.raises(TrainingContentError, match="cannot be read"):
        read_content(project / "data")


def test_every_intent_of_the_taxonomy_is_in_the_domain(project: Path) -> None:
    assert {"track_order", "affirm", "deny", "out_of_scope", "choose_order"} <= set(
        importer(project).get_domain().intents
    )


def test_articles_answered_by_text_get_a_response_and_look_ups_none(project: Path) -> None:
    responses = importer(project).get_domain().responses

    assert "utter_affirm" in responses
    assert "utter_track_order" not in responses


def test_every_article_gets_a_rule_and_a_look_up_about_the_customer_two(project: Path) -> None:
    names = [step.block_name for step in importer(project).get_stories().story_steps]

    assert {"affirm is answered", "track_order is looked up", "track_order asks who the customer is"} <= set(
        names
    )


def test_rules_written_by_hand_are_not_made_again(project: Path) -> None:
    names = [step.block_name for step in importer(project, own_rules=["affirm"]).get_stories().story_steps]

    assert "affirm is answered" not in names


def test_voices_can_be_left_out(project: Path) -> None:
    texts = [message.get(TEXT) for message in importer(project, voices=False).get_nlu_data().intent_examples]

    assert "kan dit nog mee in de trommel" not in texts


def test_keyword_patterns_travel_with_the_training_data(project: Path) -> None:
    carried = [message.get(KEYWORD_PATTERN) for message in importer(project).get_nlu_data().training_examples]

    assert ["waar is", "track_order", "nl"] in carried


def test_folders_that_are_not_rasas_are_not_read_as_rasa_files(project: Path) -> None:
    (project / "data/replies").mkdir()
    (project / "data/replies/odd.yml").write_text("rules: [this is no rule of Rasa]\n")

    intents = {message.get(INTENT) for message in importer(project).get_nlu_data().intent_examples}

    assert intents == {"track_order", "affirm", "deny", "out_of_scope", "choose_order"}
