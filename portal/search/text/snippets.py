"""Why a hit is a hit: its words marked, in a piece of its text. The same for every engine, and escaped first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.search.text.query import Term
from portal.search.text.words import IT

LENGTH = 220
LEAD = 60
OPEN, CLOSE = "\ue000", "\ue001"
"""Private signs that stand for the marks until everything else is escaped."""
_ENDINGS = re.compile(r"(?:ational|ations?|ings?|edly|ed|ies|ers?|es|ly|s|e|y)$")


def _pattern(terms: Iterable[Term]) -> re.Pattern[str] | None:
    """Words that begin as the terms' do: near enough to how engines stem, and only for the eye."""
    forms = {form for term in terms for form in term.every_form if form}
    if not forms:
        return None
    choices = [r"[\W_]{1,3}".join(_stem(word) for word in form) for form in sorted(forms, key=len, reverse=True)]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(choices)})(?![^\W_])", re.IGNORECASE)


def _stem(word: str) -> str:
    if word == IT:
        return "(?-i:IT)"
    stem = _ENDINGS.sub("", word)
    if len(stem) < 3 or not word.isalpha():
        return re.escape(word)
    return re.escape(stem) + r"[^\W\d_]{0,5}"


def _show(text: str, pattern: re.Pattern[str] | None) -> SafeString:
    text = text.replace(OPEN, "").replace(CLOSE, "")
    if pattern is not None:
        text = pattern.sub(lambda found: f"{OPEN}{found[0]}{CLOSE}", text)
    return mark_safe(str(escape(text)).replace(OPEN, "<mark>").replace(CLOSE, "</mark>"))


def highlight(text: str, terms: Sequence[Term]) -> SafeString:
    return _show(text, _pattern(terms))


def snippet(texts: Sequence[str], terms: Sequence[Term]) -> SafeString:
    """About `LENGTH` characters of the first text that has a term, or the beginning of the first that is not empty."""
    pattern = _pattern(terms)
    for text in texts:
        if pattern and (found := pattern.search(text)):
            return _show(_cut(text, found.start()), pattern)
    return _show(plain_snippet(texts), pattern)


def plain_snippet(texts: Sequence[str]) -> str:
    """The beginning of the first text that is not empty, without marks."""
    return _cut(next((text for text in texts if text), ""), 0)


def _cut(text: str, at: int) -> str:
    """The piece of `text` around `at`, from a word's beginning to a word's end."""
    start = 0 if at <= LEAD else text.rfind(" ", 0, at - LEAD // 2) + 1
    start = start if at - start <= LENGTH // 2 else max(at - LEAD // 2, 0)
    end = start + LENGTH
    piece = text[start:end]
    if end < len(text):
        piece = piece.rsplit(" ", 1)[0] + " …"
    return ("… " if start else "") + piece
