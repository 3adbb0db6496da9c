from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate

from portal.safety import refuse_unsafe_settings


def create_cache_table(using: str, **kwargs: Any) -> None:
    call_command("createcachetable", database=using, verbosity=0)


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Roundtable"

    def __init__(self, *args: Any) -> None:
        """Refuses before any model is read: some read a key with it, and Django says of an empty one that alone."""
        super().__init__(*args)
        refuse_unsafe_settings()

    def ready(self) -> None:
        from portal import forgetting, limits, once, prose, spreadsheets, tasks, triggers
        from portal.due_jobs import Job, due_jobs
        from portal.registry import Lag, lags

        spreadsheets.guard_the_admins_exports()
        post_migrate.connect(create_cache_table, sender=self)
        post_migrate.connect(triggers.install, sender=self)
        due_jobs.add(
            Job("forget-form-keys", once.forget_old_keys),
            Job("forget-sessions", forgetting.forget_sessions),
            Job("forget-spent", limits.forget_old),
            Job("forget-tasks", tasks.forget_old),
            Job("keep-html", prose.keep_due),
            Job("reclaim-tasks", tasks.reclaim),
        )
        lags.add(Lag("worker", tasks.seconds_behind))
