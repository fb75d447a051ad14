"""Builds models/emotion: from the base weights to what is shipped, in one command.

    python -m venv .venv-emotion && .venv-emotion/bin/pip install -r training/emotion/requirements.in
    .venv-emotion/bin/python -m training.emotion.build --public FOLDER --out models/emotion

``FOLDER`` holds ``goemotions/{train,dev,test}.tsv.gz``. An interrupted run goes on after its last epoch when
the same command is given again. The folder of the product is replaced at the very end, in one move.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from training.emotion import evaluate
from training.emotion.augment import Augmenter
from training.emotion.base import build_base, scripts
from training.emotion.card import write_card
from training.emotion.export import export_float, quantise
from training.emotion.labels import EMOTIONS, LABELS28, LANGUAGES
from training.emotion.machine import keep_memory, pin_threads
from training.emotion.messages import Message, Part, read_goemotions, read_own
from training.emotion.model import EmotionModel, lighten_dropout
from training.emotion.outliers import calm_outliers
from training.emotion.train import Lessons, Recipe, Trainer

ROOT: Final = Path(__file__).resolve().parents[2]
SHIPPED: Final = ("emotion.onnx", "tokenizer.json", "config.json")
CALIBRATION_STEP: Final = 150
"""Every so many training texts one is read to see how far the model's channels reach."""
NEEDS: Final = """Building models/emotion needs
  - the packages of training/emotion/requirements.in (they are here, or this would not have been printed)
  - about 4 GB of memory, 1 GB of disk in {work}
  - about an hour and a half on 2 cores, half an hour where they know AVX512-BF16; {threads} cores are used
  - {own:,} messages of data/emotions and {public:,} of GoEmotions, read from {folder}
It can be interrupted: the same command goes on after the last epoch."""

Corpus = Mapping[Part, Sequence[Message]]


