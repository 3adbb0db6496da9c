"""gunicorn's settings in the demo: as in production, but on the loopback address and no other."""

from typing import Any

from demo.middleware import is_loopback
from portal.gunicorn import JSONLines
from portal.settings import env

logger_class = JSONLines
bind = f"127.0.0.1:{env.integer('PORT', 8000)}"
workers = 2
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 3
preload_app = True  # the code is read once, and the demo answers sooner
accesslog = None


def on_starting(server: Any) -> None:
    """Refuse to listen where another machine could reach us."""
    for address in server.cfg.address:
        if isinstance(address, tuple) and not (address[0] == "localhost" or is_loopback(address[0])):
            raise SystemExit(f"The demo listens on 127.0.0.1 only, not on {address[0]}: it signs anybody in.")
