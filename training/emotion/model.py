"""One trunk, two heads: eight emotions of a customer and the 28 labels of GoEmotions."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import BertModel

from training.emotion.labels import EMOTIONS, LABELS28


class EmotionModel(nn.Module):
    """Token numbers to logits of both tasks.

    A text is the mean over its tokens, as e5 was trained. While training, each head reads it through
    several drop-out masks and the losses are averaged (multi-sample dropout, Inoue 2019).
    """

    def __init__(self, trunk: BertModel, *, dropout: float = 0.2, samples: int = 4) -> None:
        super().__init__()
        self.trunk = trunk
        width = trunk.config.hidden_size
        self.emotions = nn.Linear(width, len(EMOTIONS))
        self.labels28 = nn.Linear(width, len(LABELS28))
        self.dropout = nn.Dropout(dropout)
        self.samples = samples
        for head in (self.emotions, self.labels28):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """``(batch, tokens)`` twice to ``(batch, 8)`` and ``(batch, 28)``; a stack of them in training."""
        text = self.embed(input_ids, attention_mask)
        if not self.training:
            return self.emotions(text), self.labels28(text)
        texts = torch.stack([self.dropout(text) for _ in range(self.samples)])
        return self.emotions(texts), self.labels28(texts)

    def embed(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """The mean over the tokens of the last layer, ``(batch, 384)``."""
        hidden = self.trunk(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * weights).sum(1) / weights.sum(1)


def keep_layers(trunk: BertModel, layers: list[int]) -> BertModel:
    """The trunk with only these of its layers (a student half as deep starts from every second one)."""
    trunk.encoder.layer = nn.ModuleList(trunk.encoder.layer[number] for number in layers)
    trunk.config.num_hidden_layers = len(layers)
    return trunk


def lighten_dropout(trunk: BertModel) -> BertModel:
    """The trunk with drop-out only after each feed-forward block.

    Everywhere else it cost a fifth of the time: random numbers are slow to draw on a CPU.
    """
    for layer in trunk.encoder.layer:
        layer.attention.self.dropout.p = layer.attention.output.dropout.p = 0.0
    trunk.embeddings.dropout.p = 0.0
    return trunk
