"""A Llama from a GGUF file, whose upper layers learn a LoRA adapter.

Everything is as llama.cpp computes it, the order of the rows in heads included, so that
what is learnt goes back into a GGUF file as it is. Packed for speed on one thread: q, k
and v are one matrix, gate and up another, and their adapters share what reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from torch import Tensor, nn
from torch.nn.functional import (
    embedding,
    linear,
    rms_norm,
    scaled_dot_product_attention,
    silu,
)

from agentkit.models.gguf import read_gguf

RANK, SCALE = 16, 2.0
# What is read together: the parts of a packed matrix, in order.
PACKED = {
    "qkv": ("attn_q", "attn_k", "attn_v"),
    "out": ("attn_output",),
    "gate_up": ("ffn_gate", "ffn_up"),
    "down": ("ffn_down",),
}


class Packed(torch.autograd.Function):
    """y = x W' + (x A') B', in the number format of W; the gradients of A and B in theirs.

    What is added stays apart: in 16 bits the sum of the weights would swallow it.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, base: Tensor, a: Tensor, b: Tensor) -> Tensor:
        kind = a.dtype
        a, b = a.to(x.dtype), b.to(x.dtype) * SCALE
        down = x @ a.T
        ctx.save_for_backward(x, base, a, b, down)
        ctx.kind = kind
        return (x @ base.T).addmm_(down, b.T)

    @staticmethod
    def backward(ctx: Any, *outer: Any) -> Any:
        x, base, a, b, down = ctx.saved_tensors
        (grad,) = outer
        up = grad @ b
        of_a, of_b = up.T @ x, SCALE * (grad.T @ down)
        return (grad @ base).addmm_(up, a), None, of_a.to(ctx.kind), of_b.to(ctx.kind)


