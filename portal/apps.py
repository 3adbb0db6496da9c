from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


def create_cache_table(using: str, **kwargs: Any) -> None:
    call_command("createcachetable", database=using, verbosity=0)


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Roundtable"

    def ready(self) -> None:
        from portal import limits, once, spreadsheets, triggers
        from portal.due_jobs import Job, due_jobs
        from portal.safety import refuse_unsafe_settings

        refuse_unsafe_settings()
        spreadsheets.guard_the_admins_exports()
        post_migrate.connect(create_cache_table, sender=self)
        post_migrate.connect(triggers.install, sender=self)
        due_jobs.add(Job("forget-form-keys", once.forget_old_keys), Job("forget-spent", limits.forget_old))
