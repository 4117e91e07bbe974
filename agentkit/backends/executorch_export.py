"""A checkpoint lowered to a program of ExecuTorch, for `executorch:FILE.pte`.

The program has the cache inside: `forward(tokens (1, n), positions (n,))` returns the
logits `(1, n, vocabulary)`, and a token read at a place again takes the place of what was
there. It is lowered for XNNPACK, which runs on the processors of phones and computers.

Not covered: models with windows in their attention or with several kinds of layers.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, get_args

from agentkit.backends.kv_cache import cache_argument
from agentkit.errors import BackendUnavailable, ConfigError, MissingPackage
from agentkit.installation.chatter import quiet
from agentkit.tools.schema.json_schema import is_list

Weights = Literal["float32", "int8", "int4"]
# Tokens of one pass: the memory of its scores is planned for as many, 25 MB with a
# vocabulary of 49,152.
_MOST = 128
# Weights that share one scale, as ExecuTorch's own recipes for Llama take it.
_GROUP = 32


def export_program(
    source: Path, to: Path, *, window: int = 2048, weights: Weights = "int8"
) -> None:
    """Write a program, and the tokenizer's files beside it.

    It takes five to ten minutes of one core for 135M parameters, and memory for the
    weights four times.

    Args:
        source: a folder with a checkpoint, or a GGUF file that `transformers` reads.
        to: the `.pte` file.
        window: most tokens of prompt and answer together.
        weights: the number format; `int8` keeps each row of a linear layer's weights with
            a scale, `int4` each group of 32 but for the head, which has 8 bits; both compute
            with activations of 8 bits.

    Raises:
        MissingPackage: executorch, transformers or torchao is not installed.
        ConfigError: the window or the format is not allowed.
        BackendUnavailable: the checkpoint cannot be read, or not be lowered.
    """
    for package, extra in _NEEDED:
        if find_spec(package) is None:
            raise MissingPackage(package, extra, "Exporting a program")
    if weights not in get_args(Weights):
        raise ConfigError(
            f"weights must be one of {', '.join(get_args(Weights))}, not {weights!r}"
        )
    if window < _MOST:
        raise ConfigError(f"window must be {_MOST} or more, not {window}")
    with quiet():
        model, tokenizer = _loaded(source)
        program = _program(model, window, weights, _stops(model, tokenizer))
    to.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(to.parent)
    to.write_bytes(program.buffer)


def _program(model: Any, window: int, weights: Weights, stops: list[int]) -> Any:
    try:
        if weights != "float32":
            _quantize(model, weights)
        return _lowered(model, window, stops)
    except (RuntimeError, TypeError, ValueError, AttributeError, AssertionError) as exc:
        kind = model.config.model_type
        why = str(exc).partition("\n")[0]
        raise BackendUnavailable(
            f"a model of type {kind} is not lowered: {why}"
        ) from exc


_NEEDED = (
    ("executorch", "executorch"),
    ("transformers", "transformers"),
    ("torchao", "quantized"),
)


def _loaded(source: Path) -> tuple[Any, Any]:
    transformers: Any = import_module("transformers")
    torch: Any = import_module("torch")
    folder, named = source, dict[str, str]()
    if source.suffix.lower() == ".gguf":
        folder, named = source.parent, {"gguf_file": source.name}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            folder, local_files_only=True, **named
        )
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32, **named
        )
    except Exception as exc:
        # Readers of tokenizer and weight files raise bare Exception subclasses.
        why = str(exc).partition("\n")[0]
        raise BackendUnavailable(f"{source} cannot be loaded: {why}") from exc
    return model.eval(), tokenizer


def _quantize(model: Any, weights: Weights) -> None:
    """Put the linear layers into fewer bits, in place."""
    kinds: Any = import_module("torchao.quantization")
    grains: Any = import_module("torchao.quantization.granularity")
    torch: Any = import_module("torch")
    head = model.get_output_embeddings()
    # Tied to the embedding, which is looked up and not multiplied.
    head.weight = torch.nn.Parameter(head.weight.detach().clone())
    eight = kinds.Int8DynamicActivationIntxWeightConfig(
        weight_dtype=torch.int8, weight_granularity=grains.PerAxis(0)
    )
    # XNNPACK takes groups of weights of 4 bits only.
    four = kinds.Int8DynamicActivationIntxWeightConfig(
        weight_dtype=torch.int4, weight_granularity=grains.PerGroup(_GROUP)
    )

    # Of SmolLM2's likeliest tokens 58 % stay the same with a head of 4 bits, and 66 %
    # with one of 8.
    def is_head(layer: Any, _: str) -> bool:
        return layer is head

    def is_other(layer: Any, _: str) -> bool:
        return isinstance(layer, torch.nn.Linear) and layer is not head

    kinds.quantize_(model, eight, filter_fn=is_head)
    others = four if weights == "int4" else eight
    kinds.quantize_(model, others, filter_fn=is_other)


def _stops(model: Any, tokenizer: Any) -> list[int]:
    named: object = getattr(model.generation_config, "eos_token_id", None)
    own: list[object] = [*named] if is_list(named) else [named]
    found = dict.fromkeys([*own, tokenizer.eos_token_id])
    return [one for one in found if isinstance(one, int)]


def _placed_layer() -> Any:
    """Make the kind of cache layer that `_placed` fills; `transformers` is loaded here."""
    caches: Any = import_module("transformers.cache_utils")

    class Layer(caches.StaticLayer):  # type: ignore[misc]
        """Keys and values of one layer, written at the given places."""

        def update(self, keys: Any, values: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
            self.keys.index_copy_(2, self.places, keys)
            self.values.index_copy_(2, self.places, values)
            return self.keys, self.values

        # Places and mask come from outside: the model has nothing to count.
        def get_seq_length(self) -> int:
            return 0

    return Layer


def _cache_shape(config: Any, window: int) -> tuple[int, int, int, int]:
    """Return the shape of a layer's keys: (1, heads, tokens, width)."""
    width = getattr(config, "head_dim", None) or (
        config.hidden_size // config.num_attention_heads
    )
    return 1, config.num_key_value_heads, window, width


