"""What somebody typed, as words. One normaliser before every engine, the Wagtail admin's included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from portal.search.text.words import COMPOUND, IT, STOP_WORDS, joined, parts
from portal.text import clean, one_line

LONGEST = 2000
MOST_TERMS = 400
LONGEST_WORD = 200
"""Elasticsearch refuses a beginning of a thousand letters."""
OPERATORS = ("tag", "kind", "county", "district", "product", "status", "before", "after")
OPPOSITE = {"-before": "after", "-after": "before"}
_QUOTE = '["\u201c\u201d]'
_PLAIN = '[^"\u201c\u201d]'
_PIECE = re.compile(
    rf"(?:(?<!\S)(?P<operator>-?(?:{'|'.join(OPERATORS)})):(?:{_QUOTE}(?P<quoted>{_PLAIN}*){_QUOTE}?|(?P<value>(?:(?!\s){_PLAIN})+)))"
    rf"|(?P<minus>(?<!\S)-)?(?:{_QUOTE}(?P<phrase>{_PLAIN}*){_QUOTE}?|(?P<bare>(?:(?!\s){_PLAIN})+))",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"([^\W\d_]{3,}):(.+)")
"""Looks like an operator: "author:smith" is two words, and "1:1" is one."""
_LETTERS_DIGITS = re.compile(r"([^\W\d_]{1,3})(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that an entry must have: any of the forms, each a phrase of folded words. `typed` is as on screen."""

    typed: str
    forms: tuple[tuple[str, ...], ...]
    """How what was typed may be written."""
    others: tuple[tuple[str, ...], ...] = ()
    """What synonyms put in its place: it finds, and stands below what has the term itself."""

    @property
    def word(self) -> str:
        """The single word, "" for a phrase or a compound."""
        return self.forms[0][0] if len(self.forms[0]) == 1 else ""

    @property
    def every_form(self) -> tuple[tuple[str, ...], ...]:
        return (*self.forms, *self.others)

    @property
    def synonyms(self) -> list[Term]:
        return [Term(" ".join(form), (form,)) for form in self.others]

    @property
    def itself(self) -> Term:
        """Without synonyms."""
        return replace(self, others=()) if self.others else self


@dataclass(frozen=True, slots=True)
class Operator:
    """A filter that was typed: `county:Kane`, or `-county:Kane` for what is not of it."""

    name: str
    """One of `OPERATORS`."""
    value: str
    is_excluded: bool = False
    """Never of a date: `-before:2026` is `after:2026`."""


@dataclass(frozen=True, slots=True)
class Query:
    text: str = ""
    """As typed, without what cannot be shown."""
    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    operators: tuple[Operator, ...] = ()
    words: str = ""
    """The text without the operators that leave its box: an excluded value stays there, as an excluded word does."""
    left_out: str = ""
    """Those operators, as typed."""


def parse(text: str, widen: Callable[[list[Term]], list[Term]] = list) -> Query:
    """The query of any text whatever: at most 2,000 characters and 400 terms of it. Never raises.

    `widen` gets the terms as they were typed, stop words among them, and may give them others.
    """
    text = one_line(clean(text)[:LONGEST])
    terms: list[Term] = []
    without: list[Term] = []
    operators: list[Operator] = []
    words, left_out, end = "", "", 0
    for piece in _PIECE.finditer(text):
        if operator := _operator(piece):
            operators.append(operator)
            if not operator.is_excluded:
                words, end = f"{words}{text[end : piece.start()]} ", piece.end()
                left_out = f"{left_out}{piece[0]} "
        else:
            _take(piece, terms, without)
    wide = widen(terms if text.isupper() else [_it(term) for term in terms])
    telling = [term for term in wide if term.word not in STOP_WORDS] or wide
    return Query(
        text,
        tuple(_once(_pairs(telling)))[:MOST_TERMS],
        tuple(dict.fromkeys(without))[:MOST_TERMS],
        tuple(dict.fromkeys(operators))[:MOST_TERMS],
        one_line(words + text[end:]),
        left_out.strip(),
    )


