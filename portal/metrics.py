"""What Prometheus may ask for, where METRICS_TOKEN is set.

Each web process counts in files of its own (`portal/gunicorn.py` says where); the one that is asked adds them up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from http import HTTPMethod

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from portal.health import OK, state

OURS = CollectorRegistry()
SECONDS = Histogram(
    "roundtable_request_seconds",
    "How long requests took to be answered.",
    ["method", "view", "status"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=OURS,
)


def count(request: HttpRequest, response_status: int, seconds: float) -> None:
    """By the route's name: an address would tell who looked at what, and be a row of its own each time."""
    method = request.method if request.method in HTTPMethod.__members__ else "other"
    view = request.resolver_match.view_name if request.resolver_match else ""
    SECONDS.labels(method, view, response_status).observe(seconds)


class State:
    """What /readyz tells, asked anew each time."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        checks, lag = state()
        ready = GaugeMetricFamily("roundtable_ready", "1 where the check is answered with ok.", labels=["check"])
        for name, answer in checks.items():
            ready.add_metric([name], float(answer == OK))
        behind = GaugeMetricFamily(
            "roundtable_lag_seconds", "How far work outside of requests is behind; +Inf for never.", labels=["of"]
        )
        for name, seconds in lag.items():
            behind.add_metric([name], float("inf") if seconds is None else seconds)
        yield from (ready, behind)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 without METRICS_TOKEN, 401 to whoever does not send it. With the database away it still answers."""
    token = settings.METRICS_TOKEN
    if not token:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    asked = CollectorRegistry()
    asked.register(State())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(asked)  # type: ignore[no-untyped-call]
        counted = b""
    else:
        counted = generate_latest(OURS)
    return HttpResponse(generate_latest(asked) + counted, content_type=CONTENT_TYPE_LATEST)
