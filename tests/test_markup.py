from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.markup import MOST_CELLS, MOST_OUTPUT, plain, render
from tests.costs import processor_seconds

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


WORST = {
    "4,000 columns": "|a" * 4000 + "|\n" + "|-" * 4000 + "|\n" + "x\n" * 2000,
    "rows of one sign": "|a" * 256 + "|\n" + "|-" * 256 + "|\n" + "x\n" * 9000,
    "many tables": ("|a" * 50 + "|\n" + "|-" * 50 + "|\n" + "x\n" * 20 + "\n") * 80,
    "tables without end": "|a|\n|-|\n" * 2500,
    "one address, used often": "[a]: /" + "b" * 10_000 + "\n\n" + "[a]" * 3300,
    "links": "[a](b)" * 3333,
    "brackets": "[" * 20_000,
    "pictures": "![" * 10_000,
    "list": "- a\n" * 5000,
    "paragraphs": "a\n\n" * 6666,
    "marks": "*a **b " * 2857,
    "signs": "&" * 20_000,
    "quotes": "\n".join(">" * deep + " a" for deep in range(190)),
}


@pytest.mark.parametrize("name", WORST)
def test_no_text_costs_much_to_render_or_to_send(name: str) -> None:
    text = WORST[name][:20_000]
    assert processor_seconds(lambda: render(text)) < 0.5  # a hundredth is usual; before the bounds it was 1.7
    html = render(text)
    assert len(html) <= 1.5 * MOST_OUTPUT
    assert set(plain(text).split()) >= {word for word in text.split() if word.isalnum()}


def test_what_is_beyond_the_bound_is_shown_as_it_was_typed_and_says_so() -> None:
    html = render("**Bold**\n\n" + "`a` " * 4000)
    assert html.startswith("<p><strong>Bold</strong></p>\n<p><em>From here on this is shown as it was typed")
    assert html.endswith("<pre>" + "`a` " * 4000 + "</pre>\n")


def test_the_rest_is_no_markup_either() -> None:
    html = render("[a](b)" * 4000 + "\r\n<script>alert(1)</script>")
    assert "&lt;script&gt;" in html
    assert "<" not in HARMLESS.sub("", html)


@pytest.mark.parametrize(("rows", "is_table"), [(MOST_CELLS // 10 - 2, True), (MOST_CELLS // 10 - 1, False)])
def test_a_table_has_so_many_cells_and_no_more(rows: int, is_table: bool) -> None:
    text = "|".join("a" * 10) + "\n" + "|".join(["-"] * 10) + "\n" + "x\n" * rows
    assert ("<table>" in render(text)) == is_table
    assert ("<table>" in render(text + "\nMore\n\na|b\n-|-\nc|d")) == is_table
