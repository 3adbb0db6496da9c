"""The steps of *Set up* that this app knows of."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.districts.models.chapter import Chapter
from portal.districts.models.joining import Invitation
from portal.districts.models.people import Membership, Role
from portal.districts.models.places import District, MailDomain
from portal.registry import SetUpStep


def steps() -> list[SetUpStep]:
    return [
        SetUpStep(
            "identity",
            _("Name, logo and words"),
            _("What the portal is called and how it greets visitors."),
            _("Edit"),
            lambda: reverse("districts:set-up-identity"),
            lambda: Chapter.objects.filter(set_up_at__isnull=False).exists(),
            order=10,
        ),
        SetUpStep(
            "directory",
            _("The directory"),
            _("The state's districts, counties and regional offices, from one file."),
            _("Upload the file"),
            lambda: reverse("districts:set-up-directory"),
            lambda: District.objects.exists(),
            order=20,
        ),
        SetUpStep(
            "domains",
            _("Mail domains"),
            _("They tell the district of whoever asks to join, and of pasted addresses. Websites propose them."),
            _("Confirm them"),
            lambda: reverse("districts:set-up-domains"),
            lambda: MailDomain.objects.exists(),
            order=25,
        ),
        SetUpStep(
            "host",
            _("The first host"),
            _("Somebody at a regional office who runs the county's meetings."),
            _("Invite a host"),
            lambda: reverse("districts:invite") + "?role=host",
            _host_named,
            order=30,
        ),
        SetUpStep(
            "county",
            _("A county invited"),
            _("Paste the addresses of its technology leaders; each gets a link."),
            _("Invite a county"),
            lambda: reverse("districts:invite-county"),
            _county_invited,
            order=40,
        ),
    ]


def _host_named() -> bool:
    """Whether there is a host, or one is invited."""
    return (
        Membership.objects.filter(role=Role.HOST, until=None).exists()
        or Invitation.objects.filter(role=Role.HOST, revoked_at=None).exists()
    )


def _county_invited() -> bool:
    return Invitation.objects.filter(district__isnull=False, revoked_at=None).exists()
