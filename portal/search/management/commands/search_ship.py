"""manage.py search_ship: brings changes to Elasticsearch until it is stopped."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.search import copies


class Command(BaseCommand):
    help = "Bring changed search entries to Elasticsearch, and fill it where it has none. Runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="ship what waits and end")

    def handle(self, *args: Any, **options: Any) -> None:
        if not copies.is_wanted():
            self.stdout.write("ELASTICSEARCH_URL is not set: the database answers every search.")
            if not options["once"]:
                threading.Event().wait()  # a worker that ends would be started again and again
            return
        from portal.search import copying, shipping  # costs 0.8 s

        if options["once"]:
            copying.Watch()()
            self.stdout.write(f"{shipping.ship_all():,} entries shipped")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        shipping.Worker(stop, copying.Watch()).run()
