"""The fine-tuning: one trunk on both tasks, seeded, resumable after every epoch."""

from __future__ import annotations

import copy
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from training.emotion.augment import Augmenter
from training.emotion.labels import LABELS28
from training.emotion.machine import knows_bfloat16
from training.emotion.messages import Message
from training.emotion.model import EmotionModel

NO_LABEL = -100
POOL = 40
"""So many batches are drawn together and sorted by length, so that little is padding."""


@dataclass(frozen=True)
class Recipe:
    """Everything that was chosen; what it was chosen against stands in ADR 0060.

    Attributes:
        epochs: Passes over GoEmotions.
        own_passes: Passes over our own messages within one epoch.
        public_share: How much of GoEmotions an epoch sees.
        batch: Messages per step.
        longest: Sub-words after which a training text is cut.
        rate: Peak learning rate of the last layer; heads learn ``head_factor`` times as fast.
        layer_decay: Each layer below learns this much slower than the one above it.
        frozen_layers: So many of the lowest layers, and the embeddings, stay as they are.
        smoothing: Label smoothing of the eight.
        public_weight: Weight of one text of GoEmotions against one of our own (sum over 28 labels).
        averaging: Decay of the running average of the weights, which is what is shipped.
    """

    epochs: int = 4
    own_passes: int = 2
    public_share: float = 1.0
    batch: int = 80
    longest: int = 48
    rate: float = 1.5e-4
    head_factor: float = 6.0
    layer_decay: float = 0.92
    frozen_layers: int = 0
    weight_decay: float = 0.01
    warmup: float = 0.06
    smoothing: float = 0.08
    public_weight: float = 1.0
    averaging: float = 0.997
    seed: int = 2026


@dataclass(frozen=True)
class Batch:
    """Equally long token lists with the labels of both tasks; a text has those of one task."""

    input_ids: Tensor
    attention_mask: Tensor
    emotions: Tensor
    labels28: Tensor


@dataclass(frozen=True)
class Lessons:
    """What is learned from: our own messages, rewritten anew each time, and GoEmotions as it is."""

    own: Sequence[Message]
    public: Sequence[Message]
    augmenter: Augmenter


