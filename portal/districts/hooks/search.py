"""What search finds of the directory: districts and people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.districts.models import District, Membership, Role, User
from portal.progress import done_until, note
from portal.registry import EntryData, SearchSource, things_changed


# --- districts --------------------------------------------------------------------------------------------------------
def _entries(districts: Sequence[District]) -> Iterable[EntryData]:
    for district in districts:
        yield EntryData(
            object_id=district.pk,
            title=district.name,
            summary=", ".join(filter(None, [district.city, str(district.county or "")])),
            body=" ".join(filter(None, [district.short_name, *district.aliases, district.kind, district.nces_id])),
            county_id=district.county_id,
            district_id=district.pk,
            audience=["public"],
        )


def _urls(ids: Sequence[int]) -> dict[int, str]:
    return {d.pk: d.get_absolute_url() for d in District.objects.filter(pk__in=ids).only("slug")}


def _facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    return {d.pk: d.fact_sentence for d in District.objects.filter(pk__in=ids).select_related("county")}


def index_districts(ids: Iterable[int], **kwargs: Any) -> None:
    """Told by `districts_changed`, in the writer's transaction. The people of a district are named with its name."""
    ids = list(ids)
    things_changed.send(District, kind="district", ids=ids)
    index_people(Membership.objects.filter(district__in=ids).order_by().values_list("person_id", flat=True))


def index_district(instance: District, **kwargs: Any) -> None:
    """Told by Django when one district was saved or deleted."""
    index_districts([instance.pk])


districts = SearchSource(
    kind="district",
    label=gettext_lazy("Districts"),
    singular=gettext_lazy("District"),
    model=District,
    rows=lambda: District.objects.in_directory().select_related("county"),
    entries=_entries,
    urls=_urls,
    facts=_facts,
    order=90,
)


# --- people -----------------------------------------------------------------------------------------------------------
COME_AND_GONE = "index-people"
LATE_DAYS = 3
"""For how long the timed job looks back where it never ran."""
_HIGHEST_FIRST = (Role.OFFICER, Role.HOST, Role.BUYER, Role.MEMBER)


def _people() -> QuerySet[User]:
    """Open accounts with a membership in force today."""
    current = Membership.objects.current(timezone.localdate()).filter(person=OuterRef("pk"))
    return User.objects.filter(Exists(current), is_active=True)


def _memberships(ids: Iterable[int]) -> dict[int, list[Membership]]:
    """Those in force today by person, the oldest first. One query."""
    found: dict[int, list[Membership]] = {}
    rows = Membership.objects.current(timezone.localdate()).filter(person__in=list(ids)).order_by("since", "pk")
    for row in rows.select_related("district", "regional_office"):
        found.setdefault(row.person_id, []).append(row)
    return found


def _person_entries(people: Sequence[User]) -> Iterable[EntryData]:
    """Seen by those whose people's screen lists them: officers, and hosts of their districts' office."""
    memberships = _memberships(person.pk for person in people)
    for person in people:
        held = memberships.get(person.pk, [])
        district = next((m.district for m in held if m.district is not None), None)
        roles = {m.role for m in held}
        words = [person.email, *(str(m.get_role_display()) for m in held), *(m.title for m in held)]
        yield EntryData(
            object_id=person.pk,
            title=str(person),
            summary=", ".join(dict.fromkeys(m.place for m in held)),
            body=" ".join(dict.fromkeys(filter(None, words))),
            county_id=district.county_id if district else None,
            district_id=district.pk if district else None,
            status=next((role for role in _HIGHEST_FIRST if role in roles), ""),
            audience=["officers", *_offices_of(held)],
        )


def _offices_of(held: Iterable[Membership]) -> set[str]:
    offices = {m.district.regional_office_id for m in held if m.district is not None}
    return {f"office:{pk}" for pk in offices if pk is not None}


def _person_urls(ids: Sequence[int]) -> dict[int, str]:
    """The people's screen, which finds them by their address."""
    screen = reverse("districts:people")
    found = _people().filter(pk__in=ids).values_list("pk", "email")
    return {pk: f"{screen}?{urlencode({'q': email})}" for pk, email in found}


def _person_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """ "Member, Buyer". One query."""
    return {
        pk: ", ".join(dict.fromkeys(str(m.get_role_display()) for m in held)) for pk, held in _memberships(ids).items()
    }


def index_people(ids: Iterable[int], **kwargs: Any) -> None:
    """Told by `people_changed`, in the writer's transaction."""
    if ids := list(ids):
        things_changed.send(User, kind="person", ids=ids)


def index_hosts(ids: Iterable[int], **kwargs: Any) -> None:
    """Told by `offices_changed`: an office's hosts are named with its name."""
    index_people(
        Membership.objects.filter(regional_office__in=list(ids)).order_by().values_list("person_id", flat=True)
    )


def index_come_and_gone(now: datetime) -> int:
    """Memberships begin and end by their dates, without a write: the entries of those people, once for each day. How
    many people there were."""
    today, last = timezone.localdate(now), done_until(COME_AND_GONE)
    seen_to = timezone.localdate(last) if last else today - timedelta(days=LATE_DAYS)
    if seen_to == today:
        return 0
    lately = Q(since__gt=seen_to, since__lte=today) | Q(until__gte=seen_to, until__lt=today)
    ids = list(Membership.objects.filter(lately).order_by().values_list("person_id", flat=True).distinct())
    index_people(ids)
    note(COME_AND_GONE, now)
    return len(ids)


people = SearchSource(
    kind="person",
    label=gettext_lazy("People"),
    singular=gettext_lazy("Person"),
    model=User,
    rows=_people,
    entries=_person_entries,
    urls=_person_urls,
    facts=_person_facts,
    order=95,
    weight=0.8,
    statuses=dict(Role.choices),
)
