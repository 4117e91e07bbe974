"""Makes a checkpoint of Llama 3.2's true architecture, small and with random weights.

The answers are nonsense; files, shapes, control tokens and costs are real.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

SPECIAL = (
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|reserved_special_token_0|>",
    "<|finetune_right_pad_id|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eom_id|>",
    "<|eot_id|>",
    "<|python_tag|>",
)
_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_TEXT = (
    "You are a helpful assistant with tool calling capabilities. Here is a list of "
    "functions in JSON format that you can invoke. If you decide to invoke any "
    "function, put it in the format of [func_name(params_name=params_value)]. The "
    "user asks for the weather in Berlin, and the assistant answers in a sentence.",
)


def make_checkpoint(folder: Path, *, window: int = 4096, seed: int = 0) -> Path:
    """Write a checkpoint that `transformers` loads.

    Args:
        folder: where to write it; made when missing.
        window: most tokens it takes.
        seed: of the random weights.
    """
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    tokenizer = make_tokenizer()
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=1,
        max_position_embeddings=window,
        tie_word_embeddings=True,
        rms_norm_eps=1e-5,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 500000.0,
            "factor": 32.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": window // 2,
        },
    )
    torch.manual_seed(seed)
    model = transformers.LlamaForCausalLM(config)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_tokenizer() -> Any:
    """Train a small byte-level BPE with Llama 3's pattern and control tokens."""
    tokenizers: Any = import_module("tokenizers")
    transformers: Any = import_module("transformers")
    parts: Any = import_module("tokenizers.pre_tokenizers")
    bpe = tokenizers.Tokenizer(tokenizers.models.BPE())
    bpe.pre_tokenizer = parts.Sequence(
        [
            parts.Split(tokenizers.Regex(_PATTERN), "isolated"),
            parts.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bpe.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=512,
        initial_alphabet=parts.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(_TEXT, trainer)
    bpe.add_special_tokens(
        [tokenizers.AddedToken(name, special=True) for name in SPECIAL]
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        bos_token="<|begin_of_text|>",
        eos_token="<|eot_id|>",
        clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"],
    )
