"""Is the process alive; is it ready to serve."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe

from portal import triggers
from portal.away import FULL, why
from portal.due_jobs import ALL
from portal.progress import Progress, done_until
from portal.registry import lags

OK = "ok"
WATCHED = ("/healthz", "/readyz", "/metrics")
LEAST_FREE_BYTES = 16 * 1024 * 1024


class WatchedMiddleware:
    """Who watches the portal is nobody, in a browser too: a session would be asked of a database that may be away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in WATCHED:
            request.COOKIES.clear()
        return self.get_response(request)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 with each check's answer, or 503 naming what is not ready. Within 3 s: the first without one is the last.

    `lag` tells how far the work outside of requests is behind, in seconds. It never makes the answer a 503: to take the
    web servers out of service would not bring a dead worker back. What it writes to see that it can is rolled back.
    """
    checks, lag = state()
    ready = _is_ready(checks)
    return JsonResponse({"ready": ready, "checks": checks, "lag": lag}, status=200 if ready else 503)


def state() -> tuple[dict[str, str], dict[str, int | None]]:
    """The answer of each check up to the first that has none, and what is behind where all are well."""
    checks: dict[str, str] = {}
    lag: dict[str, int | None] = {}
    checking = "database"
    try:
        for checking, check in CHECKS.items():
            checks[checking] = check()
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer names the check
        checks[checking] = why(error) or type(error).__name__
    if _is_ready(checks):
        with suppress(DatabaseError):
            lag = _lag(timezone.now())
    return checks, lag


def _is_ready(checks: dict[str, str]) -> bool:
    return all(answer == OK for answer in checks.values())


def _static() -> str:
    lacks = getattr(staticfiles_storage, "lacks", None)
    return "not collected: run collectstatic, then start anew" if lacks and any(map(lacks, _our_files())) else OK


@cache
def _our_files() -> list[str]:
    folder = settings.BASE_DIR / "static"
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _migrations() -> str:
    missing = _known_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    return f"{len(missing)} missing: run migrate" if missing else OK


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Of this release: to read their files takes longer than all else here."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _triggers() -> str:
    lacking = triggers.missing()
    return f"missing: {', '.join(lacking)}; run migrate" if lacking else OK


def _writes() -> str:
    """Neither a standby nor a full disk.

    What is rolled back never came to SQLite's disk: its room is looked at. On PostgreSQL it may find room in its table:
    a megabyte or so is put out of memory, into a file that ends with the statement.
    """
    with transaction.atomic():
        Progress.objects.create(name=f"readyz {get_random_string(12)}", at=timezone.now())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('work_mem', '64kB', true)")
                cursor.execute("SELECT count(*) FROM generate_series(1, 50000)")
        transaction.set_rollback(True)
    if connection.vendor == "sqlite":
        folder = Path(str(connection.settings_dict["NAME"])).parent
        return FULL if shutil.disk_usage(folder).free < LEAST_FREE_BYTES else OK
    return OK


def _media() -> str:
    """Where uploads are kept, or will be: the folder is made with the first of them."""
    root = Path(settings.MEDIA_ROOT)
    there = next(folder for folder in (root, *root.parents) if folder.exists())
    return OK if there.is_dir() and os.access(there, os.W_OK) else "not writable"


def _cache() -> str:
    caches["default"].get("readyz")
    return OK


CHECKS: dict[str, Callable[[], str]] = {
    "static": _static,
    "media": _media,
    "database": _database,
    "migrations": _migrations,
    "triggers": _triggers,
    "writes": _writes,
    "cache": _cache,
}


def _lag(now: datetime) -> dict[str, int | None]:
    """`clock`: since the due jobs last ran, None for never. Others as registered."""
    ran = done_until(ALL)
    clock = _seconds(now - ran) if ran is not None else None
    return {"clock": clock} | {lag.key: lag.seconds(now) for lag in lags}


def _seconds(behind: timedelta) -> int:
    return max(0, int(behind.total_seconds()))
