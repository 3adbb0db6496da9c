"""Starting a chapter: its name, and a first officer who comes in by a link."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.districts.deeds.invite import send_invitation
from portal.districts.models.chapter import Chapter
from portal.districts.models.people import Membership, Role


def start_chapter(
    name: str, state: str, zone: str, officer_email: str, officer_name: str, *, office_word: str = "", at: datetime
) -> str:
    """The path of the first officer's sign-in link, "" where that officer is in already. Safe to repeat.

    Raises `ValidationError` for a name or zone that cannot be.
    """
    with transaction.atomic():
        chapter = Chapter.objects.filter(pk=1).first() or Chapter()
        chapter.name, chapter.state, chapter.zone = name, state, zone
        chapter.office_word = office_word or chapter.office_word
        chapter.full_clean(exclude=["id"], validate_constraints=False, validate_unique=False)
        chapter.save()
        officers = Membership.objects.current(timezone.localdate(at)).filter(role=Role.OFFICER)
        if officers.filter(person__email=officer_email.lower(), person__last_login__isnull=False).exists():
            return ""
        _invitation, path = send_invitation(
            officer_email, officer_name, Role.OFFICER, None, by=None, at=at, by_mail=False
        )
    return path
