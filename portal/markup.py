"""Members' Markdown, rendered in one place and cleaned on the way out."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from portal.text import one_line

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"),
    *("table", "tbody", "td", "th", "thead", "tr"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_HEADINGS = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}


def render(text: str) -> SafeString:
    """HTML of `text`: no images, no raw HTML, headings from h3 down, links with `rel`. Safe for any input."""
    tokens = _markdown.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener nofollow ugc",
        )
    )


def plain(text: str) -> str:
    """The words of `text` without Markdown's marks, for search, mail subjects and summaries."""
    words: list[str] = []
    for token in _markdown.parse(text):
        if token.type == "inline":
            words.extend(child.content for child in token.children or [] if child.content)
        elif token.type in {"code_block", "fence"}:
            words.append(token.content)
    return one_line(" ".join(words))
