"""A county's addresses, pasted by a host: what will become of each is shown first, and then done by one press."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.districts.deeds.invite import invite
from portal.districts.models.grants import WaitingGrant
from portal.districts.models.joining import Invitation
from portal.districts.models.people import Membership, Role, User
from portal.districts.models.places import District, MailDomain, domain_of
from portal.districts.rules import may_grant
from portal.refusals import TooMany

MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Line:
    """An address as it was understood, in lower case, and the district that somebody chose for it.

    Where `ignored` says why it is none, `address` is "" and `text` what was pasted.
    """

    number: int
    text: str
    name: str = ""
    address: str = ""
    district: District | None = None
    ignored: str = ""


@dataclass(frozen=True, slots=True)
class LineFate:
    """`verb` is ready (to be invited), invited, known (a member or invited already), unplaced (say which district),
    waiting (somebody else must agree), refused or ignored."""

    number: int
    text: str
    name: str
    address: str
    verb: str
    detail: str
    district: District | None = None


def judge_lines(lines: Iterable[Line], *, by: User, at: datetime, role: str = Role.MEMBER) -> list[LineFate]:
    """What will become of each line. The district is the one given with it, else its mail domain's, where one has it.

    Three queries.
    """
    lines = list(lines)
    addresses = [line.address for line in lines if line.address]
    by_domain: dict[str, list[District]] = defaultdict(list)
    for row in MailDomain.objects.filter(domain__in={domain_of(a) for a in addresses}).select_related("district"):
        by_domain[row.domain].append(row.district)
    current = Membership.objects.current(timezone.localdate(at)).filter(person__email__in=addresses)
    members = set(current.values_list("person__email", "district_id"))
    still_open = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)
    invited = set(still_open.filter(email__in=addresses).values_list("email", "district_id"))
    fates = []
    for line in lines:
        owners = [line.district] if line.district else by_domain.get(domain_of(line.address), [])
        verb, detail = _fate(line, owners, by, role, members, invited)
        district = owners[0] if len(owners) == 1 else None
        fates.append(LineFate(line.number, line.text, line.name, line.address, verb, detail, district))
        if verb == "ready" and district is not None:
            invited.add((line.address, district.pk))
    return fates


@transaction.atomic
def invite_lines(
    lines: Iterable[Line], *, by: User, at: datetime, role: str = Role.MEMBER, here: Collection[int] = ()
) -> list[LineFate]:
    """Invite each, as `judge_lines` says of it; an invitation's own queries for each that is invited."""
    fates = judge_lines(lines, by=by, at=at, role=role)
    for number, fate in enumerate(fates):
        if fate.verb == "ready" and fate.district is not None:
            try:
                made = invite(fate.address, fate.name, role, fate.district, by=by, at=at, here=here)
            except TooMany as refusal:
                fates[number] = replace(fate, verb="refused", detail=str(refusal))
                continue
            if isinstance(made, WaitingGrant):
                waits = _("Waits until another officer agrees: this looks like your own address.")
                fates[number] = replace(fate, verb="waiting", detail=waits)
                continue
            done = _("Invited to %(district)s.") % {"district": fate.district}
            fates[number] = replace(fate, verb="invited", detail=done)
    return fates


def _fate(
    line: Line,
    owners: list[District],
    by: User,
    role: str,
    members: Container[tuple[str, int]],
    invited: Container[tuple[str, int]],
) -> tuple[str, str]:
    if line.ignored:
        return "ignored", line.ignored
    if not owners:
        return "unplaced", _("No district has this mail domain. Choose the district.")
    if len(owners) > 1:
        names = ", ".join(str(district) for district in owners)
        return "unplaced", _("Several districts have this mail domain: %(names)s. Choose one.") % {"names": names}
    (district,) = owners
    if not may_grant(by, role, district):
        return "refused", _("%(district)s is not under your regional office.") % {"district": district}
    if (line.address, district.pk) in members:
        return "known", _("Already a member of %(district)s.") % {"district": district}
    if (line.address, district.pk) in invited:
        return "known", _("Already invited to %(district)s.") % {"district": district}
    return "ready", str(district)
