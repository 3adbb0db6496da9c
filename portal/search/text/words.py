"""How text becomes words: one rule for what is indexed and for what is asked.

Words that belong together by a hyphen, apostrophe, dot, colon or ampersand are found apart and joined: "Wi-Fi" also as
"wifi", "U-46" as "u46", "E-Rate" as "erate", "1:1" as "1to1", "3,000" as "3000"; letters with marks also without them.
A word that a hyphen breaks at the end of a line is also found whole.
"""

from __future__ import annotations

import re
import unicodedata

JOINTS = "-\u2010\u2011\u2012\u2013\u2212'\u2019.:&"
LONGEST_JOINED = 30
MOST_PARTS = 4
_WORD = r"[^\W_]+"
COMPOUND = re.compile(rf"{_WORD}(?:(?:[{re.escape(JOINTS)}]|(?<=\d),(?=\d{{3}}(?!\d))){_WORD})*")
_PART = re.compile(_WORD)
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,30})[-\u2010\u2011]\s+([^\W\d_]{2,30})(?![^\W\d_])")
"""Any white space: where a text was put on one line, it is all that is left of the line's end."""

_IT = re.compile(r"(?<![^\W_-])IT(?![^\W_]|[-\u2010\u2011])")
IT = "informationtechnology"
"""What "IT" in capitals is found by: it is no pronoun, unless all of a text is in capitals."""

STOP_WORDS = frozenset(
    """
    a about after again all also always am an and another any anybody anyone anything are as at be been being but by can
    cannot could did do does doing don done each either else even ever every everybody everyone for from get gets
    getting got had has have having he her here him his how however i if in into is it its just let like likes may me
    might more most much must my never no nor not now of often on or other others our ours out over own per please put
    rather really s shall she should since so some somebody someone something still such t than that the their theirs
    them then there these they this those though through to too under until up upon us very was we were what whatever
    when where whether which while who whom whose why will with within without would yet you your yours
    """.split()  # noqa: SIM905
)


def fold(text: str) -> str:
    """Lower case, without marks on letters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def squeezed(text: str) -> str:
    """Letters and digits only, folded: "Wi-Fi" and "wifi" are one value."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


def facet_word(facet: str, value: object) -> str:
    """The word that stands in an entry's `marks` for a value of a filter, "" where nothing of it can be a word.

    Its last letter keeps it from being stemmed.
    """
    folded = squeezed(str(value))
    return f"{facet}{folded}x" if folded else ""


def parts(compound: str) -> list[str]:
    return _PART.findall(fold(compound))


def singular(word: str) -> str:
    """Near enough to look words up by: "batteries" is "battery", "cameras" is "camera", "class" stays."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def joined(compound: str) -> str:
    """The compound written as one word, "" where it is not a compound or too long to be meant as one."""
    pieces = parts(compound)
    if not 1 < len(pieces) <= MOST_PARTS:
        return ""
    glue = "to" if ":" in compound and all(piece.isdigit() for piece in pieces) else ""
    word = glue.join(pieces)
    return word if len(word) <= LONGEST_JOINED else ""


def other_spellings(*texts: str) -> str:
    """The words to index beside the texts' own: compounds and broken words joined, marks taken off. Each once."""
    found: dict[str, None] = {}
    for text in texts:
        if _IT.search(text) and not text.isupper():
            found[IT] = None
        for compound in COMPOUND.findall(text):
            if not compound.isalnum():
                found[joined(compound)] = None
            if not compound.isascii():
                found.update(dict.fromkeys(parts(compound)))
        found.update(dict.fromkeys(mended(*broken) for broken in _BROKEN.findall(text)))
    found.pop("", None)
    return " ".join(found)


def mended(head: str, tail: str) -> str:
    """The word that a line's end broke; "" for what is no word, as in "pre- and post-test" or "IT- Department"."""
    word = fold(head + tail)
    is_one = tail.islower() or (head + tail).isupper()
    return word if is_one and fold(tail) not in STOP_WORDS and len(word) <= LONGEST_JOINED else ""


def distinct_words(*texts: str) -> set[str]:
    """The folded words of the texts that spelling help may offer: 3 to 30 signs and at least one letter."""
    return {
        word for text in texts for word in set(_PART.findall(fold(text))) if 3 <= len(word) <= 30 and not word.isdigit()
    }