class AdaptedLlama(nn.Module):
    """The model; `adapter` holds A and B of each packed matrix of the upper layers."""

    def __init__(
        self, file: Path, first: int, seed: int, kind: torch.dtype | None = None
    ) -> None:
        """Read a GGUF file; layers from `first` on are adapted.

        Args:
            file: the model.
            first: the first layer that learns.
            seed: of what the adapter begins with.
            kind: the number format of the matrices; what suits this processor when
                None. What runs from layer to layer, and the adapter, are float32.
        """
        super().__init__()
        self.kind = kind or fast_kind()
        facts, tensors = read(file)
        self.heads = int(facts["llama.attention.head_count"])
        self.pairs = int(facts["llama.attention.head_count_kv"])
        self.layers = int(facts["llama.block_count"])
        self.epsilon = float(facts["llama.attention.layer_norm_rms_epsilon"])
        self.base_of_angles = float(facts["llama.rope.freq_base"])
        self.first = first
        self.tensors = {name: tensors[name] for name in tensors if "blk." not in name}
        for at in range(self.layers):
            for name, parts in PACKED.items():
                packed = [tensors[f"blk.{at}.{part}.weight"] for part in parts]
                self.tensors[f"{at}.{name}"] = torch.cat(packed).to(self.kind)
            for name in ("attn_norm", "ffn_norm"):
                self.tensors[f"{at}.{name}"] = tensors[f"blk.{at}.{name}.weight"]
        self.adapter = nn.ParameterDict(dict(self._new(seed)))

    def _new(self, seed: int) -> Iterator[tuple[str, nn.Parameter]]:
        chance = torch.Generator().manual_seed(seed)
        for at in range(self.first, self.layers):
            for name in PACKED:
                rows, width = self.tensors[f"{at}.{name}"].shape
                bound = (3 / width) ** 0.5
                a = (torch.rand(RANK, width, generator=chance) * 2 - 1) * bound
                yield f"{at}_{name}_a", nn.Parameter(a)
                yield f"{at}_{name}_b", nn.Parameter(torch.zeros(rows, RANK))

    def forward(self, ids: Tensor) -> Tensor:
        """Return what stands before the head, `(rows, tokens, width)`."""
        x = embedding(ids, self.tensors["token_embd.weight"])
        angles = self._angles(ids.shape[1], x.shape[2] // self.heads)
        for at in range(self.layers):
            x = x + self._attended(at, self._normed(f"{at}.attn_norm", x), angles)
            inner = self._product(at, "gate_up", self._normed(f"{at}.ffn_norm", x))
            gate, up = inner.chunk(2, dim=-1)
            x = x + self._product(at, "down", silu(gate) * up)
        return self._normed("output_norm.weight", x)

    def head(self, words: Tensor) -> Tensor:
        """Return the rows of the head for some words."""
        return self.tensors["token_embd.weight"][words].to(self.kind)

    def _normed(self, name: str, x: Tensor) -> Tensor:
        normed = rms_norm(x, x.shape[-1:], self.tensors[name], self.epsilon)
        return normed.to(self.kind)

    def _product(self, at: int, name: str, x: Tensor) -> Tensor:
        weight = self.tensors[f"{at}.{name}"]
        if at < self.first:
            return linear(x, weight)
        a, b = self.adapter[f"{at}_{name}_a"], self.adapter[f"{at}_{name}_b"]
        flat: Any = Packed.apply(x.reshape(-1, x.shape[-1]), weight, a, b)  # type: ignore[no-untyped-call]
        return cast(Tensor, flat).reshape(*x.shape[:-1], -1)

    def _attended(self, at: int, x: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
        rows, tokens, width = x.shape
        size = width // self.heads
        packed: Any = self._product(at, "qkv", x).view(rows, tokens, -1, size)
        q, k, v = packed.split([self.heads, self.pairs, self.pairs], dim=2)
        # Attention goes back faster, and turns more exactly, in float32.
        q, k = _turned(q.float(), angles), _turned(k.float(), angles)
        seen = scaled_dot_product_attention(
            q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2).float(),
            is_causal=True, enable_gqa=True,
        )  # fmt: skip
        seen = seen.transpose(1, 2).reshape(rows, tokens, -1).to(self.kind)
        return self._product(at, "out", seen)

    def _angles(self, tokens: int, size: int) -> tuple[Tensor, Tensor]:
        steps = self.base_of_angles ** (-torch.arange(0, size, 2) / size)
        turned = torch.outer(torch.arange(tokens), steps)[:, None, :]
        return turned.cos(), turned.sin()


def fast_kind() -> torch.dtype:
    """Return the number format of matrices that this processor multiplies fastest."""
    with_bf16 = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return torch.bfloat16 if with_bf16() else torch.float32


def _turned(x: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
    """Turn neighbouring numbers by their place (Su et al. 2021, arXiv 2104.09864)."""
    cos, sin = angles
    one, two = x[..., 0::2], x[..., 1::2]
    return torch.stack([one * cos - two * sin, one * sin + two * cos], -1).flatten(-2)


def read(file: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Read a GGUF file's facts, and its tensors as float32."""
    reader = GGUFReader(file)
    facts = {name: field.contents() for name, field in reader.fields.items()}
    tensors = {
        one.name: torch.tensor(dequantize(one.data, one.tensor_type))
        for one in reader.tensors
    }
    return facts, tensors


def matrices(adapter: dict[str, Tensor], file: Path) -> Iterator[tuple[str, Any]]:
    """Yield an adapter's matrices by llama.cpp's names, packed ones taken apart.

    Args:
        adapter: A and B of each packed matrix.
        file: the model's GGUF file.
    """
    rows = {tensor.name: tensor.shape[1:] for tensor in read_gguf(file).tensors}
    for place, a in adapter.items():
        at, name = place.removesuffix("_a").split("_", 1)
        if not place.endswith("_a"):
            continue
        parts = [f"blk.{at}.{part}.weight" for part in PACKED[name]]
        sizes = [rows[part][0] for part in parts]
        packed: Any = adapter[f"{at}_{name}_b"]
        for part, b in zip(parts, packed.split(sizes), strict=True):
            yield f"{part}.lora_a", a.numpy()
            yield f"{part}.lora_b", b.contiguous().numpy()


def packed(file: Path) -> dict[str, Tensor]:
    """Read back what `matrices` gave: A and B of each packed matrix.

    Args:
        file: an adapter's GGUF file, trained with RANK and SCALE.
    """
    found = {
        one.name: torch.tensor(dequantize(one.data, one.tensor_type))
        for one in GGUFReader(file).tensors
    }
    adapter: dict[str, Tensor] = {}
    for at in sorted({int(name.split(".")[1]) for name in found}):
        for name, parts in PACKED.items():
            weights = [f"blk.{at}.{part}.weight" for part in parts]
            adapter[f"{at}_{name}_a"] = found[f"{weights[0]}.lora_a"]
            adapter[f"{at}_{name}_b"] = torch.cat(
                [found[f"{weight}.lora_b"] for weight in weights]
            )
    return adapter
