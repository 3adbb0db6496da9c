"""Is the process alive; is it ready to serve."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from portal import triggers
from portal.due_jobs import ALL
from portal.progress import done_until
from portal.registry import lags


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 with each check's answer, or 503 naming what is not ready.

    `lag` tells how far the work outside of requests is behind, in seconds. It never makes the answer a 503: to take the
    web servers out of service would not bring a dead worker back. Reads only.
    """
    checks: dict[str, str] = {}
    lag: dict[str, int | None] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["database"] = "ok"
        checks["migrations"] = f"{len(missing)} missing" if missing else "ok"
        lacking = triggers.missing()
        checks["triggers"] = f"missing: {', '.join(lacking)}; run migrate" if lacking else "ok"
        if not missing:
            lag = _lag(timezone.now())
    except DatabaseError:
        checks["database"] = "no answer"
    ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse({"ready": ready, "checks": checks, "lag": lag}, status=200 if ready else 503)


def _lag(now: datetime) -> dict[str, int | None]:
    """`clock`: since the due jobs last ran, None for never. `worker`: how long the oldest task has waited.

    Others as registered.
    """
    ran = done_until(ALL)
    waits = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    return {
        "clock": _seconds(now - ran) if ran is not None else None,
        "worker": _seconds(now - waits) if waits is not None else 0,
    } | {lag.key: lag.seconds(now) for lag in lags}


def _seconds(behind: timedelta) -> int:
    return max(0, int(behind.total_seconds()))
