"""What a person reads of a page: not what a browser does not show."""

from __future__ import annotations

import pytest

from agentkit import text_of_html

HIDDEN = [
    "<span hidden>no</span>", '<div style="display:none">no<b>no</b></div>',
    '<div style="Display : NONE !important">no</div>', "<p style=visibility:hidden>no</p>",
    '<span style="font-size:0">no</span>', '<span style="font-size: 0px; color:red">no</span>',
    '<span style="opacity:0">no</span>', '<span style="opacity:0.0;">no</span>',
    '<span style="color:transparent">no</span>', '<div style="mso-hide:all">no</div>',
    '<div style="position:absolute; left:-9999px">no</div>',
    '<div style="text-indent:-5000px">no</div>', "<div style='max-height:0'>no</div>",
    '<div style="height:0;overflow:hidden">no</div>', "<script>no</script>",
    "<style>no</style>", "<template>no</template>", "<!-- no -->",
    "<div hidden><p>no<div>no</div></div>", "<div hidden>no<br>no<img>no</div>",
]  # fmt: skip
SHOWN = [
    '<span style="opacity:0.8">yes</span>', '<span style="font-size:0.9em">yes</span>',
    '<span style="color:red">yes</span>', '<div style="max-height:0.5em">yes</div>',
    '<div style="left:-5px">yes</div>', "<p style=display:none>no<p>yes",
    "<head><title>no</title><body>yes", "<div hidden>no</div>yes", "<b><i>yes</b></i>",
    "<div hidden>no</span></div>yes", "a < b > yes", "<p>yes</p></div></div>",
]  # fmt: skip


@pytest.mark.parametrize("html", HIDDEN)
def test_what_is_not_shown_is_not_read(html: str) -> None:
    """What stands around it is."""
    assert text_of_html(f"<p>before {html} after</p>").split() == ["before", "after"]


@pytest.mark.parametrize("html", SHOWN)
def test_what_is_shown_is_read(html: str) -> None:
    """Neither small things nor sloppy tags hide it."""
    text = text_of_html(html)
    assert "yes" in text
    assert "no" not in text.split()
