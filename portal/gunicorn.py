"""gunicorn's settings in production: threads, because a request waits for its database more than it computes."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from portal.logs import json_formatter
from portal.settings.env import integer, text


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
accesslog = None  # the portal writes a line for each request
