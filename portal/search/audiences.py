"""Sets of audience keys, each stored once and named by a number that follows from the keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from portal.search.entries import Audience, AudienceKey


def id_of(keys: Iterable[str]) -> int:
    """A 63-bit number, the same for the same set in any order."""
    text = "\n".join(sorted(set(keys)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def keep(sets: Iterable[Iterable[str]]) -> None:
    """Store those of the sets that are not stored yet. One query, and two more where there are new ones."""
    wanted = {id_of(keys): sorted(set(keys)) for keys in sets}
    known = set(Audience.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    new = sorted(wanted.keys() - known)
    if not new:
        return
    Audience.objects.bulk_create([Audience(pk=pk, keys=wanted[pk]) for pk in new], ignore_conflicts=True)
    AudienceKey.objects.bulk_create(
        [AudienceKey(key=key, audience_id=pk) for pk in new for key in wanted[pk]], ignore_conflicts=True
    )
