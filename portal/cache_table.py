"""The cache in a table of the database: limits are counted there."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import transaction


class CacheTable(DatabaseCache):
    """Django's, but where SQLite's one writer cannot be had it says so.

    Django's own drops the write after the wait: a limit would count nothing, and what is written next would wait again.
    """

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        with transaction.atomic():
            return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc]
