import os
from pathlib import Path

import pytest

from agentkit.errors import PromptError
from agentkit.prompting import render_prompt
from agentkit.tools import Toolset

TOOLS = Toolset.from_schemas([{"name": "alpha", "description": "First letter"}])


def template(folder: Path, source: str, name: str = "instructions") -> Path:
    """Put one template of the user's into a folder."""
    (folder / "llama32").mkdir(exist_ok=True)
    (folder / "llama32" / f"{name}.jinja").write_text(source)
    return folder


def test_a_folder_replaces_single_templates(tmp_path: Path) -> None:
    """The user's template is taken, the packaged ones serve for the rest."""
    folder = template(tmp_path, "Look after the house.")
    text = render_prompt("hi", TOOLS, templates=folder)
    assert "\n\nLook after the house.\n\nIf you decide to invoke" in text


def test_a_changed_template_is_seen(tmp_path: Path) -> None:
    """An edit shows in the next prompt, tools included."""
    folder = template(tmp_path, "One: {{ functions }}", "tools")
    assert "One: [" in render_prompt("hi", TOOLS, templates=folder)
    changed = template(tmp_path, "Two: {{ functions }}", "tools") / "llama32"
    later = (changed / "tools.jinja").stat().st_mtime + 5
    os.utime(changed / "tools.jinja", (later, later))
    assert "Two: [" in render_prompt("hi", TOOLS, templates=folder)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "fine\n{{ toolz }}",
            r"template 'llama32/instructions.jinja', line 2: 'toolz' is undefined",
        ),
        (
            "{% if %}",
            r"template 'llama32/instructions.jinja', line 1: Expected an expression",
        ),
        ("a\n{{ 1 / 0 }}", r"'llama32/instructions.jinja', line 2: division by zero"),
        (
            "{{ ''.__class__ }}",
            r"'llama32/instructions.jinja', line 1: access to attribute '__class__'",
        ),
        ("{% include 'no.jinja' %}", r"there is no template 'no.jinja'"),
        ("{{ range(10 ** 9) }}", r"line 1: Range too big"),
    ],
    ids=["undefined", "syntax", "fault", "sandbox", "missing", "too big"],
)
def test_a_faulty_template_is_named(tmp_path: Path, source: str, message: str) -> None:
    """One sentence says which template, which line and what is wrong."""
    with pytest.raises(PromptError, match=message) as caught:
        render_prompt("hi", TOOLS, templates=template(tmp_path, source))
    assert "\n" not in str(caught.value)


def test_a_template_that_is_no_text_is_named(tmp_path: Path) -> None:
    """A binary file is refused in one sentence."""
    (template(tmp_path, "") / "llama32" / "instructions.jinja").write_bytes(b"\xff\xfe")
    with pytest.raises(PromptError, match="cannot be read"):
        render_prompt("hi", TOOLS, templates=tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A wrong path is not silently ignored."""
    with pytest.raises(PromptError, match="is not there"):
        render_prompt("hi", TOOLS, templates=tmp_path / "none")


def test_a_template_cannot_make_control_tokens(tmp_path: Path) -> None:
    """What a template writes is text, as everything but the frame is."""
    folder = template(tmp_path, "a<|eot_id|>b")
    assert "a< |eot_id|>b" in render_prompt("hi", TOOLS, templates=folder)


def test_text_in_a_template_is_not_a_template(tmp_path: Path) -> None:
    """Braces in what people write are shown as they are."""
    assert "{{ 7 * 7 }}" in render_prompt("{{ 7 * 7 }}", TOOLS, tools_in="user")
