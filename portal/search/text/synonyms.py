"""Words that mean the same to these readers: kept by officers, applied to what is asked and never to what is stored.

So a change holds for every engine at once, with nothing to index anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kept import Kept, rows_version
from portal.search.text.query import Term
from portal.search.text.words import COMPOUND, JOINTS, STOP_WORDS, joined, parts, singular
from portal.text import clean, one_line

MOST_WORDS = 20
MOST_FORMS = 12
"""Of one phrase, those typed among them: each costs the engine a look-up."""
MOST_OTHERS = 120
"""Of all terms together: so many words as a long question has say by themselves what is meant."""
LONGEST_PHRASE = 6
_STRANGE = re.compile(rf"[^\w\s{re.escape(JOINTS)}]|_")

Phrase = tuple[str, ...]


def split(text: str) -> list[str]:
    """The words of a comma-separated list as they stand."""
    pieces = (one_line(piece) for piece in re.split(r"[,;\n]", clean(text)))
    return [piece for piece in pieces if piece]


def phrases_of(words: str) -> tuple[Phrase, ...]:
    """How a word or phrase is found: its parts, and where it is one compound also joined."""
    pieces = tuple(part for compound in COMPOUND.findall(words) for part in parts(compound))
    one = joined(words) if COMPOUND.fullmatch(words) else ""
    return (pieces, (one,)) if one else (pieces,)


class SynonymSet(models.Model):
    """Words of which each finds the others; and, one way, words that these find too."""

    words = models.TextField(
        gettext_lazy("words"),
        help_text=gettext_lazy(
            "Separated by commas: wifi, Wi-Fi, wireless. Whoever searches for one of them finds the others too."
        ),
    )
    also = models.TextField(
        gettext_lazy("one way"),
        blank=True,
        help_text=gettext_lazy(
            "Found too by whoever searches for the words above, but not the other way round. With MDM above:"
            " Jamf, Intune, Mosyle."
        ),
    )
    changed_at = models.DateTimeField(gettext_lazy("changed"), auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("synonyms")
        verbose_name_plural = gettext_lazy("synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        return f"{self.words} → {self.also}" if self.also else self.words

    def clean(self) -> None:
        """Refuses what would find nothing or everything, in words an officer can act on; tidies the commas."""
        words, also = split(self.words), split(self.also)
        errors = {name: found for name, texts in (("words", words), ("also", also)) if (found := _faults(texts))}
        if errors:
            raise ValidationError(errors)
        if len(words) + len(also) < 2:
            raise ValidationError({"words": _("Give at least two words, separated by a comma.")})
        seen: dict[Phrase, str] = {}
        for text in [*words, *also]:
            phrase = phrases_of(text)[0]
            if phrase in seen:
                twice = _("“%(one)s” and “%(other)s” are the same word; keep one of them.")
                raise ValidationError({"words": twice % {"one": seen[phrase], "other": text}})
            seen[phrase] = text
        if len(seen) > MOST_WORDS:
            raise ValidationError({"words": _("Keep to %(most)d words in one set.") % {"most": MOST_WORDS}})
        self.words, self.also = ", ".join(words), ", ".join(also)
        same = {words_text.lower() for words_text in words}
        others = SynonymSet.objects.exclude(pk=self.pk).values_list("words", "also")
        for other_words, other_also in others:
            if {w.lower() for w in split(other_words)} == same and bool(other_also) == bool(self.also):
                raise ValidationError({"words": _("These words are a set already; change that one.")})


def _faults(texts: list[str]) -> list[str]:
    found = []
    for text in texts:
        pieces = phrases_of(text)[0]
        if _STRANGE.search(text):
            fault = _("“%(word)s” has a sign that cannot be part of a word. Separate words by commas.")
        elif not pieces:
            fault = _("“%(word)s” has no letters or digits.")
        elif len(pieces) > LONGEST_PHRASE or len(text) > 60:
            fault = _("“%(word)s” is too long: six words at most.")
        elif STOP_WORDS.issuperset(pieces) and not text.isupper():
            fault = _("“%(word)s” stands in nearly every text, so it would find everything.")
        else:
            continue
        found.append(fault % {"word": text})
    return found


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is looked up while somebody searches: for each phrase the ones it finds too."""

    others: dict[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)
    """By the phrase in the singular."""
    longest: int = 0
    """Words in the longest phrase."""
    firsts: frozenset[str] = frozenset()
    """The words that a phrase begins with: most words of a query are none of them."""

    @classmethod
    def of(cls, sets: Iterable[tuple[str, str]]) -> Lexicon:
        """From the `words` and `also` of each set."""
        equal: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
        narrower: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
        for words, also in sets:
            mine = [phrase for text in split(words) for phrase in phrases_of(text) if phrase]
            theirs = [phrase for text in split(also) for phrase in phrases_of(text) if phrase]
            for phrase in mine:
                equal[phrase].update(dict.fromkeys(mine))
                narrower[phrase].update(dict.fromkeys(theirs))
        others: dict[Phrase, tuple[Phrase, ...]] = {}
        for phrase, same in equal.items():
            reached = dict.fromkeys([*same, *(more for one in same for more in narrower[one])])
            reached.pop(phrase)
            others[_key(phrase)] = tuple(dict.fromkeys([*others.get(_key(phrase), ()), *reached]))
        return cls(others, max(map(len, others), default=0), frozenset(phrase[0] for phrase in others))

    def widen(self, terms: Sequence[Term]) -> list[Term]:
        """The terms, each with what the sets put in its place, and in the place of every phrase that it is a part of.

        So a phrase is found by all of its words wherever they stand, or by any of its synonyms; and one set more never
        finds less. Words in quotes are left as they are.
        """
        others: list[dict[Phrase, None]] = [{} for _ in terms]
        room = MOST_OTHERS
        for at, end, found in self._phrases_in(terms):
            for number in range(at, end):
                new = [phrase for phrase in found if phrase not in others[number]][: max(room, 0)]
                others[number].update(dict.fromkeys(new))
                room -= len(new)
        return [
            replace(term, others=tuple(phrase for phrase in beside if phrase not in term.forms))
            for term, beside in zip(terms, others, strict=True)
        ]

    def _phrases_in(self, terms: Sequence[Term]) -> Iterator[tuple[int, int, list[Phrase]]]:
        """Where each phrase of a set begins and ends among the terms, and what it finds too."""
        for at, first in enumerate(terms):
            if first.typed.startswith('"') or not any(singular(form[0]) in self.firsts for form in first.forms):
                continue
            phrase: Phrase = ()
            for end, term in enumerate(terms[at:], at + 1):
                phrase = (*phrase, *term.forms[0])
                if term.typed.startswith('"') or len(phrase) > max(self.longest, len(first.forms[0])):
                    break
                forms = first.forms if end == at + 1 else (phrase,)
                found = dict.fromkeys(other for form in forms for other in self.others.get(_key(form), ()))
                if found:
                    yield at, end, list(found)[: MOST_FORMS - len(forms)]


def _key(phrase: Phrase) -> Phrase:
    return tuple(map(singular, phrase))


lexicon = Kept(
    1.0,
    lambda: Lexicon.of(SynonymSet.objects.order_by("pk").values_list("words", "also")),
    rows_version(lambda: SynonymSet.objects),
)


def widen(terms: Sequence[Term]) -> list[Term]:
    """By the synonyms as they are, or were a second ago; see `Lexicon.widen`. No query where there are no terms."""
    return lexicon.get().widen(terms) if terms else []
