""" "We do this too": say it, change it, take it back. Counts and search are true in the same transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from knowledge.models import Adoption, Practice, Status
from portal.districts.models import District, User

_SALT = "knowledge.adopting"
UNDO_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a district says about a practice. `since` None is "not said"."""

    status: str = Status.IN_USE
    since: date | None = None
    scale: str = ""
    again: str = ""
    note: str = ""
    contact: str = ""


class OwnPracticeError(ValueError):
    """A district does not confirm its own practice."""


def said_by(practice: Practice, district: District) -> Adoption | None:
    return Adoption.objects.filter(practice=practice, district=district).first()


def adopt(practice: Practice, district: District, saying: Saying, *, by: User | None, at: datetime) -> Adoption:
    """One row per district and practice: said twice, the second replaces the first. Dates the confirmation `at`."""
    if practice.district_id == district.pk:
        raise OwnPracticeError
    with transaction.atomic():
        Practice.objects.select_for_update().get(pk=practice.pk)
        adoption, _made = Adoption.objects.update_or_create(
            practice=practice, district=district, defaults=_values(saying) | {"by": by, "last_confirmed_at": at}
        )
    return adoption


def adopt_at_a_press(practice: Practice, district: District, *, by: User, at: datetime) -> Adoption:
    """ "In use" where the district said nothing yet; what it said before is only confirmed, never overwritten.

    A district that was considering or had stopped and presses now does it now.
    """
    with transaction.atomic():
        Practice.objects.select_for_update().get(pk=practice.pk)
        before = said_by(practice, district)
        if before is None:
            return adopt(practice, district, Saying(since=timezone.localdate(at)), by=by, at=at)
        status = before.status if before.status == Status.PILOTING else Status.IN_USE
        kept = {name: getattr(before, name) for name in Saying.__slots__} | {"status": status}
        return adopt(practice, district, Saying(**kept), by=by, at=at)


def take_back(practice: Practice, district: District) -> bool:
    """Remove what the district said; whether there was anything."""
    with transaction.atomic():
        Practice.objects.select_for_update().get(pk=practice.pk)
        return Adoption.objects.filter(practice=practice, district=district).delete()[0] > 0


def undo_token(practice: Practice, district: District) -> str:
    """What the district says now, signed: make it before a deed, and `undo` brings it back within a day."""
    before = said_by(practice, district)
    values: dict[str, Any] | None = None
    if before is not None:
        values = {name: getattr(before, name) for name in Saying.__slots__}
        values["since"] = before.since.isoformat() if before.since else None
        values["at"] = before.last_confirmed_at.isoformat()
    return signing.dumps([practice.pk, district.pk, values], salt=_SALT, compress=True)


def undo(practice: Practice, token: str, *, districts: frozenset[int], by: User) -> bool:
    """Bring back what the token holds, for one of `districts`; False where it is not ours, too old or forged."""
    try:
        practice_id, district_id, values = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return False
    if practice_id != practice.pk or district_id not in districts:
        return False
    district = District.objects.get(pk=district_id)
    if values is None:
        take_back(practice, district)
        return True
    at = datetime.fromisoformat(values.pop("at"))
    values["since"] = date.fromisoformat(values["since"]) if values["since"] else None
    adopt(practice, district, Saying(**values), by=by, at=at)
    return True


def _values(saying: Saying) -> dict[str, Any]:
    return asdict(saying)
