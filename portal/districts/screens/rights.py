"""Who got and who lost which role in a district: its rows of the log, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from portal.districts.models.people import Membership, Role
from portal.districts.models.places import District
from portal.paging import Page, page_of

A_PAGE = 10
ACTIONS = ["districts.grant_membership", "districts.end_membership", "districts.let_host_buy"]


@dataclass(frozen=True, slots=True)
class RightsChange:
    at: datetime
    sentence: str
    by: str
    agreed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class RightsHistory:
    changes: list[RightsChange]
    page: Page[ModelLogEntry]


def rights_history(district: District, token: str) -> RightsHistory:
    """The newest ten changes, or the page that `token` names. One query."""
    held = Membership.objects.at(district).annotate(key=Cast("pk", CharField())).order_by()
    rows = ModelLogEntry.objects.filter(
        action__in=ACTIONS, content_type=ContentType.objects.get_for_model(Membership), object_id__in=held.values("key")
    )
    page = page_of(rows.select_related("user"), order=["-pk"], token=token, per_page=A_PAGE)
    return RightsHistory([_change(row) for row in page], page)


def _change(row: ModelLogEntry) -> RightsChange:
    """The log keeps the membership as it read then: who, role, place."""
    data: dict[str, Any] = row.data
    role = Role(data["role"]).label
    words = {"who": row.label.removesuffix(f", {role}, {data['place']}"), "role": role.lower()}
    sentence = {
        "districts.grant_membership": _("%(who)s became %(role)s"),
        "districts.end_membership": _("%(who)s is no longer %(role)s"),
        "districts.let_host_buy": _("%(who)s, who hosts a regional office, may buy here")
        if data.get("reason")
        else _("%(who)s, who hosts a regional office, may no longer buy in what it leads"),
    }[row.action]
    by = str(row.user) if row.user is not None else _("the operator")
    return RightsChange(row.timestamp, sentence % words, by, data.get("agreed_by", ""), data.get("reason", ""))
