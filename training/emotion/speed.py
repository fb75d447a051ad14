"""What the shipped model costs: milliseconds per message and megabytes, on one thread.

Run in the environment that will use it, on its own, so that the memory counted is the model's:

    .venv-rasa/bin/python training/emotion/speed.py models/emotion
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from transformers import PreTrainedTokenizerFast

TEXT = "hello, my parcel has not arrived yet, could you please tell me where it is right now"
SUB_WORDS = 16
RUNS = 400


def measure(folder: Path) -> dict[str, Any]:
    """Median and 95th percentile of a message of 16 sub-words, and the memory that the model adds."""
    before = _resident_mb()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "emotion.onnx"), options)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        ids = np.array([tokenizer(TEXT)["input_ids"][:SUB_WORDS]], dtype=np.int64)
        session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        times.append(time.perf_counter() - started)
    assert ids.shape == (1, SUB_WORDS)
    p50, p95 = np.percentile(np.array(times[20:]) * 1000, (50, 95))
    return {
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "memory_mb": round(_resident_mb() - before, 1),
        "onnxruntime": onnxruntime.__version__,
    }


def _resident_mb() -> float:
    """Memory of this process, as Linux counts it."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
