"""Districts like mine: which districts' experience carries over, and why, in words.

Source of the rule: enrollment between half and double, and overlapping grades.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.districts.places import GRADES, District


@dataclass(frozen=True, slots=True)
class Likeness:
    alike: bool
    reason: str
    """One phrase for a table cell: "4,903 students to your 3,736, same grades"."""


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
    return Likeness(
        alike=True,
        reason=_("%(theirs)s students to your %(mine)s, %(grades)s")
        % {"theirs": f"{other.enrollment:,}", "mine": f"{mine.enrollment:,}", "grades": grades},
    )


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
