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
    "<dialog>no</dialog>", "<iframe>no</iframe>", "<video>no</video>",
    "<style>.a{display:none}</style><p class='b a'>no</p>",
    "<style>#x , .b { color:red; visibility : hidden }</style><div id=x>no</div>",
    "<style>/* } */ p.off { opacity: 0 }</style><p class=off>no</p>",
    "<p style='display:/**/none'>no</p>", "<p style='displa\\79 :none'>no</p>",
    "<p style='color:rgba(0,0,0,0)'>no</p>", "<p style='color:#fff;background:white'>no</p>",
    "<p style='font-size:1px'>no</p>", "<p style='transform:scale(0)'>no</p>",
    "<p style='transform:translateX(-9999px)'>no</p>", "<p style='margin-left:-9999px'>no</p>",
    "<p style='clip-path:inset(100%)'>no</p>", "<p style='filter:opacity(0)'>no</p>",
    "<p style='opacity:.01'>no</p>", "<p style='font:0/0 a'>no</p>",
    "<p style='height:1px;width:1px;overflow:hidden'>no</p>",
    "<p style='display:none' style='color:red'>no</p>", "<svg><text opacity=0>no</text></svg>",
    "<div hidden><p>no<div>no</div></div>", "<div hidden>no<br>no<img>no</div>",
]  # fmt: skip
SHOWN = [
    '<span style="opacity:0.8">yes</span>', '<span style="font-size:0.9em">yes</span>',
    '<span style="color:red">yes</span>', '<div style="max-height:0.5em">yes</div>',
    '<div style="left:-5px">yes</div>', "<p style=display:none>no<p>yes",
    "<head><title>no</title><body>yes", "<div hidden>no</div>yes", "<b><i>yes</b></i>",
    "<style>.a{display:none}</style><p class=b>yes", "<dialog open>yes</dialog>",
    "<style>@media print{.a{display:none}}</style><p class=a>yes",
    "<style>.a .b{display:none}</style><p class=b>yes", "<details>yes</details>",
    "<style>.t{display:none} .t.on{display:block}</style><p class='t on'>yes",
    "<style>.a{display:none}</style><p class=a style='display:block'>yes",
    "<p style='color:#fff;background:#000'>yes", "<p style='opacity:0.5'>yes",
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
