"""Search by likeness, with tiny hand-made models: words of one meaning are one vector."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, ToolError
from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools.archives import import_messages
from agentkit_tools.notes import take_note
from agentkit_tools.search import search_everything

Use = Callable[..., Any]

MEANINGS = {"car": 0, "automobile": 0, "rent": 1, "lease": 1, "dog": 2, "puppy": 2}


def static_model(folder: Path) -> Path:
    """Write a checkpoint of static embeddings that knows six words."""
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("model2vec", reason="the extra `search` is not installed")
    from model2vec import StaticModel
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace

    vocabulary = {"[UNK]": 0} | {word: n for n, word in enumerate(MEANINGS, 1)}
    tokenizer: Any = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    rows = [[0.0] * 4, *([float(n == kind) for n in range(4)]
                         for kind in MEANINGS.values())]  # fmt: skip
    vectors = numpy.array(rows, dtype=numpy.float32)
    StaticModel(vectors, tokenizer).save_pretrained(folder)
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Give a checkpoint."""
    return static_model(tmp_path / "model")


def with_model(context: Context, path: Path) -> Context:
    """Name a model in the settings."""
    return replace(context, packs={"search": {"embedding": str(path)}})


def write(context: Context, *facts: tuple[str, str, int]) -> None:
    """Store messages: sender, text, days ago."""
    add_letters(
        context.home,
        [
            Letter(
                message_id=f"<{text}@x.example>", thread="t", sender=sender,
                address=f"{sender.lower()}@x.example", subject=text, text=text,
                sent=context.now - timedelta(days=days),
            )
            for sender, text, days in facts
        ],
        context.now,
    )  # fmt: skip


def titles(context: Context, use: Use, **arguments: str) -> list[str]:
    """Return the titles of what is found."""
    return [hit.title for hit in use(search_everything, context, **arguments)]


def test_what_means_the_same_is_found(context: Context, model: Path, use: Use) -> None:
    """Without a model only the word is found; with one, its like after it."""
    write(context, ("Ana", "my car", 1), ("Ben", "an automobile", 2), ("Cy", "dog", 1))
    use(take_note, context, text="about the automobile", title="Garage")
    assert titles(context, use, query="car") == ["my car"]
    found = titles(with_model(context, model), use, query="car")
    assert found[0] == "my car"
    assert set(found) == {"my car", "an automobile", "Garage"}


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"person": "Ben"}, {"the lease"}),
        ({"when": "yesterday"}, {"rent due"}),
        ({"kind": "note"}, {"Flat"}),
        ({"kind": "message"}, {"rent due", "the lease"}),
    ],
    ids=["person", "time", "note", "message"],
)
def test_filters_hold_for_likeness(
    arguments: dict[str, str], found: set[str], context: Context, model: Path, use: Use
) -> None:
    """What is alike and does not fit is left out."""
    write(context, ("Ana", "rent due", 1), ("Ben", "the lease", 9))
    use(take_note, context, text="lease", title="Flat")
    context = with_model(context, model)
    assert set(titles(context, use, query="rent", **arguments)) == found


def test_only_what_is_new_is_embedded(context: Context, model: Path, use: Use) -> None:
    """Vectors stay; what is gone or changed is forgotten; another model begins anew."""
    context = with_model(context, model)
    write(context, ("Ana", "car", 1))
    note = use(take_note, context, text="dog", title="Pet")
    titles(context, use, query="car")
    before = vectors(context)
    write(context, ("Ben", "puppy", 1))
    assert titles(context, use, query="puppy") == ["puppy", "Pet"]
    assert before < vectors(context)
    (context.home / note.file).unlink()
    assert titles(context, use, query="puppy") == ["puppy"]
    other = static_model(model.parent / "other")
    assert titles(with_model(context, other), use, query="puppy") == ["puppy"]
    assert len(vectors(context)) == 2


def vectors(context: Context) -> set[tuple[Any, ...]]:
    """Return the vectors that are kept."""
    with closing(sqlite3.connect(context.home / "search.db")) as index:
        return set(index.execute("SELECT store, id, key, vector FROM vectors"))


def test_a_message_that_took_anothers_place_is_embedded(
    context: Context, model: Path, use: Use, tmp_path: Path
) -> None:
    """An import is undone, and the next one stores another message of that second."""
    context = with_model(context, model)
    found: list[list[str]] = []
    for word in ("car", "dog"):
        path = tmp_path / f"{word}.eml"
        date = "Tue, 17 Nov 2026 10:00:00 +0100"
        path.write_text(f"From: a@x.example\nDate: {date}\nSubject: {word}\n\n{word}\n")
        done = use(import_messages, context, path=str(path))
        found.append(titles(context, use, query="puppy"))
        assert import_messages.undo is not None
        import_messages.undo(done, context)
    assert found == [[], ["dog"]]


@pytest.mark.parametrize(
    ("broken", "told"),
    [("", "no config.json"), ("config.json", "cannot be read"),
     ("model.safetensors", "cannot be read")],
    ids=["no folder", "settings", "weights"],
)  # fmt: skip
def test_a_model_that_cannot_be_used_is_told(
    broken: str, told: str, context: Context, model: Path, use: Use
) -> None:
    """The search goes by words, and says why; with nothing found that is an error."""
    write(context, ("Ana", "my car", 1))
    path = model if broken else model / "nowhere"
    if broken:
        (model / broken).write_text("{" * 99)
    [hit] = use(search_everything, with_model(context, path), query="car")
    assert hit.title == "my car"
    assert told in hit.warning
    assert "by words only" in hit.warning
    with pytest.raises(ToolError, match=told):
        use(search_everything, with_model(context, path), query="nothing")


@pytest.mark.slow
def test_a_transformer_encoder_is_read(
    context: Context, tmp_path: Path, use: Use
) -> None:
    """A random BERT gives vectors: the same text is most like itself."""
    transformers = pytest.importorskip("transformers")
    folder = tmp_path / "bert"
    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *MEANINGS]
    (folder / "vocab.txt").write_text("\n".join(words))
    transformers.BertTokenizerFast(
        vocab={word: n for n, word in enumerate(words)}
    ).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1,
        num_attention_heads=2, intermediate_size=16,
    )  # fmt: skip
    transformers.BertModel(config).save_pretrained(folder)
    assert "architectures" in json.loads((folder / "config.json").read_text())
    write(context, ("Ana", "car car", 1), ("Ben", "dog", 1))
    found = titles(with_model(context, folder), use, query="car")
    assert found[0] == "car car"
