"""Mail domains that the districts' websites propose, and what speaks against each."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.districts.models.chapter import Chapter
from portal.districts.models.places import District, MailDomain, RefusedDomain, find_words
from portal.districts.models.website_domains import website_domain

SHARED_BY_MANY = 3
"""So many websites under one domain are with a provider: it is nobody's."""
SHOWN = 50
"""Proposals without a doubt on the page at most; the others are found by name."""


@dataclass(frozen=True, slots=True)
class Proposal:
    district: District
    domain: str
    doubt: str
    """Why it has to be looked at, in a sentence; "" where all can be confirmed at once."""


def proposals() -> list[Proposal]:
    """For each listed district whose website's domain is neither confirmed nor refused; those in doubt come first.

    Three queries.
    """
    websites = District.objects.exclude(website="").order_by("name", "pk")
    fields = ("name", "slug", "website", "is_district", "kind", "city")
    rows = [(district, *website_domain(district.website)) for district in websites.only(*fields)]
    users: dict[str, list[District]] = defaultdict(list)
    for district, domain, _is_wider in rows:
        users[domain].append(district)
    confirmed = list(MailDomain.objects.select_related("district"))
    decided = {(row.district_id, row.domain) for row in confirmed}
    decided |= set(RefusedDomain.objects.values_list("district_id", "domain"))
    taken: dict[str, list[District]] = defaultdict(list)
    for row in confirmed:
        taken[row.domain].append(row.district)
    found = [
        Proposal(district, domain, _doubt(district, domain, is_wider, [*users[domain], *taken[domain]]))
        for district, domain, is_wider in rows
        if domain and district.is_district and (district.pk, domain) not in decided and _is_own(users[domain])
    ]
    return sorted(found, key=lambda proposal: not proposal.doubt)


def _is_own(users: list[District]) -> bool:
    """Whether the domain can be a district's own: not one of many, and no agency's that serves many."""
    return len(users) < SHARED_BY_MANY and all(user.is_district or not _is_office(user) for user in users)


def _is_office(agency: District) -> bool:
    return agency.kind == "Other local education agency"


def _doubt(district: District, domain: str, is_wider: bool, users: Iterable[District]) -> str:
    others = {user.pk: user.name for user in users if user.pk != district.pk}
    if others:
        return _("Shared with %(others)s.") % {"others": ", ".join(others.values())}
    if is_wider:
        said = {"website": district.website, "domain": domain}
        return _("The website %(website)s is a part of %(domain)s: does all of that belong to the district?") % said
    if any(_named_as_office(label) for label in domain.split(".")):
        return _("It is named like a regional office.")
    return ""


def _named_as_office(label: str) -> bool:
    word = Chapter.current().office_word.lower()
    return label.rstrip("-0123456789") == word


def sure(found: Iterable[Proposal]) -> dict[int, str]:
    """What can be confirmed at once: the domain by district id."""
    return {proposal.district.pk: proposal.domain for proposal in found if not proposal.doubt}


def seen(domains: Mapping[int, str]) -> str:
    """A digest of what somebody is shown, by which a press confirms that and nothing else."""
    return hashlib.sha256(repr(sorted(domains.items())).encode()).hexdigest()[:16]


def domains_page(found: list[Proposal], typed: str) -> dict[str, Any]:
    """What the page shows of the proposals; `typed` names districts or domains. Two queries."""
    words, clear = find_words(typed[:200]), [proposal for proposal in found if not proposal.doubt]
    named = [p for p in clear if all(word in " ".join(find_words(f"{p.district} {p.domain}")) for word in words)]
    listed = District.objects.in_directory()
    return {
        "q": typed[:200],
        "doubtful": [proposal for proposal in found if proposal.doubt],
        "clear": clear,
        "named": named[:SHOWN],
        "more": len(named) - SHOWN,
        "confirmed": MailDomain.objects.count(),
        "without": listed.filter(mail_domains=None).exclude(pk__in=[p.district.pk for p in found]).order_by("name"),
        "seen": seen(sure(found)),
    }
