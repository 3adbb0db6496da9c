"""Words that may have been meant by a mistyped one: weighed as people err, by sound, order and place of the letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

SHORTEST = 4
"""Letters of a word that is put right."""
FAR = 8.5
"""What is farther was not meant, as `near` tells it: one in a hundred misspellings is. Of words that only are not
known, two in five have another one so near, and three in ten a close one."""
CLOSE = 7.4
"""Up to here a word is meant also beside others, or where somebody is still typing."""
_LETTERS = 3
"""At most so many are added, lost, changed or swapped with their neighbor, but not all of them added or all lost."""
_SOUNDS = [
    (re.compile(spelled, re.MULTILINE), sound)
    for spelled, sound in (
        ("^[kgp]n", "n"),
        ("^wr", "r"),
        ("^ps", "s"),
        ("^x", "z"),
        ("^wh", "w"),
        ("tch|ch", "C"),
        ("[tcs]i(?=[aou])|sh", "S"),
        ("ph", "f"),
        ("gh(?=[^aeiou]|$)", ""),
        ("ck|qu?|c(?![eiy])", "k"),
        ("s?c", "s"),
        ("x", "ks"),
        ("z", "s"),
        ("d?g(?=[eiy])", "j"),
        ("mb$", "m"),
        ("(?<=.)h", ""),
        ("[aeiouy]+", "a"),
        ("a$", ""),
        (r"(.)\1+", r"\1"),
    )
]


def near(typed: str, words: Collection[str], far: float = FAR) -> dict[str, float]:
    """Those of the words that may have been meant, and how far each is: the share of the letters that differ, how alike
    they begin, how alike they sound. More than 0, at most `far`. Other digits are never meant.

    It reads all of the words: some ten milliseconds for eighty thousand.
    """
    digits = _digits(typed)
    found = [
        word
        for word, letters, _ in process.extract(typed, words, scorer=OSA.distance, score_cutoff=_LETTERS, limit=None)
        if letters and abs(len(word) - len(typed)) < _LETTERS and _digits(word) == digits
    ]
    heard, *sounds = _sounds_of([typed, *found])
    letters = sorted(typed)
    far_of = {}
    for word, sound in zip(found, sounds, strict=True):
        away = 10 * OSA.normalized_distance(typed, word) + 10 * JaroWinkler.distance(typed, word)
        away += 1.5 * OSA.distance(heard, sound) + 1.5 * (heard[:1] != sound[:1])
        away -= 2.5 * (sorted(word) == letters)
        if away <= far:
            far_of[word] = max(away, 0.1)
    return far_of


def begun(typed: str, words: Iterable[str], far: float = CLOSE) -> dict[str, float]:
    """Those of the words whose beginning may have been meant, the first letter typed as it is or swapped with the next:
    how far each is, and one more for what is not typed yet."""
    size = len(typed)
    starts: dict[str, list[str]] = {}
    for word in words:
        if len(word) > size and word[0] in typed[:2]:
            starts.setdefault(word[:size], []).append(word)
            starts.setdefault(word[: size + 1], []).append(word)
    far_of: dict[str, float] = {}
    for start, away in near(typed, list(starts), far - 1).items():
        for word in starts[start]:
            far_of[word] = min(away + 1, far_of.get(word, far))
    return far_of


def nearest(typed: str, words: Collection[str]) -> str:
    """The word itself where it is one of the words, else the nearest close one, "" where there is none."""
    if typed in words:
        return typed
    far_of = near(typed, words, CLOSE) if len(typed) >= SHORTEST else {}
    return min(far_of, key=lambda word: (far_of[word], word), default="")


def _digits(word: str) -> str:
    return "" if word.isalpha() else "".join(sign for sign in word if sign.isdigit())


def _sounds_of(words: Sequence[str]) -> list[str]:
    """How each is spoken, roughly: all vowels are one sound and none at the end, doubled letters are one."""
    text = "\n".join(words)
    for spelled, sound in _SOUNDS:
        text = spelled.sub(sound, text)
    return text.split("\n")
