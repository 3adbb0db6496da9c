from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class DistrictsConfig(AppConfig):
    name = "portal.districts"
    label = "districts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from portal.districts.officers import grant_group_rights

        user_logged_in.connect(_seen_at_sign_in)
        # Permissions are made app by app after a migrate: the turn of the last app with models is when all are there.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(grant_group_rights, sender=last)


def _seen_at_sign_in(sender: type, user: Any, **kwargs: Any) -> None:
    from django.utils import timezone

    from portal.districts.people import seen

    seen(user, on=timezone.localdate())
