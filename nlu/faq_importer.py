"""Turns the articles of ``data/faq`` into what Rasa trains on: examples, intents, responses, rules.

Named in ``config.yml`` as the project's importer. It is Rasa's own file importer for
``data/{rules,stories,nlu}``, plus the articles; other folders of ``data`` are not Rasa's and are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import Any, Union

from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import CategoricalSlot
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from nlu.articles import Article, Content, read_content

RASA_FOLDERS = ("rules", "stories", "nlu")
PENDING_TASK = "pending_task"
IDENTIFY_FORM = "identify_form"
PENDING_CHANGE = "pending_change"
CONFIRM_FORM = "confirm_form"
STORY_VERSION = "3.1"
LANGUAGE_KEY = "language"
WRITER_KEY = "writer"
NEAR_MISS_KEY = "near_miss"
KEYWORD_PATTERN = "keyword_pattern"


class FaqImporter(RasaFileImporter):
    """Rasa's file importer with the articles added.

    Args:
        data: The folder with ``taxonomy.yml``, ``shop/`` and ``faq/``, relative to the configuration.
        own_rules: Intents whose rules are written by hand in ``data/rules``.
        voices: Whether the writers' extra examples are trained on too.
    """

    # Rasa's own signature: it hands over what config.yml says by name.
    def __init__(  # noqa: PLR0913, PLR0917
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: Union[list[str], str] | None = None,
        data: str = "data",
        own_rules: Sequence[str] = (),
        voices: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        super().__init__(config_file, domain_path, _only_rasa_folders(training_data_paths))
        root = Path(config_file).resolve().parent if config_file else Path.cwd()
        self._data = root / data
        self._own_rules = frozenset(own_rules)
        self._voices = voices

    @cached_method
    def get_domain(self) -> Domain:
        """The written domain, with an intent and a response for every article."""
        content = self._content()
        responses = {
            f"utter_{article.intent}": [{"text": article.title}]
            for article in content.articles
            if self._is_answered_by_text(article)
        }
        written = super().get_domain()
        listed = [intent for intent in content.intents if intent not in written.intents]
        return written.merge(Domain.from_dict({"intents": listed, "responses": responses}))

    @cached_method
    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The written stories and rules, with a rule for every article."""
        written = super().get_stories(exclusion_percentage)
        reader = YAMLStoryReader(self.get_domain())
        rules = {"version": STORY_VERSION, "rules": list(self._article_rules())}
        return written.merge(StoryGraph(reader.read_from_parsed_yaml(rules)))

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The written examples, with those of the articles and the voices, in every language."""
        content = self._content()
        examples = TrainingData(training_examples=[*_messages(content), *_patterns(content)])
        return reduce(lambda left, right: left.merge(right), [super().get_nlu_data(language), examples])

    @cached_method
    def _content(self) -> Content:
        return read_content(self._data, voices=self._voices)

    def _is_answered_by_text(self, article: Article) -> bool:
        return article.kind != "look_up" and article.intent not in self._own_rules

    def _article_rules(self) -> Iterator[dict[str, Any]]:
        tasks, changes = self._values_of(PENDING_TASK), self._values_of(PENDING_CHANGE)
        yield from map(_resuming_rule, changes)
        for article in self._content().articles:
            if article.intent in self._own_rules:
                continue
            if article.kind != "look_up":
                yield _rule(article.intent, f"utter_{article.intent}")
            elif article.intent in tasks:
                yield from _identifying_rules(article.intent, changes=article.intent in changes)
            else:
                yield _rule(article.intent, f"action_{article.intent}")

    def _values_of(self, name: str) -> Sequence[str]:
        """Intents that a slot can hold: of those that may ask who the customer is, or for a yes."""
        slots = [slot for slot in self.get_domain().slots if slot.name == name]
        return [value for slot in slots if isinstance(slot, CategoricalSlot) for value in slot.values]


def _only_rasa_folders(paths: Union[str, list[str]] | None) -> list[str]:
    """Replace the data folder by those of its folders that hold Rasa files."""
    given = [paths] if isinstance(paths, str) else list(paths or ())
    return [str(chosen) for path in given for chosen in _rasa_folders_of(Path(path))]


def _rasa_folders_of(path: Path) -> Iterable[Path]:
    if not (path / "faq").is_dir():
        return [path]
    return [path / name for name in RASA_FOLDERS if (path / name).is_dir()]


def _messages(content: Content) -> Iterator[Message]:
    for example in content.examples:
        metadata = {
            LANGUAGE_KEY: example.language,
            WRITER_KEY: example.writer,
            NEAR_MISS_KEY: example.near_miss,
        }
        yield Message(data={TEXT: example.text, INTENT: example.intent, "metadata": {"example": metadata}})


def _patterns(content: Content) -> Iterator[Message]:
    # A message without text or intent, as Rasa itself uses for actions: so the patterns count in the
    # fingerprint of the training data, and a changed pattern retrains what depends on it.
    for each in content.keywords:
        yield Message(data={KEYWORD_PATTERN: [each.pattern, each.intent, each.language]})


def _rule(intent: str, action: str) -> dict[str, Any]:
    return {"rule": f"{intent} is answered", "steps": [{"intent": intent}, {"action": action}]}


def _identifying_rules(intent: str, *, changes: bool) -> Iterator[dict[str, Any]]:
    """One rule for a customer who is known, one that asks first (the action set ``pending_task``).

    What changes something goes on to ask for a yes, if it can be done (the action set ``pending_change``).
    """
    asked: list[dict[str, Any]] = [{"intent": intent}, {"action": f"action_{intent}"}]
    known, unknown = [*asked, _set(PENDING_TASK, None)], [*asked, _set(PENDING_TASK, intent)]
    if changes:
        yield {
            "rule": f"{intent} is confirmed",
            "steps": [*known, _set(PENDING_CHANGE, intent), *_form(CONFIRM_FORM)],
        }
        known, unknown = [*known, _set(PENDING_CHANGE, None)], [*unknown, _set(PENDING_CHANGE, None)]
    yield {"rule": f"{intent} is looked up", "steps": known}
    yield {"rule": f"{intent} asks who the customer is", "steps": [*unknown, *_form(IDENTIFY_FORM)]}


def _resuming_rule(change: str) -> dict[str, Any]:
    """What waited until the customer was known is shown then."""
    return {
        "rule": f"{change} is shown once the customer is known",
        "condition": [{"active_loop": IDENTIFY_FORM}],
        "steps": [
            {"action": IDENTIFY_FORM},
            {"active_loop": None},
            {"action": "action_resume_task"},
            _set(PENDING_CHANGE, change),
            *_form(CONFIRM_FORM),
        ],
    }


def _set(slot: str, value: str | None) -> dict[str, Any]:
    return {"slot_was_set": [{slot: value}]}


def _form(name: str) -> list[dict[str, Any]]:
    return [{"action": name}, {"active_loop": name}]
