"""The one cleaner of texts that people, files and other programs bring."""

from __future__ import annotations

import re

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]")


_SOFT_HYPHEN = re.compile("\u00ad(?:[ \t]*\r?\n[ \t]*)?")


def clean(text: str) -> str:
    """`text` without what no database takes or no reader sees: NUL, controls, direction marks, lone surrogates.

    A space stands for each, and nothing for a surrogate. Line breaks and tabs stay. Soft hyphens go, with the line
    break that they allow: what stands on both sides is one word. What it takes also joins the parts of some emoji, so a
    name or a title that is shown is not for it.
    """
    if not text.isascii():
        text = _SOFT_HYPHEN.sub("", text.encode("utf-8", "ignore").decode("utf-8"))
    return _UNSEEN.sub(" ", text)


def one_line(text: str) -> str:
    """`text` with a single space for each run of white space, line breaks too, and none at its ends."""
    return " ".join(text.split())
