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
        from portal.districts.hooks import search, set_up
        from portal.districts.hooks.needs import needs, waiting_roles
        from portal.districts.signals import districts_changed, offices_changed, people_changed
        from portal.due_jobs import Job, due_jobs
        from portal.registry import NeedSource, need_sources, search_sources, set_up_steps

        search_sources.add(search.districts, search.people)
        districts_changed.connect(search.index_districts)
        people_changed.connect(search.index_people)
        offices_changed.connect(search.index_hosts)
        need_sources.add(NeedSource("join-requests", needs), NeedSource("waiting-roles", waiting_roles))
        due_jobs.add(Job("waiting-roles", lapse_roles), Job(search.COME_AND_GONE, search.index_come_and_gone))
        set_up_steps.add(*set_up.steps())
        user_logged_in.connect(_seen_at_sign_in)
        for signal in (post_save, post_delete):
            signal.connect(search.index_district, sender="districts.District")
            signal.connect(sync_group, sender="districts.Membership")
        # Permissions are made app by app after a migrate: the turn of the last app with models is when all are there.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(grant_group_rights, sender=last)


def _seen_at_sign_in(sender: type, user: Any, **kwargs: Any) -> None:
    from django.utils import timezone

    from portal.districts.models.people import seen

    seen(user, on=timezone.localdate())
