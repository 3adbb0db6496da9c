from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DistrictsConfig(AppConfig):
    name = "portal.districts"
    label = "districts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from portal.districts.models.officers import grant_group_rights

        _register()
        user_logged_in.connect(_seen_at_sign_in)
        # Permissions are made app by app after a migrate: the turn of the last app with models is when all are there.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(grant_group_rights, sender=last)


def _register() -> None:
    from django.urls import reverse_lazy

    from portal.districts.deeds.start_chapter import county_invited, hosts_named
    from portal.districts.hooks.needs import needs
    from portal.districts.models.chapter import Chapter
    from portal.districts.models.places import District
    from portal.registry import NeedSource, SetUpStep, need_sources, set_up_steps

    need_sources.add(NeedSource("join-requests", needs))
    steps = [
        SetUpStep(
            "identity",
            _("Name, logo and words"),
            _("What the portal is called and how it greets visitors."),
            _("Edit"),
            lambda: str(reverse_lazy("districts:set-up-identity")),
            lambda: Chapter.objects.filter(set_up_at__isnull=False).exists(),
            order=10,
        ),
        SetUpStep(
            "directory",
            _("The directory"),
            _("The state's districts, counties and regional offices, from one file."),
            _("Upload the file"),
            lambda: str(reverse_lazy("districts:set-up-directory")),
            lambda: District.objects.exists(),
            order=20,
        ),
        SetUpStep(
            "host",
            _("The first host"),
            _("Somebody at a regional office who runs the county's meetings."),
            _("Invite a host"),
            lambda: str(reverse_lazy("districts:invite")) + "?role=host",
            hosts_named,
            order=30,
        ),
        SetUpStep(
            "county",
            _("A county invited"),
            _("Paste the addresses of its technology leaders; each gets a link."),
            _("Invite a county"),
            lambda: str(reverse_lazy("districts:invite-county")),
            county_invited,
            order=40,
        ),
    ]
    for step in steps:
        set_up_steps.add(step)


def _seen_at_sign_in(sender: type, user: Any, **kwargs: Any) -> None:
    from django.utils import timezone

    from portal.districts.models.people import seen

    seen(user, on=timezone.localdate())
