"""Whom somebody asks for help: by name where they may see people, else by what the office tells the public."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.districts.models.chapter import Chapter
from portal.districts.models.people import Membership, MembershipQuerySet, Role
from portal.districts.models.places import RegionalOffice
from portal.districts.models.standing import Standing, standing_of


def host_to_ask(user: Any, office: RegionalOffice | None, *, at: datetime) -> str:
    """As it stands in a sentence: "Ann Lee (host of ROE 31: Kane, ann@roe31.org)"; officers where there is no host.

    A visitor gets the office and its public contact. Two queries at most, none for a visitor.
    """
    if not standing_of(user).is_member:
        return _office_to_ask(office)
    hosts = _current(at).filter(role=Role.HOST, regional_office=office, regional_office__isnull=False)
    return _named(list(hosts)) or officer_to_ask(user, at=at)


def officer_to_ask(user: Any, *, at: datetime) -> str:
    """ "Bea Park (chapter officer, bea@chapter.org)"; the chapter and its public contact for a visitor. One query."""
    officers = list(_current(at).filter(role=Role.OFFICER)) if standing_of(user).is_member else []
    return _named(officers) or _office_to_ask(None)


def people_to_ask(standing: Standing, *, at: datetime) -> list[Membership]:
    """For a member: the hosts of their districts' and own offices, then the officers. One query; none for others."""
    if not standing.is_member:
        return []
    offices = standing.office_ids | {d.regional_office_id for d in standing.districts if d.regional_office_id}
    rows = _current(at).filter(Q(role=Role.HOST, regional_office__in=offices) | Q(role=Role.OFFICER))
    return sorted(rows, key=lambda row: row.role != Role.HOST)


def _current(at: datetime) -> MembershipQuerySet:
    rows = Membership.objects.active(timezone.localdate(at))
    return rows.select_related("person", "regional_office").order_by("person__name", "pk")


def _named(memberships: list[Membership]) -> str:
    """At most three of them, so that it stays a sentence."""
    said = {}
    for row in memberships:
        words = {"person": row.person, "place": row.regional_office, "email": row.person.email}
        said[row.person_id] = (
            _("%(person)s (host of %(place)s, %(email)s)")
            if row.role == Role.HOST
            else _("%(person)s (chapter officer, %(email)s)")
        ) % words
    return _(" or ").join(list(said.values())[:3])


def _office_to_ask(office: RegionalOffice | None) -> str:
    chapter = Chapter.current()
    name, contact = (office.label, office.contact or chapter.contact) if office else (chapter.name, chapter.contact)
    return _("%(name)s (%(contact)s)") % {"name": name, "contact": contact} if contact else name
