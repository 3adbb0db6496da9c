"""Districts like mine: which districts' experience carries over, how close they are, and why, in words.

Source of the rule: enrollment between half and double, and overlapping grades. Nothing else decides who is alike:
counts, lists and words agree. How close two that are alike are only orders them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.districts.models.places import GRADES, District
from portal.formats import number

FAR_APART = 40.0
"""Points of low-income share between two districts that have nothing in common there."""
MANY_IN_COMMON = 3
"""Things in common, of which more say no more."""


@dataclass(frozen=True, slots=True)
class Likeness:
    alike: bool
    reason: str
    """One phrase for a table cell: "4,903 students to your 3,736, same grades, same county"."""


UNLIKE = Likeness(alike=False, reason="")


def likeness(mine: District | None, other: District) -> Likeness:
    """Compare two districts; a district without figures is like none."""
    if mine is None or not mine.enrollment or not other.enrollment or mine.pk == other.pk:
        return UNLIKE
    near = mine.enrollment <= 2 * other.enrollment and other.enrollment <= 2 * mine.enrollment
    shared = mine.grades & other.grades
    if not near or not shared:
        return UNLIKE
    grades = _("same grades") if mine.grades == other.grades else _("overlapping grades")
    reason = _("%(theirs)s students to your %(mine)s, %(grades)s") % {
        "theirs": number(other.enrollment),
        "mine": number(mine.enrollment),
        "grades": grades,
    }
    return Likeness(alike=True, reason=and_also(reason, same_county=in_same_county(mine, other)))


def in_same_county(mine: District, other: District) -> bool:
    return mine.county_id is not None and mine.county_id == other.county_id


def and_also(reason: str, *, same_county: bool, product: str = "") -> str:
    """The reason with what else brings two districts close."""
    if same_county:
        reason = _("%(reason)s, same county") % {"reason": reason}
    return _("%(reason)s, both use %(product)s") % {"reason": reason, "product": product} if product else reason


def closeness(mine: District, other: District, in_common: int = 0) -> float:
    """How close two that are alike are, up to 1, where all that is known of both is the same. The same both ways.

    The mean of enrollment (on a log scale: half and double are equally far; it counts twice), grades, low-income share
    and county. What is not known of both is left out of it: a missing figure neither helps nor harms. Having nothing
    `in_common` says nothing, because few districts have told what they use.
    """
    if not mine.enrollment or not other.enrollment or not mine.grades & other.grades:
        return 0.0
    known = [
        (2.0, 1 - abs(log2(mine.enrollment) - log2(other.enrollment))),
        (1.0, len(mine.grades & other.grades) / len(mine.grades | other.grades)),
    ]
    if mine.low_income_pct is not None and other.low_income_pct is not None:
        apart = abs(float(mine.low_income_pct) - float(other.low_income_pct))
        known.append((1.0, max(0.0, 1 - apart / FAR_APART)))
    if mine.county_id is not None and other.county_id is not None:
        known.append((1.0, float(in_same_county(mine, other))))
    known.append((min(in_common, MANY_IN_COMMON) / MANY_IN_COMMON, 1.0))
    return sum(weight * value for weight, value in known) / sum(weight for weight, _value in known)


def alike(mine: District | None, prefix: str = "") -> Q:
    """The same rule as a condition on a query over districts, or over a relation named by `prefix` ("district__")."""
    if mine is None or not mine.enrollment or not mine.grades:
        return Q(pk__in=[])
    grades = sorted(mine.grades, key=GRADES.index)
    not_above = GRADES[: GRADES.index(grades[-1]) + 1]
    not_below = GRADES[GRADES.index(grades[0]) :]
    return Q(
        **{
            f"{prefix}enrollment__gte": (mine.enrollment + 1) // 2,
            f"{prefix}enrollment__lte": 2 * mine.enrollment,
            f"{prefix}lowest_grade__in": not_above,
            f"{prefix}highest_grade__in": not_below,
        }
    ) & ~Q(**{f"{prefix}pk": mine.pk})
