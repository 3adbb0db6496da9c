"""Switching a kind of mail off and on, also from the mail itself and without signing in."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from portal.districts.models import User
from portal.notices.models import SwitchedOff
from portal.registry import notice_kinds

_signer = Signer(salt="portal.notices.switching")


def off_url(person: User | None, kind: str) -> str:
    """The absolute address that switches `kind` off for this person; "" where it cannot be."""
    if person is None or not notice_kinds[kind].can_be_switched_off:
        return ""
    return settings.PORTAL_URL + reverse("notices:switch-off", args=[_signer.sign_object([person.pk, kind])])


def read_token(token: str) -> tuple[User, str] | None:
    """Whom and what a link from a mail is about; None where it was tampered with or the person is gone."""
    try:
        person_id, kind = _signer.unsign_object(token)
    except (BadSignature, ValueError, UnicodeError):
        return None
    person = User.objects.filter(pk=person_id).first()
    if person is None or kind not in notice_kinds or not notice_kinds[kind].can_be_switched_off:
        return None
    return person, kind


def switch_off(person: User, kind: str) -> None:
    """From the next notice on; switched off twice is switched off."""
    SwitchedOff.objects.get_or_create(person=person, kind=kind)


def switch_on(person: User, kind: str) -> None:
    SwitchedOff.objects.filter(person=person, kind=kind).delete()
