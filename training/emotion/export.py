"""From the trained model to the file that is shipped: ONNX, fused, weights in 8 bits."""

from __future__ import annotations

import logging
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

from training.emotion.model import EmotionModel

OPSET = 17
INPUTS = ("input_ids", "attention_mask")
OUTPUTS = ("emotions", "labels28")


def export_float(model: EmotionModel, target: Path) -> None:
    """The model as ONNX in 32 bits, with its layers fused (about an eighth faster)."""
    plain = target.with_suffix(".plain.onnx")
    ids = torch.tensor([[0, 10, 11, 12, 2], [0, 13, 14, 2, 1]])
    axes = {name: {0: "batch", 1: "tokens"} for name in INPUTS} | {name: {0: "batch"} for name in OUTPUTS}
    torch.onnx.export(
        model.eval(),
        (ids, (ids != 1).long()),
        str(plain),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    logging.getLogger("onnxruntime.transformers").setLevel(logging.ERROR)
    config = model.trunk.config
    fused = optimize_model(
        str(plain),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=FusionOptions("bert"),
        opt_level=1,
    )
    fused.save_model_to_file(str(target))
    plain.unlink()


def quantise(source: Path, target: Path) -> None:
    """The same in 8 bits.

    One bit less for the weights is safe on processors without VNNI and loses nothing here.
    """
    quantize_dynamic(
        str(source),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
