"""TensorFlow stays out of the processes that have no use for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nlu.lean import PROJECT, needs_tensorflow

START = """
import sys
from nlu.lean import leave_out_tensorflow
print(leave_out_tensorflow())
import rasa.core.agent, rasa.model_training, rasa.server
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
print(bool([name for name, module in sys.modules.items() if name.startswith("tensorflow") and module]))
print(DefaultV1Recipe._from_registry("RulePolicy").clazz.__name__)
from rasa.core.policies.ted_policy import TEDPolicy
try:
    TEDPolicy()
except RuntimeError as error:
    print(error)
"""


def config_with(folder: Path, component: str) -> Path:
    file = folder / "config.yml"
    file.write_text(f"pipeline:\n  - name: {component}\npolicies:\n  - name: RulePolicy\n", encoding="utf-8")
    return file


def test_our_own_configuration_does_not_need_tensorflow() -> None:
    assert not needs_tensorflow(PROJECT / "config.yml")


@pytest.mark.parametrize(
    "component", ["DIETClassifier", "rasa.nlu.classifiers.diet_classifier.DIETClassifier"]
)
def test_any_component_that_we_do_not_know_gets_tensorflow(tmp_path: Path, component: str) -> None:
    assert needs_tensorflow(config_with(tmp_path, component))


def test_a_component_of_ours_does_without(tmp_path: Path) -> None:
    assert not needs_tensorflow(config_with(tmp_path, "nlu.tokenizer.MultilingualTokenizer"))


def test_rasa_starts_without_tensorflow_and_says_what_is_missing_when_it_is_used() -> None:
    command = [sys.executable, "-W", "ignore", "-c", START]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True, timeout=120)

    left_out, is_loaded, policy, refusal = result.stdout.splitlines()
    assert (left_out, is_loaded, policy) == ("True", "False", "RulePolicy")
    assert "TEDPolicy needs TensorFlow" in refusal
