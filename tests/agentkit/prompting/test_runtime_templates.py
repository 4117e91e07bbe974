from agentkit.prompting import prompt_diff, template_warnings

FRAME = "<|start_header_id|>{{ .Role }}<|end_header_id|>"


def test_a_template_that_asks_for_json_is_named() -> None:
    """The warning says what the small models were trained to write."""
    source = FRAME + 'Respond in JSON: {"name": ..., "parameters": ...} ipython'
    (warning,) = template_warnings(source)
    assert "asks for calls as JSON" in warning


def test_each_difference_has_its_sentence() -> None:
    """Missing call format, missing role and an early date are all named."""
    assert len(template_warnings(FRAME + "Today Date: {{ now }}")) == 3


def test_another_models_template_is_named() -> None:
    """Without Llama's frame nothing else matters."""
    (warning,) = template_warnings("<|im_start|>user")
    assert "frame turns" in warning


def test_the_reference_itself_has_no_warning() -> None:
    """A template in the trained format is left alone."""
    assert template_warnings(FRAME + "[func_name1(a=b)] ipython") == ()


def test_a_diff_names_both_sides() -> None:
    """Removed and added lines are those of reference and runtime."""
    diff = prompt_diff("a\nb", "a\nc", name="ollama")
    assert diff.splitlines()[:2] == ["--- reference", "+++ ollama"]
    assert "-b\n+c" in diff
    assert prompt_diff("a", "a") == ""
