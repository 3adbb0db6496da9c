"""Districts like the reader's, whose entries rise.

The rule is the portal's one rule of likeness (`portal.districts.alike`: enrollment from half to double, overlapping
grades). County and share of low income do not narrow it: a hit would then call like yours what its practice does not.
"""

from __future__ import annotations

import time

from portal.districts.alike import alike
from portal.districts.models import District
from portal.districts.standing import Standing

KEPT_SECONDS = 60.0
_Key = tuple[int, int | None, str, str]
_kept: dict[_Key, tuple[float, tuple[int, ...]]] = {}


def districts_like(standing: Standing) -> tuple[int, ...]:
    """For somebody who speaks for a district; nobody else. One query a minute for each district."""
    mine = standing.district
    if mine is None or not mine.enrollment or not mine.grades:
        return ()
    key = (mine.pk, mine.enrollment, mine.lowest_grade, mine.highest_grade)
    now = time.monotonic()
    kept = _kept.get(key)
    if kept is None or now - kept[0] > KEPT_SECONDS:
        if len(_kept) > 1000:
            _kept.clear()
        kept = (now, tuple(District.objects.filter(alike(mine)).values_list("pk", flat=True)))
        _kept[key] = kept
    return kept[1]
