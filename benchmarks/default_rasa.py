"""A default Rasa 3.6 assistant on the same training data: what a Rasa user gets without Balie.

Exports our articles as an ordinary Rasa project (examples, a rule and a story per intent, fixed texts),
trains the pipeline that ``rasa init`` writes (DIET, ResponseSelector, TED; ``config.yml`` beside this
file) and keeps the model in ``var/benchmarks`` until content changes. Its usual 100 epochs take over an
hour on 2 cores with this much data; how long a turn takes does not depend on them, so the comparison of
speed trains fewer unless told otherwise (``BALIE_BENCH_EPOCHS=100``).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from balie.content.library import Library, load_library
from balie.content.render import Renderer
from benchmarks.servers import QUIET, RASA_PYTHON, ROOT

PROJECT = ROOT / "var" / "benchmarks" / "default_rasa"
CONFIG = ROOT / "benchmarks" / "rasa_default" / "config.yml"
EPOCHS = int(os.environ.get("BALIE_BENCH_EPOCHS", "3"))


def default_model() -> Path:
    """The trained default assistant; trains it (some minutes) when content has changed."""
    library = load_library(ROOT / "data")
    files = export(library)
    digest = hashlib.sha256("".join(files.values()).encode()).hexdigest()[:12]
    model = PROJECT / "models" / f"default-{digest}.tar.gz"
    if not model.exists():
        _train(files, model)
    return model


def export(library: Library) -> dict[str, str]:
    """File name to content of an ordinary Rasa project with our examples."""
    examples = collect_examples(library)
    renderer = Renderer(library)
    intents = sorted(examples)
    responses = {
        f"utter_{intent}": [{"text": renderer.render(f"utter_{intent}", "nl", {}).text}] for intent in intents
    }
    rules = [{"rule": intent, "steps": _turn(intent)} for intent in intents]
    rules.append(
        {"rule": "fallback", "steps": [{"intent": "nlu_fallback"}, {"action": "utter_out_of_scope"}]}
    )
    responses["utter_default"] = responses["utter_out_of_scope"]
    stories = [
        {"story": f"greet, {intent}", "steps": [*_turn("greet"), *_turn(intent), *_turn("goodbye")]}
        for intent in intents
        if intent not in ("greet", "goodbye")
    ]
    nlu = [
        {"intent": intent, "examples": "".join(f"- {_one_line(text)}\n" for text in examples[intent])}
        for intent in intents
    ]
    config = yaml.safe_load(CONFIG.read_text("utf-8"))
    for component in [*config["pipeline"], *config["policies"]]:
        if "epochs" in component:
            component["epochs"] = EPOCHS
    return {
        "config.yml": _dump(config),
        "domain.yml": _dump({"version": "3.1", "intents": intents, "responses": responses}),
        "data/rules.yml": _dump({"version": "3.1", "rules": rules}),
        "data/stories.yml": _dump({"version": "3.1", "stories": stories}),
        "data/nlu.yml": _dump({"version": "3.1", "nlu": nlu}),
    }


def _turn(intent: str) -> list[dict[str, str]]:
    return [{"intent": intent}, {"action": f"utter_{intent}"}]


def collect_examples(library: Library) -> dict[str, list[str]]:
    """Every example of articles and voices, in every language, by intent."""
    examples: dict[str, list[str]] = defaultdict(list)
    for article in library.articles.values():
        for per_language in (article.examples, article.near_misses):
            for texts in per_language.values():
                examples[article.intent] += texts
    for file in library.voices:
        for intent, texts in file.content.examples.items():
            examples[intent] += texts
        examples["out_of_scope"] += file.content.near_misses
    return examples


def _one_line(text: str) -> str:
    # Rasa reads square brackets as entity marks.
    return " ".join(text.split()).replace("[", "(").replace("]", ")")


def _dump(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000)


def _train(files: dict[str, str], model: Path) -> None:
    for name, text in files.items():
        path = PROJECT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [str(RASA_PYTHON), "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml"]
    command += ["--data", "data", "--out", "models", "--fixed-model-name", model.name.removesuffix(".tar.gz")]
    subprocess.run(command, cwd=PROJECT, env={**os.environ, **QUIET}, check=True)


if __name__ == "__main__":
    print(default_model())
