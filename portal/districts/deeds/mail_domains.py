"""Mail domains that officers confirm or refuse for a district; each with who did it, when, and its row in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts import rules
from portal.districts.models.chapter import Chapter
from portal.districts.models.people import User
from portal.districts.models.places import District, MailDomain, RefusedDomain, validate_domain
from portal.districts.models.website_domains import EVERYBODYS_MAIL
from portal.refusals import Refused


def require_domain(domain: str) -> None:
    """Raises `ValidationError` where it is no domain, or one that says nothing about a district."""
    validate_domain(domain)
    if domain in EVERYBODYS_MAIL:
        raise ValidationError(_("%(domain)s is open to everybody.") % {"domain": domain})


def confirm_proposed(domains: Mapping[int, str], *, by: User, at: datetime) -> int:
    """Confirm a domain for each district id; how many. What was decided or taken meanwhile is left out."""
    if not rules.may_run_chapter(by):
        raise PermissionDenied
    with transaction.atomic():
        Chapter.objects.select_for_update(no_key=True).filter(pk=1).first()  # one at a time: each sees the one before
        decided = set(MailDomain.objects.values_list("domain", flat=True))
        refused = set(RefusedDomain.objects.values_list("district_id", "domain"))
        rows = [
            MailDomain(district_id=pk, domain=domain, confirmed_by=by, confirmed_at=at)
            for pk, domain in domains.items()
            if domain not in decided and (pk, domain) not in refused
        ]
        MailDomain.objects.bulk_create(rows, batch_size=500)
        data = {"domains": {str(row.district_id): row.domain for row in rows}}
        log(instance=Chapter.current(), action="districts.confirm_mail_domains", user=by, timestamp=at, data=data)
    return len(rows)


def change_domains(district: District, added: list[str], removed: list[str], *, by: User | None, at: datetime) -> None:
    """Confirm and refuse domains of a district; what is refused is proposed no more. Inside a deed's transaction."""
    district.mail_domains.filter(domain__in=removed).delete()
    district.refused_domains.filter(domain__in=added).delete()
    MailDomain.objects.bulk_create(
        [MailDomain(district=district, domain=name, confirmed_by=by, confirmed_at=at) for name in added],
        ignore_conflicts=True,
    )
    RefusedDomain.objects.bulk_create(
        [RefusedDomain(district=district, domain=name, refused_by=by, refused_at=at) for name in removed],
        ignore_conflicts=True,
    )
    if added or removed:
        data = {"added": added, "removed": removed}
        log(instance=district, action="districts.change_mail_domains", user=by, timestamp=at, data=data)


def answer_proposal(district: District, domain: str, answer: str, *, by: User, at: datetime) -> None:
    """Of one proposed domain: "confirm" it, "refuse" it, or "reopen" what was answered.

    Raises `Refused` for what cannot be a district's domain.
    """
    if not rules.may_edit_district(by, district):
        raise PermissionDenied
    try:
        require_domain(domain)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    with transaction.atomic():
        stored = District.objects.select_for_update(no_key=True).get(pk=district.pk)
        confirmed, refused = ([domain], []) if answer == "confirm" else ([], [domain])
        change_domains(stored, confirmed, refused, by=by, at=at)
        if answer == "reopen":
            stored.refused_domains.filter(domain=domain).delete()
