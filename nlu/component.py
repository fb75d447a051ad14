"""What the graph components share: how Rasa makes, loads and saves them (never with pickle)."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

Plain = TypeVar("Plain", bound="PlainComponent")
Stored = TypeVar("Stored", bound="StoredComponent")
COMMAND_PREFIX = "/"


class PlainComponent(GraphComponent):
    """A component that learns nothing."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls: type[Plain],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Plain:
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing can be set, unless a component says otherwise."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes with any module of ours: Rasa itself only looks at the component's own class."""
        return _fingerprint_of_sources()


class StoredComponent(PlainComponent):
    """A component that keeps what it learned in the model.

    Subclasses call ``_store`` from ``train`` and read it back in ``_restore``.
    """

    @classmethod
    def load(
        cls: type[Stored],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Stored:
        """Make a component from what ``train`` stored."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._restore(folder)
        return component

    @abstractmethod
    def _restore(self, folder: Path) -> None:
        """Read what training stored in the folder."""

    def _store(self, *, document: Any = None, arrays: Mapping[str, np.ndarray] | None = None) -> Resource:
        """Keep a JSON document and named arrays under this component's name in the model."""
        with self._model_storage.write_to(self._resource) as folder:
            if document is not None:
                (folder / "document.json").write_text(
                    json.dumps(document, ensure_ascii=False), encoding="utf-8"
                )
            if arrays is not None:
                np.savez(folder / "arrays.npz", **dict(arrays))  # type: ignore[arg-type]
        return self._resource


def read_document(folder: Path) -> Any:
    """The JSON document that a component stored."""
    return json.loads((folder / "document.json").read_text(encoding="utf-8"))


def read_arrays(folder: Path) -> dict[str, np.ndarray]:
    """The arrays that a component stored; object arrays, which could hold code, are refused."""
    with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
        return dict(stored)


@lru_cache(maxsize=1)
def _fingerprint_of_sources() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def is_command(message: Message) -> bool:
    """Whether a message is a button's payload, which Rasa itself reads after the pipeline."""
    return str(message.get(TEXT) or "").startswith(COMMAND_PREFIX)


def learnable_examples(training_data: TrainingData) -> list[Message]:
    """Training messages that have a text and an intent and are not commands, in a stable order."""
    return [message for message in training_data.intent_examples if not is_command(message)]
