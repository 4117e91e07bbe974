from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.messages import Label, ToolCall, ToolResult, tool_result, user
from agentkit.privacy import Mask, PersonalValue, Values
from agentkit.privacy.placeholders import Unmasking
from agentkit.tools.schema.json_schema import is_list

PRIVATE = Label("tool", "personal", "untrusted")
WORDS = st.text(st.characters(exclude_characters="⟨⟩〈〉<>[]{}()〈〉"), max_size=30)
VALUES = st.recursive(
    WORDS | st.integers() | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("a", "title", "b2", "b3")), inner, max_size=3
        )
    ),
    max_leaves=8,
)


def bare(text: str) -> str:
    return "".join(text.split()).casefold()


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        yield from texts(list(cast(Mapping[str, Any], node).values()))
    elif is_list(node):
        for item in node:
            yield from texts(item)
    elif isinstance(node, str):
        yield node


def masked_result(mask: Mask, value: Any) -> Any:
    result = ToolResult(ToolCall("find_events"), "done", value)
    (message,) = mask.conversation((tool_result(result, PRIVATE),))
    assert message.result is not None
    return message.result.value


@given(VALUES)
def test_a_result_comes_back_as_it_was(value: Any) -> None:
    """Masking a result and putting the values back is the identity."""
    mask = Mask(Values())
    assert mask.unmask(masked_result(mask, value)) == value


@given(st.lists(st.sampled_from(("Ana Ruiz", "x", "\n", "anaruiz", "A n a R u i z"))))
def test_a_text_comes_back_with_its_values(parts: list[str]) -> None:
    """So it is for words; a respelled value comes back as the device spells it."""
    mask = Mask(Values([PersonalValue("Ana Ruiz", "contact")]))
    text = " ".join(parts)
    assert bare(mask.unmask(mask.text(text))) == bare(text)
    assert mask.text(text).count("⟨") == len(parts) - parts.count("x") - parts.count(
        "\n"
    )


@given(VALUES)
def test_no_text_of_a_private_result_is_left(value: Any) -> None:
    """Every text in a labelled result is a placeholder; field names stay."""
    shown = masked_result(Mask(Values()), value)

    assert all(text[0] == "⟨" and text[-1] == "⟩" for text in texts(shown) if text)


def test_one_value_has_one_placeholder() -> None:
    """Wherever it stands, and in later turns too."""
    mask = Mask(Values([PersonalValue("Ana Ruiz", "contact")]))
    assert mask.text("Ana Ruiz met Ana Ruiz") == "⟨contact_1⟩ met ⟨contact_1⟩"
    assert mask.text("Write to Ana Ruiz") == "Write to ⟨contact_1⟩"


def test_fields_are_named_after_their_object() -> None:
    """A result's fields share the number of their object."""
    shown = masked_result(Mask(Values()), [{"title": "Dinner", "start": "10:30"}])
    assert shown == [{"title": "⟨event_1.title⟩", "start": "⟨event_1.start⟩"}]


def test_two_fields_never_share_a_placeholder() -> None:
    """Names that differ in their digits only stay apart."""
    mask = Mask(Values())
    shown = masked_result(mask, {"phone1": "111222", "phone2": "333444"})
    assert shown["phone1"] != shown["phone2"]
    assert mask.unmask(shown) == {"phone1": "111222", "phone2": "333444"}


def test_keys_that_are_data_are_replaced() -> None:
    """A key that is no field's name, such as a person, does not leave."""
    mask = Mask(Values())
    shown = masked_result(mask, {"Ana Ruiz": 3})
    assert "Ana" not in str(shown)
    assert mask.unmask(shown) == {"Ana Ruiz": 3}


def test_a_value_that_is_a_placeholders_word_ends() -> None:
    """A value such as `event` stands in the names of placeholders, which are no data."""
    mask = Mask(Values())
    masked_result(mask, [{"kind": "mail", "title": "event"}])
    assert mask.text("mail the event") == "⟨event_1.kind⟩ the ⟨event_1.title⟩"
    assert mask.without_marks("to ⟨event_1.title⟩").split() == ["to"]


@pytest.mark.parametrize(
    "written",
    [
        "⟨contact_1⟩",
        "〈contact_1〉",
        "<contact_1>",
        "[[contact_1]]",
        "contact_1",
        "{contact_1}",
    ],
)
def test_models_write_other_brackets(written: str) -> None:
    """A placeholder alone is read in every usual kind of brackets."""
    mask = Mask(Values([PersonalValue("Ana Ruiz", "contact")]))
    mask.text("Ana Ruiz")
    assert mask.unmask(written) == "Ana Ruiz"


