"""What knowledge needs of a district: its answers."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from knowledge.models import Question
from portal.districts.models.standing import standing_of
from portal.registry import Need, PanelContext


def needs(context: PanelContext) -> list[Need]:
    """Questions on my district's practices, then those of my county, that nobody has answered. One query."""
    standing = standing_of(context.user)
    if not standing.district_ids:
        return []
    mine = sorted(standing.district_ids)
    near = Q(practice__district__in=mine) | Q(practice__isnull=True, district__county__in=sorted(standing.county_ids))
    asked = (
        Question.objects.visible_to(context.user)
        .kept()
        .filter(near, answer_count=0, asked_at__gte=context.now - timedelta(days=90))
        .exclude(district__in=mine)
        .select_related("district", "practice")
        .order_by("-asked_at", "-pk")[:10]
    )
    rows = sorted(asked, key=lambda question: question.practice_id is None)
    return [
        Need(
            text=_("%(district)s asks: %(title)s")
            % {
                "district": question.district.short_name if question.district else _("A member"),
                "title": question.title,
            },
            url=question.get_absolute_url(),
            deed=_("Answer"),
        )
        for question in rows[:2]
    ]
