from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def _reindex_offices(ids: Iterable[int], **kwargs: Any) -> None:
    """Search names an agreement's office, and files it under the office's county."""
    from portal.search.indexed import reindex
    from purchasing.agreements import Agreement

    reindex(Agreement.objects.filter(lead_office__in=list(ids)).touched())


class PurchasingConfig(AppConfig):
    name = "purchasing"
    verbose_name = _("Joint purchases")

    def ready(self) -> None:
        from portal.districts.signals import offices_changed
        from portal.triggers import append_only
        from purchasing import offering

        for table in ("statuschange", "award", "commitmententry", "snapshotrow"):
            append_only(f"purchasing_{table}")
        offering.register()
        offices_changed.connect(_reindex_offices, dispatch_uid="purchasing")
