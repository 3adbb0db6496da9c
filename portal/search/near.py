"""Words of the index near those typed. They are everybody's: count them for the reader, and see that one stands there.

Counts know stems: a word that stands only in hidden entries is counted by its visible relatives, so that it may be
offered only once it was seen, letter by letter, in something this reader may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from portal import spelling
from portal.search.engines import current
from portal.search.engines.base import MOST_COUNTED, Ask, Row
from portal.search.entries import NearWord
from portal.search.query import Term, of_word
from portal.search.words import distinct_words, other_spellings

READ = 20
"""Hits of a word that are read for it."""
MOST_TRIED = 2


def kept(words: Iterable[str]) -> list[str]:
    """The index's words that begin nearly so, read by nobody in particular. One query."""
    keys = {key for word in words for key in spelling.keys_of(word)}
    if not keys:
        return []
    return list(NearWord.objects.filter(key__in=keys).values_list("word", flat=True).distinct()[:2000])


def counted(terms: Sequence[Term], keys: frozenset[str], most: int = MOST_COUNTED) -> dict[Term, int]:
    """How many entries each term finds for this reader, at most `most`. One query, none for no terms."""
    return dict(zip(terms, current().counts(terms, keys, most), strict=True))


def stands(word: str, rows: Iterable[Row]) -> bool:
    """In just this form in one of the rows."""
    texts = ((row.title, row.labels, row.summary, row.body) for row in rows)
    return any(word in distinct_words(*some, other_spellings(*some)) for some in texts)


def seen(words: Sequence[str], keys: frozenset[str]) -> str:
    """The first of the words that this reader may see, "" where it is none of the first two. One or two queries."""
    for word in words[:MOST_TRIED]:
        ask = Ask(keys, timezone.localdate(), terms=(of_word(word),), counted=(), limit=READ)
        if stands(word, current().find(ask).rows):
            return word
    return ""
