"""From the trained model to the file that is shipped: ONNX, fused, layers in 8 bits, word table in 4."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

from training.emotion.blocks import BLOCK, pack_pairs, to_blocks
from training.emotion.model import EmotionModel

OPSET = 17
INPUTS = ("input_ids", "attention_mask")
OUTPUTS = ("emotions", "labels28")
WORD_TABLE = "trunk.embeddings.word_embeddings.weight"


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
    options = FusionOptions("bert")
    # Fused into its layer norm, the word table could only be rounded with one scale for all of it.
    options.enable_embed_layer_norm = False
    fused = optimize_model(
        str(plain),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=1,
    )
    fused.save_model_to_file(str(target))
    plain.unlink()


def quantise(source: Path, target: Path) -> None:
    """The same with its layers in 8 bits and its word table in the 4 bits that it came in.

    One bit less for the layers' weights is safe on processors without VNNI.
    """
    quantize_dynamic(
        str(source),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["MatMul", "Attention"],
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    model = onnx.load(target)
    _pack_word_table(model)
    onnx.save(model, target)


def _pack_word_table(model: Any) -> None:
    """Replaces the look-up in the word table by one in its packed form (onnxruntime's own operator)."""
    [table] = [tensor for tensor in model.graph.initializer if tensor.name == WORD_TABLE]
    [lookup] = [node for node in model.graph.node if node.op_type == "Gather" and node.input[0] == WORD_TABLE]
    levels, scales = to_blocks(numpy_helper.to_array(table))
    packed = TensorProto(name=f"{WORD_TABLE}.int4", data_type=TensorProto.INT4, dims=levels.shape)
    packed.raw_data = pack_pairs(levels).tobytes()
    model.graph.initializer.remove(table)
    model.graph.initializer.extend([packed, numpy_helper.from_array(scales, f"{WORD_TABLE}.scales")])
    new = helper.make_node(
        "GatherBlockQuantized",
        [packed.name, lookup.input[1], f"{WORD_TABLE}.scales"],
        list(lookup.output),
        name=lookup.name,
        domain="com.microsoft",
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    at = list(model.graph.node).index(lookup)
    model.graph.node.remove(lookup)
    model.graph.node.insert(at, new)