def main() -> None:
    """Train, export, measure, and put everything into the folder of the product."""
    options = _options()
    keep_memory()
    threads = pin_threads(options.threads)
    own, public = read_own(ROOT / "data" / "emotions"), read_goemotions(options.public / "goemotions")
    counts = {"own": len(own["train"]), "public": len(public["train"])}
    print(NEEDS.format(work=options.work, threads=threads, folder=options.public, **counts), flush=True)
    model, minutes = _train(options.work, own, public)
    made = options.work / "made"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    shutil.copy(options.work / "base" / "tokenizer.json", made)
    tokenizer = Tokenizer.from_file(str(made / "tokenizer.json"))
    samples = [message.text for part in (own, public) for message in part["train"][::CALIBRATION_STEP]]
    export_float(calm_outliers(model, tokenizer, samples), options.work / "float.onnx")
    quantise(options.work / "float.onnx", made / "emotion.onnx")
    figures = _measure(options, made, own, public)
    figures["training"] = {"minutes": round(minutes, 1), "threads": threads, "recipe": asdict(Recipe())}
    _write(made, figures)
    replace_folder(made, options.out)
    print(f"{options.out} is new: version {figures['model']['version']}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--public", type=Path, required=True, help="folder that holds goemotions/")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "emotion")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "var" / "emotion", help="base weights, checkpoints"
    )
    parser.add_argument(
        "--rasa", type=Path, default=ROOT / ".venv-rasa" / "bin" / "python", help="where speed is measured"
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _train(work: Path, own: Corpus, public: Corpus) -> tuple[EmotionModel, float]:
    recipe = Recipe()
    torch.manual_seed(recipe.seed)
    trunk, tokenizer = load_base(work / "base", own, public)
    trainer = Trainer(
        EmotionModel(lighten_dropout(trunk)),
        tokenizer,
        recipe,
        work / "run",
        Lessons(own["train"], public["train"], augmenter_for(own["train"])),
    )
    return trainer.run(), trainer.minutes


def load_base(folder: Path, own: Corpus, public: Corpus) -> tuple[BertModel, Tokenizer]:
    """The base weights and their tokenizer; built once, then read from ``folder``."""
    if not (folder / "tokenizer.json").exists():
        model, tokenizer = build_base([message.text for message in (*own["train"], *public["train"])])
        model.save_pretrained(folder)
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    trunk = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    return trunk, Tokenizer.from_file(str(folder / "tokenizer.json"))


def augmenter_for(messages: Sequence[Message]) -> Augmenter:
    """The augmenter that joins neutral messages of these, and writes Chinese as these do."""
    neutral: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        if message.emotion == EMOTIONS.index("neutral"):
            neutral[message.language].append(message.text)
    return Augmenter(neutral, *scripts(message.text for message in messages if message.language == "zh"))


def _measure(options: argparse.Namespace, made: Path, own: Corpus, public: Corpus) -> dict[str, Any]:
    """Fit on dev what is fitted on dev, write it into config.json, and count on test."""
    tokenizer = Tokenizer.from_file(str(made / "tokenizer.json"))
    rounded = evaluate.reader_of(made / "emotion.onnx", tokenizer)
    full = evaluate.reader_of(options.work / "float.onnx", tokenizer)
    temperatures = evaluate.fit_temperatures(rounded, own["dev"])
    thresholds = evaluate.find_thresholds(rounded, public["dev"])
    _write_json(made / "config.json", _config(temperatures, thresholds.tolist()))
    test = evaluate.evaluate_own(rounded, own["test"], temperatures)
    test_full = evaluate.evaluate_own(full, own["test"], evaluate.fit_temperatures(full, own["dev"]))
    labels28 = evaluate.evaluate_public(rounded, public["test"], thresholds)
    labels28_full = evaluate.evaluate_public(
        full, public["test"], evaluate.find_thresholds(full, public["dev"])
    )
    return {
        "model": _facts(made, tokenizer, own),
        "test": test,
        "dev": evaluate.evaluate_own(rounded, own["dev"], temperatures),
        "goemotions": {
            "int8": labels28["macro_f1"],
            "fp32": labels28_full["macro_f1"],
            "per_label": labels28["per_label"],
        },
        "int8_against_fp32": {
            "emotions": round(_mean_f1(test_full) - _mean_f1(test), 4),
            "labels28": round(labels28_full["macro_f1"] - labels28["macro_f1"], 4),
            "emotions_by_language": {
                language: round(test_full[language]["macro_f1"] - test[language]["macro_f1"], 4)
                for language in LANGUAGES
            },
        },
        "speed": evaluate.measure_speed(options.rasa, made) if options.rasa.exists() else None,
    }


def _mean_f1(figures: Mapping[str, Mapping[str, Any]]) -> float:
    return float(np.mean([figures[language]["macro_f1"] for language in LANGUAGES]))


def _facts(made: Path, tokenizer: Tokenizer, own: Corpus) -> dict[str, Any]:
    weights = made / "emotion.onnx"
    return {
        "version": sha256(weights)[:12],
        "sha256": sha256(weights),
        "layers": 12,
        "pieces": tokenizer.get_vocab_size(),
        "megabytes": round((weights.stat().st_size + (made / "tokenizer.json").stat().st_size) / 1e6, 1),
        **{part: len(own[part]) for part in own},
        "writers": len({(m.language, m.writer) for part in own for m in own[part]}),
        "test_writers": len({(m.language, m.writer) for m in own["test"]}),
    }


def _config(temperatures: dict[str, float], thresholds: list[float]) -> dict[str, Any]:
    return {
        "version": 1,
        "emotions": list(EMOTIONS),
        "labels28": list(LABELS28),
        "thresholds28": [round(threshold, 4) for threshold in thresholds],
        "prefix": "",
        "longest": evaluate.LONGEST,
        "languages": list(LANGUAGES),
        "temperatures": temperatures,
    }


def _write(made: Path, figures: dict[str, Any]) -> None:
    _write_json(made / "figures.json", figures)
    (made / "README.md").write_text(write_card(figures), encoding="utf-8")
    shutil.copy(Path(__file__).with_name("LICENSE.shipped"), made / "LICENSE")
    _write_json(made / "manifest.json", {"sha256": {name: sha256(made / name) for name in SHIPPED}})


def _write_json(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def sha256(file: Path) -> str:
    """The hexadecimal SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def replace_folder(made: Path, target: Path) -> None:
    """Put a copy of ``made`` where ``target`` is, so that a reader sees either the old or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new, old = target.with_name(f".{target.name}-new"), target.with_name(f".{target.name}-old")
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made, new)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    main()
