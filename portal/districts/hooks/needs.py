"""Requests to join, as something a district needs an answer to."""

from django.utils.translation import gettext as _

from portal.districts.models.joining import JoinRequest
from portal.districts.models.standing import standing_of
from portal.registry import Need, PanelContext


def needs(context: PanelContext) -> list[Need]:
    """The oldest three requests this person may answer. One query, none for people who answer nothing."""
    standing = standing_of(context.user)
    if not (standing.is_officer or standing.office_ids or standing.buyer_district_ids):
        return []
    waiting = JoinRequest.objects.waiting().decidable_by(context.user).select_related("person", "district")[:3]
    return [
        Need(
            text=_("%(person)s asks to join %(district)s.") % {"person": asked.person, "district": asked.district},
            url=f"{asked.district.get_absolute_url()}#requests",
            deed=_("Answer"),
        )
        for asked in waiting
    ]
