"""A digest of everything the demo holds: two builds for the same day have the same one."""

from __future__ import annotations

import hashlib
import re

from django.apps import apps
from django.db import models

APPS = ("districts", "notices", "events", "pages", "knowledge", "purchasing", "wagtailcore", "taggit")
BY_CHANCE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""Ids of blocks and pages, which Wagtail draws at random."""
BY_THE_CLOCK = {"password", "translation_key", "timestamp", "uuid", "sent_at"}
"""Columns that say when or by which machine it was built, not what."""


def digests() -> dict[str, str]:
    """SHA-256 of each table's rows, by its name."""
    tables = [model for label in APPS for model in apps.get_app_config(label).get_models()]
    return {model._meta.label: _digest(model) for model in tables if model._meta.managed}


def _digest(model: type[models.Model]) -> str:
    fields = [field for field in model._meta.concrete_fields if field.name not in BY_THE_CLOCK]
    total = hashlib.sha256()
    for row in model._base_manager.order_by("pk").values_list(*[field.attname for field in fields]):
        stored = [field.get_prep_value(value) for field, value in zip(fields, row, strict=True)]
        total.update(BY_CHANCE.sub("", repr(stored)).encode())
    return total.hexdigest()