class Trainer:
    """Trains ``model`` and a running average of it; ``folder`` keeps where it stands."""

    def __init__(
        self,
        model: EmotionModel,
        tokenizer: Tokenizer,
        recipe: Recipe,
        folder: Path,
        lessons: Lessons,
    ) -> None:
        self.model, self.recipe, self.folder = model, recipe, folder
        self.average = copy.deepcopy(model).eval()
        self.minutes = 0.0
        self._batches = Batches(tokenizer, recipe, lessons)
        self._step = 0
        self._optimizer = torch.optim.AdamW(_groups(model, recipe), fused=True)
        self._rates = [group["lr"] for group in self._optimizer.param_groups]
        self._label_weights = _rare_label_weights(lessons.public)
        self._halves = knows_bfloat16()

    def run(self) -> EmotionModel:
        """The averaged model after the last epoch; goes on where an interrupted run stopped."""
        for epoch in range(self._resume(), self.recipe.epochs):
            started = time.monotonic()
            self._run_epoch(epoch)
            self.minutes += (time.monotonic() - started) / 60
            self._save(epoch + 1)
        return self.average

    def _run_epoch(self, epoch: int) -> None:
        batches = self._batches.of_epoch(epoch)
        total = self.recipe.epochs * len(self._batches)
        self.model.train()
        running = 0.0
        with tqdm(batches, total=len(self._batches), desc=f"epoch {epoch + 1}", mininterval=5) as bar:
            for batch in bar:
                loss = self._learn(batch, rate_at(self._step / total, self.recipe.warmup))
                running = loss if not running else 0.98 * running + 0.02 * loss
                bar.set_postfix(loss=f"{running:.3f}", refresh=False)

    def _learn(self, batch: Batch, rate: float) -> float:
        for group, peak in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = peak * rate
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._halves):
            emotions, labels28 = self.model(batch.input_ids, batch.attention_mask)
        loss = self._loss(emotions.float(), labels28.float(), batch)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._step += 1
        self._average_in()
        return float(loss.detach())

    def _loss(self, emotions: Tensor, labels28: Tensor, batch: Batch) -> Tensor:
        """Sums over both tasks, per message of an average batch, so that each message weighs the same."""
        samples, size = emotions.shape[:2]
        own = nn.functional.cross_entropy(
            emotions.flatten(0, 1),
            batch.emotions.repeat(samples),
            label_smoothing=self.recipe.smoothing,
            reduction="sum",
            ignore_index=NO_LABEL,
        )
        known = (batch.labels28[:, 0] != NO_LABEL).float()
        wanted = batch.labels28.clamp(min=0).expand(samples, size, -1)
        each = nn.functional.binary_cross_entropy_with_logits(
            labels28, wanted, pos_weight=self._label_weights, reduction="none"
        )
        public = (each.sum(-1) * known).sum()
        return (own + self.recipe.public_weight * public) / (samples * self.recipe.batch)

    @torch.no_grad()
    def _average_in(self) -> None:
        """Exponential moving average of the weights, shorter while there are few steps."""
        decay = min(self.recipe.averaging, (1 + self._step) / (10 + self._step))
        learned = [p for p in self.model.parameters() if p.requires_grad]
        kept = [
            average
            for average, p in zip(self.average.parameters(), self.model.parameters(), strict=True)
            if p.requires_grad
        ]
        torch._foreach_lerp_(kept, learned, 1 - decay)

    def _save(self, epoch: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        save_file(self.model.state_dict(), self.folder / "model.safetensors")
        save_file(self.average.state_dict(), self.folder / "average.safetensors")
        torch.save(self._optimizer.state_dict(), self.folder / "optimizer.pt")
        state = {"epoch": epoch, "step": self._step, "minutes": self.minutes, "recipe": asdict(self.recipe)}
        (self.folder / "state.json").write_text(json.dumps(state), encoding="utf-8")

    def _resume(self) -> int:
        file = self.folder / "state.json"
        if not file.exists():
            return 0
        state = json.loads(file.read_text("utf-8"))
        if state["recipe"] != asdict(self.recipe):
            raise ValueError(f"{self.folder} holds a run of another recipe: empty it, or name another folder")
        self.model.load_state_dict(load_file(self.folder / "model.safetensors"))
        self.average.load_state_dict(load_file(self.folder / "average.safetensors"))
        self._optimizer.load_state_dict(torch.load(self.folder / "optimizer.pt", weights_only=True))
        self._step, self.minutes = state["step"], state["minutes"]
        return int(state["epoch"])


class Batches:
    """Batches of both corpora mixed, anew for every epoch, the same for the same seed."""

    def __init__(self, tokenizer: Tokenizer, recipe: Recipe, lessons: Lessons) -> None:
        self._tokenizer, self._recipe, self._lessons = tokenizer, recipe, lessons
        self._public_count = round(len(lessons.public) * recipe.public_share)

    def __len__(self) -> int:
        messages = len(self._lessons.own) * self._recipe.own_passes + self._public_count
        return math.ceil(messages / self._recipe.batch)

    def of_epoch(self, epoch: int) -> Iterator[Batch]:
        """All batches of one epoch."""
        rng = random.Random(self._recipe.seed * 1000 + epoch)
        messages = [*self._lessons.own] * self._recipe.own_passes
        messages += rng.sample(self._lessons.public, self._public_count)
        rng.shuffle(messages)
        size = self._recipe.batch
        for start in range(0, len(messages), POOL * size):
            rows = [
                (self._encode(message, rng), message) for message in messages[start : start + POOL * size]
            ]
            rows.sort(key=lambda row: len(row[0]))
            batches = [rows[at : at + size] for at in range(0, len(rows), size)]
            rng.shuffle(batches)
            for batch in batches:
                yield _as_batch(batch)

    def _encode(self, message: Message, rng: random.Random) -> list[int]:
        text = message.text
        if message.emotion is not None:
            text = self._lessons.augmenter.rewrite(text, message.language, rng)
        ids = self._tokenizer.encode(text).ids
        return ids if len(ids) <= self._recipe.longest else [*ids[: self._recipe.longest - 1], ids[-1]]


def rate_at(progress: float, warmup: float) -> float:
    """Share of the peak learning rate: up in a line, then down along a half cosine.

    >>> [round(rate_at(at, 0.1), 2) for at in (0.05, 0.1, 0.55, 1.0)]
    [0.5, 1.0, 0.5, 0.0]
    """
    if progress < warmup:
        return progress / warmup
    return 0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup)))


def _as_batch(rows: Sequence[tuple[list[int], Message]]) -> Batch:
    longest = max(len(ids) for ids, _ in rows)
    padding = 1
    input_ids = torch.full((len(rows), longest), padding)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    emotions = torch.full((len(rows),), NO_LABEL)
    labels28 = torch.full((len(rows), len(LABELS28)), float(NO_LABEL))
    for row, (ids, message) in enumerate(rows):
        input_ids[row, : len(ids)] = torch.tensor(ids)
        mask[row, : len(ids)] = 1
        if message.emotion is not None:
            emotions[row] = message.emotion
        if message.labels28 is not None:
            labels28[row] = 0
            labels28[row, list(message.labels28)] = 1
    return Batch(input_ids, mask, emotions, labels28)


def _rare_label_weights(public: Sequence[Message]) -> Tensor:
    """Weight of a positive example per label of GoEmotions: up to 3 for the rarest, 1 for the common."""
    counts = torch.ones(len(LABELS28))
    for message in public:
        for label in message.labels28 or ():
            counts[label] += 1
    return (1500 / counts).sqrt().clamp(1, 3)


def _groups(model: EmotionModel, recipe: Recipe) -> list[dict[str, object]]:
    """Parameters that learn, by learning rate and weight decay."""
    layers = list(model.trunk.encoder.layer)
    for module in (model.trunk.embeddings, *layers[: recipe.frozen_layers]):
        module.requires_grad_(requires_grad=False)
    depths: list[tuple[nn.Module, float]] = [
        (layer, recipe.layer_decay ** (len(layers) - 1 - at)) for at, layer in enumerate(layers)
    ]
    depths += [(model.emotions, recipe.head_factor), (model.labels28, recipe.head_factor)]
    groups: list[dict[str, object]] = []
    for module, factor in depths:
        for decays in (True, False):
            chosen = [p for p in module.parameters() if p.requires_grad and (p.dim() > 1) == decays]
            if chosen:
                decay = recipe.weight_decay if decays else 0.0
                groups.append({"params": chosen, "lr": recipe.rate * factor, "weight_decay": decay})
    return groups
