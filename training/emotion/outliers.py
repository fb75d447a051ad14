"""Makes a trained model easier to round: the few channels that shout are turned down.

In a feed-forward block one or two of the 1,536 channels reach ten times further than all others. Rounded to
256 steps together with them, the others lose most of theirs. Dividing such a channel by a number and
multiplying its weights by it changes nothing in 32 bits (SmoothQuant, Xiao et al. 2023, section 4, here only
for channels that stand out).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Final

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from training.emotion.model import EmotionModel

CALM: Final = 4.0
"""A channel that reaches further is divided until it reaches this far; the others stay as they are."""
LONGEST: Final = 64


class Calmed(nn.Module):
    """A linear layer whose input is first divided, channel by channel; its weights make up for it."""

    def __init__(self, dense: nn.Linear, reach: Tensor) -> None:
        super().__init__()
        divisor = (reach / CALM).clamp(min=1.0)
        self.dense = copy.deepcopy(dense)
        self.dense.weight.data *= divisor
        self.register_buffer("factor", 1 / divisor)

    def forward(self, hidden: Tensor) -> Tensor:
        """``(batch, tokens, channels)`` to what the layer alone would have said."""
        result: Tensor = self.dense(hidden * self.factor)
        return result


@torch.no_grad()
def calm_outliers(model: EmotionModel, tokenizer: Tokenizer, texts: Sequence[str]) -> EmotionModel:
    """A copy of the model that says the same and is easier to round.

    Args:
        model: Trained.
        tokenizer: Its tokenizer.
        texts: Some hundred, of the kind that it reads: how far each channel reaches is measured on them.
    """
    calmed = copy.deepcopy(model).eval()
    layers = list(calmed.trunk.encoder.layer)
    for layer, reach in zip(layers, _measure_reach(calmed, tokenizer, texts), strict=True):
        layer.output.dense = Calmed(layer.output.dense, reach)
    return calmed


def _measure_reach(model: EmotionModel, tokenizer: Tokenizer, texts: Sequence[str]) -> list[Tensor]:
    """Per layer, how far from nought each channel gets before the second half of its feed-forward block."""
    denses = [layer.output.dense for layer in model.trunk.encoder.layer]
    reach = [torch.zeros(dense.in_features) for dense in denses]

    def watch(at: int) -> None:
        def note(_layer: nn.Module, inputs: tuple[Tensor, ...], _output: Tensor) -> None:
            furthest = inputs[0].abs().flatten(0, 1).amax(0)
            reach[at] = torch.maximum(reach[at], furthest)

        handles.append(denses[at].register_forward_hook(note))

    handles: list[torch.utils.hooks.RemovableHandle] = []
    for at in range(len(denses)):
        watch(at)
    for text in texts:
        ids = torch.tensor([tokenizer.encode(text).ids[:LONGEST]])
        model(ids, torch.ones_like(ids))
    for handle in handles:
        handle.remove()
    return reach
