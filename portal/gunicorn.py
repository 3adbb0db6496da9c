"""gunicorn's settings in production: threads, because a request waits for its database more than it computes."""

import logging
import os
import shutil
import sys
from typing import Any

from gunicorn.glogging import Logger

from portal.logs import json_formatter
from portal.settings.env import CHECKOUT, integer, path, text


class JSONLines(Logger):  # type: ignore[misc]
    """gunicorn's own lines, such as the end of a process, in the form of the portal's."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logging.captureWarnings(capture=True)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(json_formatter())


logger_class = JSONLines
bind = "0.0.0.0:" + text("PORT", "8000")  # inside a container, behind a proxy
workers = integer("WEB_CONCURRENCY", 2)
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
counts = path("VAR_DIR", CHECKOUT / "var") / "metrics"
if text("METRICS_TOKEN"):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)  # before a process imports portal.metrics
# A thread gives up the interpreter at each statement, and gets it back when others have had their turns: of 5 ms each,
# unless told otherwise, so that a request of a hundred statements would wait for half a second beside a busy one.
sys.setswitchinterval(0.0003)
accesslog = None  # the portal writes a line for each request


def on_starting(server: Any) -> None:
    """Counts begin anew with the server, as Prometheus expects; a process that is replaced leaves its own."""
    if text("METRICS_TOKEN"):
        shutil.rmtree(counts, ignore_errors=True)
        counts.mkdir(parents=True)
