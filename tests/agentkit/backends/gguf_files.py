"""Writes GGUF files of Llama 3.2's architecture, as llama.cpp reads them.

The answers of such a file are nonsense; format, shapes, tokenizer and costs are real.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

_NORMAL, _CONTROL = 1, 3


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a model is, and how it turns positions."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    intermediate: int
    window: int
    trained_window: int
    rope_factor: float = 32.0
    rope_theta: float = 500_000.0

    @property
    def head(self) -> int:
        """Numbers in one attention head."""
        return self.hidden // self.heads


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens in order, the merges that make them, and which ones are control tokens."""

    tokens: list[str]
    merges: list[str]
    control: frozenset[int]


def gguf_of_checkpoint(checkpoint: Path, path: Path) -> Path:
    """Write a tiny checkpoint's own weights and tokenizer as GGUF, unquantised."""
    config: dict[str, Any] = json.loads((checkpoint / "config.json").read_text())
    rope = config["rope_parameters"]
    shape = Shape(
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        kv_heads=config["num_key_value_heads"],
        intermediate=config["intermediate_size"],
        window=config["max_position_embeddings"],
        trained_window=rope["original_max_position_embeddings"],
        rope_factor=rope["factor"],
        rope_theta=rope["rope_theta"],
    )
    words = vocabulary_of(json.loads((checkpoint / "tokenizer.json").read_text()))
    load: Any = import_module("safetensors.numpy").load_file
    weights = load(checkpoint / "model.safetensors")
    write_gguf(path, shape, words, _renamed(weights, shape))
    return path


def vocabulary_of(tokenizer: dict[str, Any]) -> Vocabulary:
    """Read a `tokenizer.json`."""
    added = {one["id"]: one["content"] for one in tokenizer["added_tokens"]}
    ids = {**tokenizer["model"]["vocab"], **{text: at for at, text in added.items()}}
    merges = tokenizer["model"]["merges"]
    return Vocabulary(
        tokens=sorted(ids, key=lambda token: ids[token]),
        merges=[one if isinstance(one, str) else " ".join(one) for one in merges],
        control=frozenset(added),
    )


def write_gguf(
    path: Path,
    shape: Shape,
    words: Vocabulary,
    tensors: Iterable[tuple[str, Any]],
    *,
    name: str = "tiny random llama",
    packing: str = "",
) -> None:
    """Write the file.

    Args:
        path: where.
        shape: how large the model is.
        words: its vocabulary.
        tensors: names and values, written as they come.
        name: what the file says of itself.
        packing: how matrices are stored, as in `Q4_0`; in their own number format when
            empty.
    """
    gguf: Any = import_module("gguf")
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_vocab_size(len(words.tokens))
    writer.add_context_length(shape.window)
    writer.add_embedding_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.intermediate)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_dimension_count(shape.head)
    writer.add_rope_freq_base(shape.rope_theta)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{packing}"] if packing else 0)
    _add_words(writer, words)
    writer.add_tensor("rope_freqs.weight", rope_factors(shape))
    for tensor, values in tensors:
        _add_tensor(writer, tensor, values, packing)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tensor(writer: Any, name: str, values: Any, packing: str) -> None:
    if not packing or values.ndim < 2:
        writer.add_tensor(name, values)
        return
    gguf: Any = import_module("gguf")
    kind = gguf.GGMLQuantizationType[packing]
    packed = import_module("gguf.quants").quantize(values.astype("float32"), kind)
    writer.add_tensor(name, packed, raw_dtype=kind)


def _add_words(writer: Any, words: Vocabulary) -> None:
    kinds = [
        _CONTROL if index in words.control else _NORMAL
        for index in range(len(words.tokens))
    ]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(words.tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(words.merges)
    writer.add_bos_token_id(words.tokens.index("<|begin_of_text|>"))
    writer.add_eos_token_id(words.tokens.index("<|eot_id|>"))
    # As converted files have it: a text handed to llama.cpp gets a second one.
    writer.add_add_bos_token(True)


def rope_factors(shape: Shape) -> Any:
    """Return what each frequency is divided by: Llama 3's scaling of long texts."""
    numpy: Any = import_module("numpy")
    low, high = shape.trained_window / 1.0, shape.trained_window / 4.0
    factors: list[float] = []
    for index in range(0, shape.head, 2):
        length = 2 * numpy.pi * shape.rope_theta ** (index / shape.head)
        smooth = (shape.trained_window / length - 1.0) / (4.0 - 1.0)
        if length < high:
            factors.append(1.0)
        elif length > low:
            factors.append(shape.rope_factor)
        else:
            factors.append(1 / ((1 - smooth) / shape.rope_factor + smooth))
    return numpy.array(factors, dtype=numpy.float32)


_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def _renamed(weights: dict[str, Any], shape: Shape) -> Iterator[tuple[str, Any]]:
    yield "token_embd.weight", weights["model.embed_tokens.weight"]
    yield "output_norm.weight", weights["model.norm.weight"]
    for layer in range(shape.layers):
        for theirs, ours in _NAMES.items():
            values = weights[f"model.layers.{layer}.{theirs}.weight"]
            if ours in ("attn_q", "attn_k"):
                heads = shape.heads if ours == "attn_q" else shape.kv_heads
                values = _interleaved(values, heads)
            yield f"blk.{layer}.{ours}.weight", values


def _interleaved(values: Any, heads: int) -> Any:
    """Reorder rows: llama.cpp turns neighbours, transformers halves, of a head."""
    numpy: Any = import_module("numpy")
    rows, width = values.shape
    halves = values.reshape(heads, 2, rows // heads // 2, width)
    return numpy.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows, width))


def random_tensors(
    shape: Shape, tokens: int, *, dtype: str = "float16", seed: int = 0
) -> Iterator[tuple[str, Any]]:
    """Yield random weights of a shape, as `write_gguf` takes them."""
    numpy: Any = import_module("numpy")
    source = numpy.random.default_rng(seed)

    def matrix(rows: int, width: int) -> Any:
        values = source.standard_normal((rows, width), dtype=numpy.float32)
        values *= 0.02
        return values.astype(dtype)

    ones = numpy.ones(shape.hidden, dtype=numpy.float32)
    yield "token_embd.weight", matrix(tokens, shape.hidden)
    yield "output_norm.weight", ones
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        narrow = shape.head * shape.kv_heads
        yield f"{block}.attn_norm.weight", ones
        yield f"{block}.attn_q.weight", matrix(shape.hidden, shape.hidden)
        yield f"{block}.attn_k.weight", matrix(narrow, shape.hidden)
        yield f"{block}.attn_v.weight", matrix(narrow, shape.hidden)
        yield f"{block}.attn_output.weight", matrix(shape.hidden, shape.hidden)
        yield f"{block}.ffn_norm.weight", ones
        yield f"{block}.ffn_gate.weight", matrix(shape.intermediate, shape.hidden)
        yield f"{block}.ffn_up.weight", matrix(shape.intermediate, shape.hidden)
        yield f"{block}.ffn_down.weight", matrix(shape.hidden, shape.intermediate)
