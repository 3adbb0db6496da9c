"""The one cleaner of texts that people, files and other programs bring."""

from __future__ import annotations

import re
import unicodedata

from django.utils.encoding import punycode

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


_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MEANINGLESS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
_NO_INK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def tidy(text: str) -> str:
    """`text` as somebody typed it, in one Unicode form, with one sort of line break, without what cannot be seen.

    Unlike `clean` it puts nothing in the place of what goes, and leaves what joins the parts of emoji and the letters
    of some languages.
    """
    if not text.isascii():
        text = _SOFT_HYPHEN.sub("", text.encode("utf-8", "ignore").decode("utf-8"))
    return unicodedata.normalize("NFC", _MEANINGLESS.sub("", _LINE_BREAK.sub("\n", text)))


def has_something_to_see(text: str) -> bool:
    """Whether some character of it has ink: blank letters and spaces of any language have none."""
    return any(unicodedata.category(c)[0] not in "ZC" for c in _NO_INK.sub("", text))


def one_line(text: str) -> str:
    """`text` with a single space for each run of white space, line breaks too, and none at its ends."""
    return " ".join(text.split())


def ascii_address(address: str) -> str:
    """`address` with its domain as mail servers know it: "me@schüle.org" is me@xn--schle-mva.org.

    A domain that cannot be written so stays as it is.
    """
    name, at, domain = address.rpartition("@")
    try:
        return address if domain.isascii() else f"{name}{at}{punycode(domain)}"
    except UnicodeError:
        return address
