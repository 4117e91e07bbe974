"""The executorch backend: a model lowered to a `.pte` file, run by ExecuTorch's runtime.

ExecuTorch (https://docs.pytorch.org/executorch) is how PyTorch brings a model to phones
and other devices. A program has a method `forward(tokens, positions)`, with a cache
inside, and says by further methods what it is: `get_max_seq_len`, `get_eos_ids`. The
tokenizer's files lie beside it, as `agentkit models export` writes both.

Not covered: programs for special processors (QNN, Core ML) that this runtime was built
without; programs that split reading and writing into two methods.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agentkit.backends.checkpoint import (
    Checkpoint,
    grammar_tokenizer,
    ready_checkpoint,
    told_loading,
)
from agentkit.backends.decode import ReadingStopped
from agentkit.backends.engine import Engine
from agentkit.backends.guides import Constrain, Guides
from agentkit.backends.local_prompts import PromptFormat
from agentkit.backends.prompt_cache import reusable
from agentkit.backends.transformers import TransformersBackend
from agentkit.backends.weights import check_tokenizer
from agentkit.errors import BackendUnavailable, MissingPackage
from agentkit.installation.chatter import quiet, without_chatter

# Named as ExecuTorch's own runner of language models reads them
# (extension/llm/runner/constants.h); older exports give the first one alone.
_WINDOW = ("get_max_context_len", "get_max_seq_len")
_STOPS = ("get_eos_ids", "get_eos_id")


class Program:
    """A loaded `.pte` file.

    Attributes:
        most: tokens that one pass may read.
        rows: how many tokens it scores.
        window: most tokens of prompt and answer together.
        stops: ids that end a turn, as the file lists them.
        scores_all: whether a pass scores what follows each token, or the last alone.
    """

    def __init__(self, path: Path) -> None:
        """Load a program.

        Raises:
            BackendUnavailable: it is no program, or none of a language model.
        """
        with quiet(), without_chatter():
            runtime: Any = import_module("executorch.runtime")
        self._torch: Any = import_module("torch")
        with told_loading(str(path)), without_chatter():
            self._program = runtime.Runtime.get().load_program(path)
            self._forward = self._program.load_method("forward")
            told = self._forward.metadata
            tokens, places = (
                told.input_tensor_meta(at).sizes() for at in range(told.num_inputs())
            )
            scores = told.output_tensor_meta(0).sizes()
        self.most, self.rows = int(tokens[-1]), int(scores[-1])
        self.scores_all = len(scores) == 3 and scores[1] == self.most
        # Some exports take the first token's position, others that of each.
        self._places_each = places[-1] == self.most
        self.window = next(iter(self._numbers(_WINDOW)), 0)
        self.stops = tuple(self._numbers(_STOPS))
        if not self.window:
            raise BackendUnavailable(
                f"{path} does not tell how many tokens it takes: export it with the "
                f"constant method {_WINDOW[-1]}"
            )

    def _numbers(self, names: Sequence[str]) -> list[int]:
        """Return the numbers that the first of these methods gives; none without one."""
        there = (name for name in names if name in self._program.method_names)
        name = next(there, "")
        if not name:
            return []
        told: list[Any] = self._program.load_method(name).execute([])
        return [int(one) for one in told]

    def score(self, ids: Sequence[int], start: int) -> Any:
        """Read tokens at a place; return the logits, `(rows, vocabulary)`, float32."""
        torch = self._torch
        places = range(start, start + len(ids)) if self._places_each else (start,)
        given = [torch.tensor([list(ids)]), torch.tensor(list(places))]
        (scores,) = self._forward.execute(given)
        # Copied: the array is the runtime's memory, and whoever chooses a token
        # overwrites it.
        return scores.reshape(-1, self.rows).float().numpy().copy()


class ProgramReader:
    """A program as the decode loop reads with it.

    What was read stays in the program's cache. Each token is given with its place, so
    what is dropped is overwritten by what comes next.

    Attributes:
        ids: the tokens that it has read.
    """

    def __init__(self, program: Program, stopped: Callable[[], bool] = bool) -> None:
        """Take a program that has read nothing yet."""
        self.ids: list[int] = []
        self._program, self._stopped = program, stopped

    def begin(self, prompt: Sequence[int]) -> int:
        """Keep what a prompt shares with what was read; return how many tokens."""
        del self.ids[reusable(self.ids, prompt) :]
        return len(self.ids)

    def read(self, ids: Sequence[int], rows: int) -> Any:
        """Read tokens; return the logits behind the last `rows`, `(rows, vocabulary)`.

        Raises:
            ReadingStopped: it was cancelled between two passes.
        """
        numpy: Any = import_module("numpy")
        scores: list[Any] = []
        for start, end in self._spans(len(ids), rows):
            if self._stopped():
                raise ReadingStopped
            read = self._program.score(ids[start:end], len(self.ids))
            self.ids += ids[start:end]
            # The scores of a long prompt would take hundreds of megabytes.
            scores = [*scores, read][-rows:]
        return numpy.concatenate(scores)[-rows:]

    def _spans(self, count: int, rows: int) -> list[tuple[int, int]]:
        """Part what is to be read into passes; the last `rows` are to be scored."""
        most = self._program.most
        if self._program.scores_all:
            # The last pass is a full one, so that it scores as much as it can.
            # Python's remainder by -128 is 0 or less: 300 tokens begin at -84, 44 and
            # 172.
            starts = range(count % -most, count, most)
            return [(max(start, 0), start + most) for start in starts]
        # Only the last token of a pass is scored: the wanted rows take one pass each.
        before = range(0, count - rows, most)
        spans = [(start, min(start + most, count - rows)) for start in before]
        return spans + [(at, at + 1) for at in range(count - rows, count)]

    def drop(self, count: int) -> None:
        """Forget the last tokens."""
        del self.ids[len(self.ids) - count :]


class ExecuTorchBackend(TransformersBackend):
    """Answers with a program of ExecuTorch; else as `TransformersBackend` does.

    Attributes:
        name: short name, as in `--backend NAME`.
        model: the `.pte` file.
        traits: on the device; the window is not known before the file is loaded.
    """

    name = "executorch"

    def __init__(
        self,
        model: str | Path,
        *,
        tokenizer: str | Path = "",
        max_new_tokens: int = 512,
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int | None = None,
        constrain: Constrain = "auto",
        drafts: bool = True,
        format: PromptFormat = "auto",
    ) -> None:
        """Name the file; nothing is loaded yet.

        Args:
            model: a `.pte` file.
            tokenizer: folder with the tokenizer's files; the file's own when empty.
            max_new_tokens: longest answer in tokens.
            temperature: 0 takes the likeliest token, always.
            top_p: only the likeliest tokens that together have this probability.
            seed: of the random numbers; another one each time when None.
            constrain: what an answer may be, as for `TransformersBackend`.
            drafts: read guessed tokens along; the answer is the same, sooner.
            format: prompt format; `auto` is Llama 3's for its models, and the
                tokenizer's own chat template for others.

        Raises:
            MissingPackage: executorch, torch, transformers or accelerate is missing.
            ConfigError: a number is out of range.
        """
        if find_spec("executorch") is None:
            raise MissingPackage("executorch", "executorch", "The executorch backend")
        super().__init__(
            model,
            tokenizer=tokenizer,
            max_new_tokens=max_new_tokens,
            temperature=temperature,
            top_p=top_p,
            seed=seed,
            constrain=constrain,
            drafts=drafts,
            snapshots=None,
            format=format,
        )
        self._words = str(tokenizer)

    def __repr__(self) -> str:
        return f"ExecuTorchBackend({self.model!r})"

    def _ready(self) -> Engine:
        """Load the program and its tokenizer, at the first use."""
        if self._engine is None:
            program = Program(self._path())
            checkpoint = self._checkpoint(program)
            # Without the package `auto` answers unconstrained; the other two were
            # refused when it was made.
            if self._constrain != "off" and find_spec("llguidance") is not None:
                self._guides = Guides(grammar_tokenizer(checkpoint), self._constrain)
            self._engine = Engine(
                checkpoint, reader=lambda stopped: ProgramReader(program, stopped)
            )
        return self._engine

    def _checkpoint(self, program: Program) -> Checkpoint:
        path = self._path()
        words = Path(self._words).expanduser() if self._words else path.parent
        check_tokenizer(words)
        transformers: Any = import_module("transformers")
        with told_loading(str(words)):
            reader = transformers.AutoTokenizer.from_pretrained(
                words, local_files_only=True
            )
        # A program may tell no stops, and a tokenizer may have no such token.
        stops = dict.fromkeys((*program.stops, reader.eos_token_id))
        return ready_checkpoint(
            program,
            reader,
            words,
            path.parent,
            rows=program.rows,
            window=program.window,
            stops=tuple(one for one in stops if isinstance(one, int)),
        )

    def _path(self) -> Path:
        path = Path(self.model).expanduser()
        if not path.is_file():
            what = "a folder, not" if path.is_dir() else "not there:"
            raise BackendUnavailable(
                f"{path} is {what} a .pte file; `agentkit models export CHECKPOINT "
                "FILE.pte` makes one"
            )
        return path
