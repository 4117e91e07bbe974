"""Checkpoints of Llama 3.2's true architecture and tokenizer, with random weights.

Made once into a folder of one's choice: `1b` is the true shape of Llama 3.2 1B (2.5 GB
in bf16), `small` the same architecture in 68 MB. Both have the true tokenizer, read
from the package `llama-models`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_SPECIAL = (
    "begin_of_text",
    "end_of_text",
    "reserved_special_token_0",
    "reserved_special_token_1",
    "finetune_right_pad_id",
    "step_id",
    "start_header_id",
    "end_header_id",
    "eom_id",
    "eot_id",
    "python_tag",
)
_RESERVED = 256


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a Llama's config differs between the sizes."""

    hidden: int
    intermediate: int
    layers: int
    heads: int
    kv_heads: int
    window: int = 131072


SHAPES = {
    "1b": Shape(2048, 8192, 16, 32, 8),
    "small": Shape(128, 512, 2, 4, 1),
}


def shape_folder(folder: Path, shape: str, dtype: str = "bfloat16") -> Path:
    """Return the folder of a checkpoint, which is made when it is not there."""
    place = folder / f"llama-{shape}-{dtype}"
    if not (place / "tokenizer.json").is_file():
        write_checkpoint(place, SHAPES[shape], dtype)
    return place


def write_checkpoint(place: Path, shape: Shape, dtype: str) -> None:
    """Write weights, config and tokenizer."""
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    tokenizer = true_tokenizer()
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        max_position_embeddings=shape.window,
        tie_word_embeddings=True,
        rms_norm_eps=1e-5,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        dtype=getattr(torch, dtype),
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 500000.0,
            "factor": 32.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192,
        },
    )
    torch.manual_seed(0)
    model = transformers.LlamaForCausalLM(config).to(getattr(torch, dtype))
    place.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(place)
    tokenizer.save_pretrained(place)


def true_tokenizer() -> Any:
    """Return Llama 3's tokenizer as a fast tokenizer of transformers."""
    transformers: Any = import_module("transformers")
    converting: Any = import_module("transformers.convert_slow_tokenizer")
    names = [f"<|{name}|>" for name in _SPECIAL]
    more = range(2, _RESERVED - len(_SPECIAL) + 2)
    names += [f"<|reserved_special_token_{number}|>" for number in more]
    converter = converting.TikTokenConverter(
        vocab_file=str(_vocabulary()),
        pattern=_PATTERN,
        extra_special_tokens=names,
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=converter.converted(),
        bos_token="<|begin_of_text|>",
        eos_token="<|eot_id|>",
        clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"],
    )


def _vocabulary() -> Path:
    spec = find_spec("llama_models")
    if spec is None or spec.origin is None:
        raise SystemExit("the true tokenizer comes from: pip install llama-models")
    return Path(spec.origin).parent / "llama3" / "tokenizer.model"


def main() -> None:
    """Make a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--shape", choices=sorted(SHAPES), default="1b")
    parser.add_argument("--dtype", default="bfloat16")
    given = parser.parse_args()
    print(shape_folder(given.folder, given.shape, given.dtype))


if __name__ == "__main__":
    main()
