"""The shipped emotion model at work, in Rasa's environment: ``python -m benchmarks.emotion_readings IN OUT``.

Reads what ``benchmarks/emotions.py`` wrote down and answers with readings, time and memory, each as they
are in the Rasa process: the same code, the same language detection, one thread.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasa.core.agent  # noqa: F401 (what runs beside it: the memory counted is what the model adds)

from nlu.articles import read_content
from nlu.emotion_model import EmotionModel
from nlu.language import LanguageModel, stop_words
from nlu.sentence_encoder import sentence_encoder
from nlu.text import clean

ROOT = Path(__file__).resolve().parent.parent
SUB_WORDS = 16
RUNS = 500
WARM_UP = 20
SAMPLE = "hello, my parcel has not arrived yet, could you please tell me where it is"


def main() -> None:
    """Answer the questions in the first file into the second."""
    asked = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    sentence_encoder().encode([SAMPLE])
    before = resident_mb()
    model = EmotionModel()
    model.read(SAMPLE, "en")
    cost = {"memory_mb": round(resident_mb() - before, 1), **measure_speed(model)}
    languages = learn_languages()
    detected = [languages.detect(clean(each["text"]))[0] for each in asked["messages"]]
    readings = [
        {**model.read(each["text"], language).as_document(), "language": language}
        for each, language in zip(asked["messages"], detected, strict=True)
    ]
    scores = label_scores(model, asked["public"]) if asked["public"] else None
    answer = {"cost": cost, "readings": readings, "scores28": scores}
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


def measure_speed(model: EmotionModel) -> dict[str, Any]:
    """Milliseconds of whole readings of a message of 16 sub-words, from text to probabilities."""
    text = SAMPLE
    while len(model.tokens_of(text)) > SUB_WORDS:
        text = text.rsplit(" ", 1)[0]
    walls, threads = [], []
    for _ in range(WARM_UP + RUNS):
        wall, thread = time.perf_counter(), time.thread_time()
        model.read(text, "en")
        walls.append(time.perf_counter() - wall)
        threads.append(time.thread_time() - thread)
    return {
        "sub_words": len(model.tokens_of(text)),
        **_percentiles("", walls[WARM_UP:]),
        **_percentiles("processor_", threads[WARM_UP:]),
    }


def _percentiles(name: str, seconds: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(np.array(seconds) * 1000, (50, 95))
    return {f"{name}p50_ms": round(float(p50), 2), f"{name}p95_ms": round(float(p95), 2)}


def learn_languages() -> LanguageModel:
    """As ``nlu/language_detector.py`` learns them from the articles."""
    texts: dict[str, list[str]] = {}
    for example in read_content(ROOT / "data").examples:
        texts.setdefault(example.language, []).append(clean(example.text))
    spoken = list(texts)
    for language, words in stop_words().items():
        texts.setdefault(language, []).extend(words)
    return LanguageModel.learn(texts, spoken=spoken)


def label_scores(model: EmotionModel, texts: Sequence[str]) -> list[list[float]]:
    """Sigmoid scores of the 28 labels of GoEmotions."""
    rows = [model.scores(model.tokens_of(text), output="labels28") for text in texts]
    return np.round(1 / (1 + np.exp(-np.stack(rows))), 5).tolist()


def resident_mb() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    main()
