from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_delete, post_migrate, post_save


class DistrictsConfig(AppConfig):
    name = "portal.districts"
    label = "districts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from portal.districts.deeds.agree import lapse_roles
        from portal.districts.deeds.officers_group import grant_group_rights, sync_group
        from portal.districts.hooks import set_up
        from portal.districts.hooks.needs import needs, waiting_roles
        from portal.due_jobs import Job, due_jobs
        from portal.registry import NeedSource, need_sources, set_up_steps

        need_sources.add(NeedSource("join-requests", needs), NeedSource("waiting-roles", waiting_roles))
        due_jobs.add(Job("waiting-roles", lapse_roles))
        set_up_steps.add(*set_up.steps())
        user_logged_in.connect(_seen_at_sign_in)
        post_save.connect(sync_group, sender="districts.Membership")
        post_delete.connect(sync_group, sender="districts.Membership")
        # Permissions are made app by app after a migrate: the turn of the last app with models is when all are there.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(grant_group_rights, sender=last)


def _seen_at_sign_in(sender: type, user: Any, **kwargs: Any) -> None:
    from django.utils import timezone

    from portal.districts.models.people import seen

    seen(user, on=timezone.localdate())