def test_what_is_no_placeholder_stays() -> None:
    """Names that were never given are text."""
    assert Mask(Values()).unmask("⟨contact_9⟩ and list_2") == "⟨contact_9⟩ and list_2"


def test_calls_come_back_with_the_types_they_had() -> None:
    """A number stays a number, a text inside of a text is filled in."""
    mask = Mask(Values())
    masked_result(mask, {"count": 42, "title": "Dinner"})
    call = ToolCall("save", {"n": "⟨event_1.count⟩", "t": "About ⟨event_1.title⟩"})
    assert mask.unmask_call(call).arguments == {"n": 42, "t": "About Dinner"}


def test_shapes_are_masked_in_the_users_words() -> None:
    """An address that no store knows is masked too."""
    (message,) = Mask(Values()).conversation((user("Write to zoe@mail.example"),))
    assert message.text == "Write to ⟨email_1⟩"


def test_streamed_pieces_are_told_whole() -> None:
    """A placeholder that comes in pieces is told as its value, once."""
    mask, heard = Mask(Values([PersonalValue("Ana Ruiz", "contact")])), list[str]()
    mask.text("Ana Ruiz")
    listening = Unmasking(mask, heard.append)
    for piece in ("Ask ⟨cont", "act", "_1⟩ now", "."):
        listening.hear(piece)
    assert "".join(heard) == "Ask Ana Ruiz now."


def test_a_sign_that_begins_no_placeholder_is_told() -> None:
    """What cannot become a placeholder any more is not held back until the end."""
    mask, heard = Mask(Values([PersonalValue("Ana Ruiz", "contact")])), list[str]()
    mask.text("Ana Ruiz")
    listening = Unmasking(mask, heard.append)
    for piece in ("A vector ⟨v", ", w⟩ and ⟨contact_1>", " meet."):
        listening.hear(piece)
    assert "".join(heard) == "A vector ⟨v, w⟩ and Ana Ruiz meet."


STREAMED = {
    "angles": ("<", "contact", "_1", ">"),
    "doubled": ("[[contact_1", "]", "]"),
    "braces within a word": ("{con", "tact_1}",),
    "a space before it": ("Ask", " ⟨contact_1⟩"),
    "its name alone": ("the field ", "contact_1", " is"),
    "other brackets around it": ("my aunt (", "⟨contact_1⟩", ")"),
    "brackets that are none": ("f(x", "_1) < y[", "0]"),
    "a bracket at the end": ("smile (", ":", " ("),
}  # fmt: skip


@pytest.mark.parametrize("pieces", STREAMED.values(), ids=STREAMED)
def test_a_stream_tells_what_the_whole_text_tells(pieces: tuple[str, ...]) -> None:
    """However it is cut into pieces, and in whatever brackets a placeholder stands."""
    mask, heard = Mask(Values([PersonalValue("Ana Ruiz", "contact")])), list[str]()
    mask.text("Ana Ruiz")
    listening = Unmasking(mask, heard.append)
    for piece in pieces:
        listening.hear(piece)
    listening.end()
    assert "".join(heard) == mask.unmask("".join(pieces))


def test_brackets_around_a_placeholder_stay() -> None:
    """A model that writes a name in brackets means them."""
    mask = Mask(Values([PersonalValue("Ana Ruiz", "contact")]))
    mask.text("Ana Ruiz")
    assert mask.unmask("My aunt (⟨contact_1⟩) [⟨contact_1⟩, or so]") == (
        "My aunt (Ana Ruiz) [Ana Ruiz, or so]"
    )


def test_a_time_that_is_written_otherwise_is_masked() -> None:
    """The gate would find it, so the mask has to."""
    mask = Mask(Values([PersonalValue("2026-03-05T10:30", "start")]))
    masked = mask.text("Is it on 2026-03-05 at 10:30, or 2026-03-05 10:30?")
    assert masked == "Is it on ⟨start_2⟩ at 10:30, or ⟨start_1⟩?"
    assert mask.unmask("⟨start_1⟩") == "2026-03-05T10:30"


def test_a_schema_keeps_its_shape() -> None:
    """Only what a schema tells or allows is replaced, at every depth."""
    mask = Mask(Values([PersonalValue("Ana Ruiz", "contact")]))
    inner = {"type": "string", "enum": ["Ana Ruiz", "Bo"], "minLength": 2}
    schema = {"type": "object", "properties": {"to": inner}, "title": "To Ana Ruiz"}
    (ana,) = {mask.text("Ana Ruiz")}
    masked = {**inner, "enum": [ana, "Bo"]}
    assert mask.schema(schema) == {
        "type": "object",
        "properties": {"to": masked},
        "title": f"To {ana}",
    }
