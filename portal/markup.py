"""Members' Markdown, rendered in one place, bounded, and cleaned on the way out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import getLine, table
from markdown_it.token import Token

from portal.text import one_line

RENDERER = f"1-{version('markdown-it-py')}-{version('nh3')}"
"""Of which kept HTML is (`portal.prose`). Its first number rises with every change here that changes HTML."""
MOST_OUTPUT = 150_000
"""Signs of HTML, by estimate. What comes after is shown as it was typed."""
MOST_CELLS = 1500
"""Of all tables of a text: short rows are filled up, so a few signs may mean thousands of cells."""
MOST_BRACKETS = 2000
"""Beyond these the parser takes seconds to find out which of them are links."""
_TOKEN_SIGNS = 20

_TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"),
    *("table", "tbody", "td", "th", "thead", "tr"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_HEADINGS = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
_LINE_BREAK = re.compile("\r\n?|\n")


def render(text: str) -> SafeString:
    """HTML of `text`: no images, no raw HTML, headings from h3 down, links with `rel`. Safe for any input."""
    return _read(text)[0]


def plain(text: str) -> str:
    """The words of `text` without Markdown's marks, for search, mail subjects and summaries."""
    return _read(text)[1]


@lru_cache(maxsize=32)
def _read(text: str) -> tuple[SafeString, str]:
    """HTML and words in one pass: a form that is checked, the row that is saved and its entry ask one after another."""
    tokens, rest = _parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    if rest:
        note = _("From here on this is shown as it was typed: it has more formatting than a page can show.")
        html += f"<p><em>{escape(note)}</em></p>\n<pre>{escape(rest)}</pre>\n"
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )
    return mark_safe(clean), one_line(" ".join([*_words(tokens), rest]))


def _parse(text: str) -> tuple[Sequence[Token], str]:
    """The tokens that a page can show, and the text from there on, "" where it can show all."""
    if text.count("[") > MOST_BRACKETS:
        return [], text
    tokens = _markdown.parse(text)
    spent = 0
    first, line = 0, 0
    for number, token in enumerate(tokens):
        if token.level == 0 and token.map:
            first, line = number, token.map[0]
        spent += sum(_TOKEN_SIGNS + _signs(part) for part in [token, *(token.children or [])])
        if spent > MOST_OUTPUT:
            return tokens[:first], "\n".join(_LINE_BREAK.split(text)[line:])
    return tokens, ""


def _signs(token: Token) -> int:
    content = "" if token.type == "inline" else token.content  # its children hold the same again
    return len(content) + sum(len(str(value)) for value in token.attrs.values())


def _words(tokens: Sequence[Token]) -> list[str]:
    words: list[str] = []
    for token in tokens:
        if token.type == "inline":
            words.extend(child.content for child in token.children or [] if child.content)
        elif token.type in {"code_block", "fence"}:
            words.append(token.content)
    return words


def _bounded_table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Markdown's table. One that would take more cells than the text has left is a paragraph, and all after it too."""
    if not table(state, first, end, silent=True):
        return False
    if silent:
        return True
    left = state.env.get("cells", MOST_CELLS)
    columns = getLine(state, first + 1).count("|") + 1
    last = min(end, first + left // columns + 1)
    cells = columns * (next((line for line in range(first, last) if state.isEmpty(line)), last) - first)
    state.env["cells"] = max(left - cells, 0)
    return cells <= left and table(state, first, end, silent=False)


_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_markdown.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
