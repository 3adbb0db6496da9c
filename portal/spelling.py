"""Words near a mistyped one.

Each word is kept under its first seven letters and under those with any one letter left out. Two words that differ by
one letter added, lost, changed or swapped then share a key, so the lookup is an index seek on every database.
"""

from __future__ import annotations

from collections.abc import Iterable

REACH = 7
SHORTEST = 4


def keys_of(word: str) -> set[str]:
    start = word[:REACH]
    return {start, *(start[:i] + start[i + 1 :] for i in range(len(start)))} if len(word) >= SHORTEST else {start}


def distance(one: str, other: str, limit: int = 2) -> int:
    """Letters added, lost, changed or swapped with the neighbor; `limit + 1` as soon as it is more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return last[-1]


def nearest(word: str, candidates: Iterable[str], most: int = 6) -> list[str]:
    """The candidates within one mistake (two in words of eight letters and more), nearest first."""
    limit = 2 if len(word) >= 8 else 1
    near = sorted((distance(word, c, limit), c[:1] != word[:1], abs(len(c) - len(word)), c) for c in set(candidates))
    return [candidate for far, _, _, candidate in near if 0 < far <= limit][:most]
