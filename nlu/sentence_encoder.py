"""Texts to vectors: the same meaning is near, in whichever language.

The weights lie in ``models/encoder`` (multilingual-e5-small with a trimmed vocabulary, int8 ONNX;
``training/encoder`` made them), so nothing is downloaded and TensorFlow is not needed.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Iterator, List, Sequence

import numpy as np

from nlu.text import with_one_order_number
from nlu.weights import check_weights

MODEL_FOLDER = Path(__file__).resolve().parent.parent / "models" / "encoder"
WEIGHTS = "encoder.onnx"
TOKENIZER = "tokenizer.json"
PREFIX = "query: "
BATCH = 16
# In word pieces. What is wanted stands in the first sentences, and time grows with length.
LONGEST_TEXT = 96


class SentenceEncoder:
    """Encodes texts as vectors of length 1.

    One thread for each batch: a single message is fastest so, and the runtime's own threads wait for each
    other by spinning, which doubles the time on a busy machine.

    Args:
        folder: Where weights, tokenizer and manifest lie.

    Raises:
        WeightsError: A file is missing, damaged or of another model.
    """

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        check_weights(folder, (WEIGHTS, TOKENIZER))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # The arena keeps the memory of the longest batch for ever.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(folder / WEIGHTS), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(LONGEST_TEXT)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row for each text; several batches are shared out over the processors."""
        batches = list(_batches(texts))
        if len(batches) == 1:
            return self._encode_batch(texts)
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            rows = list(
                threads.map(lambda batch: self._encode_batch([texts[place] for place in batch]), batches)
            )
        found = np.empty((len(texts), rows[0].shape[1]), dtype=np.float32)
        for batch, vectors in zip(batches, rows, strict=True):
            found[batch] = vectors
        return found

    def _encode_batch(self, texts: Sequence[str]) -> np.ndarray:
        pieces = self._tokenizer.encode_batch([PREFIX + with_one_order_number(text) for text in texts])
        inputs = {
            "input_ids": np.array([each.ids for each in pieces], dtype=np.int64),
            "attention_mask": np.array([each.attention_mask for each in pieces], dtype=np.int64),
        }
        return np.asarray(self._session.run(["vector"], inputs)[0])


def _batches(texts: Sequence[str]) -> Iterator[List[int]]:
    """Places of texts of like length, because a batch takes as long as its longest text."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The encoder of this process for single messages, loaded once."""
    return SentenceEncoder()
