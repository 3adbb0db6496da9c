"""What knowledge says in the Monday summary: shared and confirmed in the reader's counties, and still unanswered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from knowledge.models import Adoption, Practice, Question, Status
from knowledge.models.adoptions import CONFIRMING
from knowledge.models.practices import visible
from knowledge.screens.practice_rows import NEWEST
from portal.districts.models import User
from portal.districts.models.standing import Standing
from portal.registry import SummarySection

LINES = 5
UNANSWERED_DAYS = 28
"""How long a question without an answer is named, Monday after Monday."""


def _near(standing: Standing, district: str) -> Q:
    """Rows whose `district` lies in the person's counties; all for officers without one, who keep the whole chapter."""
    counties = sorted(standing.county_ids)
    if not counties and standing.is_officer:
        return Q()
    return Q(**{f"{district}__county__in": counties})


def shared(person: User, since: datetime, until: datetime) -> SummarySection | None:
    """New practices, then confirmations, of other districts of the person's counties. Two queries."""
    standing = person.standing
    posted = (
        Practice.objects.visible_to(person)
        .filter(_near(standing, "district"), posted_at__gte=since, posted_at__lt=until)
        .exclude(district__in=standing.district_ids)
        .select_related("district")
        .order_by(*NEWEST)[: LINES - 1]
    )
    lines = [
        (
            _("New from %(district)s: %(practice)s")
            % {"district": practice.district.short_name, "practice": practice.title},
            practice.get_absolute_url(),
        )
        for practice in posted
    ]
    said = (
        Adoption.objects.filter(
            visible(standing, "practice__"),
            _near(standing, "district"),
            status__in=CONFIRMING,
            last_confirmed_at__gte=since,
            last_confirmed_at__lt=until,
        )
        .exclude(district__in=standing.district_ids)
        .select_related("district", "practice")
        .order_by("-last_confirmed_at", "-pk")[: LINES - len(lines)]
    )
    for adoption in said:
        piloting = adoption.status == Status.PILOTING
        sentence = (
            _("%(district)s is piloting: %(practice)s") if piloting else _("%(district)s does this too: %(practice)s")
        )
        words = {"district": adoption.district.short_name, "practice": adoption.practice.title}
        lines.append((sentence % words, adoption.practice.get_absolute_url()))
    return SummarySection(_("What districts share"), lines) if lines else None


def unanswered(person: User, since: datetime, until: datetime) -> SummarySection | None:
    """Others' questions of the person's counties that nobody has answered, the newest first. One query."""
    standing = person.standing
    asked = (
        Question.objects.visible_to(person)
        .kept()
        .filter(
            _near(standing, "district") | _near(standing, "practice__district"),
            answer_count=0,
            asked_at__gte=until - timedelta(days=UNANSWERED_DAYS),
            asked_at__lt=until,
        )
        .exclude(author=person)
        .select_related("district")
        .order_by("-asked_at", "-pk")[:LINES]
    )
    lines = [
        (
            _("%(district)s asks: %(title)s")
            % {
                "district": question.district.short_name if question.district else _("A member"),
                "title": question.title,
            },
            question.get_absolute_url(),
        )
        for question in asked
    ]
    return SummarySection(_("Questions without an answer"), lines) if lines else None
