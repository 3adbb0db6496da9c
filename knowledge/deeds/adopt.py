""" "We do this too": say it, change it, take it back. Counts and search are true in the same transaction.

`by` has to speak for the district by `knowledge.rules`; None is a script, which is asked for no right. A district says
nothing about its own practice (`Refused`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge import rules
from knowledge.deeds.hidden import require_reason, tell_hidden
from knowledge.models import Adoption, Practice, Status
from portal import formats
from portal.districts.models import District, User
from portal.refusals import Refused

_SALT = "knowledge.adopting"
UNDO_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionText:
    """What a district says about a practice. `since` None is "not said"."""

    status: str = Status.IN_USE
    since: date | None = None
    scale: str = ""
    again: str = ""
    note: str = ""
    contact: str = ""


def adoption_of(practice: Practice, district: District) -> Adoption | None:
    return Adoption.objects.filter(practice=practice, district=district).first()


def adopt(practice: Practice, district: District, text: AdoptionText, *, by: User | None, at: datetime) -> Adoption:
    """One row per district and practice: said twice, the second replaces the first. Dates the confirmation `at`."""
    _judge(practice, district, by)
    with transaction.atomic():
        Practice.objects.select_for_update().get(pk=practice.pk)
        adoption, _is_new = Adoption.objects.update_or_create(
            practice=practice, district=district, defaults=asdict(text) | {"by": by, "last_confirmed_at": at}
        )
    return adoption


def confirm(practice: Practice, district: District, *, by: User, at: datetime) -> Adoption:
    """ "In use" where the district said nothing yet; what it said before is only confirmed, never overwritten.

    A district that was considering or had stopped and presses now does it now.
    """
    with transaction.atomic():
        Practice.objects.select_for_update().get(pk=practice.pk)
        before = adoption_of(practice, district)
        if before is None:
            return adopt(practice, district, AdoptionText(since=timezone.localdate(at)), by=by, at=at)
        status = before.status if before.status == Status.PILOTING else Status.IN_USE
        kept = {name: getattr(before, name) for name in AdoptionText.__slots__} | {"status": status}
        return adopt(practice, district, AdoptionText(**kept), by=by, at=at)


def take_back(practice: Practice, district: District, *, by: User | None) -> bool:
    """Remove what the district said; whether there was anything."""
    _judge(practice, district, by)
    with transaction.atomic():
        Practice.objects.select_for_update().get(pk=practice.pk)
        return Adoption.objects.filter(practice=practice, district=district).delete()[0] > 0


def hide_note(adoption: Adoption, *, by: User, at: datetime, reason: str, whole: bool = False) -> None:
    """An officer takes out the note, or the `whole` of what a district said; whoever said it gets it back, and why."""
    rules.require_moderating(by)
    require_reason(reason)
    with transaction.atomic():
        Practice.objects.select_for_update().get(pk=adoption.practice_id)
        stored = Adoption.objects.filter(pk=adoption.pk).first()
        if stored is None:
            raise Refused(_("The district has taken it back meanwhile."))
        was = {name: str(getattr(stored, name) or "") for name in AdoptionText.__slots__}
        log(stored, "knowledge.hide_note", user=by, timestamp=at, data={"reason": reason, "whole": whole, "was": was})
        text = _in_words(stored) if whole else stored.note
        tell_hidden(stored, [stored.by], text=text, reason=reason, by=by, at=at)
        if whole:
            stored.delete()
        elif stored.note:
            stored.note = ""
            stored.save()
        else:
            raise Refused(_("This district wrote no note."))


def _in_words(said: Adoption) -> str:
    """All of it, a line for each thing said."""
    lines = {
        _("Status"): said.get_status_display(),
        _("Since"): formats.day(said.since) if said.since else "",
        _("Scale"): said.scale,
        _("Would do it again"): said.get_again_display(),
        _("Note"): said.note,
        _("Whom to ask"): said.contact,
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)


def undo_token(practice: Practice, district: District) -> str:
    """What the district says now, signed: make it before a deed, and `undo` brings it back within a day."""
    before = adoption_of(practice, district)
    values: dict[str, Any] | None = None
    if before is not None:
        values = {name: getattr(before, name) for name in AdoptionText.__slots__}
        values["since"] = before.since.isoformat() if before.since else None
        values["at"] = before.last_confirmed_at.isoformat()
    return signing.dumps([practice.pk, district.pk, values], salt=_SALT, compress=True)


def undo(practice: Practice, token: str, *, by: User) -> bool:
    """Bring back what the token holds; False where it is of another practice or district, too old or forged."""
    try:
        practice_id, district_id, values = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return False
    if practice_id != practice.pk or district_id not in by.standing.district_ids:
        return False
    district = District.objects.get(pk=district_id)
    if values is None:
        take_back(practice, district, by=by)
        return True
    at = datetime.fromisoformat(values.pop("at"))
    values["since"] = date.fromisoformat(values["since"]) if values["since"] else None
    adopt(practice, district, AdoptionText(**values), by=by, at=at)
    return True


def _judge(practice: Practice, district: District, by: User | None) -> None:
    if practice.district_id == district.pk:
        raise Refused(_("A district does not confirm its own practice."))
    if by is not None:
        rules.require_speaking_for(by, district)
