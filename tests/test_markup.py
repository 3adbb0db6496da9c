from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.markup import plain, render

HARMLESS = re.compile(
    r"</?(a|blockquote|br|code|del|em|h3|h4|hr|li|ol|p|pre|s|strong|ul|table|tbody|td|th|thead|tr)"
    r'( (href|title|rel|start)="[^"<>]*")*\s*/?>'
)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://example.org/track.png)",
        "<img src=x onerror=alert(1)>",
        '<a href="x" onclick="y">z</a>',
        "<iframe src=//example.org>",
        "<svg/onload=alert(1)>",
        "# <b onmouseover=1>heading</b>",
    ],
)
def test_nothing_that_runs_or_loads_survives(text: str) -> None:
    html = render(text)
    assert HARMLESS.sub("", html).count("<") == 0, html
    assert "javascript:" not in re.findall(r'href="([^"]*)"', html)


@settings(max_examples=300)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_becomes_harmless_html(text: str) -> None:
    assert "<" not in HARMLESS.sub("", render(text))
    plain(text)


@pytest.mark.parametrize(
    "href", ["https://example.org/a", "http://example.org/a", "mailto:a@example.org", "/practices/"]
)
def test_links_that_people_write_are_kept(href: str) -> None:
    assert render(f"[x]({href})") == f'<p><a href="{href}" rel="noopener nofollow ugc">x</a></p>\n'


def test_headings_start_below_the_page_s_own() -> None:
    assert render("# One\n\n###### Six") == "<h3>One</h3>\n<h4>Six</h4>\n"


def test_plain_keeps_the_words() -> None:
    assert plain("# Fix\n\n- **swap** the `board`\n- [guide](https://example.org)") == "Fix swap the board guide"
