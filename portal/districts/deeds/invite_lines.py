"""A county's addresses, pasted by a host: one per line, each line with its fate."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
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
class LineFate:
    """`verb` is invited, known (a member or invited already), unplaced (say which district), waiting (somebody else
    must agree) or refused.
    """

    number: int
    text: str
    verb: str
    detail: str
    district: District | None = None


@transaction.atomic
def invite_lines(
    lines: Iterable[tuple[str, District | None]],
    *,
    by: User,
    at: datetime,
    role: str = Role.MEMBER,
    here: Collection[int] = (),
) -> list[LineFate]:
    """Invite each "address" or "Name <address>". The district is the one given with the line, else its mail domain's.

    A constant number of queries, and the invitation's own for each line that is invited.
    """
    parsed = [(number, text.strip(), *_parse(text), chosen) for number, (text, chosen) in enumerate(lines, 1)]
    parsed = [line for line in parsed if line[1]]
    addresses = [address for _number, _text, _name, address, _chosen in parsed]
    by_domain = {
        row.domain: row.district
        for row in MailDomain.objects.filter(domain__in={domain_of(a) for a in addresses}).select_related("district")
    }
    current = Membership.objects.current(timezone.localdate(at)).filter(person__email__in=addresses)
    members = set(current.values_list("person__email", "district_id"))
    still_open = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)
    invited = set(still_open.filter(email__in=addresses).values_list("email", "district_id"))
    fates = []
    for number, text, name, address, chosen in parsed:
        district = chosen or by_domain.get(domain_of(address))
        verb, detail = _fate(address, district, by, role, members, invited)
        if verb == "invited" and district is not None:
            try:
                made = invite(address, name, role, district, by=by, at=at, here=here)
                invited.add((address, district.pk))
                if isinstance(made, WaitingGrant):
                    verb, detail = "waiting", _("Waits until another officer agrees: this looks like your own address.")
            except TooMany as refusal:
                verb, detail = "refused", str(refusal)
        fates.append(LineFate(number, text, verb, detail, district))
    return fates


def _parse(text: str) -> tuple[str, str]:
    """The name and the address of a line, "" where it has none."""
    name, address = parseaddr(text.strip().rstrip(",;"))
    return name.strip()[:150], address.strip().lower()


def _fate(
    address: str,
    district: District | None,
    by: User,
    role: str,
    members: Container[tuple[str, int]],
    invited: Container[tuple[str, int]],
) -> tuple[str, str]:
    try:
        validate_email(address)
    except ValidationError:
        return "refused", _("This is not an email address.")
    if district is None:
        return "unplaced", _("No district has this mail domain. Choose the district.")
    if not may_grant(by, role, district):
        return "refused", _("%(district)s is not under your regional office.") % {"district": district}
    if (address, district.pk) in members:
        return "known", _("Already a member of %(district)s.") % {"district": district}
    if (address, district.pk) in invited:
        return "known", _("Already invited to %(district)s.") % {"district": district}
    return "invited", _("Invited to %(district)s.") % {"district": district}
