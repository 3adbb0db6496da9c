from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PurchasingConfig(AppConfig):
    name = "purchasing"
    verbose_name = _("Joint purchases")

    def ready(self) -> None:
        from portal.triggers import append_only
        from purchasing import offering

        for table in ("statuschange", "award", "commitmententry", "snapshotrow"):
            append_only(f"purchasing_{table}")
        offering.register()
