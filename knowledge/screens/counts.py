"""How many districts do it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.models import Adoption, Status
from portal.districts.models import District
from portal.districts.models.alike import alike


def sentence(in_use: int, piloting: int, stopped: int, like_yours: int = 0) -> str:
    """ "In use in 6 districts, 2 piloting, 1 stopped; 3 like yours"; empty where nobody else has said anything."""
    parts = []
    if in_use:
        parts.append(ngettext("In use in %(n)d district", "In use in %(n)d districts", in_use) % {"n": in_use})
    if piloting:
        if parts:
            parts.append(_("%(n)d piloting") % {"n": piloting})
        else:
            parts.append(ngettext("%(n)d district piloting", "%(n)d districts piloting", piloting) % {"n": piloting})
    if stopped:
        if parts:
            parts.append(_("%(n)d stopped") % {"n": stopped})
        else:
            parts.append(ngettext("%(n)d district stopped", "%(n)d districts stopped", stopped) % {"n": stopped})
    text = ", ".join(parts)
    return text + "; " + _("%(n)d like yours") % {"n": like_yours} if text and like_yours else text


def fact(in_use: int, piloting: int, stopped: int, like_yours: int = 0) -> str:
    """The shorter line of a search hit: "In use in 6 districts, 3 like yours"."""
    if not in_use:
        return sentence(in_use, piloting, stopped)
    text = ngettext("In use in %(n)d district", "In use in %(n)d districts", in_use) % {"n": in_use}
    return text + ", " + _("%(n)d like yours") % {"n": like_yours} if like_yours else text


def alike_in_use(mine: District | None) -> Coalesce:
    """To annotate practices with: in how many districts like mine each is in use. Zero without figures."""
    rows = Adoption.objects.filter(alike(mine, "district__"), practice=OuterRef("pk"), status=Status.IN_USE)
    counted = rows.order_by().values("practice").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def like_yours(practice_ids: Sequence[int], mine: District | None) -> dict[int, int]:
    """In how many districts like mine each practice is in use; none are left out. One query, none without figures."""
    if mine is None or not mine.enrollment or not mine.grades or not practice_ids:
        return {}
    rows: Any = (
        Adoption.objects.filter(alike(mine, "district__"), practice__in=practice_ids, status=Status.IN_USE)
        .order_by()
        .values_list("practice_id")
        .annotate(n=Count("pk"))
    )
    return dict(rows)
