import pytest

from agentkit.tools.schema.docstrings import parse_docstring


@pytest.mark.parametrize(
    ("text", "description"),
    [
        pytest.param(None, "", id="none"),
        pytest.param("", "", id="empty"),
        pytest.param("   \n  ", "", id="blank"),
        pytest.param("Send a text.", "Send a text.", id="one-line"),
        pytest.param("Send\n    a text.\n\n    More.", "Send a text.", id="paragraph"),
        pytest.param(
            "Send it.\n    Args:\n        a: x", "Send it.", id="no-blank-line"
        ),
        pytest.param("Args:\n    a: first.", "", id="args-only"),
    ],
)
def test_description_is_the_first_paragraph(text: str | None, description: str) -> None:
    """The description is the first paragraph on one line, up to any section."""
    assert parse_docstring(text).description == description


def test_parameters_of_all_spellings() -> None:
    """Types in brackets, stars and continuation lines are read."""
    text = """Do it.

    Args:
        a: the first.
        b (int): the second,
            which goes on: here.
        **c: the rest.

        d (list[str], optional): after a blank line.

    Returns:
        e: nothing of the kind.
    """
    assert parse_docstring(text).parameters == {
        "a": "the first.",
        "b": "the second, which goes on: here.",
        "c": "the rest.",
        "d": "after a blank line.",
    }


@pytest.mark.parametrize("title", ["Args", "Arguments", "Parameters"])
def test_section_titles(title: str) -> None:
    """Three titles open the section of parameters."""
    docstring = parse_docstring(f"Do it.\n\n{title}:\n    a: x.")
    assert docstring.parameters == {"a": "x."}


def test_colon_in_prose_is_no_parameter() -> None:
    """Text outside the section never becomes a parameter."""
    assert parse_docstring("Do it.\n\nnote: careful.").parameters == {}


def test_two_sections_join() -> None:
    """A second section of parameters adds to the first."""
    docstring = parse_docstring(
        "D.\n\nArgs:\n  a: x\n\nRaises:\n  E: y\n\nArgs:\n  b: z"
    )
    assert docstring.parameters == {"a": "x", "b": "z"}
