"""Districts like the reader's, whose entries rise.

The rule is the portal's one rule of likeness (`portal.districts.models.alike`). Among those that it names the closer
ones rise more, in three steps: a weight for each district would make every query compare with hundreds of them, and
would say more than the figures know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.districts.models import District
from portal.districts.models.alike import alike, closeness, in_same_county
from portal.districts.models.standing import Standing
from portal.kept import Kept
from portal.registry import use_sources

STEPS = ((0.7, 1.4), (0.5, 1.25), (0.0, 1.15))
"""So close at least, and times which the score counts. Among 850 districts one has 248 like it at the mean,
15 of them of the first step and 92 of the second."""


@dataclass(frozen=True, slots=True)
class DistrictsLike:
    by_weight: Mapping[float, tuple[int, ...]]
    """Those alike, by times which the score of what is theirs counts."""
    same_county: frozenset[int]
    in_common: Mapping[int, frozenset[str]]
    """By district the names of what both use, as every member may know; nothing for most."""

    def __contains__(self, district_id: int | None) -> bool:
        return any(district_id in ids for ids in self.by_weight.values())


NONE_LIKE = DistrictsLike({}, frozenset(), {})
_Uses = dict[int, set[str]]


@dataclass(frozen=True, slots=True)
class _Known:
    """All of it is forgotten at one time, so that nothing in it is older than the uses are."""

    uses: _Uses
    like: dict[tuple[object, ...], DistrictsLike] = field(default_factory=dict)


def _read() -> _Known:
    uses: _Uses = defaultdict(set)
    for source in use_sources:
        for district_id, name in source.load():
            uses[district_id].add(name)
    return _Known(dict(uses))


likeness = Kept(60.0, _read)
"""So late at most counts what districts use, and what another process wrote of a district."""


def districts_like(standing: Standing) -> DistrictsLike:
    """For somebody who speaks for a district; nobody else. One query a minute for each district, and for all together
    what the sources of uses ask."""
    mine = standing.district
    if mine is None or not mine.enrollment or not mine.grades:
        return NONE_LIKE
    key = (mine.pk, mine.enrollment, mine.lowest_grade, mine.highest_grade, mine.low_income_pct, mine.county_id)
    known = likeness.get()
    if key not in known.like:
        known.like[key] = _like(mine, known.uses)
    return known.like[key]


def _like(mine: District, uses: _Uses) -> DistrictsLike:
    others = District.objects.filter(alike(mine)).only(
        "enrollment", "low_income_pct", "county", "lowest_grade", "highest_grade"
    )
    ours = uses.get(mine.pk, set())
    by_weight: dict[float, list[int]] = {weight: [] for _least, weight in STEPS}
    same_county: set[int] = set()
    in_common: dict[int, frozenset[str]] = {}
    for other in others:
        if both := ours & uses.get(other.pk, set()):
            in_common[other.pk] = frozenset(both)
        close = closeness(mine, other, len(both))
        by_weight[next(weight for least, weight in STEPS if close >= least)].append(other.pk)
        if in_same_county(mine, other):
            same_county.add(other.pk)
    return DistrictsLike(
        {weight: tuple(ids) for weight, ids in by_weight.items() if ids}, frozenset(same_county), in_common
    )
