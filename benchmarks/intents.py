"""How well messages are understood: ``.venv-rasa/bin/python -m benchmarks.intents [--only NAME] [--json F]``.

One fixed pipeline and one fixed threshold for everything. Sets outside the repository (HINT3, CLINC150)
are looked for in ``../shared/data`` and skipped, with the reason, where they are not.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score, matthews_corrcoef

from benchmarks.intent_pipeline import IntentPipeline, VectorCache
from nlu.articles import OUT_OF_SCOPE, Content, Example, read_content

ROOT = Path(__file__).resolve().parent.parent
PUBLIC_SETS = ROOT.parent / "shared" / "data"
HINT3_OUTSIDE = "NO_NODES_DETECTED"
CLINC_OUTSIDE = "oos"

Labelled = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Figures:
    """What one test set gave; shares are in [0, 1].

    Attributes:
        in_scope_accuracy: Of messages the assistant is for, how many got their own intent.
        forced_accuracy: The same if nothing could be rejected.
        out_of_scope_recall: Of the other messages, how many were rejected.
    """

    name: str
    messages: int
    accuracy: float
    macro_f1: float
    in_scope_accuracy: float
    forced_accuracy: float
    out_of_scope_recall: float
    mcc: float
    goal: str


def measure(
    name: str, pipeline: IntentPipeline, tested: Labelled, *, language: str, goal: str = ""
) -> Figures:
    """Let a pipeline decide on labelled messages and count."""
    decisions = pipeline.decide([text for text, _ in tested], language)
    wanted = np.array([intent for _, intent in tested])
    given = np.array([decision.intent for decision in decisions])
    forced = np.array([decision.ranking[0][0] for decision in decisions])
    inside = wanted != OUT_OF_SCOPE
    return Figures(
        name=name,
        messages=len(tested),
        accuracy=float(np.mean(given == wanted)),
        macro_f1=float(f1_score(wanted, given, average="macro", zero_division=0)),
        in_scope_accuracy=float(np.mean((given == wanted)[inside])),
        forced_accuracy=float(np.mean((forced == wanted)[inside])),
        out_of_scope_recall=float(np.mean(given[~inside] == OUT_OF_SCOPE))
        if (~inside).any()
        else float("nan"),
        mcc=float(matthews_corrcoef(wanted, given)),
        goal=goal,
    )


def held_out(content: Content, vectors: VectorCache) -> Iterator[Figures]:
    """Messages by writers who never saw the articles (``benchmarks/data``)."""
    pipeline = IntentPipeline(list(content.examples), list(content.keywords), vectors)
    for path in sorted((ROOT / "benchmarks" / "data").glob("held_out_*.csv")):
        language = path.stem.split("_")[-1]
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [(row["text"], row["intent"]) for row in csv.DictReader(lines)]
        yield measure(path.stem, pipeline, rows, language=language, goal="in-scope 0.88, out-of-scope 0.80")


def unseen_writers(content: Content, vectors: VectorCache) -> Iterator[Figures]:
    """Each voice by a pipeline that was trained without it, together with a third of what is out of scope."""
    examples = list(content.examples)
    voices = sorted({(each.language, each.writer) for each in content.voices if each.intent != OUT_OF_SCOPE})
    by_language = {language: [w for lang, w in voices if lang == language] for language, _ in voices}
    for number, pair in enumerate(zip(*by_language.values(), strict=False)):
        left_out = [each for place, each in enumerate(examples) if _is_left_out(each, pair, place, number)]
        hidden = {id(each) for each in left_out}
        pipeline = IntentPipeline(
            [each for each in examples if id(each) not in hidden], list(content.keywords), vectors
        )
        for language, writer in zip(by_language, pair, strict=False):
            tested = [(each.text, each.intent) for each in left_out if each.language == language]
            goal = "in-scope 0.88, out-of-scope 0.80"
            yield measure(f"writer {writer} ({language})", pipeline, tested, language=language, goal=goal)


def _is_left_out(example: Example, writers: Sequence[str], place: int, number: int) -> bool:
    if example.intent == OUT_OF_SCOPE:
        return place % 3 == number % 3
    return example.writer in writers


def hint3(content: Content, vectors: VectorCache) -> Iterator[Figures]:
    """Three real assistants of shops and games; what is out of scope is known only from our own article."""
    goals = {"curekart": "MCC 0.60", "powerplay11": "MCC 0.43", "sofmattress": "MCC 0.64"}
    outside = [replace(each, language="en") for each in content.examples if each.intent == OUT_OF_SCOPE]
    for name, goal in goals.items():
        folder = _public_set("hint3") / "v1"
        trained = [_as_example(row) for row in _hint3_rows(folder / "train" / f"{name}_train.csv")]
        tested = list(_hint3_rows(folder / "test" / f"{name}_test.csv"))
        pipeline = IntentPipeline([*trained, *outside], [], vectors)
        yield measure(f"HINT3 {name}", pipeline, tested, language="en", goal=goal)


def clinc150(content: Content, vectors: VectorCache) -> Iterator[Figures]:
    """150 intents of a personal assistant; its 100 out-of-scope training messages are used."""
    with gzip.open(_public_set("clinc150") / "data_full.json.gz", "rt", encoding="utf-8") as file:
        parts: dict[str, list[tuple[str, str]]] = json.load(file)

    def rows(*names: str) -> Iterator[tuple[str, str]]:
        for name in names:
            for text, intent in parts[name]:
                yield text, OUT_OF_SCOPE if intent == CLINC_OUTSIDE else intent

    pipeline = IntentPipeline([_as_example(row) for row in rows("train", "oos_train")], [], vectors)
    goal, tested = "in-scope 0.93, out-of-scope 0.60", list(rows("test", "oos_test"))
    yield measure("CLINC150 full, the product's threshold", pipeline, tested, language="en", goal=goal)
    pipeline.reject_at(_best_threshold(pipeline, list(rows("val", "oos_val"))))
    yield measure(
        "CLINC150 full, threshold from its validation part", pipeline, tested, language="en", goal=goal
    )


def _best_threshold(pipeline: IntentPipeline, rows: Labelled) -> float:
    """The threshold with the most right decisions."""
    decisions = pipeline.decide([text for text, _ in rows], "en")
    wanted = np.array([intent for _, intent in rows])
    forced = np.array([decision.ranking[0][0] for decision in decisions])
    rejection = np.array([decision.rejection for decision in decisions])

    def right(threshold: float) -> float:
        return float(np.mean(np.where(rejection >= threshold, OUT_OF_SCOPE, forced) == wanted))

    return max(np.linspace(0.5, 0.95, 46).tolist(), key=right)


SUITES: dict[str, Callable[[Content, VectorCache], Iterator[Figures]]] = {
    "held_out": held_out,
    "writers": unseen_writers,
    "hint3": hint3,
    "clinc150": clinc150,
}


class SkippedError(Exception):
    """A suite cannot run here; the text says why."""


def _public_set(name: str) -> Path:
    folder = PUBLIC_SETS / name
    if not folder.is_dir():
        raise SkippedError(f"no folder {name} in ../shared/data")
    return folder


def _hint3_rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            label = row["label"]
            yield row["sentence"], OUT_OF_SCOPE if label == HINT3_OUTSIDE else label


def _as_example(row: tuple[str, str]) -> Example:
    return Example(row[0], row[1], "en", writer="public")


def run(names: Iterable[str]) -> Iterator[Figures]:
    """Run suites one after the other, saying on stderr what is done and what is skipped."""
    content, vectors = read_content(ROOT / "data"), VectorCache()
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            yield from SUITES[name](content, vectors)
        except SkippedError as reason:
            print(f"{name} skipped: {reason}", file=sys.stderr)


def as_table(figures: Sequence[Figures]) -> str:
    """A Markdown table."""
    lines = [
        "| messages | n | in-scope accuracy | out-of-scope recall | MCC | macro-F1 | to reach |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in figures:
        shares = (each.in_scope_accuracy, each.out_of_scope_recall, each.mcc, each.macro_f1)
        row = " | ".join(f"{share:.3f}" for share in shares)
        lines.append(f"| {each.name} | {each.messages} | {row} | {each.goal} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--only", choices=list(SUITES), action="append", help="run this suite (may be repeated)"
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    figures = list(run(options.only or SUITES))
    print(as_table(figures))
    if options.json:
        options.json.write_text(
            json.dumps([asdict(each) for each in figures], indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
