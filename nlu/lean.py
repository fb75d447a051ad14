"""Leaves out TensorFlow where nothing in config.yml needs it: half of the memory, and seconds of every start.

Rasa imports TensorFlow whatever its pipeline is: its policies share modules with those that are trained by
it, and its recipe imports every component there is. A pipeline of our own components and Rasa's rules never
calls it. As soon as config.yml names anything else, Rasa is left as it is.

``python -m nlu.lean train …`` is ``rasa train …`` so.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent
OURS = "nlu."
WITHOUT_TENSORFLOW = {
    "RulePolicy": "rasa.core.policies.rule_policy",
    "MemoizationPolicy": "rasa.core.policies.memoization",
    "AugmentedMemoizationPolicy": "rasa.core.policies.memoization",
}
"""Those of Rasa's components that work without it, and where they are defined."""

# Imported for their names alone, by what every policy shares (rasa.utils.train_utils) and the recipe's check.
_NEED_TENSORFLOW = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
    "rasa.core.policies.ted_policy": ("TEDPolicy",),
}
# Rasa imports TensorFlow to pass these on to it.
_TENSORFLOW_SETTINGS = ("TF_INTRA_OP_PARALLELISM_THREADS", "TF_INTER_OP_PARALLELISM_THREADS")
_EVERY_COMPONENT = "rasa.engine.recipes.default_components"


def needs_tensorflow(config: Path) -> bool:
    """Whether config.yml names a component that is neither ours nor one of Rasa's without TensorFlow."""
    named = yaml.safe_load(config.read_text(encoding="utf-8"))
    components = [*(named.get("pipeline") or []), *(named.get("policies") or [])]
    names = [str(component["name"]) for component in components]
    return any(not name.startswith(OURS) and name not in WITHOUT_TENSORFLOW for name in names)


def leave_out_tensorflow(config: Path = PROJECT / "config.yml") -> bool:
    """Keep TensorFlow out of this process if config.yml allows; to be called before Rasa is imported.

    Returns:
        Whether it is left out.
    """
    if needs_tensorflow(config):
        return False
    # For Python: there is no such module. spaCy's thinc, which only tries, goes on without.
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    for setting in _TENSORFLOW_SETTINGS:
        os.environ.pop(setting, None)
    for module, names in _NEED_TENSORFLOW.items():
        sys.modules[module] = _module(module, {name: _stand_in(name) for name in names})
    # Importing the components registers them with the recipe.
    components = [getattr(importlib.import_module(home), name) for name, home in WITHOUT_TENSORFLOW.items()]
    sys.modules[_EVERY_COMPONENT] = _module(_EVERY_COMPONENT, {"DEFAULT_COMPONENTS": components})
    return True


def _module(name: str, members: dict[str, Any]) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(members)
    return module


def _stand_in(name: str) -> type:
    """A class that can be named and passed around, and says what is the matter when it is used."""

    def refuse(self: object, *_: Any, **__: Any) -> None:
        raise RuntimeError(f"{name} needs TensorFlow, which was left out (nlu/lean.py)")

    return type(name, (), {"__init__": refuse})


def main() -> None:
    """Rasa's own command line."""
    leave_out_tensorflow()
    from rasa.__main__ import main as run_rasa

    run_rasa()


if __name__ == "__main__":
    main()