def _once(terms: list[Term]) -> Iterable[Term]:
    """Each term once, with all that any of its places has beside it."""
    found: dict[Term, Term] = {}
    for term in terms:
        others = (*found.get(term.itself, term).others, *term.others)
        found[term.itself] = replace(term, others=tuple(dict.fromkeys(others)))
    return found.values()


def _operator(piece: re.Match[str]) -> Operator | None:
    """None for a piece that is words, or whose value is nothing."""
    value = piece["value"] if piece["quoted"] is None else piece["quoted"]
    if not piece["operator"] or not parts(value):
        return None
    name = piece["operator"].lower()
    name = OPPOSITE.get(name, name)
    return Operator(name.removeprefix("-"), one_line(value), name.startswith("-"))


def _take(piece: re.Match[str], terms: list[Term], without: list[Term]) -> None:
    """The terms of one piece that is no operator."""
    into = without if piece["minus"] or (piece["operator"] or "").startswith("-") else terms
    if piece["phrase"] is not None:
        words = tuple(part[:LONGEST_WORD] for word in COMPOUND.findall(piece["phrase"]) for part in parts(word))
        into.extend([Term(f'"{piece["phrase"].strip()}"', (words,))] if words else [])
        return
    bare = piece["bare"] or piece[0]
    if foreign := _FOREIGN.fullmatch(bare):
        bare = " ".join(foreign.groups())
    into.extend(_term(compound) for compound in COMPOUND.findall(bare) if parts(compound))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text that has a chip of its own: a quoted phrase, or what was excluded by a minus."""

    words: str
    is_excluded: bool
    left: str
    """The text without it."""
    facet: str = ""
    """Of which a value was excluded, "" for words."""


def pieces_in(text: str) -> list[Piece]:
    """Of a query's `words`, in order."""
    found = []
    for piece in _PIECE.finditer(text):
        left = one_line(f"{text[: piece.start()]} {text[piece.end() :]}")
        words = piece["bare"] or piece["phrase"] or ""
        if (operator := _operator(piece)) and operator.is_excluded:
            found.append(Piece(operator.value, is_excluded=True, left=left, facet=operator.name))
        elif (piece["minus"] or piece["phrase"] is not None) and parts(words):
            found.append(Piece(one_line(words), bool(piece["minus"]), left))
    return found


def wanted_in(text: str, *, phrases: bool = True) -> str:
    """Of a query's `words`, those looked for: nothing that is excluded, and without `phrases` nothing quoted."""
    while piece := next((piece for piece in pieces_in(text) if piece.is_excluded or not phrases), None):
        text = piece.left
    return text


def spoken(text: str) -> str:
    """Of a query's `words`, as somebody would say them: what is looked for, without quotes."""
    return one_line(re.sub(_QUOTE, " ", wanted_in(text)))


def of_word(word: str) -> Term:
    return Term(word, ((word,),))


def _term(compound: str) -> Term:
    pieces = tuple(piece[:LONGEST_WORD] for piece in parts(compound))
    forms = [pieces]
    if one := joined(compound):
        forms.append((one,))
    elif len(pieces) == 1 and (split := _LETTERS_DIGITS.fullmatch(pieces[0])):
        forms.append(split.groups())
    return Term(compound, tuple(forms))


def _it(term: Term) -> Term:
    return Term("IT", ((IT,), ("information", "technology"))) if term.typed == "IT" else term


def _pairs(terms: list[Term]) -> list[Term]:
    """ "wi fi", "U 46", "e rate": a short word and its neighbor also as one."""
    paired: list[Term] = []
    for term in terms:
        before = paired[-1] if paired else None
        if (
            before is not None
            and before.word
            and term.word
            and len(before.word) <= 2
            and (len(term.word) <= 2 or term.word.isdigit() or len(before.word) == 1)
            and not before.typed.startswith('"')
            and not term.typed.startswith('"')
        ):
            both = (before.word, term.word)
            others = tuple(dict.fromkeys([*before.others, *term.others]))
            paired[-1] = Term(f"{before.typed} {term.typed}", (both, ("".join(both),)), others)
        else:
            paired.append(term)
    return paired
