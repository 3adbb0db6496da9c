"""Questions and answers: ask, answer, accept. Those concerned are told after the commit.

Of a question on a practice its people hear. Of one that stands alone: who does what its tags name, then the members of
the asker's counties; an officer of no county asks the regional offices' hosts. Never more than `MOST_ASKED`.

`by` has to have the right by `knowledge.rules`; None is a script, which is asked for none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge import rules
from knowledge.models import Answer, Practice, Question
from knowledge.models.tags import tags_named
from portal.districts.models import District, Membership, Role, User
from portal.limits import RECEIVED
from portal.notices.deeds.tell import tell
from portal.notices.models import Notice
from portal.refusals import Refused

ALONE = "question-alone"
MOST_ASKED = 50


def ask(
    title: str,
    body: str = "",
    *,
    district: District | None,
    by: User | None,
    at: datetime,
    practice: Practice | None = None,
    tags: Iterable[str] = (),
) -> Question:
    """Ask under `practice` or alone; those who can answer are told. `district` is None for a host or an officer."""
    if by is not None:
        rules.require_asking(by)
    with transaction.atomic():
        question = Question.objects.create(
            title=title, body=body, district=district, author=by, practice=practice, asked_at=at
        )
        names = list(tags)
        if names:
            question.tags.set(list(tags_named(names).values()))
            question.save()
        if practice is not None:
            people = {person for person in people_of(practice, at) if person != by}
            tell("question-asked", people, key=f"question:{question.pk}", at=at, question=question, practice=practice)
        elif by is not None:
            people = _who_can_answer(question, by, at)
            tell(ALONE, people, key=f"question:{question.pk}", at=at, question=question)
    return question


def answer(question: Question, body: str, *, district: District | None, by: User | None, at: datetime) -> Answer:
    """Answer; the person who asked, if they still see the question, and the people of the practice are told."""
    if by is not None:
        rules.require_answering(by)
    with transaction.atomic():
        if Question.objects.locked(question.pk).removed_at is not None:
            raise Refused(_("This question was taken back. It takes no more answers."))
        given = Answer.objects.create(question=question, body=body, district=district, author=by, answered_at=at)
        asker = question.author
        people = {asker} if asker and Question.objects.visible_to(asker).filter(pk=question.pk).exists() else set()
        if question.practice is not None:
            people.update(people_of(question.practice, at))
        people.discard(by)
        tell("question-answered", people, key=f"answer:{given.pk}", at=at, question=question, answer=given)
    return given


@transaction.atomic
def accept(question: Question, given: Answer | None, *, by: User | None) -> None:
    """Mark the answer that helped, or none. Raises `ValueError` for another question's answer."""
    if by is not None:
        rules.require_accepting(by, question)
    if given is not None and given.question_id != question.pk:
        raise ValueError("The answer belongs to another question.")
    if given is not None and Answer.objects.locked(given.pk).removed_at is not None:
        raise Refused(_("This answer was taken back."))
    stored = Question.objects.locked(question.pk)
    if stored.removed_at is not None:
        raise Refused(_("This question was taken back."))
    stored.accepted = given
    stored.save(update_fields=["accepted"])


def people_of(practice: Practice, at: datetime) -> list[User]:
    """Who hears of a question on a practice: its author while they are with the district, else all its members."""
    memberships = Membership.objects.active(timezone.localdate(at)).filter(district=practice.district_id)
    people = {membership.person_id: membership.person for membership in memberships.select_related("person")}
    if practice.author_id in people:
        return [people[practice.author_id]]
    return list(people.values())


def _who_can_answer(question: Question, by: User, at: datetime) -> set[User]:
    """Members of today who take this kind of mail, without the asker; those who do it themselves come first.

    Whoever has had as many of these as one gets is left out: the others can answer.
    """
    limit = RECEIVED[ALONE]
    written = Notice.objects.filter(kind=ALONE, created_at__gt=at - limit.within, person__isnull=False).order_by()
    enough = written.values("person").annotate(n=Count("pk")).filter(n__gte=limit.most).values("person")
    current = Membership.objects.active(timezone.localdate(at)).order_by("person")
    current = current.exclude(person=by).exclude(person__in=enough).exclude(person__switched_off__kind=ALONE)
    tagged = Practice.objects.filter(live=True, tagged_items__tag__in=question.tags.all())
    doers = current.filter(Q(person__practices__in=tagged) | Q(person__adoptions__practice__in=tagged))
    counties = {question.district.county_id} - {None} if question.district else by.standing.county_ids
    near = current.filter(district__county__in=counties) if counties else current.filter(role=Role.HOST)
    found = (rows.values_list("person", flat=True).distinct()[:MOST_ASKED] for rows in (doers, near))
    first = list(dict.fromkeys(pk for ids in found for pk in ids))[:MOST_ASKED]
    return set(User.objects.filter(pk__in=first))