def _mask(positions: Any, window: int) -> Any:
    """Return what each token sees, to be added to scores: (1, 1, tokens, window)."""
    torch: Any = import_module("torch")
    seen = torch.arange(window)[None, :] <= positions[:, None]
    # Far below any score, and finite: XNNPACK's softmax takes no infinities.
    return torch.where(seen, 0.0, -1e9)[None, None]


def _placed(model: Any, window: int) -> Any:
    """Wrap a model so that each token is read at the place that is given with it."""
    torch: Any = import_module("torch")
    caches: Any = import_module("transformers.cache_utils")
    layer_of = _placed_layer()
    argument = cache_argument(model.forward)
    shape = _cache_shape(model.config, window)

    class Placed(torch.nn.Module):  # type: ignore[misc]
        """The model with its cache."""

        def __init__(self) -> None:
            super().__init__()  # pyright: ignore[reportUnknownMemberType]
            self.model = model
            self.layers = [
                layer_of(window) for _ in range(model.config.num_hidden_layers)
            ]
            for number, layer in enumerate(self.layers):
                # Buffers, so that the export sees them as state; each has a name of its
                # own.
                for name in ("keys", "values"):
                    empty = torch.zeros(shape)
                    self.register_buffer(f"{name}_{number}", empty, persistent=False)
                layer.is_initialized = True
                layer.dtype, layer.device = torch.float32, torch.device("cpu")
            self.cache = caches.Cache(layers=self.layers)

        def forward(self, tokens: Any, positions: Any) -> Any:
            for number, layer in enumerate(self.layers):
                layer.places = positions
                # Read anew from the module: while it is traced they are stand-ins for
                # the buffers.
                layer.keys = getattr(self, f"keys_{number}")
                layer.values = getattr(self, f"values_{number}")
            return self.model(
                input_ids=tokens,
                position_ids=positions[None],
                attention_mask=_mask(positions, window),
                use_cache=True,
                **{argument: self.cache},
            ).logits

    return Placed()


def _lowered(model: Any, window: int, stops: list[int]) -> Any:
    torch: Any = import_module("torch")
    exir: Any = import_module("executorch.exir")
    xnnpack: Any = import_module(
        "executorch.backends.xnnpack.partition.xnnpack_partitioner"
    )
    count = torch.export.Dim("count", min=1, max=_MOST)
    # More than one token: the export takes sizes 0 and 1 for constants.
    sample = (torch.tensor([[0, 0, 0]]), torch.arange(3))
    with torch.no_grad():
        exported = torch.export.export(
            _placed(model, window),
            sample,
            dynamic_shapes={"tokens": {1: count}, "positions": {0: count}},
            strict=False,
        )
        partitions = [
            # Quantised layers first: what they leave is computed in float32.
            xnnpack.XnnpackDynamicallyQuantizedPartitioner(),
            xnnpack.XnnpackPartitioner(),
        ]
        edge = exir.to_edge_transform_and_lower(
            exported,
            partitioner=partitions,
            constant_methods={
                "get_max_seq_len": window,
                "get_max_context_len": window,
                "get_eos_ids": stops,
                "use_kv_cache": True,
            },
        )
        return edge.to_executorch()
