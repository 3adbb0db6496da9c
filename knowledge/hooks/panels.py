"""What knowledge shows on other pages: home and a district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.models import Adoption, Audience, Practice, Question, Status
from knowledge.models.practices import visible
from knowledge.screens import practice_rows
from portal.districts.models import District
from portal.districts.models.alike import likeness
from portal.districts.models.standing import Standing, standing_of
from portal.registry import PanelContext

NEW_DAYS = 30
"""How far back "since you were here" looks at most, and where nobody knows when that was."""


@dataclass(frozen=True, slots=True)
class News:
    """One line of "Since you were here"."""

    text: str
    url: str
    reason: str = ""
    """Why it concerns the reader: a district like theirs."""


def since_you_were_here(context: PanelContext) -> dict[str, Any] | None:
    """Confirmations from districts like yours first, then new practices, then open questions. Three queries."""
    standing = standing_of(context.user)
    if not standing.is_member:
        return None
    since = _last_visit(context)
    news = [*_confirmations(context, standing, since), *_new_practices(context, standing, since)]
    unanswered = _open_questions(context, standing)
    if not news and not unanswered:
        return None
    return {"news": news[:6], "questions": unanswered[:3], "since": since}


def _last_visit(context: PanelContext) -> datetime:
    earliest = context.now - timedelta(days=NEW_DAYS)
    seen = getattr(context.user, "last_seen", None)
    if seen is not None and seen >= timezone.localdate(context.now):
        seen = context.user.seen_before
    if seen is None:
        return earliest
    return max(earliest, timezone.make_aware(datetime.combine(seen, time.min)))


def _confirmations(context: PanelContext, standing: Standing, since: datetime) -> list[News]:
    said = (
        Adoption.objects.filter(visible(standing, "practice__"), last_confirmed_at__gte=since)
        .exclude(district__in=standing.district_ids)
        .select_related("district", "practice")
        .order_by("-last_confirmed_at", "-pk")[:20]
    )
    news = []
    for adoption in said:
        words = {"district": adoption.district.short_name, "practice": adoption.practice.title}
        sentence = {
            Status.IN_USE: _("%(district)s does this too: %(practice)s"),
            Status.PILOTING: _("%(district)s is piloting: %(practice)s"),
            Status.CONSIDERING: _("%(district)s is considering: %(practice)s"),
            Status.STOPPED: _("%(district)s stopped: %(practice)s"),
        }[Status(adoption.status)]
        reason = likeness(standing.district, adoption.district).reason
        news.append(News(sentence % words, adoption.practice.get_absolute_url() + "#districts", reason))
    news.sort(key=lambda line: not line.reason)
    return news[:4]


def _new_practices(context: PanelContext, standing: Standing, since: datetime) -> list[News]:
    posted = (
        Practice.objects.visible_to(context.user)
        .filter(posted_at__gte=since)
        .exclude(district__in=standing.district_ids)
        .select_related("district")
        .order_by(*practice_rows.NEWEST)[:4]
    )
    words = _("New from %(district)s: %(practice)s")
    return [
        News(
            words % {"district": practice.district.short_name, "practice": practice.title},
            practice.get_absolute_url(),
            likeness(standing.district, practice.district).reason,
        )
        for practice in posted
    ]


def _open_questions(context: PanelContext, standing: Standing) -> list[Question]:
    return list(
        Question.objects.visible_to(context.user)
        .kept()
        .filter(answer_count=0, asked_at__gte=context.now - timedelta(days=90))
        .exclude(author=standing.person_id)
        .select_related("district", "practice")
        .order_by("-asked_at", "-pk")[:3]
    )


def my_district(context: PanelContext) -> dict[str, Any] | None:
    """What the person's district has shared and confirmed. One query."""
    district = standing_of(context.user).district
    if district is None:
        return None
    posted = Practice.objects.filter(district=OuterRef("pk"), live=True)
    said = Adoption.objects.filter(district=OuterRef("pk"), practice__live=True)
    counts = District.objects.filter(pk=district.pk).values(
        posted=_count(posted),
        confirmed=_count(posted.filter(Q(in_use_count__gt=0) | Q(piloting_count__gt=0))),
        in_use=_count(said.filter(status=Status.IN_USE)),
        piloting=_count(said.filter(status=Status.PILOTING)),
    )
    return {"district": district, **counts.get()}


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of `rows` belong to the district outside."""
    counted = rows.order_by().values("district").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def for_visitors(context: PanelContext) -> dict[str, Any] | None:
    """Three public practices, the most confirmed of the newest fifty, with their counts. Three queries."""
    if standing_of(context.user).is_member:
        return None
    public = practice_rows.values(Practice.objects.filter(live=True, audience=Audience.PUBLIC)).order_by(
        *practice_rows.NEWEST
    )[:50]
    best = sorted(public, key=lambda row: -row.in_use_count)[:3]
    return {"rows": practice_rows.rows(best, user=context.user)} if best else None


def of_district(context: PanelContext) -> dict[str, Any] | None:
    """What the person sees of the district's practices, and for members what it does too. Four queries."""
    district: District = context.about
    posted = practice_rows.values(Practice.objects.visible_to(context.user).filter(district=district))
    rows = practice_rows.rows(posted.order_by(*practice_rows.NEWEST)[:10], user=context.user)
    standing = standing_of(context.user)
    adoptions: list[Adoption] = []
    if standing.is_member:
        said = Adoption.objects.filter(visible(standing, "practice__"), district=district).select_related("practice")
        adoptions = list(said.order_by("-last_confirmed_at", "-pk")[:20])
    if not rows and not adoptions:
        return None
    return {"district": district, "rows": rows, "adoptions": adoptions}
