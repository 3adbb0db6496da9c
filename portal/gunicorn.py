"""gunicorn's settings in production: threads, because a request waits for its database more than it computes."""

import os

bind = "0.0.0.0:" + os.environ.get("PORT", "8000")  # inside a container, behind a proxy
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
accesslog = None
