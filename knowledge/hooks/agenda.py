"""What the next county meeting could talk about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from knowledge.models import Adoption, Question, Status
from knowledge.models.adoptions import CONFIRMING
from knowledge.models.practices import visible
from portal.districts.models.standing import standing_of
from portal.registry import AgendaSuggestion


def agenda(county_ids: Sequence[int], user: Any, now: datetime) -> list[AgendaSuggestion]:
    """Questions of the county's districts without an answer, then practices newly confirmed or stopped there.

    Two queries, three suggestions.
    """
    counties = list(county_ids)
    asked = (
        Question.objects.visible_to(user)
        .kept()
        .filter(answer_count=0, district__county__in=counties, asked_at__gte=now - timedelta(days=90))
        .select_related("district")
        .order_by("-asked_at", "-pk")[:2]
    )
    found = [
        AgendaSuggestion(
            title=question.title,
            reason=_("%(district)s asked, nobody has answered yet")
            % {"district": question.district.short_name if question.district else ""},
            kind="question",
            object_id=question.pk,
            url=question.get_absolute_url(),
        )
        for question in asked
    ]
    said = (
        Adoption.objects.filter(
            visible(standing_of(user), "practice__"),
            district__county__in=counties,
            status__in=[*CONFIRMING, Status.STOPPED],
            last_confirmed_at__gte=now - timedelta(days=45),
        )
        .select_related("district", "practice")
        .order_by("-last_confirmed_at", "-pk")[:10]
    )
    seen: set[int] = set()
    for adoption in sorted(said, key=lambda adoption: adoption.status != Status.STOPPED):
        if adoption.practice_id in seen or len(found) == 3:
            continue
        seen.add(adoption.practice_id)
        stopped = adoption.status == Status.STOPPED
        reason = _("%(district)s stopped") if stopped else _("%(district)s does this too")
        found.append(
            AgendaSuggestion(
                title=adoption.practice.title,
                reason=reason % {"district": adoption.district.short_name},
                kind="practice",
                object_id=adoption.practice_id,
                url=reverse("knowledge:practice-detail", args=[adoption.practice_id]),
            )
        )
    return found[:3]
